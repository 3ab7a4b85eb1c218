"""A line of items to click: the groups and stations of the pipeline, and the footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.renderables.chips import NO_CHIP, Chip, Fit, Placed, lay_out


class Chips(Widget):
    """Shows chips in one line; `show` replaces them. Says which one was clicked, and the wheel."""

    DEFAULT_CSS = """
    Chips { height: 1; color: $foreground; }
    Chips > .chips--quiet { color: $quiet; }
    Chips > .chips--strong { text-style: bold; }
    Chips > .chips--key { color: $accent; }
    Chips > .chips--current { background: $accent; color: $on-accent; text-style: bold; }
    Chips > .chips--over { color: $accent; text-style: underline; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "chips--quiet",
        "chips--strong",
        "chips--key",
        "chips--current",
        "chips--over",
    }

    # The line is as long as its place: when that changes, nothing else has to be drawn again.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    @dataclass
    class Chosen(Message):
        """The person clicked a chip."""

        chips: Chips
        chip_id: str

        @property
        def control(self) -> Chips:
            """The line of the chip."""
            return self.chips

    @dataclass
    class Rolled(Message):
        """The person turned the wheel over the line: one step on (1) or back (-1)."""

        chips: Chips
        step: int

        @property
        def control(self) -> Chips:
            """The line under the wheel."""
            return self.chips

    def __init__(self, fit: Fit = "window", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._fit: Fit = fit
        self._chips: tuple[Chip, ...] = ()
        self._over = NO_CHIP
        self._note = ""
        self._line: list[Placed] | None = None
        self._line_width = 0

    @property
    def chips(self) -> tuple[Chip, ...]:
        """What is shown."""
        return self._chips

    def show(self, chips: Sequence[Chip]) -> None:
        """Replace the chips; cheap where nothing changed."""
        if tuple(chips) != self._chips:
            self._chips = tuple(chips)
            self._forget()

    def note(self, text: str) -> None:
        """Say something quietly at the right end of the line, and nothing where it is empty."""
        if text != self._note:
            self._note = text
            self._forget()

    def _forget(self) -> None:
        self._line, self._over = None, NO_CHIP
        self.refresh()

    def _pieces(self) -> list[Placed]:
        width = max(self.size.width - (cell_len(self._note) + 2 if self._note else 0), 1)
        if self._line is None or width != self._line_width:
            self._line_width = width
            self._line = lay_out(self._chips, width, self._fit)
        return self._line

    def column_of(self, chip_id: str) -> int | None:
        """The column in which a chip begins, None where it is not in view."""
        x = 0
        for piece in self._pieces():
            if piece.chip != NO_CHIP and self._chips[piece.chip].id == chip_id:
                return x
            x += cell_len(piece.text)
        return None

    def _at(self, x: int) -> int:
        end = 0
        for piece in self._pieces():
            end += cell_len(piece.text)
            if x < end:
                return piece.chip
        return NO_CHIP

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        chip = NO_CHIP if offset is None else self._at(offset.x)
        if chip != NO_CHIP:
            self.post_message(self.Chosen(self, self._chips[chip].id))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._at(event.x - self.gutter.left))

    def on_leave(self) -> None:
        self._hover(NO_CHIP)

    def _hover(self, chip: int) -> None:
        if chip != self._over:
            self._over = chip
            self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Rolled(self, 1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Rolled(self, -1))

    def render_line(self, y: int) -> Strip:
        """The whole line; further lines stay blank."""
        base = self.rich_style
        if y:
            return Strip.blank(self.size.width, base)
        styles = {"": base}
        segments = []
        for piece in self._pieces():
            look = self._look_of(piece)
            if look not in styles:
                styles[look] = base + self.get_component_rich_style(f"chips--{look}")
            segments.append(Segment(piece.text, styles[look]))
        strip = Strip(segments)
        if not self._note:
            return strip
        before = max(self.size.width - cell_len(self._note), 0)
        quiet = base + self.get_component_rich_style("chips--quiet")
        said = Strip([Segment(self._note, quiet)])
        return Strip.join([strip.adjust_cell_length(before, base), said]).crop(0, self.size.width)

    def _look_of(self, piece: Placed) -> str:
        """The component class of a piece, empty where it looks like the text around."""
        if piece.chip == NO_CHIP:
            return ""
        look = self._chips[piece.chip].look
        if look == "current":
            return "current"
        if piece.chip == self._over and piece.part == "text":
            return "over"
        if piece.part == "sign" or look == "key":
            return "key"
        return "quiet" if piece.part == "tail" or look == "quiet" else ""
