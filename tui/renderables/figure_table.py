"""A table of a figure: aligned columns, a quiet header, bars and shades behind numbers. Pure.

    palabra  puntuación    e^x  softmax
    el           ‹−3.00›  0.05   0.0003  ▏
    gato          ‹5.00›   148     0.95  ███████████▍
    ─────────────────────────────────────────────────
    suma            3.00   156     1.00

Columns that do not fit follow below; of a long table they are left out, and the header says so:
+2→.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rich.cells import cell_len

from lessons.figures.parts import Cell, Table
from tui.renderables.bars import BarPlan, bar_row
from tui.renderables.figure_block import (
    MARGIN,
    Drawn,
    Look,
    Spot,
    cell_ink,
    kind_of,
    spot_of,
    stacked,
    titled,
)
from tui.renderables.figure_columns import (
    LEAST_BAR,
    Columns,
    cell_lines,
    columns_of,
    fitted,
    with_short_heads,
)
from tui.renderables.figure_line import At, Line, Shade, placed
from tui.renderables.matrix_labels import ELLIPSIS, clip, printable
from tui.renderables.palette import Kind

_DECIMAL = re.compile(r"[−-]?\d+\.\d+")
MOST_BAND_ROWS = 24
"""Rows up to which the columns of a wide table are set below one another rather than left out."""


def extent(table: Table, look: Look) -> tuple[int, int]:
    """The least width at which nothing is left out, and the width that the table likes."""
    columns = columns_of(table)
    least = replace(with_short_heads(columns, 2), bar=LEAST_BAR).width
    title = cell_len(printable(table.title)) + 2 * MARGIN
    return least, max(columns.width, min(title, 2 * columns.width))


def draw_table(table: Table, width: int, look: Look) -> Drawn:
    """The table in at most `width` columns."""
    if not look.pictures:
        table = replace(table, rows=[[replace(c, bar=None) for c in row] for row in table.rows])
    natural = columns_of(table)
    columns = fitted(natural, width)
    bands = _bands(len(columns.widths), columns.hidden)
    low = len(table.rows) * len(bands) <= MOST_BAND_ROWS
    if len(bands) < 2 or not (look.plain or low):
        return titled(table.title, _drawn(table, columns, look), width)
    # What does not fit follows below: whoever reads a stream of characters cannot widen it.
    parts = [_part(table, natural.aligns, band) for band in bands]
    blocks = [(int(i > 0), draw_table(part, width, look)) for i, part in enumerate(parts)]
    return titled(table.title, stacked(blocks), width)


def _bands(shown: int, hidden: int) -> list[range]:
    """The columns after the first in groups that fit, about as many in each; one if all do."""
    if not hidden or shown < 2:
        return [range(1, shown)]
    n = shown + hidden - 1
    even = -(-n // -(-n // (shown - 1)))
    return [range(start, min(start + even, n + 1)) for start in range(1, n + 1, even)]


def _part(table: Table, aligns: str, band: range) -> Table:
    """The table with its first column and some of the others."""
    start, stop = band.start, band.stop
    return Table(
        [[*row[:1], *row[start:stop]] for row in table.rows],
        [*table.header[:1], *table.header[start:stop]],
        align=aligns[0] + aligns[start:stop],
        total=table.total,
    )


def _drawn(table: Table, columns: Columns, look: Look) -> Drawn:
    """Header, rows and the rule above the total."""
    starts, _, end = columns.starts()
    kind = kind_of(cell for row in table.rows for cell in row)
    lines = _header(columns, starts, end)
    spots: list[Spot] = []
    whole = not columns.hidden
    for y, row in enumerate(table.rows):
        if table.total and y and y == len(table.rows) - 1:
            lines.append([(" " * MARGIN, "text"), ("─" * (end - MARGIN), "rule")])
        names = _names(row, table.header)
        texts = [cell_lines(*pair) for pair in zip(row, columns.widths, strict=False)]
        line, found = _row(row, texts, columns, len(lines), kind, look, names)
        lines += [line, *_below(row, texts, columns)]
        spots += found
        whole = whole and not any(map(_is_clipped, row, texts))
    return Drawn(lines, spots, whole)


def _is_clipped(cell: Cell, lines: Sequence[str]) -> bool:
    """Whether some of a cell's text is missing from its lines."""
    return lines[-1].endswith(ELLIPSIS) and not cell.text.endswith(ELLIPSIS)


def _below(row: Sequence[Cell], texts: Sequence[Sequence[str]], columns: Columns) -> list[Line]:
    """The further lines of cells that have several."""
    starts, _, _ = columns.starts()
    lines: list[Line] = []
    for y in range(1, max(map(len, texts), default=1)):
        line: list[At] = []
        for i, (cell, below) in enumerate(zip(row, texts, strict=False)):
            if y < len(below):
                spare = columns.widths[i] - cell_len(below[y])
                at = starts[i] + (spare if columns.aligns[i] == "r" else 0)
                line.append((at, below[y], cell.tone or "text"))
        lines.append(placed(line))
    return lines


def _names(row: Sequence[Cell], header: Sequence[str]) -> list[str]:
    """What a readout calls each cell: its row, where that has a name, and its column."""
    heads = [*header, *[""] * (len(row) - len(header))]
    label = row[0].text if row and not _DECIMAL.fullmatch(row[0].text) else ""
    rows = ["", *[label] * (len(row) - 1)]
    return [" · ".join(part for part in pair if part) for pair in zip(rows, heads, strict=False)]


def _row(
    row: Sequence[Cell],
    texts: Sequence[Sequence[str]],
    columns: Columns,
    y: int,
    kind: Kind,
    look: Look,
    names: Sequence[str],
) -> tuple[Line, list[Spot]]:
    starts, bars, _ = columns.starts()
    line: list[At] = []
    spots: list[Spot] = []
    for i, (cell, start) in enumerate(zip(row, starts, strict=False)):
        shown = replace(cell, text=texts[i][0]) if len(texts[i]) > 1 else cell
        pieces, found = set_cell(
            shown, y, start, columns.widths[i], columns.aligns[i], kind, look, names[i]
        )
        line += pieces
        spots += found
        ends = columns.bars[i]
        if cell.bar is not None and ends is not None and columns.bar:
            line += _bar(cell.bar, bars[i], columns.bar, ends)
    return placed(line), spots


def _header(columns: Columns, starts: Sequence[int], end: int) -> list[Line]:
    """The headings, the last line of each just above its column."""
    n_lines = max((len(head) for head in columns.heads if any(head)), default=0)
    lines: list[list[At]] = [[] for _ in range(max(n_lines, bool(columns.hidden)))]
    for i, head in enumerate(columns.heads):
        for text, line in zip(reversed(head), reversed(lines), strict=False):
            text = clip(text, columns.widths[i])
            shift = columns.widths[i] - cell_len(text) if columns.aligns[i] == "r" else 0
            if text:
                line.append((starts[i] + shift, text, "quiet"))
    if columns.hidden:
        lines[-1].append((end + columns.gap, columns.more, "quiet"))
    return [placed(line) for line in lines]


def set_cell(
    cell: Cell, y: int, start: int, width: int, align: str, kind: Kind, look: Look, name: str = ""
) -> tuple[list[At], list[Spot]]:
    """A cell in its field, with its shade or its knob signs in the columns beside it.

    align: "l", "r", or "c" for the middle.
    """
    text = clip(cell.text, width)
    spare = width - cell_len(text)
    before = {"l": 0, "r": spare, "c": spare // 2}[align]
    at = start + before
    ink = cell_ink(cell, kind)
    left, right = look.knob_signs if cell.knob else (" ", " ")
    pieces: list[At] = []
    if isinstance(ink, Shade):
        pieces = [(start - 1, " " * before + left, ink), (at, text, ink)]
        pieces.append((at + cell_len(text), right + " " * (spare - before), ink))
    elif cell.knob:
        pieces = [(at - 1, left, "knob-sign"), (at, text, ink)]
        pieces.append((at + cell_len(text), right, "knob-sign"))
    elif text:
        pieces = [(at, text, ink)]
    return pieces, spot_of(cell, y, at, text, name)


def _bar(size: float, start: int, width: int, ends: tuple[float, float]) -> list[At]:
    """The bar of a cell: what lies below zero, and above."""
    low, high = ends
    plan = BarPlan(0, width, 0, low, high)
    row = bar_row("", max(low, min(size, high)) if size == size else 0.0, "", plan)
    above = row.above[: width - plan.zero].rstrip()
    return [
        (start, row.below, "below"),
        (start + plan.zero, above, "above" if low < 0 else "share"),
    ]
