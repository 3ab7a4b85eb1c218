"""The window of a why panel: the trail at the top, the page, the keys at the bottom. Pure.

All in one widget: each widget of a screen costs some milliseconds when the screen is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from tui.messages import words
from tui.renderables.chips import NO_CHIP, Chip, lay_out
from tui.renderables.why_page import Line, Page, filled, page, wrapped
from tui.renderables.why_sheet import Sheet
from tui.renderables.why_table import Piece, Window
from tui.renderables.why_trail import trail_chips

ABOVE, BELOW = 2, 1
"""Lines of the window above and below the page."""
PAD = 1
"""Columns at both sides."""
LEAST = (60, 20)
"""Columns and lines of the smallest window, as on every screen."""


@dataclass(frozen=True)
class Shown:
    """What the panel shows: a number, the names of the way to it, the keys that apply."""

    sheet: Sheet
    way: tuple[str, ...]
    keys: tuple[Chip, ...]


@dataclass(frozen=True)
class Frame:
    """The lines of a window, and what a click on them means."""

    lines: list[Line]
    page: Page
    _bars: dict[int, list[tuple[str, str]]]

    def chip_at(self, x: int, y: int) -> str:
        """The id of the stop of the trail, or of the key, at a place; empty where there is none."""
        end = PAD
        for text, chip in self._bars.get(y, []):
            end += cell_len(text)
            if PAD <= x < end:
                return chip
        return ""

    def operand_at(self, shown: Shown, x: int, y: int) -> tuple[int, int] | None:
        """The row and side of the table at a place; None where there is none."""
        return self.page.place_at(shown.sheet, x - PAD, y - ABOVE)


def frame(shown: Shown, width: int, height: int, cursor: tuple[int, int], first: int) -> Frame:
    """Set what is shown into a window; `first` is the row that was the table's first so far."""
    if width < LEAST[0] or height < LEAST[1]:
        return _too_small(shown, width, height)
    inner = width - 2 * PAD
    set_page = page(shown.sheet, inner, height - ABOVE - BELOW, cursor, first)
    title = shown.sheet.texts("panel.title")
    trail, trail_ids = _bar(trail_chips(shown.way, title, inner), inner, "band")
    keys, keys_ids = _bar(shown.keys, inner, "band-quiet")
    pad: Piece = (" " * PAD, "text")
    blank: Line = [(" " * width, "text")]
    lines = [trail, blank, *([pad, *line, pad] for line in set_page.lines), keys]
    return Frame(lines, set_page, {0: trail_ids, len(lines) - 1: keys_ids})


def _too_small(shown: Shown, width: int, height: int) -> Frame:
    """Says that there is too little room."""
    told = words("app", shown.sheet.texts.lang)("app.too_small")
    lines: list[Line] = [[(line, "text")] for line in wrapped(told, width, height)]
    nowhere = Page([], Window(0, 0, (0, 0)), 0, 0, width)
    return Frame(filled(lines, width, height), nowhere, {})


def _bar(chips: Sequence[Chip], width: int, plain: str) -> tuple[Line, list[tuple[str, str]]]:
    """Chips on a band across the window, and the id under each of its texts."""
    pieces = lay_out(chips, width, "drop")
    line: Line = [(" " * PAD, "band")]
    ids = []
    for piece in pieces:
        chip = None if piece.chip == NO_CHIP else chips[piece.chip]
        ink = plain
        if chip is not None and chip.look == "current":
            ink = "current"
        elif piece.part == "sign":
            ink = "band-accent"
        elif piece.part == "tail" or (chip is not None and chip.look == "quiet"):
            ink = "band-quiet"
        line.append((piece.text, ink))
        ids.append((piece.text, "" if chip is None else chip.id))
    return [*line, (" " * PAD, "band")], ids
