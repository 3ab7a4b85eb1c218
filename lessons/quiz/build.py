"""What generators share: questions for a number, and choices made of mistakes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from random import Random

from engine.expr import Ref
from lessons.quiz.question import About, Answer, Mistake, Option, Question
from lessons.quiz.registry import said
from lessons.scene import Scene
from lessons.words import Words, number

FEWEST_CHOICES = 3
MOST_CHOICES = 4


def plain(x: float, words: Words | None = None) -> str:
    """A number that may be a whole one, without decimals if it is: "12", "−4"; "0.52".

    words: how the language writes large ones, where there may be any: "39,936".
    """
    if math.isfinite(x) and math.isclose(x, round(x), rel_tol=1e-9, abs_tol=1e-12):
        return words.whole(x) if words else str(round(x)).replace("-", "−")
    return number(x)


def hints(scene: Scene, id: str, /, **values: object) -> tuple[str, str]:
    """The two hints of a generator."""
    return said(scene, id, "hint_1", **values), said(scene, id, "hint_2", **values)


def mistake(scene: Scene, name: str, value: float, /, **values: object) -> Mistake:
    """A known mistake that gives a number, with what is said of it."""
    told = said(scene, name, "feedback", value=plain(value, scene.words), **values)
    return Mistake(name, value, told)


def tolerance_of(answer: float) -> float:
    """How far a typed number may be off: it is asked for with two decimals."""
    return max(0.011, abs(answer) * 0.01)


def told_apart(
    found: Iterable[tuple[str, float]], taken: Iterable[float], tolerance: float
) -> list[tuple[str, float]]:
    """Of what known mistakes give, what nobody takes for another or for what is taken."""
    kept: list[tuple[str, float]] = []
    others = [*taken]
    for name, value in found:
        if math.isfinite(value) and all(abs(value - x) > 2 * tolerance for x in others):
            kept.append((name, value))
            others.append(value)
    return kept


def bare_question(
    scene: Scene,
    id: str,
    lesson: str,
    kind: str,
    answer: Answer,
    about: About,
    ref: Ref | None = None,
    worked: str = "worked",
    /,
    **values: object,
) -> Question:
    """A question with its sentences; choices and mistakes are added by whoever asks for it."""
    return Question(
        id,
        lesson,
        kind,
        said(scene, id, "prompt", **values),
        answer,
        hints(scene, id, **values),
        said(scene, id, worked, **values),
        ref=ref,
        about=about,
    )


def number_question(
    scene: Scene,
    id: str,
    lesson: str,
    answer: float,
    mistakes: Mapping[str, float],
    ref: Ref | None,
    about: About,
    **values: object,
) -> Question | None:
    """A question for a number, which declines where a number would say nothing.

    mistakes: what each known mistake would give, by its id; those that give the answer, or what
    another one gives, are left out. values: what fills the sentences of the generator.
    """
    if not math.isfinite(answer):
        return None
    tolerance = tolerance_of(answer)
    known = told_apart(mistakes.items(), (answer,), tolerance)
    values["answer"] = plain(answer, scene.words)
    question = bare_question(scene, id, lesson, "number", answer, about, ref, **values)
    wrong = tuple(mistake(scene, name, value) for name, value in known)
    return replace(question, tolerance=tolerance, mistakes=wrong)


def apart(one: str, other: str) -> bool:
    """Whether two choices differ, and as numbers by more than rounding makes of one of them."""
    first, second = _decimal(one), _decimal(other)
    if first is None or second is None:
        return one != other
    places = min(len(text.partition(".")[2]) for text in (one, other))
    return abs(first - second) > 1.5 * 0.1**places


def _decimal(text: str) -> float | None:
    """What a text says that is a number with decimals; None for any other."""
    try:
        return float(text.replace("−", "-").replace(",", "")) if "." in text else None
    except ValueError:
        return None


def pick_question(
    scene: Scene,
    rng: Random,
    id: str,
    lesson: str,
    right: str,
    wrong: Mapping[str, str],
    ref: Ref | None,
    about: About,
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
        if text and all(apart(text, option.text) for option in options):
            options.append(Option(text, "" if name.startswith("-") else name))
    options = options[:MOST_CHOICES]
    if len(options) < FEWEST_CHOICES:
        return None
    shuffled = rng.sample(options, len(options))
    told = feedback or {}
    kept = tuple(
        Mistake(
            option.mistake,
            place,
            told.get(option.mistake) or said(scene, option.mistake, "feedback", value=option.text),
        )
        for place, option in enumerate(shuffled)
        if option.mistake
    )
    values["answer"] = right
    place = shuffled.index(options[0])
    question = bare_question(scene, id, lesson, "pick", place, about, ref, **values)
    return replace(question, choices=tuple(shuffled), mistakes=kept)
