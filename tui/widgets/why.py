"""The window of a why panel: drawn line by line, with a cursor in its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from engine.expr import Ref
from tui.renderables.palette import palette_of
from tui.renderables.why_frame import Frame, Shown, frame

WHEEL = 3
"""Rows of the table for each notch of the wheel."""
_LOOKS = ("quiet", "accent", "cursor", "band", "current")


class WhyView(Widget):
    """Shows a number; `show` replaces it. Says where the cursor went and what is asked for.

    It is alone on its screen, which has the keys: to take the focus would only cost a second frame.
    """

    DEFAULT_CSS = """
    WhyView { color: $foreground; }
    WhyView > .why--quiet { color: $quiet; }
    WhyView > .why--accent { color: $accent; }
    WhyView > .why--cursor { background: $foreground; color: $background; }
    WhyView > .why--band { background: $surface; }
    WhyView > .why--current { background: $accent; color: $on-accent; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"why--{look}" for look in _LOOKS}

    @dataclass
    class Moved(Message):
        """The person moved the cursor: a row of the table, and which operand of a product."""

        row: int
        side: int

    @dataclass
    class Opened(Message):
        """The person asked for the number under the cursor."""

        ref: Ref

    @dataclass
    class Chosen(Message):
        """The person clicked a number of the trail, or a key."""

        chip_id: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: Shown | None = None
        self._cursor = (0, 0)
        self._first = 0
        self._clicked: tuple[int, int] | None = None
        self._frame: Frame | None = None
        self._frame_size = Size(0, 0)
        self._look: object = None
        self._strips: dict[int, Strip] = {}

    # What is shown

    def show(self, shown: Shown, row: int = 0, side: int = 0) -> None:
        """Show another number, with the cursor at a place of its table."""
        self._shown, self._cursor, self._first, self._clicked = shown, (row, side), 0, None
        self._forget()

    @property
    def cursor(self) -> tuple[int, int]:
        """The row under the cursor, and which operand of it."""
        return self._cursor

    @property
    def frame(self) -> Frame | None:
        """The window in its present size; None before it has any."""
        if self._shown is None or not self.size:
            return None
        if self._frame is None or self._frame_size != self.size:
            self._frame = frame(self._shown, *self.size, self._cursor, self._first)
            self._strips.clear()
            self._frame_size, self._first = self.size, self._frame.page.window.first
        return self._frame

    @property
    def _n_rows(self) -> int:
        return self._shown.sheet.table.n_rows if self._shown else 0

    def _forget(self) -> None:
        self._frame = None
        self.refresh()

    # The cursor

    def move_cursor(self, row: int, side: int) -> None:
        """Put the cursor on an operand, or on the nearest that there is."""
        cursor = max(0, min(row, self._n_rows - 1)), side
        if self._n_rows and cursor != self._cursor:
            self._cursor, self._clicked = cursor, None
            self._forget()
            self.post_message(self.Moved(*cursor))

    def move(self, rows: int) -> None:
        """Move the cursor down by rows."""
        self.move_cursor(self._cursor[0] + rows, self._cursor[1])

    def turn(self, pages: int) -> None:
        """Move the cursor by as many rows as are in view."""
        if self.frame is not None:
            self.move(pages * max(self.frame.page.window.n_rows, 1))

    def turn_to(self, side: int) -> None:
        """Go to the left or right operand of a product."""
        self.move_cursor(self._cursor[0], side)

    def open(self) -> None:
        """Ask for the number under the cursor."""
        ref = self._shown.sheet.operand(*self._cursor) if self._shown else None
        if ref is not None:
            self.post_message(self.Opened(ref))

    # The mouse

    def on_click(self, event: events.Click) -> None:
        if self.frame is None or self._shown is None:
            return
        chip = self.frame.chip_at(event.x, event.y)
        if chip:
            self.post_message(self.Chosen(chip))
            return
        place = self.frame.operand_at(self._shown, event.x, event.y)
        if place is None:
            return
        again = place == self._clicked
        self.move_cursor(*place)
        self._clicked = place
        if again:
            self.open()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self._scroll(WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self._scroll(-WHEEL)

    def _scroll(self, rows: int) -> None:
        """Move the table under its window; the cursor stays in view."""
        if self.frame is None:
            return
        window = self.frame.page.window
        last = max(self._n_rows - window.n_rows, 0)
        self._first = max(0, min(window.first + rows, last))
        row = max(self._first, min(self._cursor[0], self._first + window.n_rows - 1))
        self._forget()
        self.move_cursor(row, self._cursor[1])

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in the colours that the theme has now."""
        look = self.app.theme, self.rich_style
        if look != self._look:
            self._look, self._styles = look, self._inks()
            self._strips.clear()
        return super().render_lines(crop)

    def _inks(self) -> dict[str, Style]:
        base = self.rich_style
        quiet, accent, cursor, band, current = (
            self.get_component_rich_style(f"why--{look}", partial=True) for look in _LOOKS
        )
        bold = Style(bold=True)
        ground, text = self.background_colors[1], self.colors[3]
        dark = self.app.current_theme.dark
        sizes = palette_of("diverging", ground, text, dark)
        shares = palette_of("sequential", ground, text, dark)
        # As bars are drawn elsewhere: not in the strongest colour, which would be all one sees.
        below, above = (sizes.style(level).background.rich_color for level in (-4, 4))
        share = shares.style(10).background.rich_color
        bars = {"below": below, "above": above, "marked": accent.color or above, "share": share}
        return {
            "text": base,
            "strong": base + bold,
            "quiet": base + quiet,
            "formula": base + accent,
            "mark": base + accent + bold,
            "cursor": base + cursor,
            "band": base + band,
            "band-quiet": base + band + quiet,
            "band-accent": base + band + accent,
            "current": base + current,
            **{ink: base + Style(color=colour) for ink, colour in bars.items()},
            **{
                f"{ink}-hanging": Style(color=base.bgcolor, bgcolor=colour)
                for ink, colour in bars.items()
            },
        }

    def render_line(self, y: int) -> Strip:
        """One line of the window; drawn once, since a screen that opens asks for it twice."""
        frame = self.frame
        if frame is None or y >= len(frame.lines):
            return Strip.blank(self.size.width, self.rich_style)
        if y not in self._strips:
            line = [Segment(text, self._styles[ink]) for text, ink in frame.lines[y]]
            self._strips[y] = Strip(line, self.size.width)
        return self._strips[y]
