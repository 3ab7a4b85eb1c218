"""Where the cells of a figure's matrix stand: as numbers, narrow numbers or signs; in bands. Pure.

Everything is in view, since a figure does not scroll sideways: what is too wide even as fields of
two columns is set in bands below one another, and only a large one is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len

from tui.renderables.figure_block import MARGIN, Brackets
from tui.renderables.matrix_labels import label_width, printable
from tui.renderables.matrix_layout import LEAST_LABEL, MOST_LABEL
from tui.renderables.matrix_sheet import Sheet

GridMode = Literal["number", "compact", "swatch"]
_TEXT: Final[dict[GridMode, int]] = {"number": 5, "compact": 4, "swatch": 2}
_BRACKETS: Final[dict[GridMode, Brackets]] = {
    "number": "around", "compact": "none", "swatch": "instead",
}  # fmt: skip
MOST_ROWS: Final = 64
MOST_BAND_LINES: Final = 34
"""Lines that bands may take together; beyond that the matrix is cut."""
_WIDEST: Final = 10
"""Columns of a number that has a long label above it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The arrangement of a matrix.

    label: columns of the row labels. widths: of every cell's text. gap: between two cells. bands:
    the columns of the matrix in each. hidden: columns left out before and after, rows left out.
    """

    mode: GridMode
    label: int
    widths: tuple[int, ...]
    gap: int
    bands: tuple[range, ...]
    hidden: tuple[int, int, int] = (0, 0, 0)

    @property
    def first(self) -> int:
        """The column at which the first cell begins."""
        return MARGIN + (self.label + 2 if self.label else 0)

    @property
    def brackets(self) -> Brackets:
        """Where the brackets around a cell go."""
        return _BRACKETS[self.mode]

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not any(self.hidden)

    def starts(self, band: range) -> list[int]:
        """The column at which each cell of a band begins; at last, where the next would."""
        starts = [self.first]
        for col in band:
            starts.append(starts[-1] + self.widths[col] + self.gap)
        return starts


def least_width(labels: Sequence[str], n_cols: int, mode: GridMode) -> int:
    """Columns that a matrix takes with its cells as narrow as a mode lets them be."""
    gap = int(mode == "number")
    label = label_width(labels, MOST_LABEL)
    return 2 * MARGIN + (label + 2 if label else 0) + n_cols * (_TEXT[mode] + gap)


def wanted(col_labels: Sequence[str]) -> list[int]:
    """How wide numbers are so that their columns' labels stand above them whole."""
    return [max(5, min(cell_len(printable(label)), _WIDEST)) for label in col_labels]


def grid_of(sheet: Sheet, width: int, plain: bool = False, marked: int = -1) -> Grid:
    """The arrangement in `width` columns in which most can be read.

    plain: numbers whatever it takes. marked: a column that must be in view.
    """
    n_rows, n = sheet.shape
    label = label_width(sheet.row_labels, MOST_LABEL)
    room = width - 2 * MARGIN - (2 if label else 0)
    below = max(n_rows - MOST_ROWS, 0)
    modes: list[GridMode] = ["number"] if plain else ["number", "compact", "swatch"]
    if sheet.roomy and not plain:
        modes.remove("compact")  # four columns are too few for its numbers
    for mode in modes:
        gap = int(mode == "number")
        pitch = _TEXT[mode] + gap
        if min(label, LEAST_LABEL) + n * pitch <= room:
            label = min(label, room - n * pitch)
            widths = _widened(sheet, room - label - n) if gap else [pitch] * n
            return Grid(mode, label, tuple(widths), gap, (range(n),), (0, 0, below))
    label = min(label, max(LEAST_LABEL, room // 4))
    most = max((room - label) // pitch, 1)
    n_bands = -(-n // most)
    widths = [_TEXT[mode]] * n
    if plain or n_bands * (n_rows - below + 2) <= MOST_BAND_LINES:
        even = -(-n // n_bands)  # bands of the same length stand under one another
        bands = tuple(range(i, min(i + even, n)) for i in range(0, n, even))
        return Grid(mode, label, tuple(widths), gap, bands, (0, 0, below))
    start = max(0, min(marked - most // 2, n - most))
    band = range(start, start + most)
    return Grid(mode, label, tuple(widths), gap, (band,), (start, n - band.stop, below))


def _widened(sheet: Sheet, room: int) -> list[int]:
    """The widths of numbers, with as much of their columns' labels as there is room for."""
    like = wanted(sheet.col_labels)
    fitting = (
        widths
        for most in range(_WIDEST, 5, -1)
        if sum(widths := [min(width, most) for width in like]) <= room
    )
    return next(fitting, [5] * len(like))
