"""The whole page of a why panel: what is said, the formula, the table, set into a window. Pure.

what is said above, the table below     up to 150 columns
what is said at the left, the table at the right     from there on
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from tui.renderables.matrix_labels import clip, fit
from tui.renderables.running import lines_of
from tui.renderables.shorten import shortened
from tui.renderables.why_chart import chart_lines
from tui.renderables.why_sheet import Sheet
from tui.renderables.why_table import Piece, Window, spans_of, table_lines, window_of

SIDE_BY_SIDE = 150
MOST_LEFT, BETWEEN = 88, 4
LEAST_TABLE = 10
"""Lines that the table keeps, where it has as many, before the formula grows."""
LEAST_LIST, MOST_CHART = 6, 8
"""Lines that a list under a chart keeps, and lines of a chart."""
MOST_PAIRS = (3, 6)
"""Pairs of lines of a formula above its table, and beside it."""
_LABEL_GAP = 2
Line = list[Piece]


@dataclass(frozen=True)
class Page:
    """Lines of pieces, each as wide as the window, and where the table stands in them.

    top, left: of the table's heading. window: the rows of the table in view.
    """

    lines: list[Line]
    window: Window
    top: int
    left: int
    table_width: int

    def place_at(self, sheet: Sheet, x: int, y: int) -> tuple[int, int] | None:
        """The row and side of the table at a place of the window; None where there is none."""
        row = y - self.top - 1
        if not 0 <= row < self.window.n_rows or x < self.left:
            return None
        index = self.window.first + row
        other_at = spans_of(sheet.table, self.window, self.table_width).other_at
        other = sheet.table[index].is_product and x - self.left >= other_at - 1
        return index, int(other)


def page(sheet: Sheet, width: int, height: int, cursor: tuple[int, int], first: int) -> Page:
    """Set a sheet into a window; `first` is the row that was the table's first so far."""
    beside = width >= SIDE_BY_SIDE and sheet.table.n_rows > 0
    about_width = min(MOST_LEFT, width // 2) if beside else width
    least = LEAST_LIST if sheet.checkpoints else LEAST_TABLE
    table_height = min(sheet.table.n_rows + 1, least) + 1 if sheet.table.n_rows else 0
    room = height if beside else max(height - table_height, height // 2)
    about = _about(sheet, about_width, room, MOST_PAIRS[beside], cursor[0])
    if not sheet.table.n_rows:
        return Page(filled(about, width, height), Window(0, 0, cursor), height, 0, width)
    top, left = (0, about_width + BETWEEN) if beside else (len(about) + 1, 0)
    table_width = width - left
    window = window_of(sheet.table.n_rows, height - top, cursor, first)
    table = table_lines(sheet.table, window, table_width)
    if not beside:
        lines = [*about, [], *table]
    else:
        rows = max(len(about), len(table))
        lines = [
            [
                *filled(about, about_width, rows)[y],
                (" " * BETWEEN, "text"),
                *(table[y] if y < len(table) else []),
            ]
            for y in range(rows)
        ]
    return Page(filled(lines, width, height), window, top, left, table_width)


def _about(sheet: Sheet, width: int, height: int, pairs: int, row: int) -> list[Line]:
    """Everything above the table, in at most `height` lines."""
    lines = [_title(sheet, width), *_text(sheet.what, "text", width, 2)]
    lines += _text(sheet.where, "quiet", width, 1)
    if sheet.told:
        lines += [[], *_text(sheet.told, "text", width, 4)]
    if sheet.formula is not None:
        lines += [[], *_formula(sheet, width, max(height - len(lines) - 1, 4), pairs)]
    if sheet.checkpoints:
        tall = max(3, min(MOST_CHART, height - len(lines) - 2))
        lines += [[], *chart_lines(sheet.checkpoints, width, tall, row), _ends(sheet, width)]
    return lines[:height]


def _title(sheet: Sheet, width: int) -> Line:
    """The short name and the value; the full address at the right where there is room."""
    title, address = f"{sheet.title} = {sheet.result}", str(sheet.why.ref)
    spare = width - cell_len(title) - cell_len(address)
    if spare < 4:
        return [(fit(title, width), "strong")]
    return [(title + " " * spare, "strong"), (address, "quiet")]


def _formula(sheet: Sheet, width: int, height: int, pairs: int) -> list[Line]:
    """The formula in symbols; with names over numbers; the result, and a word on rounding."""
    assert sheet.formula is not None
    labels = [sheet.texts(f"panel.{key}") for key in ("formula", "names", "numbers", "result")]
    margin = max(map(cell_len, labels)) + _LABEL_GAP
    room = width - margin

    def labelled(label: str, text: str, ink: str) -> Line:
        return [(fit(label, margin), "quiet"), (fit(text, room), ink)]

    symbols = wrapped(sheet.why.symbols, room, 2)
    lines = [labelled(labels[0] if not i else "", s, "formula") for i, s in enumerate(symbols)]
    rounded = not sheet.exact
    note = sheet.texts("panel.rounded") if rounded else ""
    result = f"= {sheet.result}"
    apart = bool(note) and cell_len(result) + 3 + cell_len(note) > room
    most = max(min((height - len(lines) - 1 - apart) // 2, pairs), 1)
    for i, (names, numbers) in enumerate(sheet.formula.lines(room, most)):
        lines.append(labelled("" if i else labels[1], names, "quiet"))
        lines.append(labelled("" if i else labels[2], numbers, "text"))
    last: Line = [(fit(labels[3], margin), "quiet"), (result, "strong")]
    if note and not apart:
        last.append((f"   {note}", "quiet"))
    lines.append(last)
    if apart:
        lines.append(labelled("", note, "quiet"))
    return lines


def _ends(sheet: Sheet, width: int) -> Line:
    """What the chart begins with and ends with."""
    rows = [sheet.table[0], sheet.table[sheet.table.n_rows - 1]]
    begins, ends = (f"{row.operands[0][0]}: {row.operands[0][1]}" for row in rows)
    n = len(sheet.checkpoints)
    wide = max(1, min(3, width // n)) * n
    gap = max(min(wide, width) - cell_len(begins) - cell_len(ends), 3)
    return [(clip(f"{begins}{' ' * gap}{ends}", width), "quiet")]


def _text(text: str, ink: str, width: int, lines: int) -> list[Line]:
    return [[(line, ink)] for line in wrapped(text, width, lines)] if text else []


def wrapped(text: str, width: int, lines: int) -> list[str]:
    """Running text in at most so many lines; an ellipsis says that there is more."""
    if cell_len(text) <= width or width < 1:
        return [text] if width > 0 else []
    return [line.plain.rstrip() for line in lines_of(shortened(Content(text), width, lines), width)]


def filled(lines: Iterable[Line], width: int, height: int) -> list[Line]:
    """Exactly `height` lines of exactly `width` columns."""
    filled = []
    for line in lines:
        used = sum(cell_len(text) for text, _ in line)
        filled.append([*line, (" " * (width - used), "text")] if used < width else line)
    blank: Line = [(" " * width, "text")]
    return (filled + [blank] * (height - len(filled)))[:height]
