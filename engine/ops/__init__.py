"""Every operation of the model, each defined once: forward, backward, explain."""

from engine.ops.base import Array, Op, Operand
from engine.ops.einsum import Einsum
from engine.ops.elementwise import Add, Copy, Divide, Gelu, GeluNew, Multiply, Relu, Sqrt
from engine.ops.rows import Affine, Center, CrossEntropy, Scale, Softmax
from engine.ops.tables import Lookup, Sinusoid

__all__ = [
    "Add",
    "Affine",
    "Array",
    "Center",
    "Copy",
    "CrossEntropy",
    "Divide",
    "Einsum",
    "Gelu",
    "GeluNew",
    "Lookup",
    "Multiply",
    "Op",
    "Operand",
    "Relu",
    "Scale",
    "Sinusoid",
    "Softmax",
    "Sqrt",
]
