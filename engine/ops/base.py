"""What every operation is: three methods side by side.

`forward` computes whole arrays, `explain` writes the definition of one single number, and
`backward` is the derivative. Three generic tests hold them together for every operation,
those still to be written included: explain equals forward, backward equals the derivative
of explain, and backward equals finite differences of forward.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from engine.expr import Expr, Ref, leaf

Array = npt.NDArray[Any]
Index = tuple[int, ...]
Example = tuple["Op", tuple[Array, ...]]


@dataclass(frozen=True, slots=True)
class Operand:
    """An input as `explain` sees it: indexing it gives a scalar that knows its address."""

    name: str
    array: Array

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    def __getitem__(self, index: Index) -> Expr:
        return leaf(Ref(self.name, index), self.array[index])

    def at(self, index: Index) -> Expr:
        """The entry that NumPy's broadcasting pairs with `index` of the output."""
        own = index[len(index) - self.array.ndim :]
        return self[tuple(i if n > 1 else 0 for i, n in zip(own, self.shape, strict=True))]


class Op:
    """One operation. Subclasses are frozen dataclasses: equal settings, equal operation.

    formula: the definition of one output number, in the field's notation; {0}, {1} ... stand
    for the inputs. Where it depends on the settings it is a property.
    """

    formula: ClassVar[str]

    def forward(self, *inputs: Array) -> Array:
        """The output array."""
        raise NotImplementedError

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        """The gradient with respect to each input, None for inputs that are indices.

        grad: gradient with respect to the output, in the shape of the output.
        """
        raise NotImplementedError

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        """The arithmetic of the output number at `index`."""
        raise NotImplementedError

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        """Small instances with fitting inputs: what the generic tests run over."""
        raise NotImplementedError


def unbroadcast(grad: Array, shape: tuple[int, ...]) -> Array:
    """Sums `grad` over the axes along which an input of `shape` was repeated.

    A number used in many places has as its gradient the sum of what each place asks of it.
    """
    if grad.shape == shape:
        return grad
    lead = grad.ndim - len(shape)
    if lead and grad.shape[lead:] == shape:  # the common case, a bias: one fast reduction
        rows: Array = grad.reshape(-1, *shape)
        folded: Array = rows.sum(axis=0)
        return folded
    if not shape:
        return np.asarray(grad.sum())
    kept = tuple(lead + i for i, n in enumerate(shape) if n == 1 and grad.shape[lead + i] != 1)
    summed: Array = grad.sum(axis=(*range(lead), *kept), keepdims=True)
    return summed.reshape(shape)


def unbroadcast_product(grad: Array, other: Array, shape: tuple[int, ...]) -> Array:
    """unbroadcast(grad · other, shape), in one pass where BLAS has a product that sums."""
    if shape == ():
        return np.asarray(np.vdot(grad, other))
    if np.ndim(other) and shape == (*grad.shape[:-1], 1):  # one number for each row
        rows: Array = np.vecdot(grad, other)[..., None]
        return rows
    return unbroadcast(grad * other, shape)


def row_sums(x: Array) -> Array:
    """Σ along the last axis, which is kept with length 1.

    A product with ones: for the many short rows of a model several times faster than x.sum().
    """
    sums: Array = np.matmul(x, _ones(x.shape[-1], x.dtype))[..., None]
    return sums


@lru_cache(maxsize=64)
def _ones(n: int, dtype: np.dtype[Any]) -> Array:
    ones = np.ones(n, dtype)
    ones.setflags(write=False)
    return ones
