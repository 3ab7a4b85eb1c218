"""What there is of a training between two steps, and what it has come to at its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.exam import Examination
from engine.ops import Array
from engine.plan import Plan
from engine.sources import Place


@dataclass(frozen=True, slots=True)
class Moment:
    """Where a training is after a step.

    loss: of this step's batch, before the update, nats a token; None at step 0, which has none.
    recent_loss: the mean of the last hundred steps, nan at step 0. n_tokens: read so far.
    held_out: the loss of each exam, where one was made after this step.
    """

    step: int
    loss: float | None
    recent_loss: float
    learning_rate: float
    n_tokens: int
    held_out: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Best:
    """The parameters with the lowest loss in the first exam, and when that was."""

    step: int
    loss: float
    parameters: Mapping[str, Array]


@dataclass(frozen=True)
class State:
    """All that has to be kept to go on with a training as if it had never stopped.

    parameters, m, v: by name, float32. place: where to go on drawing texts. recent: the losses of
    the last steps, each with its number of tokens. history: of every examination its step, the
    recent loss and the losses of the exams.
    """

    step: int
    parameters: Mapping[str, Array]
    m: Mapping[str, Array]
    v: Mapping[str, Array]
    n_tokens: int = 0
    place: Place | None = None
    recent: Sequence[tuple[float, int]] = ()
    history: Sequence[Mapping[str, Any]] = ()
    best: Best | None = None


@dataclass(frozen=True)
class Outcome:
    """What a training has come to.

    step: whose parameters count. results: of every exam. told: for training.json.
    """

    plan: Plan
    step: int
    parameters: Mapping[str, Array]
    results: Mapping[str, Examination]
    told: Mapping[str, Any]
