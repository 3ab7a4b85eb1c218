"""With how many digits the numbers of an explanation are written, and whether they come out.

"0.52 times −1.20 gives −0.63" is true of the numbers of the run, and not of those that are read.
A short calculation gets more digits until whoever checks it by hand finds what stands there; a
long one cannot, and then it is said that what is written is rounded.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.expr import Expr
from lessons.arithmetic import Sums, by_hand
from lessons.why_names import Names
from lessons.why_terms import Terms
from lessons.words import number

# Decimals of the operands and of the result, in the order in which they are tried. A product
# multiplies the rounding of its operands, so those may get more digits than the result.
_DECIMALS = ((2, 2), (3, 3), (3, 2), (4, 4), (4, 3), (4, 2))
_MOST_LEAVES = 4
_CHECKED_LINES = 12
_PLAIN_DIGITS = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


@dataclass(frozen=True, slots=True)
class Digits:
    """Decimals of the operands and of the result.

    exact: whether the numbers as they are written give the results as they are written.
    """

    operands: int = 2
    result: int = 2
    exact: bool = True


def digits(expr: Expr, terms: Terms, names: Names, sums: Sums) -> Digits:
    """How the arithmetic of a number is to be written; sums are folded as `sums` folds them."""
    if not math.isfinite(expr.value):
        return Digits()
    if len(terms) <= _MOST_LEAVES and len(expr.leaves()) <= _MOST_LEAVES:
        for before, after in _DECIMALS:
            if _comes_out(expr, names, sums, before, after):
                return Digits(before, after)
        return Digits(exact=False)
    lines = (terms[row].term for row in range(min(len(terms), _CHECKED_LINES)))
    parts = [expr, *(term for term in lines if term.args)]
    return Digits(exact=all(_comes_out(part, names, sums, 2, 2) for part in parts))


def _comes_out(expr: Expr, names: Names, sums: Sums, before: int, after: int) -> bool:
    def leaf(node: Expr) -> float:
        return _read(names.number(node, before))

    def fold(terms: Sequence[Expr]) -> float:
        return _read(number(sum(term.value for term in terms)))

    found = by_hand(expr, leaf, fold, sums)
    return number(found, after) == number(expr.value, after)


def _read(text: str) -> float:
    """The number that a text of `number` says."""
    text = text.translate(_PLAIN_DIGITS)
    mantissa, _, exponent = text.replace("∞", "inf").partition("×10")
    return float(f"{mantissa}e{exponent}") if exponent else float(mantissa)
