"""What one cell of a matrix shows: a text of a fixed width and an ink (colour level plus marks).

Four cell modes, from the most exact to the most compact:

| mode    | columns | a cell shows                                              |
|---------|---------|-----------------------------------------------------------|
| number  | 6       | sign, four characters of digits, one of separation        |
| compact | 4       | sign, three characters of digits: 16 of them fit 80 columns |
| swatch  | 2       | colour with a sign, or with the tenths of a probability   |
| half    | 1       | colour only; one line carries two rows of the matrix      |

A number never overflows its cell, and the sign is always text: its column separates the numbers
of compact mode, where nothing else does. The minus is the real one, as wide as a plus.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, isinf, isnan
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tui.renderables.palette import MASKED, SHOWN_AS_ZERO, STEPS, Kind, Levels

Mode = Literal["number", "compact", "swatch", "half"]
ModeChoice = Literal["auto", "number", "compact", "swatch", "half"]
Ink = int | str | tuple[int, int]
"""The look of a piece of text: a cell's level and marks, a named part, or two half-cells."""
Piece = tuple[str, Ink]

PITCH: Final[dict[Mode, int]] = {"number": 6, "compact": 4, "swatch": 2, "half": 1}
"""Columns from one cell to the next."""

MINUS: Final = "−"
FORCED: Final = 1
CHANGED: Final = 2
FORCED_MARK, CHANGED_MARK = "*", "′"
FORCED_DOT: Final = 102
"""Stands for the level of a forced cell in half mode, where no mark can be written."""


def _power(size: float, room: int) -> str:
    """A positive size as "4e7" in at most `room` characters, or an honest ">e99" beyond that."""
    mantissa, exponent = f"{size:.0e}".split("e")
    text = f"{mantissa}e{int(exponent)}"
    return text if len(text) <= room else f">e{'9' * (room - 2)}"


def _wide(size: float, fine: bool) -> str:
    """Up to four characters for a finite |value|."""
    if size == 0:
        return "0   "  # under the units of its neighbours
    if size < 0.005:
        tiny = _power(size, 4) if fine else ""
        return tiny if 0 < len(tiny) <= 4 and not tiny.startswith(">") else "0.00"
    if size < 9.995:
        return f"{size:.2f}"
    if size < 99.95:
        return f"{size:.1f}"
    return f"{size:.0f}" if size < 9999.5 else _power(size, 4)


def _narrow(size: float) -> str:
    """Up to three characters for a finite |value|."""
    if size == 0:
        return "0 "
    if size < 0.995:
        return f"{size:.2f}"[1:]
    if size < 9.95:
        return f"{size:.1f}"
    return f"{size:.0f}" if size < 999.5 else _power(size, 3)


def number_text(value: float, mode: Mode = "number", fine: bool = False) -> str:
    """A value in exactly five columns (number mode) or four (compact mode).

    A real zero is a lone "0"; what only rounds to zero is "0.00", or "4e-3" where `fine` is set
    because the whole matrix is tiny. Infinity is "∞", NaN is "?".
    """
    wide = mode == "number"
    sign = MINUS if value < 0 else ""
    if isfinite(value):
        body = _wide(abs(value), fine) if wide else _narrow(abs(value))
    else:
        body = ("?" if isnan(value) else "∞") + (" " * (3 if wide else 1))
    return (sign + body).rjust(5 if wide else 4)


def integer_text(value: int, mode: Mode = "number") -> str:
    """A whole number, right-aligned in exactly five columns (number mode) or four (compact)."""
    width = 5 if mode == "number" else 4
    sign, body = (MINUS if value < 0 else ""), str(abs(value))
    # Number mode has a separator of its own, so that the place of the sign may hold a digit.
    room = width if mode == "number" and not sign else width - 1
    if len(body) > room:
        body = _power(float(abs(value)), width - 1)
    return (sign + body).rjust(width)


def swatch_text(value: float, kind: Kind, scale: float) -> str:
    """A value in two columns: a sign, doubled in the upper half of the scale.

    A share of one (sequential, scale 1) shows its tenths instead: ".8", " 1", and " ·" for a trace.
    Nothing is blank, a masked score (minus infinity) a quiet " ×", NaN " ?".
    """
    if isnan(value):
        return " ?"
    if isinf(value):
        return " ×" if value < 0 else "+∞"
    share = max(-1.0, min(value / scale, 1.0))
    if abs(share) < SHOWN_AS_ZERO:
        return "  "
    if kind == "sequential" and scale == 1 and value > 0:
        tenths = round(share * 10)
        return " 1" if tenths >= 10 else f".{tenths}" if tenths else " ·"
    sign = MINUS if value < 0 else "+"
    return sign * 2 if round(abs(share) * STEPS[kind]) > STEPS[kind] / 2 else f" {sign}"


# Formatting is the slowest part of a frame, and nearly every value of a model lies between -10
# and 10, where two decimals leave few different texts: they are made once and looked up.
_HUNDREDTHS: Final = 999
_TEXTS: Final[dict[Mode, NDArray[np.object_]]] = {
    mode: np.array(
        [number_text(n / 100, mode) for n in range(-_HUNDREDTHS, _HUNDREDTHS + 1)], dtype=object
    )
    for mode in ("number", "compact")
}


def _number_texts(values: NDArray[np.float64], mode: Mode, fine: bool) -> list[str]:
    hundredths = np.rint(np.nan_to_num(values, posinf=1e3, neginf=-1e3).clip(-1e3, 1e3) * 100)
    # Near zero and near one the rounding rule depends on more than the hundredths.
    sizes = np.abs(hundredths)
    simple = (sizes > 0) & (sizes <= _HUNDREDTHS) & np.isfinite(values)
    if mode == "compact":
        simple &= sizes < 99
    index = np.where(simple, hundredths, 0).astype(np.int64) + _HUNDREDTHS
    texts: list[str] = _TEXTS[mode][index].tolist()
    for at in np.flatnonzero(~simple & (values != 0)):
        texts[at] = number_text(float(values[at]), mode, fine)
    return texts


def row_texts(
    values: NDArray[Any],
    mode: Mode,
    kind: Kind = "diverging",
    scale: float = 1.0,
    fine: bool = False,
) -> list[str]:
    """The texts of one row [n] of numbers, each exactly `PITCH[mode]` columns wide."""
    if mode == "half":
        return ["▀"] * len(values)
    if mode == "swatch":
        return [swatch_text(value, kind, scale) for value in values.astype(np.float64).tolist()]
    gap = " " * (PITCH[mode] - (5 if mode == "number" else 4))
    if values.dtype.kind in "biu":
        return [integer_text(int(value), mode) + gap for value in values.tolist()]
    return [text + gap for text in _number_texts(values.astype(np.float64), mode, fine)]


def marked(text: str, marks: int, mode: Mode) -> str:
    """A cell's text with the sign of its marks where the mode has a place for it."""
    if not marks or mode in ("compact", "half"):
        return text
    sign = FORCED_MARK if marks & FORCED else CHANGED_MARK
    return text[:-1] + sign if mode == "number" else sign + text[1:]


def inks(
    levels: Levels,
    forced: NDArray[np.bool_] | None = None,
    changed: NDArray[np.bool_] | None = None,
) -> NDArray[np.int16]:
    """Level and marks of every cell in one number, which `level_of` and `marks_of` take apart."""
    packed = levels.astype(np.int16) * 4
    if forced is not None:
        packed += FORCED * forced.astype(np.int16)
    if changed is not None:
        packed += CHANGED * changed.astype(np.int16)
    return packed


def level_of(ink: int) -> int:
    """The level inside a packed ink."""
    return ink >> 2


def marks_of(ink: int) -> int:
    """The marks inside a packed ink: `FORCED`, `CHANGED`, both or neither."""
    return ink & 3


def half_cells(upper: Sequence[int], lower: Sequence[int] | None) -> list[Piece]:
    """Two rows of packed inks as one line of half-blocks; no lower row where the last is odd."""
    tops = [_half_level(ink) for ink in upper]
    bottoms = [MASKED] * len(tops) if lower is None else [_half_level(ink) for ink in lower]
    return [("▀", pair) for pair in zip(tops, bottoms, strict=True)]


def _half_level(ink: int) -> int:
    return FORCED_DOT if marks_of(ink) & FORCED else level_of(ink)


def merged(pieces: Iterable[Piece]) -> list[Piece]:
    """The same line with equal neighbours joined and empty pieces left out: fewer bytes a frame."""
    line: list[Piece] = []
    texts: list[str] = []
    last: Ink | None = None
    for text, ink in pieces:
        if not text:
            continue
        if ink != last and texts:
            assert last is not None
            line.append(("".join(texts), last))
            texts = []
        last = ink
        texts.append(text)
    if texts and last is not None:
        line.append(("".join(texts), last))
    return line
