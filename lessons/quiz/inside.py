"""What the questions about the inside of a block share, from the pattern to LayerNorm."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.arranged import out_of_order, with_mistakes
from lessons.quiz.build import bare_question, told_apart
from lessons.quiz.question import About, Cell, Mistake, Option, Pointed, Question
from lessons.quiz.registry import said
from lessons.scene import Scene
from lessons.words import number

BLOCK = 0
"""The block that is asked about: its attention is the model's first, its network too."""
HEAD = 0
"""The attention that is asked about before the learner has met several."""

_ATTEMPTS = 16
_SMALLEST, _LARGEST = 0.02, 1000.0


def first_of(attempt: Callable[[], Question | None]) -> Question | None:
    """The first question that several attempts with the same rng give."""
    for _ in range(_ATTEMPTS):
        question = attempt()
        if question is not None:
            return question
    return None


def plain(*values: float) -> bool:
    """Whether numbers can be written with two decimals and worked with."""
    return all(math.isfinite(x) and _SMALLEST <= abs(x) < _LARGEST for x in values)


def written(x: float) -> float:
    """A number as the learner reads it, with two decimals."""
    return round(x, 2)


def agrees(answer: float, pencil: float) -> bool:
    """Whether the numbers as they are written lead to the answer as it is written."""
    return math.isfinite(answer) and written(answer) == written(pencil)


def whole(x: float) -> str:
    """A chosen number, without the zeros at the end of its two decimals."""
    text = number(x)
    return text.rstrip("0").rstrip(".") if "." in text else text


def looks_back(scene: Scene) -> bool:
    """Whether every piece sees itself and those before it, and none that come later."""
    mask = scene.experiment.trace["mask"].value
    return bool((np.isneginf(mask) == ~np.tri(scene.n, dtype=bool)).all())


def feedback(scene: Scene, id: str, name: str, /, **values: object) -> str:
    """What a generator says of a mistake, in words of its own: its key "wrong_<mistake>"."""
    return said(scene, id, f"wrong_{name}", **values)


def recognising(
    scene: Scene,
    question: Question | None,
    wrong: Iterable[tuple[str, float]],
    own: Collection[str] = (),
    write: Callable[[float], str] = number,
    /,
    **values: object,
) -> Question | None:
    """The question, with more numbers that are known to be wrong; one mistake can give several.

    Those that are the answer, or what another one gives, are left out. own: the mistakes of which
    the generator has words of its own. write: how the wrong number is written.
    """
    if question is None:
        return None
    taken = (question.value, *(mistake.number for mistake in question.mistakes))
    kept = list(question.mistakes)
    for name, value in told_apart(wrong, taken, question.tolerance):
        shown = {"value": write(value), **values}
        told = (
            feedback(scene, question.id, name, **shown)
            if name in own
            else said(scene, name, "feedback", **shown)
        )
        kept.append(Mistake(name, value, told))
    return replace(question, mistakes=tuple(kept))


def truth_question(
    scene: Scene,
    id: str,
    lesson: str,
    answer: bool,
    about: About,
    mistake: str = "",
    ref: Ref | None = None,
    worked: str = "worked",
    /,
    **values: object,
) -> Question:
    """Whether a statement is true. mistake: whose mistake the other answer is, if anybody's."""
    question = bare_question(scene, id, lesson, "truth", answer, about, ref, worked, **values)
    if not mistake:
        return question
    told = feedback(scene, id, mistake, **values)
    return replace(question, mistakes=(Mistake(mistake, not answer, told),))


def all_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    right: Sequence[str],
    wrong: Sequence[tuple[str, str]],
    about: About,
    ref: Ref | None = None,
    /,
    **values: object,
) -> Question | None:
    """A question with several right choices. wrong: the mistake and the text of the others."""
    options = [Option(text) for text in right] + [Option(text, name) for name, text in wrong]
    if len({option.text for option in options}) < max(len(options), 3) or not wrong:
        return None
    shuffled = rng.sample(options, len(options))
    places = tuple(i for i, option in enumerate(shuffled) if option.text in right)
    question = bare_question(scene, id, lesson, "all", places, about, ref, "worked", **values)
    mistakes = tuple(
        Mistake(option.mistake, i, feedback(scene, id, option.mistake, **values))
        for i, option in enumerate(shuffled)
        if option.mistake
    )
    return replace(question, choices=tuple(shuffled), mistakes=mistakes)


def order_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    steps: Sequence[str],
    about: About,
    ref: Ref | None = None,
    /,
    **values: object,
) -> Question | None:
    """Steps to be put in order; they are given in the right one."""
    if len(set(steps)) < len(steps):
        return None
    shuffled = out_of_order(steps, rng)
    places = tuple(shuffled.index(step) for step in steps)
    question = bare_question(scene, id, lesson, "order", places, about, ref, "worked", **values)
    question = replace(question, choices=tuple(Option(text) for text in shuffled))
    return with_mistakes(scene, question)


def point_question(
    scene: Scene,
    id: str,
    lesson: str,
    pointed: Pointed,
    cell: Cell,
    wrong: Iterable[tuple[str, Cell]],
    about: About,
    ref: Ref | None = None,
    /,
    **values: object,
) -> Question:
    """A cell of a station's exhibit. wrong: the cell at which each mistake points."""
    question = bare_question(scene, id, lesson, "point", cell, about, ref, "worked", **values)
    kept: dict[Cell, Mistake] = {}
    for name, place in wrong:
        if place != cell and place not in kept:
            kept[place] = Mistake(name, place, feedback(scene, id, name, **values))
    return replace(question, pointed=pointed, mistakes=tuple(kept.values()))
