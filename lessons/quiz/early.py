"""What the questions of the first lessons share: a question of each kind, made of its parts.

Each says by itself what is wrong with a mistake, under the mistake's id in its own table, since
the words of the general table come in later lessons.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random

from engine.expr import Ref
from lessons.quiz.build import hints, tolerance_of
from lessons.quiz.question import Cell, Mistake, Option, Pointed, Question, choices_differ
from lessons.quiz.registry import said
from lessons.scene import Scene
from lessons.words import number

About = Mapping[str, int | str | float]

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
    return Mistake(name, given, said(scene, id, name, **{**values, "value": text}))


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
    whole = isinstance(answer, int)
    write: Callable[[float], str] = str if whole else number
    tolerance = _WHOLE if whole else tolerance_of(answer)
    kept: list[Mistake] = []
    taken = [answer]
    for name, value in mistakes:
        if math.isfinite(value) and all(abs(value - x) > 2 * tolerance for x in taken):
            kept.append(_mistake(scene, id, name, value, write(value), values))
            taken.append(value)
    return Question(
        id,
        lesson,
        "number",
        said(scene, id, "prompt", **values),
        answer,
        hints(scene, id, **values),
        said(scene, id, "worked", answer=write(answer), **values),
        tolerance=tolerance,
        mistakes=tuple(kept),
        ref=ref,
        about=about,
    )


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
        _mistake(scene, id, option.mistake, float(place), option.text, values)
        for place, option in enumerate(options)
        if option.mistake
    )
    return Question(
        id,
        lesson,
        "all",
        said(scene, id, "prompt", **values),
        right,
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        choices=options,
        mistakes=kept,
        ref=ref,
        about=about,
    )


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
    options = tuple(map(Option, _shuffled(steps, rng)))
    if len(steps) < 3 or not choices_differ(options):
        return None
    return Question(
        id,
        lesson,
        "order",
        said(scene, id, "prompt", **values),
        tuple(options.index(Option(step)) for step in steps),
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        choices=options,
        ref=ref,
        about=about,
    )


def _shuffled(steps: Sequence[str], rng: Random) -> list[str]:
    """The steps in another order than theirs."""
    shuffled = rng.sample(steps, len(steps))
    return [*shuffled[1:], shuffled[0]] if shuffled == [*steps] else shuffled


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
    return Question(
        id,
        lesson,
        "match",
        said(scene, id, "prompt", **values),
        tuple(options.index(Option(text)) for _, text in pairs),
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        choices=options,
        left=tuple(left for left, _ in pairs),
        about=about,
    )


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
    told = values | {"claim": said(scene, id, claim, **values)}
    return Question(
        id,
        lesson,
        "truth",
        said(scene, id, "prompt", **told),
        answer,
        hints(scene, id, **told),
        said(scene, id, f"{claim}_worked", **told),
        mistakes=(_mistake(scene, id, mistake, not answer, "", told),) if mistake else (),
        ref=ref,
        about=about,
    )


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
    return Question(
        id,
        lesson,
        "point",
        said(scene, id, "prompt", **values),
        answer,
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        mistakes=tuple(_mistake(scene, id, name, cell, "", values) for cell, name in cells.items()),
        ref=ref,
        pointed=pointed,
        about=about,
    )
