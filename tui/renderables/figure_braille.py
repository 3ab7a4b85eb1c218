"""A canvas of braille dots: two across and four down in each column of the terminal. Pure.

Every line has a pattern of its own, solid, dashed or dotted, so that it can be told from the
others where colours cannot be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from tui.renderables.figure_line import At, Ink

_DOTS: Final = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
PATTERNS: Final = ((1, 0), (4, 3), (1, 2), (8, 3))
"""For each line in turn, how many dots are set and how many left out."""
SAMPLES: Final = ("⠤⠤⠤⠤", "⠤⠄⠠⠤", "⠄⠄⠄⠄", "⠤⠤⠠⠤")


@dataclass(slots=True)
class Canvas:
    """So many columns and lines of the terminal; dots are counted from the top left."""

    width: int
    height: int
    _bits: dict[tuple[int, int], int] = field(default_factory=dict)
    _inks: dict[tuple[int, int], Ink] = field(default_factory=dict)

    @property
    def dots(self) -> tuple[int, int]:
        """Dots across and down."""
        return 2 * self.width, 4 * self.height

    def dot(self, x: int, y: int, ink: Ink) -> None:
        """Set a dot; one outside is left out."""
        across, down = self.dots
        if 0 <= x < across and 0 <= y < down:
            cell = (x // 2, y // 4)
            self._bits[cell] = self._bits.get(cell, 0) | _DOTS[y % 4][x % 2]
            self._inks[cell] = ink

    def path(self, points: Sequence[tuple[int, int]], ink: Ink, pattern: int = 0) -> None:
        """Straight lines from each point to the next."""
        on, off = PATTERNS[pattern % len(PATTERNS)]
        if len(points) == 1:
            self.dot(*points[0], ink)
        count = 0
        for (x0, y0), (x1, y1) in pairwise(points):
            steps = max(abs(x1 - x0), abs(y1 - y0), 1)
            for i in range(steps):
                if count % (on + off) < on:
                    share = i / steps
                    self.dot(round(x0 + (x1 - x0) * share), round(y0 + (y1 - y0) * share), ink)
                count += 1
        if points:
            self.dot(*points[-1], ink)

    def row(self, y: int) -> list[At]:
        """The signs of a line, at their columns."""
        return [
            (x, chr(0x2800 + self._bits[x, y]), self._inks[x, y])
            for x in range(self.width)
            if (x, y) in self._bits
        ]
