"""The numbers of a sentence that does arithmetic, with as many digits as make it come out.

"-0.16 times 4.00 gives -0.63" holds for the numbers of the run, and not for those that are read:
-0.16 times 4.00 is -0.64. Whoever checks it by hand must find what stands there, so the numbers
get more digits until that is so.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import add, mul, truediv

from engine.ops import Add, Divide, Multiply, Op
from engine.trace import Leaf
from lessons.words import number

# Decimals of the operands and of the result, in the order in which they are tried. A product
# multiplies the rounding of its operands, so those may get more digits than the result.
_DECIMALS = ((2, 2), (3, 3), (3, 2), (4, 4), (4, 3), (4, 2))
_BY_HAND: dict[type, Callable[[Decimal, Decimal], Decimal]] = {
    Add: add,
    Multiply: mul,
    Divide: truediv,
}
_PLAIN_DIGITS = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")


@dataclass(frozen=True, slots=True)
class Written:
    """Operands and result as they are written.

    exact: whether the operands as written give the result as written, where a reader can tell.
    """

    operands: tuple[str, ...]
    result: str
    exact: bool = True


def written(op: Op | Leaf, operands: Sequence[float], result: float) -> Written:
    """The numbers of one operation, with two decimals or as many more, up to four, as it takes.

    Only sums, products and quotients of two numbers are held to it: nobody checks another
    operation in the head, and infinity has no digits.
    """
    by_hand = _BY_HAND.get(type(op))
    plain = Written(tuple(map(number, operands)), number(result))
    if by_hand is None or len(operands) != 2 or not all(map(math.isfinite, (*operands, result))):
        return plain
    for before, after in _DECIMALS:
        texts, text = tuple(_text(x, before) for x in operands), _text(result, after)
        if _comes_out(by_hand(_value(texts[0]), _value(texts[1])), text):
            return Written(texts, text)
    return Written(plain.operands, plain.result, exact=False)


def _text(x: float, decimals: int) -> str:
    """The number with so many decimals; two are enough where they are all that it has."""
    short = number(x)
    return short if _value(short) == Decimal(x) else number(x, decimals)


def _comes_out(found: Decimal, text: str) -> bool:
    """Whether a number found by hand is written as `text` when it is rounded as one learns it."""
    shown = _value(text)
    last_digit = int(shown.as_tuple().exponent) if shown else -2
    half = Decimal(5).scaleb(last_digit - 1)
    beyond = (found - shown).copy_negate() if shown < 0 else found - shown
    return -half <= beyond < half


def _value(text: str) -> Decimal:
    """The number that a text of `number` says."""
    mantissa, _, exponent = text.translate(_PLAIN_DIGITS).partition("×10")
    return Decimal(f"{mantissa}E{exponent or 0}")
