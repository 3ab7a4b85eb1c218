"""What stands above the columns of a figure's matrix: axes, labels, a pointer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len, split_graphemes

from lessons.figures.parts import Heat
from tui.renderables.figure_block import MARGIN
from tui.renderables.figure_grid import Grid
from tui.renderables.figure_line import At
from tui.renderables.matrix_labels import clip, label_width, printable, stride
from tui.renderables.matrix_sheet import Sheet

POINTER: Final = "▾"
MOST_TALL: Final = 5
"""Letters of a label that is set from top to bottom."""


def header(
    heat: Heat, sheet: Sheet, grid: Grid, band: range, starts: Sequence[int], width: int
) -> list[list[At]]:
    """Names of the axes, what is left out, labels of columns, a pointer above a marked one."""
    lines = _heads(sheet, grid, band, starts)
    before, after, below = grid.hidden
    sides = ((before, "←"), (after, "→"), (below, "↓"))
    hidden = " ".join(f"+{count}{arrow}" for count, arrow in sides if count)
    if band.start and not hidden:
        pass  # the names of the axes stand above the first band
    elif lines and not hidden and cell_len(sheet.corner) < starts[0] - MARGIN:
        lines[-1].insert(0, (MARGIN, sheet.corner, "quiet"))
    else:
        lines = [*_corner(sheet, hidden, starts[-1] - grid.gap, width), *lines]
    mark = heat.mark
    if mark and mark[1] in band and (mark[0] < 0 or grid.mode != "number"):
        at = starts[mark[1] - band.start] + grid.widths[mark[1]] - 1
        lines.append([(at, POINTER, "accent")])
    return lines


def _corner(sheet: Sheet, hidden: str, end: int, width: int) -> list[list[At]]:
    """The names of the axes, in two lines if one is too short; and at the right what is hidden."""
    room = width - 2 * MARGIN - (cell_len(hidden) + 2 if hidden else 0)
    names = [sheet.corner] if cell_len(sheet.corner) <= room else sheet.corner.split("↓ ")
    if len(names) == 2:
        names[0] += "↓"
    lines: list[list[At]] = [[(MARGIN, clip(name, room), "quiet")] for name in names if name]
    if hidden:
        lines = lines or [[]]
        used = max((at + cell_len(text) for at, text, _ in lines[0]), default=MARGIN - 2) + 2
        lines[0].append((max(end - cell_len(hidden), used), hidden, "quiet"))
    return lines


def _heads(sheet: Sheet, grid: Grid, band: range, starts: Sequence[int]) -> list[list[At]]:
    """The labels above the columns: level where they fit, from top to bottom where they are words.

    Of numbers above narrow columns only every fifth stands there, or every tenth.
    """
    labels = [printable(sheet.col_labels[col]) for col in band]
    if sheet.shape[1] == 1 and labels[0] in ("", "1"):
        return []
    widths = [grid.widths[col] for col in band]
    rooms = widths if grid.mode == "number" else [width - 1 for width in widths]
    if grid.mode == "number" or all(map(_fits, labels, rooms)):
        texts = [clip(label, room) for label, room in zip(labels, rooms, strict=True)]
        return [
            [
                (start + width - cell_len(text), text, "head")
                for start, width, text in zip(starts, widths, texts, strict=False)
            ]
        ]
    if all(label.isdigit() for label in labels):
        every = stride(label_width(labels, 4), widths[0])
        ticks = [i for i in range(len(labels)) if band[i] % every == 0]
        return [[(starts[i], labels[i], "head") for i in ticks if starts[i] + 4 <= starts[-1] + 2]]
    return _tall(labels, starts, widths[0])


def _fits(label: str, room: int) -> bool:
    return cell_len(label) <= room


def _tall(labels: Sequence[str], starts: Sequence[int], width: int) -> list[list[At]]:
    """Labels set from top to bottom, each ending just above its column."""
    columns = []
    for label in labels:
        letters = [(label[start:end], wide) for start, end, wide in split_graphemes(label)[0]]
        if len(letters) > MOST_TALL:
            letters = [*letters[: MOST_TALL - 1], ("⋮", 1)]
        columns.append(letters)
    lines: list[list[At]] = [[] for _ in range(max(map(len, columns)))]
    for start, letters in zip(starts, columns, strict=False):
        for line, (letter, wide) in zip(lines[len(lines) - len(letters) :], letters, strict=True):
            line.append((start + max(width - wide, 0), letter, "head"))
    return lines
