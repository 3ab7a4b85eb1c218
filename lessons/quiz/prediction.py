"""Questions on prediction: the last vector, its logits, and their probabilities."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.build import FEWEST_CHOICES, apart, number_question, pick_question, plain
from lessons.quiz.late import candidates, retold, where
from lessons.quiz.late_forms import all_question, match_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "prediction"


@generator("prediction-probability", LESSON)
def prediction_probability(scene: Scene, rng: Random) -> Question | None:
    """The probability of a candidate, from its logit and the sum of all e^logit."""
    best = candidates(scene, 4)
    if not best or best[0].prob > 0.97:
        return None
    top = best[0]
    asked = rng.choice([one for one in best if one.prob >= 0.02] or [top])
    logits = scene.experiment.trace["logits"].value[scene.experiment.asked]
    with np.errstate(all="ignore"):
        total = float(np.exp(logits - top.logit).sum())
    below = asked.logit - top.logit
    power = math.exp(below)
    mistakes = {"logit-as-probability": asked.logit, "forgot-exp": below / total}
    if asked is not top:
        mistakes["wrong-cell"] = top.prob
    question = number_question(
        scene,
        "prediction-probability",
        LESSON,
        asked.prob,
        mistakes,
        Ref("probs", (scene.experiment.asked, asked.id)),
        {"candidate": asked.id},
        where=where(scene),
        given=said(
            scene,
            "prediction-probability",
            "given_top" if asked is top else "given",
            top=number(top.logit),
            candidate=asked.name,
            logit=number(asked.logit),
        ),
        candidate=asked.name,
        top=number(top.logit),
        below=number(below),
        power=plain(power, scene.words),
        n=scene.words.whole(len(logits)),
        sum=number(total),
    )
    return retold(scene, question, ("wrong-cell",))


@generator("prediction-vector", LESSON)
def prediction_vector(scene: Scene, rng: Random) -> Question | None:
    """Which vector the logits come from."""
    n_layers, pos = scene.experiment.model.config.n_layers, scene.experiment.asked
    best = candidates(scene, 1)
    if not best or pos < 1:
        return None
    place = pos - 1 if pos == scene.n - 1 or rng.random() < 0.5 else pos + 1

    def vector(key: str, pos: int, block: int) -> str:
        return said(scene, "prediction-vector", key, token=scene.quoted[pos], block=block)

    wrong = {"off-by-one": vector("leaves", place, n_layers)}
    if n_layers > 1:
        block = rng.randrange(1, n_layers)
        wrong["wrong-block"] = vector("leaves", pos, block)
    wrong["-embedding"] = vector("embedding", pos, 0)
    told = {name: vector(f"as-{name}", pos, n_layers) for name in ("off-by-one", "wrong-block")}
    return pick_question(
        scene,
        rng,
        "prediction-vector",
        LESSON,
        vector("leaves", pos, n_layers),
        wrong,
        Ref("logits", (pos, best[0].id)),
        {"pos": pos},
        told,
        where=where(scene),
        token=scene.quoted[pos],
        block=n_layers,
    )


def _power(scene: Scene, x: float) -> str:
    """e^x, a large one without decimals."""
    power = math.exp(x)
    return scene.words.whole(power) if power >= 1000 else number(power)


@generator("prediction-numbers", LESSON)
def prediction_numbers(scene: Scene, rng: Random) -> Question | None:
    """A candidate's logit, e^logit and probability, to be told apart."""
    best = candidates(scene, 5)
    best = [one for one in best if 1.2 < one.logit < 100 and 0.01 <= one.prob < 0.995]
    if not best:
        return None
    one, n = rng.choice(best), scene.experiment.model.config.d_vocab
    texts = {
        "logit": number(one.logit),
        "power": _power(scene, one.logit),
        "probability": number(one.prob),
        "how_many": scene.words.whole(n),
    }
    return match_question(
        scene,
        rng,
        "prediction-numbers",
        LESSON,
        {
            name: (said(scene, "prediction-numbers", name, candidate=one.name), text)
            for name, text in texts.items()
        },
        Ref("probs", (scene.experiment.asked, one.id)),
        {"candidate": one.id},
        {"logit-as-probability": ("logit", "probability")},
        where=where(scene),
        candidate=one.name,
        n=scene.words.whole(n),
        logit=number(one.logit),
    )


@generator("prediction-possible", LESSON)
def prediction_possible(scene: Scene, rng: Random) -> Question | None:
    """Which numbers of the run can be probabilities."""
    best = candidates(scene, 5)
    pos = scene.experiment.asked
    logits = scene.experiment.trace["logits"].value[pos]
    likely = [one.prob for one in best if 0.005 <= one.prob < 0.995][:2]
    large = [one.logit for one in best if one.logit > 1.2]
    low = [float(x) for x in logits[logits < -0.1]]
    if not likely or not large or not low:
        return None
    numbers = [(x, True) for x in likely] + [(rng.choice(large), False), (rng.choice(low), False)]
    if len(likely) < 2 and len(low) > 1:
        numbers.append((rng.choice(low), False))
    options: list[tuple[str, bool, str]] = []
    for x, good in numbers:
        if all(apart(number(x), text) for text, _, _ in options):
            options.append((number(x), good, "" if good else "logit-as-probability"))
    if len(options) < FEWEST_CHOICES:
        return None
    return all_question(
        scene,
        rng,
        "prediction-possible",
        LESSON,
        options,
        Ref("logits", (pos, best[0].id)),
        where=where(scene),
    )


@generator("prediction-shift", LESSON)
def prediction_shift(scene: Scene, rng: Random) -> Question | None:
    """What becomes of a probability when the same number is added to all logits."""
    best = [one for one in candidates(scene, 3) if one.prob >= 0.02]
    if len(best) < 2:
        return None
    one, other = rng.sample(best[:2], 2)
    shift = rng.choice((2, 3, 5, 10))
    wrong = {
        "logit-as-probability": number(one.logit + shift),
        "wrong-cell": number(other.prob),
        "-unknown": said(scene, "prediction-shift", "unknown"),
    }
    return pick_question(
        scene,
        rng,
        "prediction-shift",
        LESSON,
        number(one.prob),
        wrong,
        Ref("probs", (scene.experiment.asked, one.id)),
        {"candidate": one.id, "shift": shift},
        {
            name: said(
                scene,
                "prediction-shift",
                f"as-{name}",
                value=wrong[name],
                other=other.name,
            )
            for name in ("logit-as-probability", "wrong-cell")
        },
        where=where(scene),
        candidate=one.name,
        other=other.name,
        logit=number(one.logit),
        prob=number(one.prob),
        other_logit=number(other.logit),
        other_prob=number(other.prob),
        shift=shift,
    )
