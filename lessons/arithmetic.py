"""The arithmetic of a number as people write it: in parts, with names or with numbers.

A text comes in parts, so that a line can be broken between them, and so that the same arithmetic
written twice, with names and with numbers, has its parts one under the other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.expr import SIGNS, Expr

SHOWN_TERMS = 6
"""Terms of a long sum that are written out where nothing else is asked for."""

# How tightly a text holds together: what is looser than its place needs gets parentheses.
_SUM, _NEGATIVE, _PRODUCT, _ATOM = 1, 2, 3, 4
_Written = tuple[list[str], int]


def by_size(terms: Sequence[Expr]) -> list[Expr]:
    """The terms of a sum, the largest first."""
    # NaN sorts anywhere, so it is sent to the front: it explains the result.
    return sorted(terms, key=lambda t: -math.inf if math.isnan(t.value) else -abs(t.value))


@dataclass(frozen=True, eq=False)
class Sums:
    """Which terms of a sum are written out, and which are folded into one.

    To fold a single term would save nothing. Sorting is done once for each sum.
    """

    shown: int = SHOWN_TERMS
    _sorted: dict[int, list[Expr]] = field(default_factory=dict, repr=False)

    def split(self, total: Expr) -> tuple[Sequence[Expr], Sequence[Expr]]:
        """The terms that are written, the largest first where some are folded; and those."""
        if len(total.args) <= self.shown + 1:
            return total.args, ()
        if id(total) not in self._sorted:
            self._sorted[id(total)] = by_size(total.args)
        terms = self._sorted[id(total)]
        return terms[: self.shown], terms[self.shown :]

    def showing(self, shown: int) -> Sums:
        """The same with another number of terms written out."""
        return Sums(shown, self._sorted)


@dataclass(frozen=True)
class Writer:
    """Writes an `Expr`.

    leaf: how a number of the trace or a constant is written.
    fold: what stands for the terms of a sum that are left out.
    pick: how a row of a table is written, from {entry} and {row}.
    minus: the sign of subtraction and of what is negative.
    """

    leaf: Callable[[Expr], str]
    fold: Callable[[Sequence[Expr]], str]
    sums: Sums
    pick: str
    minus: str = "-"

    def __call__(self, expr: Expr) -> str:
        """The whole text on one line."""
        return "".join(self.parts(expr))

    def parts(self, expr: Expr) -> list[str]:
        """The text in parts: operators stand alone, with their blanks."""
        return self._write(expr)[0]

    def _write(self, expr: Expr) -> _Written:
        writer: dict[str, Callable[[Expr], _Written]] = {
            "ref": self._leaf,
            "const": self._leaf,
            "+": self._sum,
            "-": self._difference,
            "*": self._product,
            "/": self._quotient,
            "neg": self._negative,
            "exp": self._power,
            "pick": self._pick,
        }
        return writer.get(expr.sign, self._function)(expr)

    def _inside(self, expr: Expr, least: int) -> list[str]:
        parts, tightness = self._write(expr)
        return parts if tightness >= least else _around("(", parts, ")")

    def _leaf(self, expr: Expr) -> _Written:
        return self._atom(self.leaf(expr))

    def _atom(self, text: str) -> _Written:
        return [text], _NEGATIVE if text.startswith(self.minus) else _ATOM

    def _sum(self, expr: Expr) -> _Written:
        terms, folded = self.sums.split(expr)
        if len(terms) == 1 and not folded:
            return self._write(terms[0])
        parts: list[str] = []
        for term in terms:
            parts += [" + ", *self._inside(term, _PRODUCT)] if parts else self._inside(term, _SUM)
        if folded:
            rest, tightness = self._atom(self.fold(folded))
            parts += [" + ", *(rest if tightness == _ATOM else _around("(", rest, ")"))]
        return parts, _SUM

    def _difference(self, expr: Expr) -> _Written:
        left, right = expr.args
        return [*self._inside(left, _SUM), f" {self.minus} ", *self._inside(right, _PRODUCT)], _SUM

    def _product(self, expr: Expr) -> _Written:
        left, right = expr.args
        if left.ref is not None and left.ref == right.ref:
            return _around("", self._inside(left, _ATOM), "²"), _PRODUCT
        return [*self._inside(left, _PRODUCT), "·", *self._inside(right, _PRODUCT)], _PRODUCT

    def _quotient(self, expr: Expr) -> _Written:
        above, below = expr.args
        return [*self._inside(above, _PRODUCT), " / ", *self._inside(below, _ATOM)], _PRODUCT

    def _negative(self, expr: Expr) -> _Written:
        return _around(self.minus, self._inside(expr.args[0], _PRODUCT), ""), _NEGATIVE

    def _power(self, expr: Expr) -> _Written:
        return _around("e^", self._inside(expr.args[0], _ATOM), ""), _PRODUCT

    def _pick(self, expr: Expr) -> _Written:
        entry, row = ("".join(self._inside(arg, _SUM)) for arg in expr.args)
        return [self.pick.format(entry=entry, row=row)], _SUM

    def _function(self, expr: Expr) -> _Written:
        if expr.sign == "sqrt":
            return _around("√", self._inside(expr.args[0], _ATOM), ""), _ATOM
        inside = [part for arg in expr.args for part in (", ", *self._write(arg)[0])][1:]
        name = "max(0, " if expr.sign == "relu" else f"{expr.sign}("
        return _around(name, inside, ")"), _ATOM


def by_hand(
    expr: Expr,
    leaf: Callable[[Expr], float],
    fold: Callable[[Sequence[Expr]], float],
    sums: Sums,
) -> float:
    """What somebody finds who computes with the numbers as they are written.

    leaf, fold: the numbers that `Writer` writes for a leaf and for the terms left out.
    """
    if not expr.args:
        return leaf(expr)
    if expr.sign != "+":
        return SIGNS[expr.sign].value(*(by_hand(arg, leaf, fold, sums) for arg in expr.args))
    terms, folded = sums.split(expr)
    found = [by_hand(term, leaf, fold, sums) for term in terms]
    return SIGNS["+"].value(*found, *([fold(folded)] if folded else []))


def _around(before: str, parts: list[str], after: str) -> list[str]:
    """The parts with a text before the first and one after the last."""
    parts = [before + parts[0], *parts[1:]]
    return [*parts[:-1], parts[-1] + after]
