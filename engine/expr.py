"""A scalar that remembers its arithmetic.

An `Expr` is one number together with the numbers it was made from, and those with theirs:
a small tree that can be read aloud, evaluated, and differentiated. Operations write their
scalar definition with it (`explain`), and everything that the interface says about "why is
this number what it is" is read off the tree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add, truediv
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """The address of one scalar of a trace: a step's name and an index into its array.

    Written `blocks.0.attn.pattern[0,2,1]`; a scalar step has an empty index and no brackets.
    """

    name: str
    index: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}[{','.join(map(str, self.index))}]" if self.index else self.name

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Reads what `str(ref)` writes. Raises ValueError if `text` is no such address."""
        match = re.fullmatch(r"\s*([\w.]+)\s*(?:\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\])?\s*", text)
        if match is None:
            raise ValueError(f"not an address of a number: {text!r}")
        index = match[2].split(",") if match[2] else []
        return cls(match[1], tuple(int(i) for i in index))


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sign does: its value from its arguments, and its slope along each of them."""

    value: Callable[..., float]
    slopes: Callable[..., tuple[float, ...]]  # called with the result first, then the arguments


def _plain_sum(*terms: float) -> float:
    # From left to right, as the printed sum reads. The built-in sum() compensates rounding
    # since Python 3.12, so its last digit can differ from what a reader's own sum gives.
    return reduce(add, terms, 0.0)


def _ieee(
    function: Callable[..., float], numpy_function: Callable[..., Any]
) -> Callable[..., float]:
    """`function`, giving inf or nan as NumPy does where Python would raise an error.

    A forced number can be anything, and the arithmetic shown has to agree with the run.
    """

    def computed(*args: float) -> float:
        try:
            return function(*args)
        except (ArithmeticError, ValueError):
            with np.errstate(all="ignore"):
                return float(numpy_function(*(np.float64(x) for x in args)))

    return computed


_divide = _ieee(truediv, np.divide)

SIGNS: dict[str, Sign] = {
    "+": Sign(_plain_sum, lambda out, *xs: (1.0,) * len(xs)),
    "-": Sign(lambda x, y: x - y, lambda out, x, y: (1.0, -1.0)),
    "*": Sign(lambda x, y: x * y, lambda out, x, y: (y, x)),
    "/": Sign(_divide, lambda out, x, y: (_divide(1.0, y), -_divide(out, y))),
    "neg": Sign(lambda x: -x, lambda out, x: (-1.0,)),
    "exp": Sign(_ieee(math.exp, np.exp), lambda out, x: (out,)),
    "log": Sign(_ieee(math.log, np.log), lambda out, x: (_divide(1.0, x),)),
    "sqrt": Sign(_ieee(math.sqrt, np.sqrt), lambda out, x: (_divide(0.5, out),)),
    "sin": Sign(_ieee(math.sin, np.sin), lambda out, x: (math.cos(x),)),
    "cos": Sign(_ieee(math.cos, np.cos), lambda out, x: (-math.sin(x),)),
    "tanh": Sign(math.tanh, lambda out, x: (1 - out * out,)),
    "erf": Sign(math.erf, lambda out, x: (2 / math.sqrt(math.pi) * math.exp(-x * x),)),
    "relu": Sign(lambda x: 0.0 if x <= 0 else x, lambda out, x: (1.0 if x > 0 else 0.0,)),
    # A row looked up in a table: the value is the table's, the second argument says which row.
    "pick": Sign(lambda entry, row: entry, lambda out, entry, row: (1.0, 0.0)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Expr:
    """One number and its arithmetic.

    sign: a key of `SIGNS`, or "ref" (a number of the trace) or "const" (a number as such).
    args: the operands, empty for "ref" and "const".
    value: the number.
    ref: its address in the trace, where it has one.
    """

    sign: str
    args: tuple[Expr, ...]
    value: float
    ref: Ref | None = None

    def __add__(self, other: Expr | float) -> Expr:
        return apply("+", self, other)

    def __sub__(self, other: Expr | float) -> Expr:
        return apply("-", self, other)

    def __mul__(self, other: Expr | float) -> Expr:
        return apply("*", self, other)

    def __truediv__(self, other: Expr | float) -> Expr:
        return apply("/", self, other)

    def __neg__(self) -> Expr:
        return apply("neg", self)

    def leaves(self) -> list[Expr]:
        """The numbers of the trace that this one was made from, each once, in reading order."""
        found: dict[Ref, Expr] = {}
        for node in self._in_order():
            if node.sign == "ref" and node.ref is not None:
                found.setdefault(node.ref, node)
        return list(found.values())

    def gradient(self) -> dict[Ref, float]:
        """d value / d leaf for every leaf, by the chain rule from the result to the leaves."""
        order = self._in_order()
        slope: dict[int, float] = {id(self): 1.0}
        gradient: dict[Ref, float] = {}
        for node in reversed(order):
            here = slope.get(id(node), 0.0)
            if node.sign == "ref" and node.ref is not None:
                gradient[node.ref] = gradient.get(node.ref, 0.0) + here
            elif node.args and here != 0.0:  # nothing flows through a zero, not even -inf
                values = [arg.value for arg in node.args]
                for arg, local in zip(
                    node.args, SIGNS[node.sign].slopes(node.value, *values), strict=True
                ):
                    slope[id(arg)] = slope.get(id(arg), 0.0) + here * local
        return gradient

    def _in_order(self) -> list[Expr]:
        """Every node once, operands before what is made from them."""
        seen: set[int] = set()
        order: list[Expr] = []
        stack: list[tuple[Expr, bool]] = [(self, False)]
        while stack:
            node, operands_done = stack.pop()
            if operands_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack.extend((arg, False) for arg in reversed(node.args))
        return order


def const(value: float) -> Expr:
    """A number that comes from nowhere in the trace: a 2, an epsilon, a count."""
    return Expr("const", (), float(value))


def leaf(ref: Ref, value: float) -> Expr:
    """A number of the trace, with its address."""
    return Expr("ref", (), float(value), ref)


def apply(sign: str, *args: Expr | float) -> Expr:
    """`sign` applied to `args`; plain numbers become constants."""
    # Lists, since a softmax over a vocabulary comes through here thousands of times.
    nodes = [arg if isinstance(arg, Expr) else const(arg) for arg in args]
    return Expr(sign, tuple(nodes), SIGNS[sign].value(*[node.value for node in nodes]))


def total(terms: Iterable[Expr]) -> Expr:
    """The sum of `terms`, as one node: a long sum stays a list, not a tower."""
    return apply("+", *terms)


# A sum of more terms is written as a loop: Python refuses to read thousands of plus signs in a row.
_LONGEST_PLAIN_SUM = 300


def python(expr: Expr) -> str:
    """The arithmetic as one Python expression that gives exactly `expr.value`.

    It needs `math`, where that is named in it. What Python would refuse to compute (a division
    by zero, an e^x beyond every number) is written as the infinity or NaN that it stands for.
    """
    if expr.sign == "pick":
        return python(expr.args[0])
    if not expr.args or _is_refused(expr):
        return _python_number(expr.value)
    if expr.sign in _PYTHON_FUNCTIONS:
        function, other = _PYTHON_FUNCTIONS[expr.sign]
        return f"{function}({other}{python(expr.args[0])})"
    if expr.sign == "+":
        return _python_sum([python(arg) if arg.sign == "*" else _inside(arg) for arg in expr.args])
    if expr.sign == "neg":
        return f"-{_inside(expr.args[0])}"
    return f" {expr.sign} ".join(map(_inside, expr.args))


_PYTHON_FUNCTIONS = {
    **{sign: (f"math.{sign}", "") for sign in ("exp", "log", "sqrt", "sin", "cos", "tanh", "erf")},
    "relu": ("max", "0.0, "),
}


def _is_refused(expr: Expr) -> bool:
    """Whether Python raises an error where the run goes on with an infinity or NaN."""
    x = expr.args[-1].value
    return {
        "/": x == 0,
        "exp": math.isinf(expr.value) and math.isfinite(x),
        "log": x <= 0,
        "sqrt": x < 0,
        "sin": math.isinf(x),
        "cos": math.isinf(x),
        "relu": math.isnan(x),  # not refused, but max() of a NaN is whichever comes first
    }.get(expr.sign, False)


def _python_number(value: float) -> str:
    if math.isfinite(value):
        return repr(float(value))
    return "math.nan" if math.isnan(value) else "math.inf" if value > 0 else "-math.inf"


def _inside(expr: Expr) -> str:
    text = python(expr)
    is_one = not expr.args or expr.sign in _PYTHON_FUNCTIONS or expr.sign == "pick"
    return f"({text})" if text.startswith("-") or not is_one else text


def _python_sum(terms: list[str]) -> str:
    if not 1 <= len(terms) <= _LONGEST_PLAIN_SUM:
        loop = "lambda xs: [total := (total if i else 0.0) + x for i, x in enumerate(xs)][-1]"
        return f"({loop})(({', '.join(terms)}))" if terms else "0.0"
    return " + ".join(terms)
