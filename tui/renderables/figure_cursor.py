"""The cursor of a figure on its line: brackets around the spot, or what is typed there. Pure.

The brackets say it without colour. A knob keeps its own signs, a mere sign of a matrix gives them
its place, and where there is no room for them the text is only reversed.
"""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len

from tui.renderables.figure_block import KNOB_SIGNS, Spot
from tui.renderables.figure_line import Ink, Line, overlay

CARET: Final = "▏"


def with_cursor(line: Line, spot: Spot, ink: Ink, typed: str | None, width: int) -> Line:
    """The line, in a window of so many columns, with the cursor on a spot.

    typed: what has been typed so far, in place of the value; None where nothing is.
    """
    if typed is not None:
        text = f" {typed.replace('-', '−')}{CARET}".ljust(spot.width + 2)
        return overlay(line, max(0, min(spot.column - 1, width - cell_len(text))), text, ink)
    if spot.brackets == "instead":
        return overlay(line, spot.column, "[]", ink)
    if spot.brackets == "none" or not spot.column:
        return overlay(line, spot.column, spot.text, ink)
    left, right = KNOB_SIGNS if spot.knob and spot.reach == 1 else ("[", "]")
    return overlay(line, spot.column - 1, f"{left}{spot.text}{right}", ink)
