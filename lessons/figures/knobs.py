"""What a learner can turn at a figure: a number, one of some choices, a word, a head.

A knob's value is always a plain float, int or string, so that a lesson can set it in its file.
What a knob is called, and its choices, are said in content/figures.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.experiment import Experiment
from lessons.moments import moments

Value = float | int | str


@dataclass(frozen=True, slots=True)
class Number:
    """A number from low to high, turned by `step`, or typed. integer: whole numbers only."""

    id: str
    default: float
    low: float
    high: float
    step: float = 1.0
    integer: bool = False

    def fit(self, value: Value, experiment: Experiment) -> Value:
        """The nearest value that the knob can have. Raises ValueError for what is no number."""
        x = min(max(float(value), self.low), self.high)
        if x != x:
            raise ValueError(value)
        return round(x) if self.integer else x

    def turned(self, value: Value, by: int, experiment: Experiment) -> Value:
        """The value so many steps on."""
        return self.fit(round(float(value) / self.step + by) * self.step, experiment)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some options, by their ids."""

    id: str
    default: str
    options: tuple[str, ...]

    def fit(self, value: Value, experiment: Experiment) -> Value:
        """The option of that id. Raises ValueError for any other."""
        if value not in self.options:
            raise ValueError(value)
        return value

    def turned(self, value: Value, by: int, experiment: Experiment) -> Value:
        """The option so many places on; after the last comes the first."""
        here = self.options.index(str(value))
        return self.options[(here + by) % len(self.options)]


@dataclass(frozen=True, slots=True)
class Place:
    """One of the things that a run has, counted from 0; -1 is the last one.

    what: "token", "head", "block", "dim" (of d_model), or "checkpoint" (the kept moments of the
    training, the last one being the finished model).
    """

    id: str
    what: str
    default: int = -1

    def count(self, experiment: Experiment) -> int:
        """How many there are; at least 1."""
        config = experiment.model.config
        if self.what == "token":
            return len(experiment.pieces)
        if self.what == "checkpoint":
            return len(moments(experiment.model).steps)
        return {"head": config.n_heads, "block": config.n_layers, "dim": config.d_model}[self.what]

    def fit(self, value: Value, experiment: Experiment) -> Value:
        """The place of that number, the nearest that there is; -1 stays the last."""
        place = int(value)
        return -1 if place < 0 else min(place, self.count(experiment) - 1)

    def turned(self, value: Value, by: int, experiment: Experiment) -> Value:
        """So many places on; after the last comes the first."""
        n = self.count(experiment)
        place = int(value) % n if int(value) < 0 else min(int(value), n - 1)
        return (place + by) % n


Knob = Number | Choice | Place

WORD = Place("word", "token")
TOKEN = Place("token", "token")
BLOCK = Place("block", "block", 0)
DIM = Place("dim", "dim", 0)
"""What many figures turn: a word of the sentence (its last), a block and a number (the first)."""
