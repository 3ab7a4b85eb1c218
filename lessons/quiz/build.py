"""What generators share: questions for a number, and choices made of mistakes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

from engine.expr import Ref
from lessons.quiz.question import Mistake, Option, Question
from lessons.quiz.registry import said
from lessons.scene import Scene
from lessons.words import number

FEWEST_CHOICES = 3
MOST_CHOICES = 4


def hints(scene: Scene, id: str, /, **values: object) -> tuple[str, str]:
    """The two hints of a generator."""
    return said(scene, id, "hint_1", **values), said(scene, id, "hint_2", **values)


def mistake(scene: Scene, name: str, value: float, /, **values: object) -> Mistake:
    """A known mistake that gives a number, with what is said of it."""
    told = said(scene, name, "feedback", value=number(value), **values)
    return Mistake(name, value, told)


def tolerance_of(answer: float) -> float:
    """How far a typed number may be off: it is asked for with two decimals."""
    return max(0.011, abs(answer) * 0.01)


def number_question(
    scene: Scene,
    id: str,
    lesson: str,
    answer: float,
    mistakes: Mapping[str, float],
    ref: Ref | None,
    about: Mapping[str, int | str | float],
    **values: object,
) -> Question | None:
    """A question for a number, which declines where a number would say nothing.

    mistakes: what each known mistake would give, by its id; those that give the answer, or what
    another one gives, are left out. values: what fills the sentences of the generator.
    """
    if not math.isfinite(answer):
        return None
    tolerance = tolerance_of(answer)
    kept: list[Mistake] = []
    for name, value in mistakes.items():
        others = (answer, *(float(m.value) for m in kept))  # type: ignore[arg-type]
        if math.isfinite(value) and all(abs(value - x) > 2 * tolerance for x in others):
            kept.append(mistake(scene, name, value))
    return Question(
        id,
        lesson,
        "number",
        said(scene, id, "prompt", **values),
        answer,
        hints(scene, id, **values),
        said(scene, id, "worked", answer=number(answer), **values),
        tolerance=tolerance,
        mistakes=tuple(kept),
        ref=ref,
        about=about,
    )


def pick_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    right: str,
    wrong: Mapping[str, str],
    ref: Ref | None,
    about: Mapping[str, int | str | float],
    feedback: Mapping[str, str] | None = None,
    **values: object,
) -> Question | None:
    """A question with choices. It declines where fewer than three of them would differ.

    right: the text of the right one. wrong: the others, by the id of the mistake that they are; an
    id that begins with "-" is no mistake that has a name. feedback: what is said of each mistake,
    the table's own sentence if left out.
    """
    options = [Option(right)]
    for name, text in wrong.items():
        if text and all(text != option.text for option in options):
            options.append(Option(text, "" if name.startswith("-") else name))
    options = options[:MOST_CHOICES]
    if len(options) < FEWEST_CHOICES:
        return None
    shuffled = rng.sample(options, len(options))
    told = feedback or {}
    kept = tuple(
        Mistake(
            option.mistake,
            float(place),
            told.get(option.mistake) or said(scene, option.mistake, "feedback", value=option.text),
        )
        for place, option in enumerate(shuffled)
        if option.mistake
    )
    return Question(
        id,
        lesson,
        "pick",
        said(scene, id, "prompt", **values),
        shuffled.index(options[0]),
        hints(scene, id, **values),
        said(scene, id, "worked", answer=right, **values),
        choices=tuple(shuffled),
        mistakes=kept,
        ref=ref,
        about=about,
    )
