"""The numbers on an axis: round ones, few, and written alike. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from lessons.words import number, power_of_ten

_LEAST = 1e-200
"""A difference below which numbers are the same for the eye, and for a division."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From low to high, and the round numbers on the way with how they are written."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]

    def share(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high one."""
        return (value - self.low) / (self.high - self.low)


def finite(values: Iterable[float]) -> list[float]:
    """The values that can be drawn."""
    return [float(value) for value in values if math.isfinite(value)]


def axis(values: Iterable[float], most: int = 4) -> Axis:
    """The axis for some values, with at most so many steps between round numbers.

    It goes from the least to the greatest, or from 0 where that is not far.
    """
    known = finite(values) or [0.0, 1.0]
    low, high = min(known), max(known)
    if 0 < low <= 0.25 * high:
        low = 0.0
    if 0.25 * low <= high < 0:
        high = 0.0
    if high - low <= max(1e-9 * max(abs(low), abs(high)), _LEAST):
        pad = abs(high) / 2 or 1.0
        low, high = low - pad, high + pad
    step = _round_step((high - low) / most)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    ticks = tuple(step * i for i in range(first, last + 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return Axis(low, high, ticks, tuple(_written(tick, decimals) for tick in ticks))


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5, 10, 20 ... (and their tenths) that is at least so large."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _written(value: float, decimals: int) -> str:
    """A number of an axis, with the minus that is as wide as a plus."""
    if decimals > 5 or abs(value) >= 1e6:
        return _power(value)
    text = f"{abs(value):.{decimals}f}"
    return f"−{text}" if value < 0 and float(text) else text


def _power(value: float) -> str:
    """A very large or small number with the digits that tell it from its neighbours: 1.5×10⁷."""
    mantissa, _, exponent = f"{value:.9e}".partition("e")
    digits = mantissa.rstrip("0").rstrip(".").replace("-", "−")
    return f"{digits}×{power_of_ten(int(exponent))}" if int(exponent) else digits


def short(value: float) -> str:
    """A number as it stands at the end of an axis: whole ones without decimals.

    As at the ticks, nothing parts the thousands: what does so depends on the language.
    """
    is_whole = math.isfinite(value) and value == round(value) and abs(value) < 1e6
    return _written(value, 0) if is_whole else number(value)
