"""A weight through the training as columns above and below zero. Pure.

One column for each checkpoint. A terminal has blocks that grow from below only; what hangs from
the zero line is drawn as the ground under a block, with the inks of both exchanged ("-hanging").
"""

from __future__ import annotations

from collections.abc import Sequence

from tui.renderables.bars import BLOCK
from tui.renderables.why_table import Piece

MOST_WIDE = 3
_FROM_BELOW = " ▁▂▃▄▅▆▇█"


def chart_lines(
    values: Sequence[float], width: int, height: int, marked: int | None = None
) -> list[list[Piece]]:
    """Columns for the values, the marked one in another ink; fewer where they do not all fit."""
    if not values or height < 1 or width < 1:
        return []
    wide = max(1, min(MOST_WIDE, width // len(values)))
    kept = _spread(len(values), width // wide)
    high, low = max(*values, 0.0), min(*values, 0.0)
    span = high - low or 1.0
    above = round(height * high / span)
    above = max(min(above, height - (low < 0)), int(high > 0))
    lines: list[list[Piece]] = []
    for y in range(height):
        line: list[Piece] = []
        for i in kept:
            sign, ink = _cell(values[i], y, above, height, high, low)
            ink = ink.replace("above", "marked").replace("below", "marked") if i == marked else ink
            solid = wide - 1 if wide > 1 else 1
            line += [(sign * solid, ink), (" " * (wide - solid), "text")]
        lines.append([*line, (" " * (width - wide * len(kept)), "text")])
    return lines


def _spread(n: int, most: int) -> list[int]:
    """At most so many of n places, evenly spread, the first and the last among them."""
    if n <= most:
        return list(range(n))
    return [round(i * (n - 1) / max(most - 1, 1)) for i in range(most)]


def _cell(value: float, y: int, above: int, height: int, high: float, low: float) -> Piece:
    """One column in one line: as many eighths of the line as the value fills."""
    if y < above:
        filled = value / high * above - (above - 1 - y) if value > 0 else 0.0
        return _FROM_BELOW[_eighths(filled)], "above"
    filled = value / low * (height - above) - (y - above) if value < 0 else 0.0
    eighths = _eighths(filled)
    if eighths in (0, 8):
        return BLOCK if eighths else " ", "below"
    return _FROM_BELOW[8 - eighths], "below-hanging"


def _eighths(filled: float) -> int:
    return max(0, min(8, round(8 * filled)))
