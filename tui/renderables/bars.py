"""Numbers as bars, one a line: label, bar, number. Pure, in columns of a terminal.

    pescado  ████████████████████▌        41%
    pan      ██████████                   20%

Bars grow to the right from zero, and to the left below it where some number is negative. They
end in eighths of a column, so that 27% and 30% differ even where a bar has few columns (in
halves below zero: there are no other blocks that stand at the right of their column).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.renderables.matrix_labels import fit, label_width

MOST_LABEL = 18
EIGHTHS = " ▏▎▍▌▋▊▉█"
BLOCK, RIGHT_HALF = "█", "▐"
_GAP = 2


@dataclass(frozen=True)
class BarPlan:
    """Columns of each part, and the numbers at both ends of the bars: low <= 0 <= high."""

    label: int
    bar: int
    text: int
    low: float
    high: float

    @property
    def span(self) -> float:
        """The number that a bar through all the columns stands for."""
        return self.high - self.low

    @property
    def zero(self) -> int:
        """Columns of the bar that lie below zero."""
        return round(self.bar * -self.low / self.span) if self.span > 0 else 0


@dataclass(frozen=True)
class BarRow:
    """One line, ready to be coloured: `below` and `above` are the parts on each side of zero."""

    label: str
    below: str
    above: str
    text: str


def plan_bars(
    labels: Sequence[str],
    values: Sequence[float],
    texts: Sequence[str],
    width: int,
    full: float | None = None,
) -> BarPlan:
    """Divide `width` columns; `full` is the number of a bar that takes all its room."""
    label = label_width(labels, min(MOST_LABEL, max(width // 3, 4)))
    text = max((cell_len(t) for t in texts), default=0)
    bar = max(width - label - text - 2 * _GAP, 0)
    low = min((v for v in values), default=0.0)
    high = max((v for v in values), default=0.0)
    return BarPlan(label, bar, text, min(low, 0.0), max(high, 0.0) if full is None else full)


def bar_row(label: str, value: float, text: str, plan: BarPlan) -> BarRow:
    """The four parts of a line; together they are as wide as planned."""
    zero = plan.zero
    columns = plan.bar * abs(value) / plan.span if plan.span > 0 else 0.0
    below, above = " " * zero, " " * (plan.bar - zero)
    # What is there never looks like nothing.
    if value > 0:
        room = plan.bar - zero
        whole, eighths = divmod(max(round(8 * min(columns, room)), 1), 8)
        above = (BLOCK * whole + EIGHTHS[eighths].strip())[:room].ljust(room)
    elif value < 0:
        whole, half = divmod(max(round(2 * min(columns, zero)), 1), 2)
        below = (RIGHT_HALF * half + BLOCK * whole)[:zero].rjust(zero)
    gap = " " * _GAP
    return BarRow(fit(label, plan.label) + gap, below, above + gap, text.rjust(plan.text))
