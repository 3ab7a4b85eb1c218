"""What is known to go wrong where the answer is an arrangement: steps in order, and pairs.

The mistakes that a generator knows by itself go before these. Where it has a sentence of its own
for one of these, that is said: its key is "as-" and the name of the mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import TypeVar

from lessons.quiz.question import Mistake, Question
from lessons.quiz.registry import feedback_of
from lessons.scene import Scene

NEIGHBOURS, FORGOTTEN, BACKWARDS = "steps-swapped", "step-left-for-last", "steps-backwards"
PAIRS = "pairs-swapped"

Order = tuple[int, ...]
T = TypeVar("T")


def with_mistakes(scene: Scene, question: Question) -> Question:
    """The question, of kind "order" or "match", with its known wrong arrangements."""
    found = _of_order(scene, question) if question.kind == "order" else _of_pairs(scene, question)
    kept = {mistake.value: mistake for mistake in question.mistakes}
    for mistake in found:
        if mistake.value != question.answer:
            kept.setdefault(mistake.value, mistake)
    return replace(question, mistakes=tuple(kept.values()))


def _of_order(scene: Scene, question: Question) -> Iterator[Mistake]:
    """Two neighbours that changed places, a step that was left for the end, all of it backwards.

    Steps are counted from 1, as they stand in the right order.
    """
    right = question.places
    n = len(right)
    yield _mistake(scene, question, BACKWARDS, right[::-1])
    for i in range(n - 1):
        swapped = (*right[:i], right[i + 1], right[i], *right[i + 2 :])
        yield _mistake(scene, question, NEIGHBOURS, swapped, first=i + 1, second=i + 2)
    for i in range(n - 2):
        late = (*right[:i], *right[i + 1 :], right[i])
        yield _mistake(scene, question, FORGOTTEN, late, step=i + 1, next=i + 2)


def _of_pairs(scene: Scene, question: Question) -> Iterator[Mistake]:
    """Two that were given what belongs to the other."""
    for i, j in combinations(range(len(question.left)), 2):
        swapped = list(question.places)
        swapped[i], swapped[j] = swapped[j], swapped[i]
        first, second = letter(i), letter(j)
        yield _mistake(scene, question, PAIRS, tuple(swapped), first=first, second=second)


def _mistake(
    scene: Scene, question: Question, name: str, value: Order, **values: object
) -> Mistake:
    told = feedback_of(scene, question.id, f"as-{name}", name, **values)
    return Mistake(name, value, told)


def out_of_order(things: Sequence[T], rng: Random) -> list[T]:
    """The things shuffled, and in another order than theirs."""
    shuffled = rng.sample(things, len(things))
    return [*shuffled[1:], shuffled[0]] if shuffled == [*things] else shuffled


def letter(place: int) -> str:
    """a, b, c ... for what gets a partner."""
    return chr(ord("a") + place)
