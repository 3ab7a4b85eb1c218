"""The columns of a figure's table: how wide each would like to be, and how they give way. Pure.

Where the room is short, in this order: shorter bars, headings in two lines and then in more, words
in several lines, no bars, clipped words, and at last fewer columns. The first column always stays,
and no number is ever clipped as long as another column can be left out instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from rich.cells import cell_len

from lessons.figures.parts import Cell, Table
from tui.renderables.figure_block import MARGIN
from tui.renderables.figure_line import wrapped
from tui.renderables.matrix_labels import clip, printable
from tui.renderables.unbroken import words_of

MOST_BAR, LEAST_BAR = 20, 6
LEAST_NAME: Final = 6
"""Columns that a column of words keeps while the numbers ask for room."""
MOST_LINES: Final = 3
"""Lines of a cell of words."""
_GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, before they have a place.

    widths: of the texts; bodies: of the texts without their headings; texts: those that may go on
    in the next line; places: the widths of those that may not; leasts: the widths below which a
    number would be clipped, or a word be no word any more; heads: the lines of each heading;
    aligns: "l" or "r" for each; bars: the numbers at both ends of the bars, none without bars;
    bar: columns of a bar; gap: between two columns; hidden: how many are left out.
    """

    widths: tuple[int, ...]
    bodies: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]
    places: tuple[int, ...]
    leasts: tuple[int, ...]
    heads: tuple[tuple[str, ...], ...]
    aligns: str
    bars: tuple[tuple[float, float] | None, ...]
    bar: int = MOST_BAR
    gap: int = _GAP
    hidden: int = 0

    @property
    def n_bars(self) -> int:
        """How many columns have bars."""
        return sum(bar is not None for bar in self.bars) if self.bar else 0

    @property
    def width(self) -> int:
        """Columns of the terminal that the table takes, margins included."""
        between = self.gap * max(len(self.widths) - 1, 0) + self.n_bars * (self.gap + self.bar)
        more = self.gap + cell_len(self.more) if self.hidden else 0
        return 2 * MARGIN + sum(self.widths) + between + more

    @property
    def more(self) -> str:
        """What says that columns are left out."""
        return f"+{self.hidden}→" if self.hidden else ""

    def starts(self) -> tuple[list[int], list[int], int]:
        """Where the texts of each column begin, and its bars; and where the table ends."""
        starts, bars, at = [], [], MARGIN
        for width, ends in zip(self.widths, self.bars, strict=True):
            starts.append(at)
            at += width + self.gap
            bars.append(at)
            if ends is not None and self.bar:
                at += self.bar + self.gap
        return starts, bars, max(at - self.gap, MARGIN)


def columns_of(table: Table) -> Columns:
    """The columns of a table, as wide as they like."""
    n = max((len(row) for row in table.rows), default=len(table.header))
    heads = [printable(table.header[i]) if i < len(table.header) else "" for i in range(n)]
    columns = [[row[i] for row in table.rows if i < len(row)] for i in range(n)]
    widths = [[cell_len(printable(cell.text)) for cell in column] for column in columns]
    bodies = tuple(max(column, default=0) for column in widths)
    neighbours = any(a.knob and b.knob for row in table.rows for a, b in pairwise(row))
    return Columns(
        widths=tuple(map(max, bodies, map(cell_len, heads))),
        bodies=bodies,
        texts=tuple(tuple(printable(c.text) for c in column if is_text(c)) for column in columns),
        places=tuple(
            max((cell_len(printable(c.text)) for c in column if not is_text(c)), default=0)
            for column in columns
        ),
        leasts=tuple(map(_least, columns, widths)),
        heads=tuple((head,) for head in heads),
        aligns="".join(table.align[i : i + 1] or ("r" if i else "l") for i in range(n)),
        bars=tuple(map(_ends, columns)),
        gap=_GAP + neighbours,  # so that the signs of two knobs do not touch
    )


def _least(column: Sequence[Cell], widths: Sequence[int]) -> int:
    """The width below which something that is no word would be clipped."""
    return max(
        (
            min(width, LEAST_NAME) if any(map(str.isalpha, cell.text)) else width
            for cell, width in zip(column, widths, strict=True)
        ),
        default=0,
    )


def is_text(cell: Cell) -> bool:
    """Whether a cell is running text, which may go on in the next line: no number, no place."""
    return cell.ref is None and not cell.knob and cell.shade is None


def cell_lines(cell: Cell, width: int) -> list[str]:
    """The text of a cell in lines of at most `width` columns; only running text has several."""
    if cell_len(printable(cell.text)) <= width or not is_text(cell):
        return [clip(cell.text, width)]
    words = [clip(word, width) for word in words_of(printable(cell.text))]
    lines = wrapped(" ".join(words), width)
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], clip(" ".join(lines[MOST_LINES - 1 :]), width)]


def _room_for_words(columns: Columns, lines: int) -> list[int]:
    """The widths in which all running text stands in so many lines, no word of it clipped."""
    rooms = []
    for texts, body, place, least in zip(
        columns.texts, columns.bodies, columns.places, columns.leasts, strict=True
    ):
        longest = max((cell_len(word) for text in texts for word in words_of(text)), default=body)
        start = max(longest, place, least)
        fitting = (
            width
            for width in range(start, body)
            if all(len(wrapped(text, width)) <= lines for text in texts)
        )
        rooms.append(next(fitting, body))
    return rooms


def _ends(column: Sequence[Cell]) -> tuple[float, float] | None:
    """The numbers at both ends of a column's bars: 1 is as long on either side of zero."""
    sizes = [cell.bar for cell in column if cell.bar is not None and cell.bar == cell.bar]
    if not sizes:
        return None
    low = max(min(*sizes, 0.0), -1.0)
    return low, 1.0 if low == 0 or max(sizes) > 0 else 0.0


def with_short_heads(columns: Columns, lines: int) -> Columns:
    """The same with headings wrapped, where they make a column wide, into about so many lines."""
    heads, widths = [], []
    for head, body in zip(columns.heads, columns.bodies, strict=True):
        text = " ".join(head)
        longest = max(map(cell_len, words_of(text)))
        least = max(body, longest, 2)
        fitting = (w for w in range(least, cell_len(text)) if len(wrapped(text, w)) <= lines)
        heads.append(tuple(wrapped(text, next(fitting, max(least, cell_len(text))))))
        widths.append(max(body, *map(cell_len, heads[-1])))
    return replace(columns, heads=tuple(heads), widths=tuple(widths))


def fitted(columns: Columns, width: int) -> Columns:
    """The columns made to fit into `width`, giving way in the order that hurts least."""
    tries = (columns for columns in _tries(columns, width) if columns.width <= width)
    return next(tries, columns)


def _tries(columns: Columns, width: int) -> Iterator[Columns]:
    """The columns ever narrower; the last one fits if any does."""
    yield columns
    yield _shorter_bars(columns, width)
    yield _shorter_bars(with_short_heads(columns, 2), width)
    columns = with_short_heads(columns, 9)
    yield _shorter_bars(columns, width)
    yield _narrower(replace(columns, bar=LEAST_BAR), width, _room_for_words(columns, 2))
    columns = replace(columns, bar=0)
    yield columns
    for lines in range(2, MOST_LINES + 1):
        yield _narrower(columns, width, _room_for_words(columns, lines))
    columns = _narrower(columns, width, columns.leasts)
    yield columns
    yield _fewer(columns, width)


def _shorter_bars(columns: Columns, width: int) -> Columns:
    if not columns.n_bars:
        return columns
    over = -(-max(columns.width - width, 0) // columns.n_bars)
    return replace(columns, bar=max(columns.bar - over, LEAST_BAR))


def _narrower(columns: Columns, width: int, leasts: Sequence[int]) -> Columns:
    """The widest columns made narrower, a column of the terminal at a time, none below its least.

    Headings keep their lines as they are, since what is clipped there is said nowhere else.
    """
    heads = [max(map(cell_len, head)) for head in columns.heads]
    leasts = [max(least, head, 1) for least, head in zip(leasts, heads, strict=True)]
    widths = list(columns.widths)
    for _ in range(columns.width - width):
        candidates = [i for i, least in enumerate(leasts) if widths[i] > least]
        if not candidates:
            break
        widths[max(candidates, key=lambda i: widths[i])] -= 1
    return replace(columns, widths=tuple(widths))


def _fewer(columns: Columns, width: int) -> Columns:
    """The last columns left out; the first one clipped if it alone is too wide."""
    while columns.width > width and len(columns.widths) > 1:
        columns = replace(
            columns,
            widths=columns.widths[:-1],
            bodies=columns.bodies[:-1],
            texts=columns.texts[:-1],
            places=columns.places[:-1],
            leasts=columns.leasts[:-1],
            heads=columns.heads[:-1],
            bars=columns.bars[:-1],
            hidden=columns.hidden + 1,
        )
    over = max(columns.width - width, 0)
    return replace(columns, widths=(max(columns.widths[0] - over, 1), *columns.widths[1:]))
