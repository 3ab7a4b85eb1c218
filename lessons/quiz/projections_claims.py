"""What a projection uses, and what of it changes with the sentence or with training."""

from __future__ import annotations

import math
from random import Random

from engine.expr import Ref
from lessons.figures.one_attention import ATTN, HEAD
from lessons.quiz.projections import LESSON, Q
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.quiz.vector_forms import Claim, all_question, truth_question, two_words
from lessons.scene import Scene
from lessons.words import number

CHANGES = {
    "sentence": (("vector", "result"), ("matrix", "bias", "count")),
    "training": (("vector", "matrix", "bias", "result"), ("count", "id")),
}
"""What changes in x · W_Q + b_Q, and what does not: when a word does, and when training goes on."""
WHOSE = {
    ("sentence", "matrix"): "own-parameters",
    ("sentence", "count"): "length-of-its-own",
    ("training", "count"): "chosen-as-learned",
    ("training", "id"): "id-is-size",
}
"""Whose mistake it is to take something for changed."""


@generator("projection-changes", LESSON)
def projection_changes(scene: Scene, rng: Random) -> Question | None:
    """What changes in a projection with another word, or with another correction."""
    what = rng.choice(tuple(CHANGES))
    pair = two_words(scene, rng)
    if pair is None:
        return None
    pos, other = pair
    table = f"projection-changes-{what}"
    values = {
        "word": scene.words.token(scene.labels[pos]),
        "other": scene.words.token(scene.labels[other]),
        "pos": pos,
        "d_head": scene.experiment.model.config.d_head,
        "token": scene.ids[pos],
    }

    def option(key: str) -> str:
        return said(scene, "projection-changes", key, **values)

    right, wrong = CHANGES[what]
    j = rng.randrange(scene.experiment.model.config.d_head)
    return all_question(
        scene,
        rng,
        "projection-changes",
        LESSON,
        [option(key) for key in right],
        {WHOSE.get((what, key), f"-{key}"): option(key) for key in wrong},
        Ref(Q, (pos, HEAD, j)),
        {"what": what, "pos": pos, "other": other},
        happens=said(scene, table, "happens", **values),
        near=said(scene, table, "near", **values),
        why=said(scene, table, "why", **values),
        **values,
    )


@generator("projection-truth", LESSON)
def projection_truth(scene: Scene, rng: Random) -> Question | None:
    """What one number of the result is made of."""
    wanted, pair = rng.random() < 0.5, two_words(scene, rng)
    if pair is None:
        return None
    config, trace = scene.experiment.model.config, scene.experiment.trace
    a, b = pair
    j = rng.randrange(config.d_head)
    bias = float(trace[f"{ATTN}.b_Q"].value[HEAD, j])
    if not math.isfinite(bias):
        return None
    values = {
        "a": scene.quoted[a],
        "b": scene.quoted[b],
        "j": j + 1,
        "bias": number(bias),
        "d_model": config.d_model,
        "d_head": config.d_head,
        "rest": config.d_model - config.d_head,
    }
    about = {"a": a, "b": b, "j": j}
    ref = Ref(Q, (a, HEAD, j))
    claims = [
        Claim("same-matrix", True, values, about, ref=ref),
        Claim("own-matrix", False, values, about, ref=ref),
        Claim("whole", True, values, about, ref=ref),
        Claim("place", False, values, about, ref=ref),
        Claim("column", True, values, about, "wrong-cell", ref),
        Claim("row", False, values, about, "wrong-cell", ref),
        Claim("same-bias", True, values, about, ref=ref),
        Claim("own-bias", False, values, about, ref=ref),
    ]
    if config.d_head < config.d_model:
        claims.append(Claim("cut", False, values, about, ref=ref))
    return truth_question(scene, rng, "projection-truth", LESSON, wanted, claims)
