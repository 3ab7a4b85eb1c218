"""The knobs of a figure as a row of chips: a name, and a value between two arrows. Pure.

temperatura ‹ 0.50 ›   top-k ‹ 5 ›
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.renderables.figure_block import MARGIN, Drawn, Look, Spot
from tui.renderables.figure_line import At, Line, placed
from tui.renderables.matrix_labels import clip

_BETWEEN = 3


@dataclass(frozen=True, slots=True)
class KnobLine:
    """A knob that is turned above a figure.

    id: the knob's; name: what it is called; text: its value; hint: what is said after it, such as
    its ends, or nothing.
    """

    id: str
    name: str
    text: str
    hint: str = ""


def draw_knobs(knobs: Sequence[KnobLine], width: int, look: Look) -> Drawn:
    """The chips, in as many lines as they need."""
    lines: list[Line] = []
    spots: list[Spot] = []
    row: list[At] = []
    at = MARGIN
    room = max(width - 2 * MARGIN, 1)
    left, right = look.knob_signs
    for knob in knobs:
        value = clip(knob.text, max(room - 8, 1)) or " "
        hint = clip(knob.hint, max(room // 3, 1))
        tail = 4 + cell_len(value) + (1 + cell_len(hint) if hint else 0)
        if tail + 4 > room:
            hint, tail = "", 4 + cell_len(value)
        name = clip(knob.name, max(room - tail - 1, 0))
        wide = cell_len(name) + bool(name) + tail
        if row and at + wide > width - MARGIN:
            lines.append(placed(row))
            row, at = [], MARGIN
        value_at = at + cell_len(name) + bool(name) + 2
        end = value_at + cell_len(value)
        row += [(at, name, "quiet"), (value_at - 2, f"{left} ", "knob-sign")]
        row += [(value_at, value, "knob"), (end, f" {right}", "knob-sign")]
        if hint:
            row.append((end + 3, hint, "quiet"))
        spots.append(
            Spot(len(lines), value_at, cell_len(value), value, knob.name, knob=knob.id, reach=2)
        )
        at += wide + _BETWEEN
    if row:
        lines.append(placed(row))
    return Drawn(lines, spots)
