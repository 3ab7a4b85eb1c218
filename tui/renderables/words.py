"""The sentence as a flow of words or pieces, each with something beneath it. Pure.

     El   gato  come  pes cado
     12    207   311   88  940

A piece that continues a word touches the piece before it; a new word keeps a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

from tui.renderables.matrix_labels import ELLIPSIS, fit, printable

Look = Literal["plain", "one", "other", "mark", "unread", "new"]


@dataclass(frozen=True)
class WordCell:
    """A word or piece: its text, what stands beneath, its look, the columns before it.

    look: "plain" has no ground; "one" and "other" alternate between neighbouring pieces; "mark" is
    a token that is no text; "unread" lies after the cut; "new" is what the model adds.
    """

    text: str
    below: str = ""
    look: Look = "plain"
    gap: int = 1


@dataclass(frozen=True)
class Spot:
    """Where a cell stands: its line of the flow, its first column, its width."""

    line: int
    x: int
    width: int


def cell_width(cell: WordCell, width: int) -> int:
    """Columns of a cell: its text or what is beneath, padded where it has a ground."""
    pad = 0 if cell.look in ("plain", "unread") else 2
    return min(max(cell_len(printable(cell.text)) + pad, cell_len(cell.below) + pad), width)


def flow(cells: Sequence[WordCell], width: int) -> list[Spot]:
    """Set the cells into lines of `width` columns, in order."""
    spots: list[Spot] = []
    line = x = 0
    for cell in cells:
        wide = cell_width(cell, max(width, 1))
        start = x + (cell.gap if x else 0)
        if start + wide > width and x:
            line, start = line + 1, 0
        spots.append(Spot(line, start, wide))
        x = start + wide
    return spots


def last_line(cells: Sequence[WordCell], width: int) -> list[WordCell]:
    """The last cells that fit on one line; an ellipsis stands for those left out."""
    kept = list(cells)
    while len(kept) > 1 and flow(kept, width)[-1].line:
        kept = [WordCell(ELLIPSIS), *kept[2 if kept[0].text == ELLIPSIS else 1 :]]
        if len(kept) == 2 and flow(kept, width)[-1].line:
            kept = kept[1:]
    return kept


def cell_texts(cell: WordCell, width: int) -> tuple[str, str]:
    """The text and what is beneath, each in exactly `width` columns."""
    if cell.look in ("plain", "unread"):
        return fit(cell.text, width), fit(cell.below, width)
    inner = max(width - 2, 0)
    if width < 2:
        return fit(cell.text, width), fit(cell.below, width)
    return f" {fit(cell.text, inner)} ", f" {fit(cell.below, inner)} "
