"""The sentence itself as an exhibit: as typed, in pieces, in numbers, and with the chosen word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.renderables.words import Spot, WordCell, cell_texts, flow, last_line


@dataclass
class CellMessage(Message):
    """Something happened at a cell of the words."""

    words: WordsView
    index: int

    @property
    def control(self) -> WordsView:
        """The words of the cell."""
        return self.words


class WordsView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows the cells of a sentence in lines, with a cursor; `show` replaces them."""

    DEFAULT_CSS = """
    WordsView { scrollbar-size: 1 1; overflow-x: hidden; color: $foreground; }
    WordsView > .words--one { background: $panel; }
    WordsView > .words--other { background: $tint; }
    WordsView > .words--mark { color: $quiet; background: $surface; }
    WordsView > .words--unread { color: $quiet; text-style: strike; }
    WordsView > .words--new { background: $accent; color: $on-accent; text-style: bold; }
    WordsView > .words--below { color: $quiet; }
    WordsView > .words--cursor { text-style: bold underline; }
    WordsView:focus > .words--cursor {
        background: $foreground; color: $background; text-style: bold;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "words--one",
        "words--other",
        "words--mark",
        "words--unread",
        "words--new",
        "words--below",
        "words--cursor",
    }
    # What scrolls changes with what is shown: that alone asks for no layout of the whole screen.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", show=False, id="words.left"),
        Binding("right", "move(1)", show=False, id="words.right"),
        Binding("up", "line(-1)", show=False, id="words.up"),
        Binding("down", "line(1)", show=False, id="words.down"),
        Binding("home", "move(-9999)", show=False, id="words.first"),
        Binding("end", "move(9999)", show=False, id="words.last"),
        Binding("enter", "open", show=False, id="words.open"),
    ]

    class CursorMoved(CellMessage):
        """The person moved the cursor to another cell."""

    class Opened(CellMessage):
        """The person asked for what is behind a cell."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._cells: tuple[WordCell, ...] = ()
        self._given: tuple[WordCell, ...] = ()
        self._one_line = False
        self._cursor: int | None = None
        self._spots: list[Spot] | None = None
        self._width = 0

    def show(
        self, cells: Sequence[WordCell], cursor: int | None = None, one_line: bool = False
    ) -> None:
        """Show the cells, with the cursor on one of them or on none; or only a line of the last."""
        self._cells = self._given = tuple(cells)
        self._one_line = one_line
        self._cursor = cursor if cursor is None else max(0, min(cursor, len(self._cells) - 1))
        self._arrange()

    @property
    def cells(self) -> tuple[WordCell, ...]:
        """What is shown."""
        return self._cells

    def move_cursor(self, index: int) -> None:
        """Put the cursor on a cell, or the nearest that there is."""
        index = max(0, min(index, len(self._cells) - 1))
        if self._cursor is not None and self._cells and index != self._cursor:
            self._cursor = index
            self._scroll_to_cursor()
            self.refresh()
            self.post_message(self.CursorMoved(self, index))

    def action_move(self, cells: int) -> None:
        """Move the cursor on by cells."""
        self.move_cursor((self._cursor or 0) + cells)

    def action_line(self, lines: int) -> None:
        """Move the cursor to the nearest cell some lines below."""
        spots = self._flow()
        if self._cursor is None or not spots:
            return
        here = spots[self._cursor]
        there = [i for i, spot in enumerate(spots) if spot.line == here.line + lines]
        if there:
            self.move_cursor(min(there, key=lambda i: abs(spots[i].x - here.x)))

    def action_open(self) -> None:
        """Ask for what is behind the cell."""
        if self._cursor is not None:
            self.post_message(self.Opened(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        line = (offset.y + self.scroll_offset.y) // self._pitch
        for index, spot in enumerate(self._flow()):
            if spot.line == line and spot.x <= offset.x < spot.x + spot.width:
                self.move_cursor(index)
                if event.chain == 2:
                    self.action_open()

    def on_resize(self) -> None:
        self._fit()

    def height_in(self, width: int) -> int:
        """Lines that all cells take in so many columns."""
        spots = flow(self._cells, width)
        return (spots[-1].line + 1) * self._pitch - 1 if spots else 0

    @property
    def _pitch(self) -> int:
        """Lines from one line of the flow to the next."""
        return 3 if any(cell.below for cell in self._cells) else 2

    def _flow(self) -> list[Spot]:
        width = self.scrollable_content_region.width
        if self._spots is None or self._width != width:
            self._width = width
            if self._one_line:
                self._cells = tuple(last_line(self._given, width))
            self._spots = flow(self._cells, width)
        return self._spots

    def _arrange(self) -> None:
        self._spots = None
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        spots = self._flow()
        lines = (spots[-1].line + 1) * self._pitch - 1 if spots else 0
        self.virtual_size = Size(1, lines)  # nothing scrolls sideways
        self._scroll_to_cursor()

    def _scroll_to_cursor(self) -> None:
        spots = self._flow()
        if self._cursor is None or not spots:
            return
        top = spots[self._cursor].line * self._pitch
        y, height = self.scroll_offset.y, max(self.size.height, 1)
        if not y <= top <= y + height - 2:
            self.scroll_to(0, top, animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in the colours that the theme has now."""
        # Once for all lines: each of these asks all ancestors.
        self._base, self._top = self.rich_style, self.scroll_offset.y
        self._looks: dict[str, Style] = {}
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the window: texts, what is beneath them, or a blank."""
        base = self._base
        line, part = divmod(y + self._top, self._pitch)
        blank = part == self._pitch - 1
        segments: list[Segment] = []
        x = 0
        spots = self._flow()
        for index, (cell, spot) in enumerate(zip(self._cells, spots, strict=True)):
            if spot.line != line or blank:
                continue
            segments.append(Segment(" " * (spot.x - x), base))
            text = cell_texts(cell, spot.width)[part]
            looks: list[str] = ["below"] if part else [] if cell.look == "plain" else [cell.look]
            if index == self._cursor:
                looks.append("cursor")
            style = base
            for look in looks:
                style += self._style_of(look)
            segments.append(Segment(text, style))
            x = spot.x + spot.width
        return Strip(segments).adjust_cell_length(self._width, base)

    def _style_of(self, look: str) -> Style:
        if look not in self._looks:
            self._looks[look] = self.get_component_rich_style(f"words--{look}", partial=True)
        return self._looks[look]
