"""Operations along the last axis: softmax, the parts of LayerNorm, the loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.expr import Expr, apply, total
from engine.ops.base import (
    Array,
    Example,
    Index,
    Op,
    Operand,
    row_sums,
    unbroadcast,
    unbroadcast_product,
)

# How many numbers of an array are worked on at a time where it is large.
CACHED = 100_000

# Up to here e^x and e^-x are far from the ends of single precision.
PLAIN = 60.0


def _row(x: Operand, index: Index) -> list[Expr]:
    return [x[(*index[:-1], i)] for i in range(x.shape[-1])]


def _powers(x: Array) -> tuple[Array, Array, Array | float]:
    """e^(x - shift), its sums along the last axis [..., 1], and the shift (0 or [..., 1]).

    Taking the largest of a row away changes nothing in a quotient, and keeps e^x finite. Most
    often e^x is finite anyway, and no row of it vanishes: then the plain e^x is as good and
    spares two passes over the array.
    """
    with np.errstate(over="ignore"):
        powers: Array = np.exp(x)
        sums = row_sums(powers)
    if sums.min() > 1e-18 and sums.max() < np.inf:
        return powers, sums, 0.0
    largest: Array = x.max(axis=-1, keepdims=True)
    powers = x - largest
    np.exp(powers, out=powers)
    return powers, row_sums(powers), largest


@dataclass(frozen=True, slots=True)
class Softmax(Op):
    """out_i = e^{x_i} / Σ_j e^{x_j} along the last axis: positive, and sums to 1.

    Source: Vaswani et al. 2017, section 3.2.1, equation 1.
    """

    formula = "e^{0}[i] / Σ_j e^{0}[j]"

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        out, sums, _ = _powers(x)
        out /= sums
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        # d out_i / d x_j = out_i · ([i = j] - out_j)
        back: Array = grad * output
        back -= output * row_sums(back)
        return (back,)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        row = _row(inputs[0], index)
        largest = max(x.value for x in row)
        # A learner sees plain e^x; only where it would overflow, or all would vanish, the largest
        # is taken away first.
        powers = [apply("exp", x if abs(largest) < 700 else x - largest) for x in row]
        return powers[index[-1]] / total(powers)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(), (2 * rng.standard_normal(shape),)) for shape in [(5,), (2, 3, 4)]]


@dataclass(frozen=True, slots=True)
class Center(Op):
    """out_i = x_i - mean(x) along the last axis: the first step of LayerNorm.

    Source: Ba et al. 2016, section 3, equation 4.
    """

    formula = "{0}[i] - mean({0})"

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        out: Array = x - row_sums(x) / x.shape[-1]
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        return (grad - row_sums(grad) / grad.shape[-1],)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        row = _row(inputs[0], index)
        return row[index[-1]] - total(row) / len(row)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(), (rng.standard_normal(shape),)) for shape in [(5,), (2, 3, 4)]]


@dataclass(frozen=True, slots=True)
class Scale(Op):
    """out = √(mean(x²) + ε) along the last axis, which is kept with length 1.

    Of centred numbers this is the standard deviation: the second step of LayerNorm.
    Source: Ba et al. 2016, section 3, equation 4; ε as in the authors' code.
    """

    eps: float

    @property
    def formula(self) -> str:  # type: ignore[override]
        return f"√(mean({{0}}²) + {self.eps:g})"

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        squares = np.vecdot(x, x)[..., None]
        squares /= x.shape[-1]
        squares += self.eps
        spread: Array = np.sqrt(squares)
        return spread

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        (x,) = inputs
        return (x * (grad / (output * x.shape[-1])),)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        row = _row(inputs[0], index)
        return apply("sqrt", total(x * x for x in row) / len(row) + self.eps)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(1e-5), (rng.standard_normal(shape),)) for shape in [(5,), (2, 3, 4)]]


@dataclass(frozen=True, slots=True)
class Affine(Op):
    """out_i = x_i · w_i + b_i: gain and bias, the last step of LayerNorm.

    Source: Ba et al. 2016, section 3, equation 5.
    """

    formula = "{0} · {1} + {2}"

    def forward(self, *inputs: Array) -> Array:
        x, w, b = inputs
        out = x * w
        out += b
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        x, w, b = inputs
        return grad * w, unbroadcast_product(grad, x, w.shape), unbroadcast(grad, b.shape)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x, w, b = inputs
        return x[index] * w.at(index) + b.at(index)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [
            (cls(), (rng.standard_normal(shape), rng.standard_normal(4), rng.standard_normal(4)))
            for shape in [(3, 4), (2, 3, 4)]
        ]


def _few_rows(*arrays: Array) -> Iterator[tuple[Array, ...]]:
    """The same rows of every array, a few at a time.

    A batch has millions of logits. Taken few enough at a time to stay in the processor's cache,
    several passes over them cost hardly more than one.
    """
    rows = [x.reshape(-1, x.shape[-1]) for x in arrays]
    n = max(1, CACHED // max(1, rows[0].shape[-1]))
    for start in range(0, len(rows[0]), n):
        yield tuple(x[start : start + n] for x in rows)


@dataclass(frozen=True, slots=True)
class CrossEntropy(Op):
    """out = log Σ_v e^{logits_v} - logits_target: the surprise at the true next token, in nats.

    Inputs: logits [..., d_vocab], targets [...] (token ids). Output [...].
    It is -log softmax(logits)[target], written so that no probability can round to zero.
    """

    formula = "log Σ_v e^{0}[v] - {0}[{1}]"

    def forward(self, *inputs: Array) -> Array:
        logits, targets = inputs
        log_sum = np.empty((*targets.shape, 1), logits.dtype)
        for some, out in _few_rows(logits, log_sum):
            _, sums, shift = _powers(some)
            np.log(sums, out=out)
            out += shift
        log_sum -= np.take_along_axis(logits, targets[..., None], axis=-1)
        return log_sum[..., 0]

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        logits, targets = inputs
        target = targets[..., None]
        # log Σ e^x is the loss plus the target's logit, so the softmax costs one pass of e^x:
        # e^(x - log Σ), or e^x times a number for each row where that stays finite.
        log_sum = output[..., None] + np.take_along_axis(logits, target, axis=-1)
        plain = np.abs(log_sum).max(initial=0.0) < PLAIN
        factor = grad[..., None] * np.exp(-log_sum) if plain else grad[..., None]
        back = np.empty(logits.shape, logits.dtype)  # rows of it are views, whatever logits is
        for some, out, its_sum, its_factor in _few_rows(logits, back, log_sum, factor):
            np.exp(some if plain else some - its_sum, out=out)
            out *= its_factor
        at_target = np.take_along_axis(back, target, axis=-1) - grad[..., None]
        np.put_along_axis(back, target, at_target, axis=-1)
        return back, None

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        logits, targets = inputs
        row = _row(logits, (*index, 0))
        target = targets[index]
        largest = max(x.value for x in row)
        shift = 0.0 if abs(largest) < 700 else largest
        powers = [apply("exp", x - shift if shift else x) for x in row]
        log_sum = apply("log", total(powers))
        log_sum = log_sum + shift if shift else log_sum
        return log_sum - apply("pick", row[int(target.value)], target)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [
            (cls(), (rng.standard_normal((*shape, 5)), rng.integers(0, 5, shape)))
            for shape in [(3,), (2, 3)]
        ]
