"""Sums of products: projections, scores, the mix of Values, the MLP and the unembedding."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from engine.expr import Expr, total
from engine.ops.base import Array, Example, Index, Op, Operand, unbroadcast

# Letters that stand for the axes hidden in "...", outermost first.
_BATCH = "ABCD"


class _Plan(NamedTuple):
    """How two arrays are turned into matrices, so that one matrix product gives the result.

    turn_*: the order in which the axes are taken; matrix_*: the shape after neighbouring axes
    were joined. `ready_*` tells whether an operand is such a matrix as it stands, `direct`
    whether the product can be written straight into the output.
    """

    turn_a: tuple[int, ...]
    matrix_a: tuple[int, ...]
    turn_b: tuple[int, ...]
    matrix_b: tuple[int, ...]
    shape_out: tuple[int, ...]
    turn_out: tuple[int, ...]
    matrix_out: tuple[int, ...]
    ready_a: bool
    ready_b: bool
    ready_out: bool
    direct: bool


@lru_cache(maxsize=1024)
def _plan(a: str, b: str, out: str, shape_a: tuple[int, ...], shape_b: tuple[int, ...]) -> _Plan:
    size = dict(zip(a + b, shape_a + shape_b, strict=True))
    batch = [x for x in out if x in a and x in b]
    free_a = [x for x in out if x in a and x not in b]
    free_b = [x for x in out if x in b and x not in a]
    summed = [x for x in a if x in b and x not in out]

    def matrix(rows: list[str], columns: list[str]) -> tuple[int, ...]:
        joined = (prod(size[x] for x in letters) for letters in (rows, columns))
        return (*(size[x] for x in batch), *joined)

    order_a, order_b = batch + free_a + summed, batch + summed + free_b
    order_out = batch + free_a + free_b
    matrix_a, matrix_b = matrix(free_a, summed), matrix(summed, free_b)
    matrix_out, shape_out = matrix(free_a, free_b), tuple(size[x] for x in out)
    return _Plan(
        turn_a=tuple(a.index(x) for x in order_a),
        matrix_a=matrix_a,
        turn_b=tuple(b.index(x) for x in order_b),
        matrix_b=matrix_b,
        shape_out=shape_out,
        turn_out=tuple(out.index(x) for x in order_out),
        matrix_out=matrix_out,
        ready_a="".join(order_a) == a and matrix_a == shape_a,
        ready_b="".join(order_b) == b and matrix_b == shape_b,
        ready_out="".join(order_out) == out and matrix_out == shape_out,
        # Axes that stand side by side in the output can be joined without moving a number.
        direct="".join(free_a) in out and "".join(free_b) in out,
    )


def contract(a: Array, b: Array, letters_a: str, letters_b: str, letters_out: str) -> Array:
    """Σ of a·b over the letters that the output lacks, as one (batched) matrix product.

    np.einsum would give the same; turning the arrays into matrices hands the work to BLAS,
    which is many times faster. No letter may stand in one operand only and not in the output.
    """
    plan = _plan(letters_a, letters_b, letters_out, a.shape, b.shape)
    matrix_a = a if plan.ready_a else a.transpose(plan.turn_a).reshape(plan.matrix_a)
    matrix_b = b if plan.ready_b else b.transpose(plan.turn_b).reshape(plan.matrix_b)
    if plan.ready_out:
        whole: Array = np.matmul(matrix_a, matrix_b)
        return whole
    if plan.direct:
        out = np.empty(plan.shape_out, a.dtype if a.dtype is b.dtype else np.result_type(a, b))
        np.matmul(matrix_a, matrix_b, out=out.transpose(plan.turn_out).reshape(plan.matrix_out))
        return out
    turned_shape = [plan.shape_out[i] for i in plan.turn_out]
    turned: Array = np.matmul(matrix_a, matrix_b).reshape(turned_shape)
    return turned.transpose(np.argsort(plan.turn_out))


@lru_cache(maxsize=256)
def _letters(spec: str, ndim_a: int, ndim_b: int) -> tuple[str, str, str]:
    """The letters of both operands and the output, "..." spelled out for these many axes."""
    operands, out = spec.split("->")
    a, b = operands.split(",")
    hidden_a, hidden_b = ndim_a - len(a.strip(".")), ndim_b - len(b.strip("."))
    a, b = a.replace("...", _BATCH[:hidden_a]), b.replace("...", _BATCH[:hidden_b])
    return a, b, out.replace("...", _BATCH[: max(hidden_a, hidden_b)])


@dataclass(frozen=True, slots=True)
class Einsum(Op):
    """out = Σ a·b (+ bias), over the letters of `spec` that the output lacks.

    spec: as np.einsum writes it, for two operands; "..." stands for batch axes. A third
    input, if given, is added: the bias, in the shape of the last axes of the output.
    "...pd,hdk->...phk" is a projection to heads: q[p,h,k] = Σ_d x[p,d]·W[h,d,k] + b[h,k].

    Source: Vaswani et al. 2017, section 3.2 (attention) and 3.3 (feed-forward).
    """

    spec: str

    @property
    def formula(self) -> str:  # type: ignore[override]
        operands, out = self.spec.replace("...", "").split("->")
        a, b = operands.split(",")
        summed = "".join(x for x in a if x not in out)
        return f"Σ_{summed} {{0}}[{','.join(a)}]·{{1}}[{','.join(b)}] + {{2}}"

    def forward(self, *inputs: Array) -> Array:
        a, b, *bias = inputs
        out = contract(a, b, *_letters(self.spec, a.ndim, b.ndim))
        if bias:
            out += bias[0]
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        a, b, *bias = inputs
        letters_a, letters_b, letters_out = _letters(self.spec, a.ndim, b.ndim)
        grad_a = contract(grad, b, letters_out, letters_b, letters_a)
        grad_b = contract(a, grad, letters_a, letters_out, letters_b)
        return grad_a, grad_b, *(unbroadcast(grad, x.shape) for x in bias)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        a, b, *bias = inputs
        letters_a, letters_b, out = _letters(self.spec, len(a.shape), len(b.shape))
        size = dict(zip(letters_a + letters_b, a.shape + b.shape, strict=True))
        place = dict(zip(out, index, strict=True))
        summed = [x for x in letters_a if x not in place]

        def entry(operand: Operand, letters: str, counters: dict[str, int]) -> Expr:
            return operand[tuple(counters[x] for x in letters)]

        terms = []
        for counts in product(*(range(size[x]) for x in summed)):
            counters = {**place, **dict(zip(summed, counts, strict=True))}
            terms.append(entry(a, letters_a, counters) * entry(b, letters_b, counters))
        return total([*terms, *(x.at(index) for x in bias)])

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        def normal(*shape: int) -> Array:
            return rng.standard_normal(shape)

        return [
            (cls("...pd,hdk->...phk"), (normal(3, 4), normal(2, 4, 5), normal(2, 5))),
            (cls("...pd,hdk->...phk"), (normal(2, 3, 4), normal(2, 4, 5), normal(2, 5))),
            (cls("...qhk,...shk->...hqs"), (normal(3, 2, 5), normal(4, 2, 5))),
            (cls("...hqs,...shk->...qhk"), (normal(2, 2, 3, 4), normal(2, 4, 2, 5))),
            (cls("...phk,hkd->...pd"), (normal(3, 2, 5), normal(2, 5, 4), normal(4))),
            (cls("...pd,vd->...pv"), (normal(3, 4), normal(6, 4))),
        ]
