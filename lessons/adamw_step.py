"""One step of AdamW for one weight, number by number, and whose pull its gradient was.

The arithmetic is that of `engine.adamw.AdamW`, written out for a single number in float64; the
training does it for all of them at once in float32.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.adamw import Recipe, is_matrix
from engine.config import Config
from engine.ops import Array
from engine.train import Batch, StepRecord, loss_and_gradients, only_noise

Index = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One AdamW step of one weight; `engine.adamw.AdamW` says the formula.

    step: its number t, from 1. m_before, v_before: the running averages of the gradient and of its
    square, before this gradient; m, v: after it. m_hat, v_hat: the same made up for having begun
    at 0. direction: m_hat by the root of v_hat. decay: the pull towards 0; 0 for what is no matrix.
    rate: the learning rate of this step. move: what is taken from the weight, decay included.
    after: the weight then.
    """

    step: int
    weight: float
    gradient: float
    m_before: float
    v_before: float
    m: float
    v: float
    m_hat: float
    v_hat: float
    root_v_hat: float
    direction: float
    decay: float
    rate: float
    move: float
    after: float


def adamw_step(
    recipe: Recipe,
    name: str,
    weight: float,
    gradient: float,
    rate: float,
    step: int = 1,
    m_before: float = 0.0,
    v_before: float = 0.0,
) -> Step:
    """A step of one weight; the first of a training if nothing else is said."""
    m = recipe.beta1 * m_before + (1 - recipe.beta1) * gradient
    v = recipe.beta2 * v_before + (1 - recipe.beta2) * gradient * gradient
    m_hat, v_hat = m / (1 - recipe.beta1**step), v / (1 - recipe.beta2**step)
    root_v_hat = float(np.sqrt(v_hat))
    direction = float(np.divide(m_hat, root_v_hat + recipe.eps))
    decay = recipe.weight_decay * weight if is_matrix(name) else 0.0
    move = rate * (direction + decay)
    return Step(
        step,
        weight,
        gradient,
        m_before,
        v_before,
        m,
        v,
        m_hat,
        v_hat,
        root_v_hat,
        direction,
        decay,
        rate,
        move,
        weight - move,
    )


def recorded_step(recipe: Recipe, record: StepRecord, name: str, index: Index) -> Step:
    """What a recorded training step did with one weight. Raises KeyError, IndexError."""
    weight, gradient, m, v = (
        float(part[name][index]) for part in (record.before, record.gradient, record.m, record.v)
    )
    rate = recipe.learning_rate_at(record.step)
    return adamw_step(recipe, name, weight, gradient, rate, record.step, m, v)


# --- Whose pull the gradient was -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pull:
    """What one sentence of the batch adds to a gradient. row: which sentence, from 0."""

    row: int
    value: float


@dataclass(frozen=True, slots=True)
class Pulls:
    """A gradient as a sum: the strongest pulls, and all others together.

    rest: of how many sentences, and their sum.
    """

    strongest: tuple[Pull, ...]
    n_rest: int
    rest: float

    @property
    def total(self) -> float:
        """The gradient of the whole batch."""
        return sum(pull.value for pull in self.strongest) + self.rest


def gradients_by_row(config: Config, record: StepRecord) -> Mapping[str, Array]:
    """The gradient that each sentence of the batch adds, by parameter: [row, *shape], float32.

    Each counts what it counts in the batch, so that the rows add up to the batch's gradient.
    """
    batch, shapes = record.batch, record.gradient
    rows = {name: np.zeros((len(batch.ids), *x.shape), np.float32) for name, x in shapes.items()}
    for i in range(len(batch.ids)):
        one = Batch(*(x[i : i + 1] for x in (batch.ids, batch.targets, batch.weights)))
        with np.errstate(all="ignore"):
            _, found = loss_and_gradients(config, record.before, one)
        for name, x in found.items():
            rows[name][i] = x
    for name in only_noise(config):
        rows[name][...] = 0.0
    return rows


def pulls(rows: Mapping[str, Array], name: str, index: Index, n: int = 5) -> Pulls:
    """The n strongest pulls at one weight, the strongest first. Raises KeyError, IndexError."""
    at: Any = (slice(None), *index)
    values = np.asarray(rows[name][at], np.float64)
    order = np.argsort(-np.abs(values), kind="stable")
    strongest = tuple(Pull(int(i), float(values[i])) for i in order[:n])
    rest = order[n:]
    return Pulls(strongest, len(rest), float(values[rest].sum()))


def row_ids(batch: Batch, row: int) -> Sequence[int]:
    """The token ids of a sentence of the batch, without the start token and what fills it up."""
    asked = np.flatnonzero(batch.weights[row])
    n = int(asked[-1]) + 1 if len(asked) else 0
    return [int(i) for i in batch.ids[row, 1:n]]
