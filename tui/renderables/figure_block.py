"""What a drawn figure is made of: lines of pieces of text and ink, and the spots of the cursor.

Pure, and the same for the screen and for a plain stream of characters. Every part of a figure keeps
its first and last column free, so that the brackets of a cursor have room around any cell, and
parts that stand side by side do not touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

import numpy as np
from rich.cells import cell_len

from engine.expr import Ref
from lessons.figures.parts import Cell
from tui.renderables.figure_line import Ink, Line, Shade, line_width, wrapped
from tui.renderables.palette import Kind, quantise

MARGIN: Final = 1
"""Free columns at either side of a part."""
MOST_TEXT: Final = 96
"""Columns of running text: longer lines are hard to read."""
KNOB_SIGNS: Final = ("‹", "›")
KNOB_BRACKETS: Final = ("[", "]")


Brackets = Literal["around", "instead", "none"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on which the cursor can stand: so many columns of a line, and what is there.

    text: what is written there, knob signs not included. name: what a readout may call it.
    ref, run: the number of the run that Enter opens. knob: what + and - turn.
    place: the row and column of a cell of a matrix. brackets: the cursor's go around the text, or
    stand in place of what is a mere sign, or have no room. reach: how many columns away the sign
    of the knob stands.
    """

    line: int
    column: int
    width: int
    text: str = ""
    name: str = ""
    ref: Ref | None = None
    run: int = 0
    knob: str = ""
    place: tuple[int, int] | None = None
    brackets: Brackets = "around"
    reach: int = 1

    @property
    def middle(self) -> float:
        """The column of its middle."""
        return self.column + (self.width - 1) / 2

    def moved(self, lines: int, columns: int = 0) -> Spot:
        """The same further down and to the right."""
        return replace(self, line=self.line + lines, column=self.column + columns)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines and the spots on them, in reading order. whole: nothing was left out or clipped."""

    lines: Sequence[Line]
    spots: Sequence[Spot] = ()
    whole: bool = True

    @property
    def width(self) -> int:
        """Columns of the longest line."""
        return max(map(line_width, self.lines), default=0)

    @property
    def texts(self) -> list[str]:
        """The lines without their inks."""
        return ["".join(text for text, _ in line) for line in self.lines]


@dataclass(frozen=True, slots=True)
class Look:
    """How a figure is drawn.

    plain: as characters that must do without colour, so matrices are written as numbers and maps
    and curves are listed as well. pictures: with what only an eye can read. lang: the language of
    the names of axes, which are left out without one. height: lines of a map; a plot has fewer.
    wide: maps and curves take all the columns there are, and curves all the lines too.
    """

    plain: bool = False
    pictures: bool = True
    lang: str = ""
    height: int = 14
    wide: bool = False

    @property
    def knob_signs(self) -> tuple[str, str]:
        """What stands on both sides of a value that can be turned."""
        return KNOB_BRACKETS if self.plain else KNOB_SIGNS


def stacked(blocks: Sequence[tuple[int, Drawn]]) -> Drawn:
    """Blocks one below the other, each with the number of blank lines above it."""
    lines: list[Line] = []
    spots: list[Spot] = []
    for above, block in blocks:
        lines += [[] for _ in range(above)]
        spots += [spot.moved(len(lines)) for spot in block.spots]
        lines += block.lines
    return Drawn(lines, spots, all(block.whole for _, block in blocks))


def side_by_side(blocks: Sequence[Drawn], widths: Sequence[int], gap: int) -> Drawn:
    """Blocks beside each other, each in so many columns, their first lines level."""
    n_lines = max((len(block.lines) for block in blocks), default=0)
    lines: list[Line] = [[] for _ in range(n_lines)]
    spots: list[Spot] = []
    start = 0
    for block, width in zip(blocks, widths, strict=True):
        for y, line in enumerate(block.lines):
            used = line_width(lines[y])
            lines[y] = [*lines[y], (" " * (start - used), "text"), *line]
        spots += [spot.moved(0, start) for spot in block.spots]
        start += width + gap
    return Drawn(lines, spots, all(block.whole for block in blocks))


def text_block(text: str, width: int, ink: Ink = "text") -> Drawn:
    """Running text between the margins; nothing at all where there is none."""
    if not text:
        return Drawn([])
    room = max(min(width, MOST_TEXT) - 2 * MARGIN, 1)
    return Drawn([[(" " * MARGIN + line, ink)] for line in wrapped(text, room)])


def titled(title: str, block: Drawn, width: int) -> Drawn:
    """A block under its title."""
    return stacked([(0, text_block(title, width, "title")), (0, block)]) if title else block


def kind_of(cells: Iterable[Cell]) -> Kind:
    """The palette of some cells: around zero where some shade lies below it."""
    return "diverging" if any((cell.shade or 0) < 0 for cell in cells) else "sequential"


@lru_cache(maxsize=4096)
def _level(thousandths: int, kind: Kind) -> int:
    return int(quantise(np.array([thousandths / 1000]), kind, 1.0)[0])


def level_of(share: float, kind: Kind) -> int:
    """The level of a palette for a share from -1 to 1; 0 for what is no number."""
    return _level(round(1000 * max(-1.0, min(share, 1.0))), kind) if share == share else 0


def cell_ink(cell: Cell, kind: Kind) -> Ink:
    """The ink of a cell; a shade of nothing is none, so that a word on it is no quieter."""
    level = level_of(cell.shade, kind) if cell.shade is not None else 0
    if level:
        return Shade(kind, level, cell.tone)
    return cell.tone or ("knob" if cell.knob else "text")


def spot_of(cell: Cell, line: int, column: int, text: str, name: str = "") -> list[Spot]:
    """The spot of a cell, if the cursor can do anything there."""
    if not text.strip() or (cell.ref is None and not cell.knob):
        return []
    width = cell_len(text)
    return [Spot(line, column, width, text, name, cell.ref, cell.run, cell.knob)]
