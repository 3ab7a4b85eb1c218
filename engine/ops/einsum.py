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
    """How two arrays are turned so that one matrix product gives the result."""

    turn_a: tuple[int, ...]
    turn_b: tuple[int, ...]
    turn_out: tuple[int, ...]
    n_batch: int
    n_free_a: int
    n_summed: int


@lru_cache(maxsize=256)
def _plan(a: str, b: str, out: str) -> _Plan:
    batch = [x for x in out if x in a and x in b]
    free_a = [x for x in out if x in a and x not in b]
    free_b = [x for x in out if x in b and x not in a]
    summed = [x for x in a if x in b and x not in out]
    return _Plan(
        tuple(a.index(x) for x in batch + free_a + summed),
        tuple(b.index(x) for x in batch + summed + free_b),
        tuple((batch + free_a + free_b).index(x) for x in out),
        len(batch),
        len(free_a),
        len(summed),
    )


def contract(a: Array, b: Array, letters_a: str, letters_b: str, letters_out: str) -> Array:
    """Σ of a·b over the letters that the output lacks, as one (batched) matrix product.

    np.einsum would give the same; turning the arrays into matrices hands the work to BLAS,
    which is many times faster. No letter may stand in one operand only and not in the output.
    """
    plan = _plan(letters_a, letters_b, letters_out)
    a, b = a.transpose(plan.turn_a), b.transpose(plan.turn_b)
    batch = a.shape[: plan.n_batch]
    free_a = a.shape[plan.n_batch : plan.n_batch + plan.n_free_a]
    free_b = b.shape[plan.n_batch + plan.n_summed :]
    summed = prod(b.shape[plan.n_batch : plan.n_batch + plan.n_summed])
    result: Array = np.matmul(
        a.reshape(*batch, prod(free_a), summed), b.reshape(*batch, summed, prod(free_b))
    )
    return result.reshape(batch + free_a + free_b).transpose(plan.turn_out)


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
        return out + bias[0] if bias else out

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
