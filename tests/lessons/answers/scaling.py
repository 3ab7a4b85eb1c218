import math

import numpy as np

from engine.parts import Part
from engine.whatif import Force
from tests.lessons.answers.registry import answer

ATTN = "blocks.0.attn"


@answer("scaling-own")
def scaling_own(question, scene):
    q, k = (scene.experiment.trace[f"{ATTN}.{x}"].value for x in "qk")
    query, key = q[question.about["looker"], 0].tolist(), k[question.about["other"], 0].tolist()
    return sum(a * b for a, b in zip(query, key, strict=True)) * len(query) ** -0.5


@answer("scaling-squares")
def scaling_squares(question, scene):
    return question.about["score"] / math.isqrt(question.about["d_k"])


@answer("scaling-grows")
def scaling_grows(question, scene):
    # The deviation of a sum of n independent products, each of variance 1.
    small, large = (math.sqrt(sum([1] * question.about[x])) for x in ("small", "large"))
    return large / small


@answer("scaling-truth")
def scaling_truth(question, scene):
    looker, place = question.about["looker"], question.about["place"]
    run = scene.experiment
    undivided = run.force(Force(Part("sqrt_d_head"), 1.0))
    scores, scaled = (
        x.trace[f"{ATTN}.attn_scores_masked"].value[0, looker] for x in (undivided, run)
    )
    before, after = (x.trace[f"{ATTN}.pattern"].value[0, looker] for x in (run, undivided))
    d_k = run.model.config.d_head
    computed = {
        "keeps": lambda: (int(np.argmax(scores)), int(np.argmax(scaled))) == (place, place),
        "sharper": lambda: after[place] > before[place] == before.max(),
        "flatter": lambda: after[place] < before[place] == before.max(),
        "doubles": lambda: math.isclose(math.sqrt(4 * d_k), 2 * math.sqrt(d_k)),
        "four_times": lambda: math.isclose(math.sqrt(4 * d_k), 4 * math.sqrt(d_k)),
        "positive": lambda: scores[place] < 0 < scaled[place],
        "learned": lambda: "sqrt_d_head" in run.model.parameters,
    }
    return computed[question.about["claim"]]()
