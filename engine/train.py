"""Training: from random numbers to a model.

Each step takes a batch of texts, runs the model on all of them at once, measures how surprised
it was by each true next token, and moves every parameter a little against its gradient. The
forward pass and its derivative are the ones that the screens show: `model.forward` on a tape,
and `trace.backward` over it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.adamw import AdamW, Parameters, Recipe
from engine.config import Config, parameter_shapes
from engine.errors import EngineError
from engine.model import forward
from engine.ops import Array, CrossEntropy, Einsum
from engine.trace import backward


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts of about the same length, side by side.

    ids [batch, pos]: what the model reads; targets [batch, pos]: the token that truly came
    next; weights [batch, pos]: what each place counts for in the loss. They sum to 1; places
    behind the end of a text count 0.
    """

    ids: Array
    targets: Array
    weights: Array

    def halves(self) -> list[Batch]:
        """The first and the second half of the texts; their losses add up to the batch's.

        A batch of one text is its own only half.
        """
        middle = (len(self.ids) + 1) // 2
        rows = [slice(None, middle), slice(middle, None)][: len(self.ids)]
        return [Batch(self.ids[x], self.targets[x], self.weights[x]) for x in rows]


def loss_and_gradients(
    config: Config, parameters: Mapping[str, Array], batch: Batch
) -> tuple[float, dict[str, Array]]:
    """The mean loss of a batch (nats a token) and its gradient for every parameter."""
    tape = forward(config, parameters, batch.ids)
    tape.leaf("targets", batch.targets, ("pos",), "input", below=config.d_vocab)
    tape.leaf("weights", batch.weights, ("pos",), "constant")
    tape.record("losses", CrossEntropy(), "logits", "targets", axes=("pos",))
    tape.record("loss", Einsum("bp,bp->"), "losses", "weights", axes=())
    loss = tape.steps["loss"].value
    return float(loss), backward(tape.steps, {"loss": np.ones_like(loss)}, keep="weight")


def loss(config: Config, parameters: Mapping[str, Array], batch: Batch) -> float:
    """The mean loss of a batch, in nats a token."""
    logits = forward(config, parameters, batch.ids).steps["logits"].value
    return float((CrossEntropy().forward(logits, batch.targets) * batch.weights).sum())


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One training step, kept whole so that it can be explained: arrays of its own, by name.

    before, after: the parameters; m, v: AdamW's running averages before the step; gradient: of the
    batch's mean loss. step: its number, from 1.
    """

    step: int
    batch: Batch
    loss: float
    before: Mapping[str, Array]
    m: Mapping[str, Array]
    v: Mapping[str, Array]
    gradient: Mapping[str, Array]
    after: Mapping[str, Array]


class Trainer:
    """A model that learns: its parameters, their gradient, and the optimizer that moves them.

    parameters, gradient: live, the next step changes them; copy what is to be kept.
    """

    def __init__(
        self,
        config: Config,
        recipe: Recipe,
        start: Mapping[str, Array],
        dtype: type[np.floating[Any]] = np.float32,
    ) -> None:
        shapes = parameter_shapes(config)
        self.config = config
        self.recipe = recipe
        self.parameters = Parameters(shapes, start, dtype)
        self.gradient = Parameters(shapes, {}, dtype)
        self.optimizer = AdamW(recipe, self.parameters)

    @property
    def step(self) -> int:
        """How many steps were made."""
        return self.optimizer.step

    def measure(self, batch: Batch) -> float:
        """The mean loss of a batch, nats a token; `gradient` is its gradient then.

        The batch is worked on in two halves, one after the other: what one of them needs stays in
        the processor's cache.
        """
        self.gradient.assign({})
        loss_of_batch = 0.0
        for half in batch.halves():
            loss_of_half, gradients = loss_and_gradients(self.config, self.parameters.by_name, half)
            loss_of_batch += loss_of_half
            self.gradient.add(gradients)
        for name in only_noise(self.config):
            self.gradient.by_name[name][...] = 0.0
        return loss_of_batch

    def learn(self, batch: Batch) -> float:
        """One step: `measure`, and an update against the gradient. Returns the loss before it.

        Raises EngineError (`diverged`), and changes no parameter, where loss or gradient are not
        finite.
        """
        with np.errstate(all="ignore"):  # a run that diverges overflows before it is found out
            loss_of_batch = self.measure(batch)
            gradient = self.gradient.flat
            squares = np.vdot(gradient, gradient)  # AdamW keeps the mean of them
        if not (np.isfinite(loss_of_batch) and np.isfinite(squares)):
            raise EngineError("diverged", step=self.step + 1, loss=loss_of_batch)
        self.optimizer.update(self.gradient.flat)
        return loss_of_batch

    def learn_recorded(self, batch: Batch) -> StepRecord:
        """As `learn`, and the whole step."""
        before = self.parameters.copy()
        m, v = (self.parameters.like(x) for x in (self.optimizer.m, self.optimizer.v))
        loss_of_batch = self.learn(batch)
        gradient, after = self.gradient.copy(), self.parameters.copy()
        return StepRecord(self.step, batch, loss_of_batch, before, m, v, gradient, after)


def only_noise(config: Config) -> list[str]:
    """The parameters whose true gradient is 0, so that rounding alone would move them: every b_K.

    A query meets the same b_K in every key, so it adds the same to all scores of a row, and
    softmax cannot see it. AdamW divides a gradient by its own size, so the rounding that is left
    of it would make b_K wander; such a number is not worth keeping, or explaining.
    """
    return [f"blocks.{i}.attn.b_K" for i in range(config.n_layers)]
