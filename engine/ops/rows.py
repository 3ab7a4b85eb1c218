"""Operations along the last axis: softmax, the parts of LayerNorm, the loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.expr import Expr, apply, total
from engine.ops.base import Array, Example, Index, Op, Operand, unbroadcast


def _row(x: Operand, index: Index) -> list[Expr]:
    return [x[(*index[:-1], i)] for i in range(x.shape[-1])]


@dataclass(frozen=True, slots=True)
class Softmax(Op):
    """out_i = e^{x_i} / Σ_j e^{x_j} along the last axis: positive, and sums to 1.

    Source: Vaswani et al. 2017, section 3.2.1, equation 1.
    """

    formula = "e^{0}[i] / Σ_j e^{0}[j]"

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        # Taking the largest away from all changes nothing in the quotient, and keeps e^x finite.
        out: Array = x - x.max(axis=-1, keepdims=True)
        np.exp(out, out=out)
        out /= out.sum(axis=-1, keepdims=True)
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        # d out_i / d x_j = out_i · ([i = j] - out_j)
        back: Array = grad * output
        back -= output * back.sum(axis=-1, keepdims=True)
        return (back,)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        row = _row(inputs[0], index)
        largest = max(x.value for x in row)
        # A learner sees plain e^x; only where that would overflow the largest is taken away.
        powers = [apply("exp", x if largest < 700 else x - largest) for x in row]
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
        out: Array = x - x.mean(axis=-1, keepdims=True)
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        return (grad - grad.mean(axis=-1, keepdims=True),)

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
        squares: Array = np.vecdot(x, x)[..., None]
        squares /= x.shape[-1]
        squares += self.eps
        np.sqrt(squares, out=squares)
        return squares

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
        return grad * w, unbroadcast(grad * x, w.shape), unbroadcast(grad, b.shape)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x, w, b = inputs
        return x[index] * w.at(index) + b.at(index)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [
            (cls(), (rng.standard_normal(shape), rng.standard_normal(4), rng.standard_normal(4)))
            for shape in [(3, 4), (2, 3, 4)]
        ]


@dataclass(frozen=True, slots=True)
class CrossEntropy(Op):
    """out = log Σ_v e^{logits_v} - logits_target: the surprise at the true next token, in nats.

    Inputs: logits [..., d_vocab], targets [...] (token ids). Output [...].
    It is -log softmax(logits)[target], written so that no probability can round to zero.
    """

    formula = "log Σ_v e^{0}[v] - {0}[{1}]"

    def forward(self, *inputs: Array) -> Array:
        logits, targets = inputs
        largest = logits.max(axis=-1, keepdims=True)
        log_sum: Array = np.log(np.exp(logits - largest).sum(axis=-1)) + largest[..., 0]
        log_sum -= np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
        return log_sum

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        logits, targets = inputs
        target = targets[..., None]
        # log Σ e^x is the loss plus the target's logit, so the softmax costs one pass of e^x.
        log_sum = output[..., None] + np.take_along_axis(logits, target, axis=-1)
        back: Array = logits - log_sum
        np.exp(back, out=back)
        np.put_along_axis(back, target, np.take_along_axis(back, target, -1) - 1, axis=-1)
        back *= grad[..., None]
        return back, None

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        logits, targets = inputs
        row = _row(logits, (*index, 0))
        target = targets[index]
        largest = max(x.value for x in row)
        shift = 0.0 if largest < 700 else largest
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
