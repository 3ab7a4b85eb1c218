"""A matrix of a figure: numbers where they fit, else coloured fields with their signs. Pure.

    query↓ key→    el   gato   come
             el  1.00   0      0
           gato  0.31   0.69   0
           come  0.02  [0.97]  0.01

What is left out is said: +31→. Colours never stand alone: a field without a number has a sign.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from rich.cells import cell_len

from engine.expr import Ref
from lessons.exhibits import Exhibit
from lessons.figures.parts import Heat
from lessons.prose import prose
from tui.renderables.cells import level_of, row_texts
from tui.renderables.figure_block import MARGIN, Drawn, Look, Spot, stacked, titled
from tui.renderables.figure_grid import MOST_ROWS, Grid, grid_of, least_width, wanted
from tui.renderables.figure_heads import header
from tui.renderables.figure_line import Ink, Line, Shade, line_width, placed
from tui.renderables.matrix_labels import fit, printable
from tui.renderables.matrix_sheet import Sheet, make_sheet
from tui.renderables.palette import Kind

ROW_MARK: Final = "›"
_KINDS: Final[dict[str, Kind]] = {
    "diverging": "diverging", "sequential": "sequential", "plain": "plain",
}  # fmt: skip


def sheet_of(exhibit: Exhibit, look: Look) -> Sheet:
    """The exhibit as a matrix with all that is said about it."""
    axes = [
        prose(look.lang).axis(axis) if look.lang else ""
        for axis in (exhibit.row_axis, exhibit.col_axis)
    ]
    return make_sheet(
        exhibit.values,
        exhibit.rows,
        exhibit.cols,
        row_axis=axes[0],
        col_axis=axes[1],
        kind=_KINDS.get(exhibit.scale, "diverging"),
        scale=exhibit.span if exhibit.span > 0 and np.isfinite(exhibit.span) else None,
    )


def extent(heat: Heat, look: Look) -> tuple[int, int]:
    """The width as fields of two columns, and the width as numbers."""
    rows, cols = heat.exhibit.rows, heat.exhibit.cols
    least = least_width(rows, len(cols), "number" if look.plain else "swatch")
    natural = least_width(rows, 0, "number") + sum(wanted(cols)) + len(cols)
    title = cell_len(printable(heat.title)) + 2 * MARGIN
    return max(least, min(title, 20)), max(natural, least, min(title, 40))


def draw_heat(heat: Heat, width: int, look: Look) -> Drawn:
    """The matrix in at most `width` columns."""
    exhibit, mark = heat.exhibit, heat.mark
    if not len(exhibit.rows) or not len(exhibit.cols):
        return titled(heat.title, Drawn([[(" " * MARGIN + "—", "quiet")]]), width)
    sheet = sheet_of(exhibit, look)
    grid = grid_of(sheet, width, look.plain, mark[1] if mark else -1)
    refs = _refs(exhibit)
    blocks = []
    for i, band in enumerate(grid.bands):
        blocks.append((int(i > 0), _band(heat, sheet, grid, band, refs, width)))
    key = _key(heat, sheet, grid, width)
    if key:
        blocks.append((0, Drawn([key])))
    body = stacked(blocks)
    return titled(heat.title, Drawn(body.lines, body.spots, grid.whole), width)


def _refs(exhibit: Exhibit) -> list[list[Ref | None]]:
    """The address of every cell, all at once: one by one they would be most of the drawing."""
    n_rows, n_cols = len(exhibit.rows), len(exhibit.cols)
    if exhibit.step is None:
        return [[None] * n_cols for _ in range(n_rows)]
    indices = np.stack(np.unravel_index(exhibit.places.reshape(-1), exhibit.shape), axis=1)
    refs: list[Ref | None] = [Ref(exhibit.step, tuple(index)) for index in indices.tolist()]
    return [refs[row * n_cols : (row + 1) * n_cols] for row in range(n_rows)]


def _band(
    heat: Heat,
    sheet: Sheet,
    grid: Grid,
    band: range,
    refs: Sequence[Sequence[Ref | None]],
    width: int,
) -> Drawn:
    """The header and the rows of some of the columns."""
    starts = grid.starts(band)
    lines = [placed(line) for line in header(heat, sheet, grid, band, starts, width)]
    spots: list[Spot] = []
    for row in range(min(sheet.shape[0], MOST_ROWS)):
        line, found = _row(heat, sheet, grid, band, starts, row, refs[row], len(lines))
        spots += found
        lines.append(line)
    return Drawn(lines, spots)


def _row(
    heat: Heat,
    sheet: Sheet,
    grid: Grid,
    band: range,
    starts: Sequence[int],
    row: int,
    refs: Sequence[Ref | None],
    y: int,
) -> tuple[Line, list[Spot]]:
    """A row of the matrix: label, cells, and the brackets around the marked one."""
    mark = heat.mark or (-2, -2)
    line = _row_label(sheet, grid, row, mark)
    values = sheet.values[row, band.start : band.stop]
    texts = row_texts(values, grid.mode, sheet.kind, sheet.scale, sheet.fine)
    packed: list[int] = sheet.inks[row, band.start : band.stop].tolist()
    spots: list[Spot] = []
    for col, start, text, ink in zip(band, starts, texts, packed, strict=False):
        shown = text[:5].rjust(grid.widths[col]) if grid.mode == "number" else text
        name = f"{sheet.row_labels[row]} → {sheet.col_labels[col]}"
        width, ref, run = grid.widths[col], refs[col], heat.run
        spots.append(Spot(y, start, width, shown, name, ref, run, "", (row, col), grid.brackets))
        at_mark = (row, col) == mark
        marked = at_mark or mark in ((row, -1), (-1, col))
        tone = "strong" if marked else ""
        if grid.mode == "swatch" and not marked and sheet.kind == "diverging":
            tone = "sign"
        if grid.mode == "compact" and at_mark:
            tone = "marked"
        shade = Shade(sheet.kind, level_of(ink), tone)
        if grid.mode == "number":
            if at_mark:
                before, before_ink = line[-1]
                line[-1] = (before[:-1], before_ink)
                shown = f"[{shown}"
            line.append((shown + ("]" if at_mark else " "), shade))
        else:
            line.append(("[]" if at_mark and grid.mode == "swatch" else text, shade))
    return line, spots


def _row_label(sheet: Sheet, grid: Grid, row: int, mark: tuple[int, int]) -> Line:
    """The label of a row, with a sign before it where brackets alone would not mark it."""
    if not grid.label:
        return [(" " * grid.first, "text")]
    marked = mark[0] == row
    sign = ROW_MARK if marked and (mark[1] < 0 or grid.mode != "number") else " "
    label = fit(sheet.row_labels[row], grid.label, "right")
    return [(sign, "accent"), (label, "strong" if marked else "head"), ("  ", "text")]


def _key(heat: Heat, sheet: Sheet, grid: Grid, width: int) -> Line:
    """The key to the colours where there are no numbers, and the number of the marked cell."""
    if grid.mode != "swatch":
        return []
    line: Line = [(" " * MARGIN, "text")]
    for text, ink in sheet.legend:
        inked: Ink = Shade(sheet.kind, level_of(ink)) if isinstance(ink, int) else "quiet"
        line.append((text, inked))
    if line_width(line) > width - MARGIN:
        line = line[:1]
    mark = heat.mark
    if mark and mark[0] >= 0 and mark[1] >= 0:
        value = sheet.values[mark[0], mark[1] : mark[1] + 1]
        number = row_texts(value, "number", fine=sheet.fine)[0].strip()
        told = f"[] {sheet.row_labels[mark[0]]} → {sheet.col_labels[mark[1]]} {number}"
        gap = 3 if len(line) > 1 else 0
        if line_width(line) + gap + cell_len(told) <= width - MARGIN:
            line += [(" " * gap, "text"), (told, "text")]
    return line if len(line) > 1 else []
