"""Candidates as bars: one a line, with a cursor; for logits, probabilities and the next word."""

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

from tui.renderables.bars import BarPlan, bar_row, plan_bars
from tui.renderables.palette import Kind, palette_of

CURSOR = "›"
_MARGIN = 3
"""Columns for the cursor at the left, and for a blank before the scrollbar."""


@dataclass
class LineMessage(Message):
    """Something happened at a line of the bars."""

    bars: BarsView
    row: int

    @property
    def control(self) -> BarsView:
        """The bars of the line."""
        return self.bars


class BarsView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows numbers as bars; `show` replaces them."""

    DEFAULT_CSS = """
    BarsView { scrollbar-size: 1 1; overflow-x: hidden; color: $foreground; }
    BarsView > .bars--quiet { color: $quiet; }
    BarsView > .bars--cursor { color: $accent; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"bars--quiet", "bars--cursor"}
    # What scrolls changes with what is shown: that alone asks for no layout of the whole screen.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, id="bars.up"),
        Binding("down", "move(1)", show=False, id="bars.down"),
        Binding("home", "move(-9999)", show=False, id="bars.first"),
        Binding("end", "move(9999)", show=False, id="bars.last"),
        Binding("pageup", "page(-1)", show=False, id="bars.page_up"),
        Binding("pagedown", "page(1)", show=False, id="bars.page_down"),
        # These have no meaning in a list: taken, so that no stage is left by accident.
        Binding("left,right", "nothing", show=False, id="bars.sideways"),
        Binding("enter", "open", show=False, id="bars.open"),
    ]

    class CursorMoved(LineMessage):
        """The person moved the cursor to another line."""

    class Opened(LineMessage):
        """The person asked for what is behind a line."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._labels: tuple[str, ...] = ()
        self._values: tuple[float, ...] = ()
        self._texts: tuple[str, ...] = ()
        self._kind: Kind = "sequential"
        self._full: float | None = None
        self._cursor = 0
        self._plan: BarPlan | None = None
        self._width = 0

    def show(
        self,
        labels: Sequence[str],
        values: Sequence[float],
        texts: Sequence[str],
        *,
        kind: Kind = "sequential",
        full: float | None = None,
        cursor: int = 0,
    ) -> None:
        """Show `values`, written as `texts`; a bar of `full` takes all the room."""
        self._labels, self._values, self._texts = tuple(labels), tuple(values), tuple(texts)
        self._kind, self._full = kind, full
        self._cursor = max(0, min(cursor, len(self._labels) - 1))
        self._arrange()

    @property
    def labels(self) -> tuple[str, ...]:
        """What the lines are called."""
        return self._labels

    @property
    def cursor(self) -> int:
        """The line under the cursor."""
        return self._cursor

    def move_cursor(self, row: int) -> None:
        """Put the cursor on a line, or the nearest that there is."""
        row = max(0, min(row, len(self._labels) - 1))
        if row != self._cursor:
            self._cursor = row
            self._scroll_to_cursor()
            self.refresh()
            self.post_message(self.CursorMoved(self, row))

    def action_move(self, lines: int) -> None:
        """Move the cursor down by lines."""
        self.move_cursor(self._cursor + lines)

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many lines as are in view."""
        self.move_cursor(self._cursor + pages * max(self.size.height - 1, 1))

    def action_nothing(self) -> None:
        """Do nothing."""

    def action_open(self) -> None:
        """Ask for what is behind the line."""
        if self._labels:
            self.post_message(self.Opened(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y + self.scroll_offset.y
        if row < len(self._labels):
            self.move_cursor(row)
            if event.chain == 2:
                self.action_open()

    def on_resize(self) -> None:
        self._scroll_from_top()

    def _arrange(self) -> None:
        self._plan = None
        self.virtual_size = Size(1, len(self._labels))  # nothing scrolls sideways
        self._scroll_from_top()
        self.refresh()

    def _scroll_from_top(self) -> None:
        """Begin with the first line wherever the cursor is in view then: it is the likeliest."""
        if 0 <= self._cursor < self.size.height and self.scroll_offset.y:
            self.scroll_to(0, 0, animate=False, force=True)
        elif self.size.height:
            self._scroll_to_cursor()

    def _scroll_to_cursor(self) -> None:
        y, height = self.scroll_offset.y, max(self.size.height, 1)
        if not y <= self._cursor < y + height:
            target = self._cursor if self._cursor < y else self._cursor - height + 1
            self.scroll_to(0, target, animate=False, force=True)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in the colours that the theme has now."""
        palette = palette_of(
            self._kind, self.background_colors[1], self.colors[3], self.app.current_theme.dark
        )
        # Long bars of the strongest colour would be all that one sees.
        level = 10 if self._kind == "sequential" else 4
        base = self.rich_style
        above = base + Style(color=palette.style(level).background.rich_color)
        below = above
        if self._kind == "diverging":
            below = base + Style(color=palette.style(-level).background.rich_color)
        quiet, cursor = (
            base + self.get_component_rich_style(f"bars--{name}") for name in ("quiet", "cursor")
        )
        self._styles = base, quiet, cursor, below, above
        self._top, self._room = self.scroll_offset.y, self.scrollable_content_region.width
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        base, quiet, cursor, below, above = self._styles
        row, width = y + self._top, self._room
        if row >= len(self._labels):
            return Strip.blank(width, base)
        if self._plan is None or self._width != width:
            self._width = width
            self._plan = plan_bars(
                self._labels, self._values, self._texts, width - _MARGIN, self._full
            )
        line = bar_row(self._labels[row], self._values[row], self._texts[row], self._plan)
        here = row == self._cursor and self.has_focus
        name = cursor if here else base
        return Strip(
            [
                Segment(f"{CURSOR if here else ' '} {line.label}", name),
                Segment(line.below, below),
                Segment(line.above, above),
                Segment(line.text, name if row == 0 or here else quiet),
            ]
        ).adjust_cell_length(width, base)
