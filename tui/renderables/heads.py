"""All heads side by side as small pictures: how large each can be, and its lines. Pure.

A cell of a picture is `zoom` columns wide and half as many lines high, so that it looks square;
at zoom 1 one line carries two rows, as half-blocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from tui.renderables.palette import Kind, Levels

GAP = 3
ZOOMS = (4, 2, 1)
HEADINGS = 2
"""Lines of a matrix above its numbers."""
LEAST_MATRIX = 12
"""Lines that the pictures never take from a matrix that has more."""


@dataclass(frozen=True)
class Grid:
    """Pictures of `rows` by `cols` cells, `across` of them on a line; `tile` is one's size."""

    zoom: int
    across: int
    rows: int
    cols: int

    @property
    def tile(self) -> tuple[int, int]:
        """Columns and lines of one picture, its heading included."""
        return self.cols * self.zoom, 1 + -(-self.rows * self.zoom // 2)

    def height(self, n_heads: int) -> int:
        """Lines that all pictures take, with a blank one between."""
        return -(-n_heads // self.across) * (self.tile[1] + 1) - 1

    def place(self, head: int) -> tuple[int, int]:
        """First column and first line of a head's picture."""
        width, height = self.tile
        down, along = divmod(head, self.across)
        return along * (width + GAP), down * (height + 1)

    def head_at(self, x: int, y: int, n_heads: int) -> int | None:
        """The head whose picture is under a point."""
        width, height = self.tile
        for head in range(n_heads):
            left, top = self.place(head)
            if left <= x < left + width and top <= y < top + height:
                return head
        return None


def plan_heads(n_heads: int, rows: int, cols: int, width: int, height: int) -> Grid | None:
    """The largest pictures that all fit; None where not even the smallest do."""
    for zoom in ZOOMS:
        tile_width, _ = Grid(zoom, 1, rows, cols).tile
        grid = Grid(zoom, min((width + GAP) // (tile_width + GAP), n_heads), rows, cols)
        if grid.across and grid.height(n_heads) <= height:
            return grid
    return None


@dataclass(frozen=True)
class Heads:
    """All heads of a stage: values [head, row, column], and how they are coloured and named."""

    values: NDArray[Any]
    kind: Kind
    scale: float
    current: int
    name: str

    def grid(self, width: int, height: int) -> Grid | None:
        """The pictures where they have room: under the whole matrix, or under half a tall pane."""
        n_heads, rows, cols = self.values.shape
        if n_heads < 2:
            return None
        for matrix in (rows + HEADINGS, max(height // 2, LEAST_MATRIX)):
            grid = plan_heads(n_heads, rows, cols, width, height - matrix - 1)
            if grid is not None:
                return grid
        return None


def picture_line(levels: Levels, zoom: int, line: int) -> list[tuple[int, int]]:
    """One line of a head's picture: the upper and the lower level of every cell.

    Where a cell is a whole line high both are the same.
    """
    if zoom == 1:
        upper = levels[2 * line]
        lower = levels[2 * line + 1] if 2 * line + 1 < len(levels) else None
        if lower is None:
            return [(int(level), 0) for level in upper]
        return [(int(a), int(b)) for a, b in zip(upper, lower, strict=True)]
    row = levels[line // (zoom // 2)]
    return [(int(level), int(level)) for level in row]
