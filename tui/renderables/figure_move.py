"""Where the cursor of a figure goes: from spot to spot by where they stand. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tui.renderables.figure_block import Spot


def beside(spots: Sequence[Spot], at: int, right: int) -> int:
    """The next spot of the same line, to the right (1) or left (-1); the same one at the end."""
    here = spots[at]
    others = [
        i
        for i, spot in enumerate(spots)
        if spot.line == here.line and (spot.column - here.column) * right > 0
    ]
    return min(others, key=lambda i: abs(spots[i].column - here.column), default=at)


def below(spots: Sequence[Spot], at: int, down: int, column: float | None = None) -> int:
    """The spot of the next line that has any, below (1) or above (-1), nearest to a column.

    column: where the cursor comes from, if it has gone up or down before; so a way down and up
    again ends where it began. As every line with a spot is met, every spot can be reached.
    """
    here = spots[at]
    column = here.middle if column is None else column
    lines = [spot.line for spot in spots if (spot.line - here.line) * down > 0]
    if not lines:
        return at
    line = min(lines, key=lambda line: abs(line - here.line))
    there = [i for i, spot in enumerate(spots) if spot.line == line]
    return min(there, key=lambda i: abs(spots[i].middle - column))


def spot_at(spots: Sequence[Spot], x: int, y: int) -> int | None:
    """The spot under a point of the figure, its brackets included; None where there is none."""
    exact = [i for i, s in enumerate(spots) if s.line == y and s.column <= x < s.column + s.width]
    around = [
        i for i, s in enumerate(spots) if s.line == y and s.column - 1 <= x <= s.column + s.width
    ]
    return next(iter(exact or around), None)


def turned_at(spots: Sequence[Spot], x: int, y: int) -> tuple[int, int] | None:
    """The spot whose "‹" or "›" is at a point, and the way it turns: -1 or 1."""
    for i, spot in enumerate(spots):
        if spot.line != y or not spot.knob:
            continue
        if spot.column - spot.reach <= x < spot.column:
            return i, -1
        if spot.column + spot.width <= x < spot.column + spot.width + spot.reach:
            return i, 1
    return None
