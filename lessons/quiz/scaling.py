"""Questions on dividing by √d_k."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.attention_kinds import truth_question
from lessons.quiz.attention_parts import (
    ATTN,
    HEAD,
    attention,
    pairs,
    some_words,
    word_places,
)
from lessons.quiz.build import number_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator
from lessons.scene import Scene
from lessons.words import number, root, weight, whole

LESSON = "scaling"
_ROOTS = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20)


@generator("scaling-own", LESSON)
def scaling_own(scene: Scene, rng: Random) -> Question | None:
    """What becomes of a score of the run."""
    one = attention(scene)
    found = one and [pair for pair in pairs(scene, one) if abs(one.scores[pair]) > 0.5]
    if one is None or not found:
        return None
    looker, other = rng.choice(found)
    score = float(one.scores[looker, other])
    return number_question(
        scene,
        "scaling-own",
        LESSON,
        float(one.scaled[looker, other]),
        {"forgot-root": score, "whole-d-k": score / one.d_k},
        Ref(f"{ATTN}.attn_scores_scaled", (HEAD, looker, other)),
        {"looker": looker, "other": other},
        looker=scene.quoted[looker],
        other=scene.quoted[other],
        score=number(score),
        d_k=one.d_k,
        root=root(one.d_k, one.root),
        divisor=number(one.root),
    )


@generator("scaling-squares", LESSON)
def scaling_squares(scene: Scene, rng: Random) -> Question | None:
    """A score of a model with another d_k, whose root needs no machine."""
    words = some_words(scene, rng, 2)
    if words is None:
        return None
    divisor = rng.choice(_ROOTS)
    d_k = divisor * divisor
    score = rng.choice((-1, 1)) * divisor * rng.randint(1, 9) + rng.choice((0, 1))
    return number_question(
        scene,
        "scaling-squares",
        LESSON,
        score / divisor,
        {"forgot-root": float(score), "whole-d-k": score / d_k},
        None,
        {"score": score, "d_k": d_k},
        looker=scene.quoted[words[1]],
        other=scene.quoted[words[0]],
        score=whole(score),
        d_k=d_k,
        divisor=divisor,
    )


@generator("scaling-grows", LESSON)
def scaling_grows(scene: Scene, rng: Random) -> Question | None:
    """How much the typical size of a score of random vectors grows with d_k."""
    small, times = rng.choice((4, 8, 16, 32, 64)), rng.choice((2, 3, 4, 5))
    large = small * times * times
    return number_question(
        scene,
        "scaling-grows",
        LESSON,
        float(times),
        {"whole-d-k": float(times * times)},
        None,
        {"small": small, "large": large},
        small=small,
        large=large,
        more=times * times,
        times=times,
    )


_CLAIMS = {
    "keeps": (True, ""),
    "sharper": (True, ""),
    "doubles": (True, "whole-d-k"),
    "flatter": (False, ""),
    "four_times": (False, "whole-d-k"),
    "positive": (False, ""),
    "learned": (False, ""),
}


@generator("scaling-truth", LESSON)
def scaling_truth(scene: Scene, rng: Random) -> Question | None:
    """What the division changes, and what it leaves as it was."""
    one = attention(scene)
    if one is None or one.n < 3:
        return None
    rows = []
    for looker in word_places(scene) or range(1, one.n):
        best = max(one.seen[looker], key=lambda i: float(one.weights[looker, i]))
        worst = min(one.seen[looker], key=lambda i: float(one.scores[looker, i]))
        for claim in _CLAIMS:
            apart = one.weights[looker, best] < 0.97 and best != worst
            low = float(one.scores[looker, worst]) < -0.5
            if (apart or claim not in ("keeps", "sharper", "flatter")) and (
                low or claim != "positive"
            ):
                rows.append((looker, best, worst, claim))
    looker, best, worst, claim = rng.choice(rows)
    answer, mistake = _CLAIMS[claim]
    place = worst if claim == "positive" else best
    step = {"keeps": "attn_scores_scaled", "positive": "attn_scores_scaled"}.get(claim, "")
    step = "pattern" if claim in ("sharper", "flatter") else step
    scores = [one.scores[looker, i] for i in one.seen[looker]]
    with np.errstate(over="ignore"):  # scores can lie that far apart
        undivided = np.exp(one.scores[looker, best] - np.array(scores))
    return truth_question(
        scene,
        "scaling-truth",
        LESSON,
        claim,
        answer,
        Ref(f"{ATTN}.{step}", (HEAD, looker, place)) if step else None,
        {"looker": looker, "place": place},
        mistake,
        looker=scene.quoted[looker],
        best=scene.quoted[best],
        worst=scene.quoted[worst],
        weight=weight(float(one.weights[looker, best])),
        undivided=weight(float(1 / np.sum(1 / undivided))),
        score=number(float(one.scores[looker, place])),
        scaled=number(float(one.scaled[looker, place])),
        d_k=one.d_k,
        more=4 * one.d_k,
        root=root(one.d_k, one.root),
        root_more=root(4 * one.d_k, math.sqrt(4 * one.d_k)),
    )
