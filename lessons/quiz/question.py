"""A question about a run, what can be answered, and how an answer is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import cast

from engine.expr import Ref

KINDS = ("pick", "all", "number", "order", "point", "match", "truth", "open")

Cell = tuple[int, int]
Answer = int | float | bool | str | tuple[int, ...] | Cell
"""By kind: pick, the place of a choice; all, order, match, places of choices; number, the number;
point, row and column of the exhibit; truth, whether it is true; open, a text."""

About = Mapping[str, int | str | float]
"""What a generator chose, by name, so that the answer can be computed again by someone else."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose. mistake: whose mistake it is to choose it; empty for none known."""

    text: str
    mistake: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a known mistake would answer.

    name: its id in the table of mistakes. value: as `Answer` for the kind, but of "all" the place
    of one choice that should not have been taken.
    """

    name: str
    value: int | float | bool | tuple[int, ...]
    feedback: str

    @property
    def number(self) -> float:
        """The value of a "number"."""
        return cast(float, self.value)


@dataclass(frozen=True, slots=True)
class Pointed:
    """The exhibit that a "point" question is answered on: a station of the walk."""

    station: str
    block: int = 0
    head: int = 0


@dataclass(frozen=True)
class Question:
    """A question, in one language, about one run.

    id: its generator. prompt: what is asked. choices: what can be chosen, shuffled; for "match"
    what belongs to `left`. answer: see `Answer`. tolerance: how far a number may be off.
    mistakes: known wrong answers. hints: two, the second nearer than the first. worked: how one
    gets there. ref: the number of the run that is asked about, which opens in full.
    points: what an open answer should hold. about: see `About`.
    """

    id: str
    lesson: str
    kind: str
    prompt: str
    answer: Answer
    hints: tuple[str, str]
    worked: str
    choices: tuple[Option, ...] = ()
    left: tuple[str, ...] = ()
    tolerance: float = 0.0
    mistakes: tuple[Mistake, ...] = ()
    ref: Ref | None = None
    pointed: Pointed | None = None
    points: tuple[str, ...] = ()
    about: About = field(default_factory=lambda: MappingProxyType({}))

    @property
    def places(self) -> tuple[int, ...]:
        """The answer of "all", "order" and "match"."""
        return cast(tuple[int, ...], self.answer)

    @property
    def place(self) -> int:
        """The answer of "pick"."""
        return cast(int, self.answer)

    @property
    def value(self) -> float:
        """The answer of "number"."""
        return cast(float, self.answer)


@dataclass(frozen=True, slots=True)
class Grade:
    """How an answer is judged. mistake: the id of the known mistake, if it is one."""

    right: bool
    mistake: str = ""
    feedback: str = ""


def grade(question: Question, reply: Answer) -> Grade:
    """Judges a reply of the kind of the question; an open one is judged by the learner."""
    if question.kind == "number":
        return _number(question, cast(float, reply))
    if reply == question.answer:
        return Grade(True)
    if question.kind == "pick":
        return _chosen(question, cast(int, reply))
    if question.kind == "all":
        return _one_of(question, set(cast(tuple[int, ...], reply)) - set(question.places))
    for mistake in question.mistakes:
        if mistake.value == reply:
            return Grade(False, mistake.name, mistake.feedback)
    return Grade(False)


def _number(question: Question, reply: float) -> Grade:
    if abs(reply - question.value) <= question.tolerance:
        return Grade(True)
    gaps = [(abs(reply - mistake.number), mistake) for mistake in question.mistakes]
    gap, nearest = min(gaps, key=lambda pair: pair[0], default=(question.tolerance + 1, None))
    if nearest is None or gap > question.tolerance:
        return Grade(False)
    return Grade(False, nearest.name, nearest.feedback)


def _chosen(question: Question, place: int) -> Grade:
    told = {mistake.value: mistake.feedback for mistake in question.mistakes}
    return Grade(False, question.choices[place].mistake, told.get(place, ""))


def _one_of(question: Question, wrongly: set[int]) -> Grade:
    """The first known mistake among the choices that should not have been taken."""
    for place in sorted(wrongly):
        found = _chosen(question, place)
        if found.mistake:
            return found
    return Grade(False)


def choices_differ(choices: Sequence[Option]) -> bool:
    """Whether no two choices read the same."""
    return len({choice.text for choice in choices}) == len(choices)
