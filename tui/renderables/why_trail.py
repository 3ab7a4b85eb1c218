"""The way from number to number: where one has been, and the line that shows it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len

from engine.expr import Ref
from tui.renderables.chips import Chip
from tui.renderables.matrix_labels import ELLIPSIS, clip

ARROW = "›"


@dataclass(frozen=True, slots=True)
class Stop:
    """A number that was opened, and where the cursor stood in its table."""

    ref: Ref
    row: int = 0
    side: int = 0


@dataclass(frozen=True, slots=True)
class Trail:
    """The numbers opened on the way, the present one last; never empty."""

    stops: tuple[Stop, ...]

    @property
    def here(self) -> Stop:
        """The present number."""
        return self.stops[-1]

    def moved(self, row: int, side: int) -> Trail:
        """The same way with the cursor elsewhere."""
        return Trail((*self.stops[:-1], replace(self.here, row=row, side=side)))

    def opened(self, ref: Ref) -> Trail:
        """One number further."""
        return Trail((*self.stops, Stop(ref)))

    def back_to(self, index: int) -> Trail:
        """Back to a number of the way; the first is 0. The present one where there is none."""
        return Trail(self.stops[: index + 1]) if 0 <= index < len(self.stops) else self


def trail_chips(names: Sequence[str], title: str, width: int) -> list[Chip]:
    """The way in one line; where it is too long, the oldest numbers fold into an ellipsis."""
    head = [Chip("", title, look="quiet", gap=0)] if title else []
    first = 0
    while True:
        chips = [*head, *_chips(names, first)]
        used = sum(chip.width + chip.gap for chip in chips)
        if used <= width:
            return chips
        if head:
            head = []  # the way matters more than its title
        elif first < len(names) - 1:
            first += 1
        else:
            last = chips[-1]
            text = clip(last.text, max(cell_len(last.text) - (used - width), 1))
            return [*chips[:-1], replace(last, text=text)]


def _chips(names: Sequence[str], first: int) -> list[Chip]:
    folded = [Chip(f"stop.{first - 1}", ELLIPSIS, tail=ARROW, look="quiet", gap=2)] if first else []
    before = [
        Chip(f"stop.{i}", names[i], tail=ARROW, gap=1 if i > first or first else 2)
        for i in range(first, len(names) - 1)
    ]
    return [
        *folded,
        *before,
        Chip(f"stop.{len(names) - 1}", names[-1], look="current", pad=1, gap=1),
    ]
