"""Where everything of a matrix stands: cell mode, margins, and the way from cells to columns.

    query↓ key→                 +3→ +4↓     axis line, where there is room or need
            el    gato  come                column header, stays on top
       el   1.00  0     0
    ›gato   0.31  0.69  0                   row header, stays at the left

Scrolling moves by whole cells: a number cut in two is worse than a gap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.renderables.cells import PITCH, Mode, ModeChoice

LEAST_LABEL: Final = 6
"""Columns that a row label keeps while the cells ask for room."""
MOST_LABEL: Final = 16
LEAST_NUMBERS: Final = 6
"""Numbers in view below which colours tell more than numbers do."""


@dataclass(frozen=True)
class Layout:
    """The arrangement of a matrix [n_rows, n_cols] in a window of `width` by `height`."""

    mode: Mode
    n_rows: int
    n_cols: int
    width: int
    height: int
    header_width: int
    header_height: int

    @property
    def pitch(self) -> int:
        """Columns from one cell to the next."""
        return PITCH[self.mode]

    @property
    def rows_per_line(self) -> int:
        """Rows of the matrix that one line of text carries."""
        return 2 if self.mode == "half" else 1

    @property
    def n_lines(self) -> int:
        """Lines of text that the whole matrix takes, without headers."""
        return -(-self.n_rows // self.rows_per_line)

    @property
    def virtual_size(self) -> tuple[int, int]:
        """Width and height that would show everything."""
        return self.header_width + self.n_cols * self.pitch, self.header_height + self.n_lines

    @property
    def visible_cols(self) -> int:
        """How many whole columns of cells fit, at least one."""
        return max(1, min(self.n_cols, (self.width - self.header_width) // self.pitch))

    @property
    def visible_lines(self) -> int:
        """How many lines of cells fit, at least one."""
        return max(1, min(self.n_lines, self.height - self.header_height))

    def first_col(self, scroll_x: int) -> int:
        """The first visible column of cells; rounded up, so that the end can be reached."""
        first = -(-scroll_x // self.pitch)
        return max(0, min(first, self.n_cols - self.visible_cols))

    def x_of(self, col: int, first_col: int) -> int:
        """The column of the window in which a cell begins."""
        return self.header_width + (col - first_col) * self.pitch

    def y_of(self, row: int, first_line: int) -> int:
        """The line of the window on which a row lies."""
        return self.header_height + row // self.rows_per_line - first_line

    def touched(
        self, cell: tuple[int, int], first_col: int, first_line: int
    ) -> list[tuple[int, int, int, int]]:
        """What looks different when the cursor comes to a cell: x, y, width, height of each part.

        The column header, the row header, and the cell with a bracket on either side.
        """
        y = self.y_of(cell[0], first_line)
        return [
            (0, self.header_height - 1, self.width, 1),
            (0, y, self.header_width, 1),
            (self.x_of(cell[1], first_col) - 1, y, self.pitch + 2, 1),
        ]

    def cell_at(
        self, x: int, y: int, first_col: int, first_line: int, cursor: tuple[int, int]
    ) -> tuple[int, int] | None:
        """The cell under a point of the window, or None.

        A point in the row header gives that row in the cursor's column, one in the column header
        that column in the cursor's row. Of a line with two rows, a second touch gives the lower.
        """
        row, col = cursor
        if x >= self.header_width:
            col = first_col + (x - self.header_width) // self.pitch
        if y >= self.header_height:
            line = first_line + y - self.header_height
            upper = line * self.rows_per_line
            row = upper + 1 if self.rows_per_line == 2 and (upper, col) == cursor else upper
            row = row if row < self.n_rows else upper
        inside = 0 <= row < self.n_rows and 0 <= col < min(
            self.n_cols, first_col + self.visible_cols
        )
        return (row, col) if inside else None

    def scroll_for(self, cell: tuple[int, int], scroll: tuple[int, int]) -> tuple[int, int]:
        """The nearest scroll offset (x, y) that shows the cell."""
        (row, col), (x, y) = cell, scroll
        first = self.first_col(x)
        if not first <= col < first + self.visible_cols:
            x = (col if col < first else col - self.visible_cols + 1) * self.pitch
        line = row // self.rows_per_line
        if not y <= line < y + self.visible_lines:
            y = line if line < y else line - self.visible_lines + 1
        return x, y


def choose_mode(width: int, n_cols: int, label: int, roomy: bool) -> Mode:
    """The cell mode that reads best in `width` columns.

    Numbers wherever they fit, since a number is what a learner can check: six columns a cell
    hold a pattern of 12 words in 80, four hold a vector of 16. Where neither holds all, numbers
    that scroll still teach more than colours, as long as six stand side by side; below that only
    colours show a whole. `roomy` values have too few digits in compact cells. Half-blocks come
    only when asked for, because they show no sign.
    """
    for mode in ("number", "compact"):
        if mode == "compact" and roomy:
            continue
        if 2 + min(label, LEAST_LABEL) + n_cols * PITCH[mode] <= width:
            return mode
    room = width - 2 - min(label, LEAST_LABEL)
    if room >= LEAST_NUMBERS * PITCH["number"]:
        return "number"
    return "compact" if room >= LEAST_NUMBERS * PITCH["compact"] and not roomy else "swatch"


def plan(
    size: tuple[int, int],
    shape: tuple[int, int],
    label: int,
    corner: int,
    choice: ModeChoice = "auto",
    roomy: bool = False,
    note: bool = False,
    legend: bool = False,
) -> Layout:
    """Lay a matrix of `shape` out in a window of `size` (width, height).

    `label` and `corner` are the widths of the longest row label and of the axis names; `note` and
    `legend` say whether there is a note, or a key to the colours, to show beside them.
    """
    (width, height), (n_rows, n_cols) = size, shape
    label = min(label, MOST_LABEL)
    mode = choose_mode(width, n_cols, label, roomy) if choice == "auto" else choice
    cells = n_cols * PITCH[mode]
    least = 2 + min(label, LEAST_LABEL)
    spare = width - cells
    if spare < least and cells > 0:
        # It scrolls anyway: long labels may take a quarter of the window, not more.
        spare = max(least, width // 4)
    header_width = max(least, min(2 + label, spare))
    fits = header_width + cells <= width
    corner_fits = fits and corner + 1 <= max(header_width, min(spare, 2 + MOST_LABEL))
    lines = -(-n_rows // (2 if mode == "half" else 1))
    # The axis line must not push the last row out, nor leave fewer than five rows. A height of
    # nothing is one that is still to come, perhaps from this very plan (`height: auto`).
    cramped = height > 0 and (height - lines == 1 or height < min(lines, 5) + 2)
    # Beside the names of the axes it has the key to the colours, if only there is a line to spare,
    # and where rows lie outside, how many.
    wanted = note or not corner_fits or 0 < height <= lines
    wanted = wanted or (legend and (not height or height >= lines + 2))
    header_height = 2 if wanted and not cramped else 1
    if header_height == 1 and corner_fits:
        header_width = max(header_width, corner + 1)
    return Layout(mode, n_rows, n_cols, width, height, header_width, header_height)
