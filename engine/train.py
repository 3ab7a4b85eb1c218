"""Training: from random numbers to a model.

Each step takes a batch of texts, runs the model on all of them at once, measures how surprised
it was by each true next token, and moves every parameter a little against its gradient. The
forward pass and its derivative are the ones that the screens show: `model.forward` on a tape,
and `trace.backward` over it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from engine.config import Config, parameter_shapes
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


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained: AdamW with a warm-up and a cosine.

    learning_rate: the largest, reached after `warmup` steps, then falling to a hundredth.
    Sources: Kingma and Ba 2015 (Adam), Loshchilov and Hutter 2019 (decoupled decay),
    Vaswani et al. 2017, section 5.3 (beta2 = 0.98, warm-up).
    """

    steps: int
    learning_rate: float
    batch_size: int = 64
    warmup: int = 200
    beta1: float = 0.9
    beta2: float = 0.98
    eps: float = 1e-9
    weight_decay: float = 0.01

    def learning_rate_at(self, step: int) -> float:
        """The learning rate of step 1, 2, ... `steps`."""
        if step <= self.warmup:
            return self.learning_rate * step / self.warmup
        done = (step - self.warmup) / max(1, self.steps - self.warmup)
        return float(self.learning_rate * (0.01 + 0.99 * (1 + np.cos(np.pi * done)) / 2))


class Parameters:
    """All parameters in one flat array, so that an update is a few passes over one vector.

    `by_name` holds views into `flat`: writing to either changes both.
    """

    def __init__(
        self, shapes: Mapping[str, tuple[int, ...]], values: Mapping[str, Array | float]
    ) -> None:
        sizes = [int(np.prod(shape)) for shape in shapes.values()]
        self.flat: Array = np.zeros(sum(sizes), np.float32)
        parts = np.split(self.flat, np.cumsum(sizes)[:-1])
        self.by_name: dict[str, Array] = {
            name: part.reshape(shape)
            for (name, shape), part in zip(shapes.items(), parts, strict=True)
        }
        self.assign(values)

    def assign(self, values: Mapping[str, Array | float]) -> None:
        """Copies `values` in; names that are missing become zero."""
        for name, part in self.by_name.items():
            part[...] = values.get(name, 0.0)

    def add(self, values: Mapping[str, Array]) -> None:
        """Adds `values` to what is there."""
        for name, value in values.items():
            self.by_name[name] += value

    def copy(self) -> dict[str, Array]:
        """The parameters by name, in arrays of their own."""
        return {name: part.copy() for name, part in self.by_name.items()}


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


class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2).

        m = β1·m + (1-β1)·g          v = β2·v + (1-β2)·g²
        θ = θ - lr·(m / (1-β1^t) / (√(v / (1-β2^t)) + ε) + decay·θ)

    Only matrices decay: shrinking a gain or a bias has no meaning.
    """

    def __init__(self, recipe: Recipe, parameters: Parameters) -> None:
        self.recipe = recipe
        self.parameters = parameters
        self.step = 0
        self.m = np.zeros_like(parameters.flat)
        self.v = np.zeros_like(parameters.flat)
        self._room = np.zeros_like(parameters.flat)
        shapes = {name: part.shape for name, part in parameters.by_name.items()}
        matrices = {name: recipe.weight_decay for name in shapes if is_matrix(name)}
        self._decay = Parameters(shapes, matrices).flat

    def update(self, gradient: Array) -> None:
        """One step against `gradient`, a flat array like `parameters.flat`."""
        recipe, room, theta = self.recipe, self._room, self.parameters.flat
        self.step += 1
        rate = recipe.learning_rate_at(self.step)
        beta1, beta2 = recipe.beta1, recipe.beta2

        self.m *= beta1
        self.m += np.multiply(gradient, 1 - beta1, out=room)
        self.v *= beta2
        np.multiply(gradient, gradient, out=room)
        room *= 1 - beta2
        self.v += room

        np.multiply(self._decay, theta, out=room)
        room *= rate
        theta -= room

        np.multiply(self.v, 1 / (1 - beta2**self.step), out=room)
        np.sqrt(room, out=room)
        room += recipe.eps
        np.divide(self.m, room, out=room)
        room *= rate / (1 - beta1**self.step)
        theta -= room


def is_matrix(name: str) -> bool:
    """Whether a parameter is a matrix (W_...), not a gain or a bias."""
    return name.rsplit(".", 1)[-1].startswith("W")


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a training is after a step.

    loss: of this step's batch before the update, nats a token; None at step 0, which has no
    batch. parameters: live views, which the next step changes; copy what is to be kept.
    """

    step: int
    steps: int
    loss: float | None
    n_tokens: int
    parameters: Parameters


def train(
    config: Config,
    recipe: Recipe,
    start: Mapping[str, Array],
    batches: Iterator[Batch],
) -> Iterator[Progress]:
    """Trains from `start`, one `Progress` a step; the first, step 0, is before any update.

    Each batch is worked on in two halves, one after the other: what one of them needs stays in
    the processor's cache.
    """
    shapes = parameter_shapes(config)
    parameters, gradient = Parameters(shapes, start), Parameters(shapes, {})
    optimizer = AdamW(recipe, parameters)
    yield Progress(0, recipe.steps, None, 0, parameters)

    for step in range(1, recipe.steps + 1):
        batch = next(batches)
        gradient.assign({})
        loss_of_batch = 0.0
        for half in batch.halves():
            loss_of_half, gradients = loss_and_gradients(config, parameters.by_name, half)
            loss_of_batch += loss_of_half
            gradient.add(gradients)
        for name in _only_noise(config):
            gradient.by_name[name][...] = 0.0
        optimizer.update(gradient.flat)
        n_tokens = int(np.count_nonzero(batch.weights))
        yield Progress(step, recipe.steps, loss_of_batch, n_tokens, parameters)


def _only_noise(config: Config) -> list[str]:
    """The parameters whose true gradient is 0, so that rounding alone would move them: every b_K.

    A query meets the same b_K in every key, so it adds the same to all scores of a row, and
    softmax cannot see it. AdamW divides a gradient by its own size, so the rounding that is left
    of it would make b_K wander; such a number is not worth keeping, or explaining.
    """
    return [f"blocks.{i}.attn.b_K" for i in range(config.n_layers)]
