"""The lines of a matrix as pieces of text and ink: pure, and only what the window shows.

A line is a list of `(text, ink)` whose texts together are exactly as wide as the window. An ink
is a cell's packed level and marks, a pair of levels for two half-blocks, or one of the named
inks below; `tui.renderables.matrix_style` turns inks into colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from tui.renderables.cells import Mode, Piece, half_cells, marked, marks_of, merged, row_texts
from tui.renderables.legend import width_of
from tui.renderables.matrix_labels import (
    ELLIPSIS,
    Placed,
    clip,
    fit,
    label_width,
    place,
    printable,
    stride,
)
from tui.renderables.matrix_layout import Layout
from tui.renderables.matrix_sheet import Sheet

BLANK, AXIS, HEAD, PRESENT, CURSOR, CURSOR_HEAD = (
    "blank", "axis", "head", "present", "cursor", "cursor-head",
)  # fmt: skip
CURSOR_MARK: Final = "›"
PRESENT_MARK: Final = "•"
EMPTY: Final = "—"
_KEY_GAP: Final = 3
TICK_WIDTH: Final = 8
"""Columns of a label above cells that are narrower than it."""


@dataclass(frozen=True)
class Window:
    """What of the sheet is in view: the layout, the first column and line, and the cursor.

    Without the focus no label is wider than its column, so that every one can be read.
    """

    layout: Layout
    first_col: int
    first_line: int
    cursor: tuple[int, int]
    focused: bool = True


def draw_line(sheet: Sheet, window: Window, y: int) -> list[Piece]:
    """Line `y` of the window, counted from its top."""
    layout = window.layout
    top = layout.header_height - 1
    if y < top:
        return _axis_line(sheet, window)
    if y == top:
        return _column_header(sheet, window)
    line = window.first_line + y - layout.header_height
    if 0 in sheet.shape:
        dash = fit(EMPTY if y == layout.header_height else "", layout.width, "centre")
        return [(dash, AXIS)]
    if line >= layout.n_lines:
        return [(" " * layout.width, BLANK)]
    return _cells_line(sheet, window, line)


def _axis_line(sheet: Sheet, window: Window) -> list[Piece]:
    """Axis names and, where there is room, the key to the colours at the left.

    At the right the note and how much lies outside the window.
    """
    width = window.layout.width
    left = clip(sheet.corner, width)
    right = "  ".join(part for part in (printable(sheet.note), hidden(window)) if part)
    right = clip(right, max(0, width - cell_len(left) - 3))
    key_at = cell_len(left) + (_KEY_GAP if left else 0)
    key_width = width_of(sheet.legend)
    spare = width - key_at - key_width - cell_len(right) - 1
    if not key_width or spare < (_KEY_GAP if right else 0):
        return place([(0, left, AXIS), (width - cell_len(right) - 1, right, AXIS)], width, BLANK)
    gap = " " * (key_at - cell_len(left))
    line = [(left, AXIS), (gap, BLANK), *sheet.legend, (" " * spare, BLANK), (right, AXIS)]
    return merged([*line, (" ", BLANK)])


def hidden(window: Window) -> str:
    """How many columns and lines lie outside the window on each side, as "+3← +41→ +5↓"."""
    layout = window.layout
    after_col = layout.n_cols - window.first_col - layout.visible_cols
    after_line = layout.n_lines - window.first_line - layout.visible_lines
    sides = (
        (window.first_col, "←"),
        (after_col, "→"),
        (window.first_line * layout.rows_per_line, "↑"),
        (after_line * layout.rows_per_line, "↓"),
    )
    return " ".join(f"+{count}{arrow}" for count, arrow in sides if count > 0)


def _column_header(sheet: Sheet, window: Window) -> list[Piece]:
    """Labels above their columns; with the focus the cursor's is whole and wins over the others."""
    layout = window.layout
    labels: list[Placed] = []
    if layout.header_height == 1:
        corner = clip(sheet.corner, layout.header_width - 1)
        labels.append((0, corner, AXIS))
    if 0 not in sheet.shape:
        labels.append(_cursor_label(sheet, window))
    last = min(layout.n_cols, window.first_col + layout.visible_cols)
    if layout.pitch > 2:
        for col in range(window.first_col, last):
            inset, text = _over_cell(sheet.col_labels[col], layout.mode)
            labels.append((layout.x_of(col, window.first_col) + inset, text, HEAD))
    else:
        shown = sheet.col_labels[window.first_col : last]
        every = stride(label_width(shown, TICK_WIDTH), layout.pitch)
        for col in range(-(-window.first_col // every) * every, last, every):
            text = clip(sheet.col_labels[col], TICK_WIDTH)
            labels.append((layout.x_of(col, window.first_col), text, HEAD))
    return place(labels, layout.width, BLANK)


def _over_cell(label: str, mode: Mode) -> tuple[int, str]:
    """How far into its cell a column label begins, and the label as wide as the number there."""
    return (0, fit(label, 5, "centre")) if mode == "number" else (1, fit(label, 3, "right"))


def _cursor_label(sheet: Sheet, window: Window) -> Placed:
    """The label of the cursor's column, whole, above its cell or as near as the window lets it."""
    layout = window.layout
    col = window.cursor[1]
    if not window.first_col <= col < window.first_col + layout.visible_cols:
        return 0, "", CURSOR_HEAD
    room = layout.width - layout.header_width
    text = clip(sheet.col_labels[col], room)
    at = layout.x_of(col, window.first_col)
    inset, over = _over_cell(text, layout.mode)
    if layout.pitch > 2 and (not window.focused or over.strip() == text):
        at, text = at + inset, over
    at = min(at, layout.width - cell_len(text))
    return max(at, layout.header_width), text, CURSOR_HEAD


def _row_header(sheet: Sheet, window: Window, line: int) -> list[Piece]:
    """Mark, label and gap: `layout.header_width` columns."""
    layout = window.layout
    rows = range(line * layout.rows_per_line, (line + 1) * layout.rows_per_line)
    at_cursor, at_present = window.cursor[0] in rows, sheet.present in rows
    row = window.cursor[0] if at_cursor else rows[0]
    if at_present and not at_cursor and sheet.present is not None:
        row = sheet.present
    ink = CURSOR_HEAD if at_cursor else PRESENT if at_present else HEAD
    mark = PRESENT_MARK if at_present else CURSOR_MARK if at_cursor else " "
    label = clip(sheet.row_labels[row], layout.header_width - 2)
    space = layout.header_width - 2 - cell_len(label)
    return [(" " * space, BLANK), (mark + label, ink), (" ", BLANK)]


def _cells_line(sheet: Sheet, window: Window, line: int) -> list[Piece]:
    """Row header, cells and what is left of the width."""
    layout = window.layout
    start, stop = window.first_col, min(layout.n_cols, window.first_col + layout.visible_cols)
    row = line * layout.rows_per_line
    packed: list[int] = sheet.inks[row, start:stop].tolist()
    if layout.mode == "half":
        lower = sheet.inks[row + 1, start:stop].tolist() if row + 1 < layout.n_rows else None
        cells = half_cells(packed, lower)
    else:
        texts = row_texts(
            sheet.values[row, start:stop], layout.mode, sheet.kind, sheet.scale, sheet.fine
        )
        cells = [
            (marked(text, marks_of(ink), layout.mode), ink)
            for text, ink in zip(texts, packed, strict=True)
        ]
    left = layout.header_width + layout.pitch * (stop - start)
    more = ELLIPSIS if stop < layout.n_cols and left < layout.width else ""
    tail: list[Piece] = [(more, AXIS), (" " * (layout.width - left - len(more)), BLANK)]
    head = _row_header(sheet, window, line)
    at_cursor = (
        line == window.cursor[0] // layout.rows_per_line and start <= window.cursor[1] < stop
    )
    if at_cursor:
        return merged(with_cursor(head, cells, tail, window.cursor[1] - start, layout.mode))
    return merged([*head, *cells, *tail])


def with_cursor(
    head: list[Piece], cells: list[Piece], tail: list[Piece], at: int, mode: Mode
) -> list[Piece]:
    """The line with the cell at index `at` under the cursor, of the same width.

    Brackets say it without colour. In number mode they take the separators on both sides, in half
    mode the neighbours' columns, so that the half-cells themselves stay in sight; in swatch mode
    they replace the sign, and a compact cell, which has no column to spare, is reversed as it is.
    """
    text, ink = cells[at]
    if mode == "compact":
        return [*head, *cells[:at], (text, CURSOR), *cells[at + 1 :], *tail]
    if mode == "swatch":
        return [*head, *cells[:at], ("[]", CURSOR), *cells[at + 1 :], *tail]
    before, after = [*head, *cells[:at]], [*cells[at + 1 :], *tail]
    before_text, before_ink = before[-1]
    before[-1] = (before_text[:-1], before_ink)
    if mode == "number":
        return [*before, ("[" + text[:-1] + "]", CURSOR), *after]
    after = [piece for piece in after if piece[0]]
    if after:
        after_text, after_ink = after[0]
        after[0] = (after_text[1:], after_ink)
        after.insert(0, ("]", CURSOR))
    return [*before, ("[", CURSOR), (text, ink), *after]
