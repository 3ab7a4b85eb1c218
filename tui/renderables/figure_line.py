"""A line of a figure: pieces of text in an ink, and what is done with them. Pure.

An ink is only a name, or a shade, which `tui.renderables.figure_style` turns into colours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from tui.renderables.matrix_labels import clip, printable
from tui.renderables.palette import Kind
from tui.renderables.unbroken import words_of


class Shade(NamedTuple):
    """The ink of a shaded cell: a level of a palette, and how the text on it is set.

    tone: as a cell's, or "sign" for what may be quieter than text.
    """

    kind: Kind
    level: int
    tone: str = ""


Ink = str | Shade
Piece = tuple[str, Ink]
Line = list[Piece]
At = tuple[int, str, Ink]
"""A piece with the column at which it begins."""


def line_width(line: Line) -> int:
    """Columns that a line takes."""
    return sum(cell_len(text) for text, _ in line)


def placed(pieces: Iterable[At]) -> Line:
    """A line with each piece at its column, blanks between them; they must not overlap."""
    line: Line = []
    at = 0
    for column, text, ink in sorted(pieces, key=lambda piece: piece[0]):
        if column > at:
            line.append((" " * (column - at), "text"))
        line.append((text, ink))
        at = max(column, at) + cell_len(text)
    return line


def _kept(line: Line, start: int, end: int) -> Line:
    """The columns from start to end of a line; of a sign cut in two blanks stay."""
    kept: Line = []
    at = 0
    for text, ink in line:
        width = cell_len(text)
        if start <= at and at + width <= end:
            kept.append((text, ink))
        elif at < end and at + width > start:
            signs = ""
            here = at
            for first, last, wide in split_graphemes(text)[0]:
                inside = max(0, min(here + wide, end) - max(here, start))
                signs += text[first:last] if inside == wide else " " * inside
                here += wide
            kept.append((signs, ink))
        at += width
    return kept


def overlay(line: Line, column: int, text: str, ink: Ink) -> Line:
    """The line with a text written over it."""
    before = _kept(line, 0, column)
    gap = column - line_width(before)
    after = _kept(line, column + cell_len(text), 1 << 30)
    return [*before, (" " * gap, "text"), (text, ink), *after]


def wrapped(text: str, width: int) -> list[str]:
    """Running text in lines of at most `width` columns; a word is cut only where it must be."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in words_of(printable(paragraph)):
            while cell_len(word) > width > 1:
                # A word longer than a line begins on its own line and goes on below.
                if line:
                    lines.append(line)
                    line = ""
                head = clip(word, width)[:-1]
                if not head:
                    break
                lines.append(head)
                word = word[len(head) :]
            longer = f"{line} {word}" if line else word
            if cell_len(longer) <= width:
                line = longer
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return lines
