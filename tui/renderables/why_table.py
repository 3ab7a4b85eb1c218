"""The operands of a number as a table: which columns it has, and the lines of its window. Pure.

  operando            vale     operando             vale    aporta
› z[gato, 1, 3]       0.52  ×  W_O[1, 3, 7]        −1.20  =  −0.63  ████████
  b_O[7]              0.10                                =   0.10  █▎
  y otros 14 suman −0.12 ↓
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rich.cells import cell_len

from tui.renderables.bars import BLOCK, EIGHTHS
from tui.renderables.matrix_labels import fit
from tui.renderables.why_formula import clip_name

CURSOR, ASKED = "›", "•"
MOST_BAR, LEAST_BAR = 40, 5
_SAMPLE = 64
"""Lines at the top whose widths decide those of the columns, beside the lines in view."""
_GAP = 2
Piece = tuple[str, str]
"""A text and the ink it is written in."""


class Row(NamedTuple):
    """One line: its operands as (name, value), what they make, what that counts, its size.

    is_product: the two operands are multiplied. asked: the result is this line's share.
    """

    operands: tuple[tuple[str, str], ...]
    made: str = ""
    counts: str = ""
    size: float = 0.0
    is_product: bool = False
    asked: bool = False


class Heads(NamedTuple):
    """What stands above the columns; empty above one that is not there."""

    operand: str = ""
    value: str = ""
    made: str = ""
    counts: str = ""


@dataclass(frozen=True, eq=False)
class Table:
    """Rows that are made when they are asked for: a softmax has thousands.

    rest: what is said of all rows from one on. above: what is said of so many rows out of sight.
    largest: the size of the longest bar. shares: the bars are parts of a whole, without a sign.
    can_open: whether the operands can be opened.
    """

    n_rows: int
    row: Callable[[int], Row]
    heads: Heads
    rest: Callable[[int], str] = lambda first: ""
    above: Callable[[int], str] = lambda count: ""
    largest: float = 0.0
    shares: bool = False
    can_open: bool = True
    _made: dict[int, Row] = field(default_factory=dict, repr=False)

    def __getitem__(self, index: int) -> Row:
        if index not in self._made:
            self._made[index] = self.row(index)
        return self._made[index]


EMPTY = Table(0, lambda index: Row(()), Heads())


class Window(NamedTuple):
    """The part of a table in view: its first row, how many rows, and the cursor (row, side)."""

    first: int
    n_rows: int
    cursor: tuple[int, int]


class Spans(NamedTuple):
    """Columns of each part; 0 for what is not there. The second pair is that of a product."""

    name: int
    value: int
    other_name: int
    other_value: int
    made: int
    counts: int
    bar: int

    @property
    def other_at(self) -> int:
        """The column at which the second operand begins."""
        return 2 + self.name + _GAP + self.value + 3


def window_of(n_rows: int, height: int, cursor: tuple[int, int], first: int) -> Window:
    """The rows in view in `height` lines, heading and fold included, moved as little as needed."""
    row, whole = max(0, min(cursor[0], n_rows - 1)), max(height - 1, 1)
    last = max(n_rows - whole, 0)  # from here on nothing is folded, and that line shows a row
    room = max(whole - 1, 1)
    first = min(max(first, 0), last, row)
    if row >= first + (whole if first == last else room):
        first = min(row - room + 1, last)
    return Window(first, min(whole if first == last else room, n_rows), (row, cursor[1]))


def spans_of(table: Table, window: Window, width: int) -> Spans:
    """Divide the width among the columns: names give way first, then the bars."""
    shown = {*range(min(table.n_rows, _SAMPLE)), *range(window.first, window.first + window.n_rows)}
    rows = [table[i] for i in shown]
    heads = table.heads
    products = [row for row in rows if row.is_product]

    def widest(texts: Sequence[str]) -> int:
        return max(map(cell_len, texts), default=0)

    name = widest([heads.operand, *(row.operands[0][0] for row in rows)])
    value = widest([heads.value, *(row.operands[0][1] for row in rows)])
    other_name = widest([row.operands[1][0] for row in products])
    other_value = widest([heads.value, *(row.operands[1][1] for row in products)])
    other_value = other_value if products else 0
    made = widest([heads.made, *(row.made for row in rows)]) if heads.made else 0
    counts = widest([heads.counts, *(row.counts for row in rows)]) if heads.counts else 0
    fixed = 2 + _GAP + value + (3 + _GAP + other_value if products else 0)
    fixed += (_GAP + made if made else 0) + (3 + counts if counts else 0)
    room = max(width - fixed, 8)
    if name + other_name > room:
        half = room // 2
        name, other_name = (
            (room - other_name, other_name)
            if other_name <= half
            else (name, room - name)
            if name <= half
            else (room - half, half)
        )
    bar = min(max(room - name - other_name - _GAP, 0), MOST_BAR) if table.largest > 0 else 0
    return Spans(name, value, other_name, other_value, made, counts, bar if bar >= LEAST_BAR else 0)


def table_lines(table: Table, window: Window, width: int) -> list[list[Piece]]:
    """The heading, the rows in view, and what is said of those below, each `width` columns wide."""
    if not table.n_rows:
        return []
    spans = spans_of(table, window, width)
    lines = [_heading(table, window, spans, width)]
    end = window.first + window.n_rows
    lines += [_row_line(table, i, window, spans, width) for i in range(window.first, end)]
    if end < table.n_rows:
        lines.append([(fit(f"  {table.rest(end)} ↓", width), "quiet")])
    return lines


def _heading(table: Table, window: Window, spans: Spans, width: int) -> list[Piece]:
    heads, gap = table.heads, " " * _GAP
    # What lies out of sight above is said where that is.
    first = f"↑ {table.above(window.first)}" if window.first else f"  {heads.operand}"
    text = f"{fit(first, 2 + spans.name)}{gap}{fit(heads.value, spans.value, 'right')}"
    if spans.other_name:
        text += f"   {' ' * spans.other_name}{gap}{fit(heads.value, spans.other_value, 'right')}"
    if spans.made:
        text += gap + fit(heads.made, spans.made, "right")
    if spans.counts:
        text += "   " + fit(heads.counts, spans.counts, "right")
    return [(fit(text, width), "quiet")]


def _row_line(table: Table, index: int, window: Window, spans: Spans, width: int) -> list[Piece]:
    row, (cursor, side) = table[index], window.cursor
    here = index == cursor
    side = side if row.is_product else 0
    gap = " " * _GAP
    mark = CURSOR if here else ASKED if row.asked else " "
    line: list[Piece] = [(f"{mark} ", "mark")]
    line += _operand(row.operands[0], spans.name, spans.value, here and side == 0, table.can_open)
    if row.is_product:
        line.append((" × ", "quiet"))
        line += _operand(
            row.operands[1], spans.other_name, spans.other_value, here and side == 1, True
        )
    elif spans.other_name:
        line.append((" " * (3 + spans.other_name + _GAP + spans.other_value), "text"))
    if spans.made:
        line.append((gap + fit(row.made, spans.made, "right"), "text"))
    if spans.counts:
        equals = " = " if row.counts and spans.other_name else "   "
        line.append((equals, "quiet"))
        line.append((fit(row.counts, spans.counts, "right"), "strong" if row.asked else "text"))
    if spans.bar:
        line.append(
            (
                gap + fit(_bar(row.size, table.largest, spans.bar), spans.bar),
                "share" if table.shares else "below" if row.size < 0 else "above",
            )
        )
    spare = width - sum(cell_len(text) for text, _ in line)
    return [*line, (" " * spare, "text")]


def _operand(
    operand: tuple[str, str], name: int, value: int, here: bool, can_open: bool
) -> list[Piece]:
    ink = ("cursor" if can_open else "strong") if here else "text"
    return [
        (fit(clip_name(operand[0], name), name) + " " * _GAP + fit(operand[1], value, "right"), ink)
    ]


def _bar(size: float, largest: float, width: int) -> str:
    """A bar as long as the number is large; what is there never looks like nothing."""
    share = float(math.isinf(size)) if math.isinf(largest) else min(abs(size) / largest, 1.0)
    if not share > 0:
        return ""
    whole, eighths = divmod(max(round(8 * width * share), 1), 8)
    return (BLOCK * whole + EIGHTHS[eighths].strip())[:width]
