"""What a lesson is made of: cards with their questions and doubts, and the terms of the field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lessons.figures.knobs import Value

GUESSES = ("pick", "point", "number", "word", "open")


@dataclass(frozen=True, slots=True)
class Guess:
    """What the learner says before the answer is shown.

    kind: "pick" one of `choices` (id and text), "point" at a word of the sentence, type a
    "number" or a "word", or answer "open"ly and compare.
    answer: the id of the right choice; for the others, and for a pick where `computed`, the
    finding that gives it: a position, a number, a word, the id of a choice.
    show: whether the exhibit is in view before the answer, because it is needed to find it.
    tolerance: how far a typed number may be off. reveal: what is said then; for an open question
    the model answer. points: what an open answer should hold, to check oneself against.
    """

    kind: str
    question: str
    reveal: str
    choices: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    computed: bool = False
    tolerance: float = 0.0
    show: bool = False
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a learner asks at this point, and the answer."""

    id: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Card:
    """One idea.

    role: "idea", "check" (a closing question) or "next" (what comes next).
    figure: the name of its exhibit, or stage: the key of a station of the walk, whose exhibit it
    then is, at `block` and `head`; neither where there is none. set: what the knobs begin with.
    first: the knob that stands first, the one that + and - turn. later: the knobs that are not
    offered yet, because a further card tells what they do.
    """

    id: str
    role: str
    title: str
    prose: str
    figure: str = ""
    stage: str = ""
    block: int = 0
    head: int = 0
    set: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    guess: Guess | None = None
    doubts: tuple[Doubt, ...] = ()
    first: str = ""
    later: tuple[str, ...] = ()

    @property
    def hides(self) -> bool:
        """Whether there is an exhibit that is shown only when the question is answered."""
        has = bool(self.figure or self.stage)
        return has and self.guess is not None and not self.guess.show


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field.

    names: how it is called, in the field's English too. inflections: other forms that tell its
    use. everyday: those of its names that alone do not tell it, being everyday words as well.
    lesson: the lesson that introduces it.
    """

    id: str
    names: tuple[str, ...]
    inflections: tuple[str, ...]
    everyday: tuple[str, ...]
    definition: str
    example: str
    lesson: str

    @property
    def name(self) -> str:
        """The first of its names."""
        return self.names[0]

    @property
    def forms(self) -> tuple[str, ...]:
        """All ways in which it may be written or asked for, its names first."""
        return (*self.names, *self.inflections)
