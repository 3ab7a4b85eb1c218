"""What the questions of the first lessons share: a question of each kind, made of its parts.

Each says by itself what is wrong with a mistake, under the mistake's id in its own table, since
the words of the general table come in later lessons.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from engine.expr import Ref
from lessons.quiz.arranged import out_of_order, with_mistakes
from lessons.quiz.beliefs import believing
from lessons.quiz.build import bare_question, plain, told_apart, tolerance_of
from lessons.quiz.question import About, Cell, Mistake, Option, Pointed, Question, choices_differ
from lessons.quiz.registry import feedback_of, said
from lessons.scene import Scene

_WHOLE = 0.4  # how far a whole number may be off


def _mistake(
    scene: Scene,
    id: str,
    name: str,
    given: float | Cell | bool,
    text: str,
    values: Mapping[str, object],
) -> Mistake:
    """A known mistake. text: what it answers, as it is written."""
    told = feedback_of(scene, id, name, name, **{**values, "value": text})
    return Mistake(name, given, told)


def typed_question(
    scene: Scene,
    id: str,
    lesson: str,
    answer: float,
    mistakes: Sequence[tuple[str, float]],
    ref: Ref | None,
    about: About,
    **values: object,
) -> Question | None:
    """A question for a number: a whole one if the answer is an int, else with two decimals."""
    if not math.isfinite(answer):
        return None
    tolerance = _WHOLE if isinstance(answer, int) else tolerance_of(answer)
    kept = tuple(
        _mistake(scene, id, name, value, plain(value, scene.words), values)
        for name, value in told_apart(mistakes, (answer,), tolerance)
    )
    values["answer"] = plain(answer, scene.words)
    question = bare_question(scene, id, lesson, "number", answer, about, ref, **values)
    return replace(question, tolerance=tolerance, mistakes=kept)


def all_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    statements: Sequence[tuple[str, bool, str]],
    ref: Ref | None,
    about: About,
    **values: object,
) -> Question | None:
    """A question of which several choices are right. It declines where none or all are.

    statements: a text, whether it is right, and whose mistake it is to choose it ("" for none).
    """
    shuffled = rng.sample(statements, len(statements))
    options = tuple(Option(text, name) for text, _, name in shuffled)
    right = tuple(place for place, (_, is_right, _) in enumerate(shuffled) if is_right)
    if len(options) < 3 or not choices_differ(options) or len(right) in (0, len(options)):
        return None
    kept = tuple(
        _mistake(scene, id, option.mistake, place, option.text, values)
        for place, option in enumerate(options)
        if option.mistake
    )
    question = bare_question(scene, id, lesson, "all", right, about, ref, **values)
    return replace(question, choices=options, mistakes=kept)


def order_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    steps: Sequence[str],
    ref: Ref | None,
    about: About,
    **values: object,
) -> Question | None:
    """A question that asks for steps in their order. It declines where two read the same."""
    options = tuple(map(Option, out_of_order(steps, rng)))
    if len(steps) < 3 or not choices_differ(options):
        return None
    places = tuple(options.index(Option(step)) for step in steps)
    question = bare_question(scene, id, lesson, "order", places, about, ref, **values)
    return with_mistakes(scene, replace(question, choices=options))


def match_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    pairs: Sequence[tuple[str, str]],
    about: About,
    **values: object,
) -> Question | None:
    """A question that asks what belongs to what. It declines where two choices read the same."""
    options = tuple(Option(text) for _, text in rng.sample(pairs, len(pairs)))
    if len(pairs) < 3 or not choices_differ(options):
        return None
    places = tuple(options.index(Option(text)) for _, text in pairs)
    question = bare_question(scene, id, lesson, "match", places, about, **values)
    left = tuple(left for left, _ in pairs)
    return with_mistakes(scene, replace(question, choices=options, left=left))


def truth_question(
    scene: Scene,
    id: str,
    lesson: str,
    claim: str,
    answer: bool,
    mistake: str,
    about: About,
    ref: Ref | None = None,
    **values: object,
) -> Question:
    """A question whether a claim is true. The sentences of a claim stand under its own name.

    mistake: whose mistake it is to answer the other thing; "" for none that has a name.
    """
    values["claim"] = said(scene, id, claim, **values)
    worked = f"{claim}_worked"
    question = bare_question(scene, id, lesson, "truth", answer, about, ref, worked, **values)
    known = (_mistake(scene, id, mistake, not answer, "", values),) if mistake else ()
    return believing(scene, replace(question, mistakes=known), claim)


def point_question(
    scene: Scene,
    id: str,
    lesson: str,
    pointed: Pointed,
    answer: Cell,
    mistakes: Sequence[tuple[str, Cell]],
    ref: Ref,
    about: About,
    **values: object,
) -> Question:
    """A question that is answered on an exhibit. Of mistakes at the same cell the first counts."""
    cells: dict[Cell, str] = {}
    for name, cell in mistakes:
        if cell != answer and min(cell) >= 0:
            cells.setdefault(cell, name)
    known = tuple(_mistake(scene, id, name, cell, "", values) for cell, name in cells.items())
    question = bare_question(scene, id, lesson, "point", answer, about, ref, **values)
    return replace(question, mistakes=known, pointed=pointed)
