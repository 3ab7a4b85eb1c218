"""Operations that turn whole numbers into vectors: looked up in a table, or computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.expr import Expr, apply
from engine.ops.base import Array, Example, Index, Op, Operand


@dataclass(frozen=True, slots=True)
class Lookup(Op):
    """out[p] = table[ids[p]]: the row of the table that the id names, and nothing more.

    Inputs: table [n_rows, d], ids [...]. Output [..., d]. The same as one-hot times table.
    Source: Vaswani et al. 2017, section 3.4.
    """

    formula = "{0}[{1}[p], d]"

    def forward(self, *inputs: Array) -> Array:
        table, ids = inputs
        rows: Array = table[ids]
        return rows

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        table, ids = inputs
        back = np.zeros_like(table, dtype=grad.dtype)
        # A row that was looked up twice gets both gradients: added, never overwritten.
        # Sorting first and adding runs of equal ids is faster than np.add.at.
        flat_ids, rows = ids.reshape(-1), grad.reshape(-1, grad.shape[-1])
        if flat_ids.size:
            order = np.argsort(flat_ids, kind="stable")
            in_order = flat_ids[order]
            starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]])
            back[in_order[starts]] = np.add.reduceat(rows[order], starts, axis=0)
        return back, None

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        table, ids = inputs
        row = ids[index[:-1]]
        return apply("pick", table[(int(row.value), index[-1])], row)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        table = rng.standard_normal((5, 4))
        return [(cls(), (table, rng.integers(0, 5, shape))) for shape in [(6,), (2, 3)]]


@dataclass(frozen=True, slots=True)
class Sinusoid(Op):
    """out[p, i] = sin or cos of p / 10000^(2⌊i/2⌋ / d_model): sines at even i, cosines at odd.

    Input: positions [n]. Output [n, d_model]. Slow waves to the right, fast ones to the left,
    so that every position gets a pattern of its own.
    Source: Vaswani et al. 2017, section 3.5.
    """

    d_model: int

    @property
    def formula(self) -> str:  # type: ignore[override]
        return f"sin or cos({{0}}[p] / 10000^(2⌊i/2⌋/{self.d_model}))"

    def wavelengths(self) -> Array:
        """What the position is divided by in each dimension [d_model]."""
        pair = np.arange(self.d_model) // 2
        return 10000.0 ** (2 * pair / self.d_model)

    def forward(self, *inputs: Array) -> Array:
        (positions,) = inputs
        angle = positions[..., None] / self.wavelengths()
        angle[..., 0::2] = np.sin(angle[..., 0::2])
        angle[..., 1::2] = np.cos(angle[..., 1::2])
        return angle.astype(positions.dtype)

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        (positions,) = inputs
        angle = positions[..., None] / self.wavelengths()
        slope = np.empty_like(angle)
        slope[..., 0::2] = np.cos(angle[..., 0::2])
        slope[..., 1::2] = -np.sin(angle[..., 1::2])
        return ((grad * slope / self.wavelengths()).sum(axis=-1).astype(grad.dtype),)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        *place, i = index
        angle = inputs[0][tuple(place)] / float(self.wavelengths()[i])
        return apply("cos" if i % 2 else "sin", angle)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(6), (np.arange(4.0),)), (cls(5), (rng.uniform(0, 60, 3),))]
