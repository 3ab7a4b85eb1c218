"""Operations that treat every place by itself: sums, products, activations."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.expr import Expr, apply
from engine.ops.base import Array, Example, Index, Op, Operand, unbroadcast, unbroadcast_product


@dataclass(frozen=True, slots=True)
class Copy(Op):
    """out = x: the same number under the name it has in the next part of the model."""

    formula = "{0}"

    def forward(self, *inputs: Array) -> Array:
        return inputs[0]

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        return (grad,)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        return inputs[0][index]

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(), (rng.standard_normal((3, 4)),))]


@dataclass(frozen=True, slots=True)
class Add(Op):
    """out = x + y, with broadcasting: positions, the residual sum, the mask.

    The mask holds 0 where a word may look and -∞ where it may not; a sum with -∞ is -∞, and
    e^-∞ is an exact zero. Source: Vaswani et al. 2017, sections 3.1, 3.2.3 and 3.5.
    """

    formula = "{0} + {1}"

    def forward(self, *inputs: Array) -> Array:
        x, y = inputs
        return x + y

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        return tuple(unbroadcast(grad, x.shape) for x in inputs)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x, y = inputs
        return x.at(index) + y.at(index)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        x = rng.standard_normal((2, 3, 4))
        return [(cls(), (x, rng.standard_normal(shape))) for shape in [(2, 3, 4), (3, 4), (4,)]]


@dataclass(frozen=True, slots=True)
class Multiply(Op):
    """out = x · y, place by place, with broadcasting: the embedding times √d_model.

    Source: Vaswani et al. 2017, section 3.4.
    """

    formula = "{0} · {1}"

    def forward(self, *inputs: Array) -> Array:
        x, y = inputs
        return x * y

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        x, y = inputs
        return unbroadcast_product(grad, y, x.shape), unbroadcast_product(grad, x, y.shape)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x, y = inputs
        return x.at(index) * y.at(index)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        x = rng.standard_normal((3, 4))
        one = rng.standard_normal((3, 1)), rng.standard_normal(())
        others = [rng.standard_normal(shape) for shape in [(), (4,), (3, 1)]]
        return [*((cls(), (x, y)) for y in others), (cls(), one)]


@dataclass(frozen=True, slots=True)
class Divide(Op):
    """out = x / y, with broadcasting: scores by √d_head, centred vectors by their scale.

    Source: Vaswani et al. 2017, section 3.2.1; Ba et al. 2016, section 3.
    """

    formula = "{0} / {1}"

    def forward(self, *inputs: Array) -> Array:
        x, y = inputs
        return x / y

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        x, y = inputs
        grad_x = grad / y
        return unbroadcast(grad_x, x.shape), -unbroadcast_product(grad_x, output, y.shape)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x, y = inputs
        return x.at(index) / y.at(index)

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        x = rng.standard_normal((3, 4))
        return [(cls(), (x, rng.uniform(0.5, 2, shape))) for shape in [(), (4,), (3, 1)]]


@dataclass(frozen=True, slots=True)
class Sqrt(Op):
    """out = √x."""

    formula = "√{0}"

    def forward(self, *inputs: Array) -> Array:
        root: Array = np.sqrt(inputs[0])
        return root

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        return (grad * (0.5 / output),)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        return apply("sqrt", inputs[0][index])

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(), (rng.uniform(0.5, 9, shape),)) for shape in [(), (3, 4)]]


@dataclass(frozen=True, slots=True)
class Relu(Op):
    """out = max(0, x): what is negative is silenced.

    Source: Vaswani et al. 2017, section 3.3, equation 2.
    """

    formula = "max(0, {0})"

    def forward(self, *inputs: Array) -> Array:
        positive: Array = np.maximum(inputs[0], 0)
        return positive

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        return (grad * (output > 0),)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        return apply("relu", inputs[0][index])

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        # Kept away from 0, where the slope jumps and a finite difference means nothing.
        x = rng.uniform(0.1, 2, (3, 4)) * rng.choice([-1, 1], (3, 4))
        return [(cls(), (x,))]


# NumPy has no erf; this calls the standard library's for each number.
_erf = np.frompyfunc(math.erf, 1, 1)


@dataclass(frozen=True, slots=True)
class Gelu(Op):
    """out = x · Φ(x) = x · (1 + erf(x / √2)) / 2: a ReLU with a soft corner.

    Source: Hendrycks and Gimpel 2016, section 2.
    """

    formula = "{0} · (1 + erf({0} / √2)) / 2"

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        erf = np.asarray(_erf(x / math.sqrt(2))).astype(x.dtype)
        out: Array = x * (1 + erf) / 2
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        (x,) = inputs
        cumulative = (1 + np.asarray(_erf(x / math.sqrt(2))).astype(x.dtype)) / 2
        density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        return (grad * (cumulative + x * density),)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x = inputs[0][index]
        return x * (apply("erf", x / math.sqrt(2)) + 1) / 2

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(), (rng.standard_normal((3, 4)),))]


_GELU_SLOPE = math.sqrt(2 / math.pi)


@dataclass(frozen=True, slots=True)
class GeluNew(Op):
    """out = x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))): the approximation GPT-2 uses.

    Source: Hendrycks and Gimpel 2016, section 2; the name is TransformerLens's.
    """

    formula = "{0}/2 · (1 + tanh(√(2/π) · ({0} + 0.044715·{0}³)))"

    def forward(self, *inputs: Array) -> Array:
        (x,) = inputs
        out: Array = 0.5 * x * (1 + np.tanh(_GELU_SLOPE * (x + 0.044715 * x * x * x)))
        return out

    def backward(self, grad: Array, output: Array, *inputs: Array) -> tuple[Array | None, ...]:
        (x,) = inputs
        tanh = np.tanh(_GELU_SLOPE * (x + 0.044715 * x * x * x))
        inner_slope = _GELU_SLOPE * (1 + 3 * 0.044715 * x * x)
        return (grad * 0.5 * (1 + tanh + x * (1 - tanh * tanh) * inner_slope),)

    def explain(self, index: Index, *inputs: Operand) -> Expr:
        x = inputs[0][index]
        inner = (x + x * x * x * 0.044715) * _GELU_SLOPE
        return x * (apply("tanh", inner) + 1) / 2

    @classmethod
    def examples(cls, rng: np.random.Generator) -> list[Example]:
        return [(cls(), (rng.standard_normal((3, 4)),))]
