"""Numbers as bars, one a line: label, bar, number. Pure, in columns of a terminal.

    pescado  ▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇▇         41%
    pan      ▇▇▇▇▇▇▇▇▇▇                   20%

Bars grow to the right from zero, and to the left below it where some number is negative. They
are a little lower than a line, so that neighbours stay apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.renderables.matrix_labels import fit, label_width

MOST_LABEL = 18
BLOCK, LEAST = "▇", "▏"
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
    def zero(self) -> int:
        """Columns of the bar that lie below zero."""
        span = self.high - self.low
        return round(self.bar * -self.low / span) if span > 0 else 0


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
    span = plan.high - plan.low
    columns = plan.bar * abs(value) / span if span > 0 else 0.0
    below, above = " " * zero, " " * (plan.bar - zero)
    if value >= 0:
        room = plan.bar - zero
        above = _blocks(min(columns, room), value > 0).ljust(room)
    else:
        below = _blocks(min(columns, zero), True).rjust(zero)
    gap = " " * _GAP
    return BarRow(fit(label, plan.label) + gap, below, above + gap, text.rjust(plan.text))


def _blocks(columns: float, something: bool) -> str:
    # What is there never looks like nothing.
    return BLOCK * round(columns) or (LEAST if something and columns >= 0 else "")
