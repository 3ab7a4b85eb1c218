"""The optimizer: how the parameters move against their gradient, and in which steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.ops import Array


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

    `by_name` holds views into `flat`: writing to either changes both. float32, unless told
    otherwise: training needs no more, and it takes half the time.
    """

    def __init__(
        self,
        shapes: Mapping[str, tuple[int, ...]],
        values: Mapping[str, Array | float],
        dtype: type[np.floating[Any]] = np.float32,
    ) -> None:
        sizes = [int(np.prod(shape)) for shape in shapes.values()]
        self.flat: Array = np.zeros(sum(sizes), dtype)
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

    def like(self, flat: Array) -> dict[str, Array]:
        """Another flat array of this length, cut into the same names, in arrays of their own."""
        shapes = {name: part.shape for name, part in self.by_name.items()}
        other = Parameters(shapes, {}, flat.dtype.type)
        other.flat[...] = flat
        return other.by_name


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
        self._decay = Parameters(shapes, matrices, parameters.flat.dtype.type).flat

    def restore(self, step: int, m: Mapping[str, Array], v: Mapping[str, Array]) -> None:
        """Goes on from where another one was after `step` steps."""
        self.step = step
        shapes = {name: part.shape for name, part in self.parameters.by_name.items()}
        dtype = self.parameters.flat.dtype.type
        self.m, self.v = (Parameters(shapes, x, dtype).flat for x in (m, v))

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
