"""The scrubber on the screen: one line, out of the way until training time is moved through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.renderables.scrubber import Track, draw, head_of, place_at

NOWHERE = Track(1, 0, ())
INKS = ("quiet", "rule", "accent", "current")
"""The inks that have a look of their own."""


class Scrubber(Widget):
    """Shows a track; `show` replaces it. Says which moment was clicked, and the wheel."""

    DEFAULT_CSS = """
    Scrubber { height: 1; display: none; padding: 0 1; color: $foreground; }
    Scrubber > .scrubber--quiet { color: $quiet; }
    Scrubber > .scrubber--rule { color: $line; }
    Scrubber > .scrubber--accent { color: $accent; }
    Scrubber > .scrubber--current { color: $accent; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"scrubber--{ink}" for ink in INKS}

    @dataclass
    class Chosen(Message):
        """The person clicked a moment, or a mark."""

        place: int

    @dataclass
    class Rolled(Message):
        """The person turned the wheel: one moment on (1) or back (-1)."""

        step: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._track = NOWHERE
        self._strip: Strip | None = None
        self._strip_of: object = None

    @property
    def track(self) -> Track:
        """What is shown."""
        return self._track

    def show(self, track: Track | None) -> None:
        """Show a track; without one, take no room."""
        if track is not None and track != self._track:
            self._track = track
            self._strip = None
            self.refresh()
        if self.display != (track is not None):
            self.display = track is not None

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        width = self.size.width
        head = cell_len(head_of(self._track, width))
        if offset.x >= head:
            place = place_at(offset.x - head, self._track.n, width - head)
            self.post_message(self.Chosen(place))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Rolled(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Rolled(-1))

    def render_line(self, y: int) -> Strip:
        """The whole line."""
        width, base = self.size.width, self.rich_style
        if y or not width:
            return Strip.blank(width, base)
        if self._strip is None or self._strip_of != (width, base):
            self._strip_of = (width, base)
            styles = {ink: base + self.get_component_rich_style(f"scrubber--{ink}") for ink in INKS}
            self._strip = Strip(
                Segment(text, styles.get(ink, base)) for text, ink in draw(self._track, width)
            )
        return self._strip
