"""Tokens and numbers as they are written inside a sentence for people."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lessons.labels import Marks

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_INNER_QUOTES = str.maketrans("«»“”", "“”‘’")
_LONG = 10_000
"""The least number whose thousands are set apart."""


@dataclass(frozen=True, slots=True)
class Words:
    """How one language writes the small things.

    start, end: the label of the start token where it is read, and where it is predicted.
    quoted: a token in quotation marks; repeated: one of several equal tokens, told apart by its
    position; percent: a share; rounded: a sentence whose numbers, as they are written, do not
    quite give its result; tiny, huge: what a number with a power of ten says. All six are
    templates. thousands: what sets them apart in a large whole number.
    """

    start: str
    end: str
    quoted: str
    repeated: str
    percent: str
    rounded: str
    thousands: str
    tiny: str
    huge: str

    @property
    def marks(self) -> Marks:
        return Marks(self.start, self.end)

    def token(self, label: str) -> str:
        """A label in quotation marks; the marks of start and end need none."""
        return label if label in (self.start, self.end) else self.quoted.format(label=label)

    def tokens(self, labels: Sequence[str]) -> tuple[str, ...]:
        """The tokens of a sentence; where a label comes twice, each with its position."""
        times = Counter(labels)
        return tuple(
            self.repeated.format(token=self.token(label), pos=pos)
            if times[label] > 1
            else self.token(label)
            for pos, label in enumerate(labels)
        )

    def whole(self, n: float) -> str:
        """A whole number, from five digits on with its thousands apart: "2496", "50,257"."""
        return whole(n, self.thousands)

    def share(self, x: float) -> str:
        """A part of 1 as a percentage; only all is "100", and only nothing is "0"."""
        return self.percent.format(number=_percentage(100 * x))


def within_quotes(text: str) -> str:
    """A text as it stands in quotation marks: its own become those of the next level."""
    return text.translate(_INNER_QUOTES)


def weight(x: float) -> str:
    """A part of 1, as exactly as its percentage shows it: "0.43" beside "43 %"."""
    if not 1e-4 <= x <= 0.9999:
        return number(x)
    decimals = len(_percentage(100 * x).partition(".")[2])
    return f"{x:.{decimals + 2}f}"


def signed(x: float) -> str:
    """A change: a number with its sign, "+0.52"."""
    return f"+{number(x)}" if x > 0 else number(x)


def number(x: float, decimals: int = 2) -> str:
    """A number with two decimals, or as many as a small one needs: "0.52", "−3.10", "0.0004".

    decimals: another least number of them.
    """
    if math.isnan(x):
        return "NaN"
    sign = "−" if x < 0 else ""
    size = abs(x)
    if math.isinf(size):
        return f"{sign}∞"
    if size == 0:
        return "0"
    if 1e-5 <= size < 0.005:
        return f"{sign}{size:.{max(-math.floor(math.log10(size)), decimals)}f}"
    if 0.005 <= size < 1e6:
        return f"{sign}{size:.{decimals}f}"
    mantissa, exponent = f"{size:.0e}".split("e")
    return f"{sign}{mantissa}×{power_of_ten(int(exponent))}"


def power_of_ten(exponent: int) -> str:
    """A power of ten as it is written: 10⁻³ for −3."""
    return f"10{str(exponent).translate(_SUPERSCRIPT)}"


def whole(n: float, apart: str = ",") -> str:
    """A whole number, from five digits on with its thousands apart: "2496", "50,257".

    apart: what stands between them; `Words.whole` knows it for its language.
    """
    size = abs(round(n))
    text = f"{size:,}".replace(",", apart) if size >= _LONG else str(size)
    return f"−{text}" if n < 0 else text


def root(n: int, value: float) -> str:
    """A square root with its value: "√16 = 4", "√8 ≈ 2.83". A changed one is only its value."""
    if not math.isclose(value * value, n, rel_tol=1e-9):
        return number(value)
    return f"√{n} = {value:.0f}" if value == round(value) else f"√{n} ≈ {number(value)}"


def _percentage(percent: float) -> str:
    if not math.isfinite(percent) or percent < 0 or percent > 100:
        return number(percent)  # only where somebody forced it
    if percent in (0, 100):
        return f"{percent:.0f}"
    if percent < 0.01:
        return "<0.01"
    if percent > 99.99:
        return ">99.99"
    if percent < 1 or percent > 99.9:
        return f"{percent:.2f}"
    if percent < 10 or percent > 99:
        return f"{percent:.1f}"
    return f"{percent:.0f}"
