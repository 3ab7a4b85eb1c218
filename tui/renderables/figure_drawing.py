"""A drawing of a figure: lines as they stand. Pure.

    x ──┬──▶ atención ──▶ (+)
        ╰─────────────────╯

A line that is too wide goes on below if it is running text, or a row of cells without a diagram
in it; a line of a diagram is cut, with an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.cells import cell_len

from lessons.figures.parts import Cell, Drawing
from tui.renderables.figure_block import (
    MARGIN,
    Drawn,
    Look,
    Spot,
    cell_ink,
    kind_of,
    spot_of,
    titled,
)
from tui.renderables.figure_line import At, Line, overlay, placed
from tui.renderables.matrix_labels import clip, printable

_DIAGRAM: Final = re.compile(r"[─-╿←-⇿▲-◿]|\S {2,}\S")
"""Lines, arrows, or columns that stand under one another."""
Row = Sequence[Cell]


def extent(drawing: Drawing, look: Look) -> tuple[int, int]:
    """The width of the widest line, twice."""
    widths = [_width(row) for row in drawing.lines]
    wide = max([*widths, cell_len(printable(drawing.title))], default=0) + 2 * MARGIN
    return wide, wide


def draw_drawing(drawing: Drawing, width: int, look: Look) -> Drawn:
    """The lines in at most `width` columns."""
    kind = kind_of(cell for row in drawing.lines for cell in row)
    stiff = [_width(row) for row in drawing.lines if not _flows(row)]
    margin = MARGIN if max(stiff, default=0) + 2 * MARGIN <= width else 0
    room = width - 2 * margin
    lines: list[Line] = []
    spots: list[Spot] = []
    whole = True
    for row in (row for given in drawing.lines for row in _rows(given, room)):
        line: list[At] = []
        here: list[Spot] = []
        at = margin
        for cell in row:
            sign = _sign_room(cell, row)
            text = clip(cell.text, max(margin + room - at - 2 * sign, 0))
            whole = whole and text == printable(cell.text)
            line.append((at + sign, text, cell_ink(cell, kind)))
            here += spot_of(cell, len(lines), at + sign, text)
            at += cell_len(text) + 2 * sign
        lines.append(_with_knob_signs(placed(line), here, width, look))
        spots += here
    return titled(drawing.title, Drawn(lines, spots, whole), width)


def _flows(row: Row) -> bool:
    """Whether a line may go on in the next one without losing its sense."""
    return not _DIAGRAM.search("".join(cell.text for cell in row))


def _sign_room(cell: Cell, row: Row) -> int:
    """Columns on either side for the signs of a knob: a diagram has blanks for them, or none."""
    return 1 if cell.knob and _flows(row) else 0


def _width(row: Row) -> int:
    return sum(cell_len(printable(cell.text)) + 2 * _sign_room(cell, row) for cell in row)


def _rows(row: Row, room: int) -> list[Row]:
    """The line itself, or the lines into which it goes."""
    if _width(row) <= room or not _flows(row):
        return [row]
    rows: list[list[Cell]] = [[]]
    for piece in (piece for cell in row for piece in _pieces(cell)):
        if rows[-1] and _width([*rows[-1], replace(piece, text=piece.text.rstrip())]) > room:
            rows.append([])
        if len(rows) > 1 and not rows[-1]:
            piece = replace(piece, text=piece.text.lstrip())
        if _width([*rows[-1], piece]) > room:
            piece = replace(piece, text=piece.text.rstrip())
        rows[-1].append(piece)
    return list(rows)


def _pieces(cell: Cell) -> list[Cell]:
    """The words of a cell, each with the blanks behind it; what can be opened stays in one."""
    if cell.ref is not None or cell.knob:
        return [cell]
    return [replace(cell, text=text) for text in re.findall(r"\s+|\S+\s*", cell.text)]


def _with_knob_signs(line: Line, spots: Sequence[Spot], width: int, look: Look) -> Line:
    """A line with the signs of its knobs, where there are blanks for them."""
    for spot in spots:
        left, right = spot.column - 1, spot.column + spot.width
        text = "".join(text for text, _ in line)
        inside = left >= 0 and right < width and cell_len(text) == len(text)
        if spot.knob and inside and text[left] == " " and text[right : right + 1] in (" ", ""):
            line = overlay(line, left, look.knob_signs[0], "knob-sign")
            line = overlay(line, right, look.knob_signs[1], "knob-sign")
    return line
