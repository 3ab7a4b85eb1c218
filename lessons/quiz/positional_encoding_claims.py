"""Claims on where each word stands, true or false."""

from __future__ import annotations

import math
from random import Random

from engine.expr import Ref
from lessons.quiz.positional_encoding import APART, LESSON, SUM, added_vectors
from lessons.quiz.question import Question
from lessons.quiz.registry import generator
from lessons.quiz.vector_forms import Claim, truth_question, two_words
from lessons.scene import Scene
from lessons.words import number


@generator("position-truth", LESSON)
def position_truth(scene: Scene, rng: Random) -> Question | None:
    """What the vector of a place depends on, and what adding it does."""
    wanted = rng.random() < 0.5
    pair, added = two_words(scene, rng), added_vectors(scene)
    if pair is None or added is None:
        return None
    a, b = pair
    config = scene.experiment.model.config
    i = rng.randrange(config.d_model)
    x, y = float(added.words[a, i]), float(added.places[a, i])
    if not math.isfinite(x + y):
        return None
    values = {
        "a": scene.quoted[a],
        "b": scene.quoted[b],
        "p": a,
        "q": b,
        "i": i + 1,
        "x": number(x),
        "y": number(y),
        "product": number(x * y),
        "sum": number(x + y),
        "d_model": config.d_model,
        "twice": 2 * config.d_model,
    }
    about = {"a": a, "b": b, "i": i}
    claims = [
        Claim("any-word", True, values, about),
        Claim("swapped", False, values, about),
        Claim("without", True, values, about),
        Claim("grows", False, values, about),
        Claim("bag", True, values, about),
        Claim("learned", True, values, about)
        if config.positions == "learned"
        else Claim("not-learned", False, values, about),
    ]
    if abs(y) > APART and abs(x * y - (x + y)) > APART and _as_written(x, y):
        ref = Ref(SUM, (a, i))
        claims.append(Claim("product", False, values, about, "positions-multiplied", ref))
    if scene.labels.count(scene.labels[a]) == 1:
        claims += _counted(scene, a)
    return truth_question(scene, rng, "position-truth", LESSON, wanted, claims)


def _as_written(x: float, y: float) -> bool:
    """Whether two numbers, as they are written, give their sum and their product as written."""
    a, b = round(x, 2), round(y, 2)
    return abs(a + b - round(x + y, 2)) < 0.001 and abs(a * b - x * y) < 0.005


def _counted(scene: Scene, pos: int) -> list[Claim]:
    """At which place a word stands, and the place that who forgets the start mark would say."""
    values = {
        "word": scene.quoted[pos],
        "start": scene.words.start,
        "pos": pos,
        "before": pos - 1,
    }
    right = Claim("counted", True, values, {"pos": pos, "said": pos}, "off-by-one")
    return [
        right,
        Claim("miscounted", False, values, {"pos": pos, "said": pos - 1}, "off-by-one"),
    ]
