"""The words of a card: what can be chosen in it has a cursor, and a click does what Enter does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.renderables.card_text import Block, Page, page

INKS = ("title", "strong", "code", "term", "lesson", "quiet", "accent", "good", "chip", "on")
NO_PAGE = Page((), {})


class CardView(ScrollView, can_focus=False, inherit_bindings=False):
    """Shows blocks of text in as many lines as it has; longer ones scroll.

    It owns nothing: `show` says what stands in it and what is lit, and a click is told.
    """

    DEFAULT_CSS = """
    CardView { scrollbar-size: 1 1; overflow-x: hidden; color: $foreground; }
    CardView > .card--title { text-style: bold; }
    CardView > .card--strong { text-style: bold; }
    CardView > .card--code { background: $panel; }
    CardView > .card--term { color: $accent; text-style: underline; }
    CardView > .card--lesson { color: $accent; }
    CardView > .card--quiet { color: $quiet; }
    CardView > .card--accent { color: $accent; }
    CardView > .card--good { color: $success; }
    CardView > .card--chip { background: $panel; }
    CardView > .card--on { background: $accent; color: $on-accent; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"card--{ink}" for ink in INKS}
    # What scrolls changes with the words: that alone asks for no layout of the whole screen.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    @dataclass
    class Chosen(Message):
        """The person clicked something."""

        target: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._airy = True
        self._lit = ""
        self._over = ""
        self._page = NO_PAGE  # as it was drawn the last time
        self._top = self._width = 0
        self._pages: dict[tuple[int, bool], tuple[Page, int]] = {}
        self._strips: dict[int, Strip] = {}
        self._look: object = None

    @property
    def airy(self) -> bool:
        """Whether there is room to spare."""
        return self._airy

    @airy.setter
    def airy(self, airy: bool) -> None:
        self._airy = airy

    def show(self, blocks: Sequence[Block], lit: str = "") -> None:
        """Show other words, or light another target."""
        if tuple(blocks) != self._blocks:
            moved = tuple(blocks)[:1] != self._blocks[:1]
            self._blocks, self._over = tuple(blocks), ""
            self._pages.clear()
            self.refresh(layout=True)
            if moved:  # another card begins at its top
                self.scroll_to(0, 0, animate=False, force=True)
        if lit != self._lit:
            self._lit = lit
            self._strips.clear()
            self._reveal()
        self.refresh()

    def page_in(self, width: int, lines: int) -> Page:
        """The words as they stand in so much room; the bar at the side has two columns of it."""
        made, most = self._pages.get((width, self._airy), (NO_PAGE, -1))
        # In any number of lines from those that it has to those that it was made for, it is it.
        if not min(len(made.lines), most) <= lines <= most:
            made = page(self._blocks, width - 2, lines, self._airy)
            self._pages[width, self._airy] = made, lines
        return made

    @property
    def page(self) -> Page:
        """What is shown now."""
        return self.page_in(*self.outer_size)

    def make_room(self, size: Size) -> None:
        """Be ready to be drawn in a size that it gets only now, so that it is drawn once."""
        lines = len(self.page_in(*size).lines)
        self.set_reactive(CardView.virtual_size, Size(1, lines))  # nothing scrolls sideways

    def scroll_page(self, pages: int) -> None:
        """Go on in words that are longer than the room."""
        self.scroll_relative(y=pages * max(self.size.height - 1, 1), animate=False, force=True)

    def on_resize(self) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Make what scrolls as high as the words."""
        self.virtual_size = Size(1, len(self.page.lines))
        self._reveal()

    def _reveal(self) -> None:
        """Scroll to what is lit."""
        first, last = self.page.spans.get(self._lit, (None, None))
        if first is None or last is None:
            return
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        if first < top:
            self.scroll_to(0, first, animate=False, force=True)
        elif last >= top + height:
            self.scroll_to(0, last - height + 1, animate=False, force=True)

    # The mouse

    def _target_at(self, x: int, y: int) -> str:
        line = y + self.scroll_offset.y
        lines = self.page.lines
        if not 0 <= line < len(lines):
            return ""
        end = 0
        for bit in lines[line]:
            end += cell_len(bit.text)
            if x < end:
                return bit.target
        return ""

    def on_click(self, event: events.Click) -> None:
        target = self._target_at(event.x, event.y)
        if target:
            self.post_message(self.Chosen(target))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._target_at(event.x, event.y))

    def on_leave(self) -> None:
        self._hover("")

    def _hover(self, target: str) -> None:
        if target != self._over:
            self._over = target
            self._strips.clear()
            self.refresh()

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in the room and in the colours that there are now."""
        shown = self.page
        if shown is not self._page:
            self._page = shown
            self._strips.clear()
            if len(shown.lines) != self.virtual_size.height:  # nobody made room for it
                self.call_later(self._arrange)
        self._top, self._width = self.scroll_offset.y, self.size.width
        look = self.app.theme, self.rich_style
        if look != self._look:
            self._look = look
            self._styles = {"text": self.rich_style} | {
                ink: self.rich_style + self.get_component_rich_style(f"card--{ink}", partial=True)
                for ink in INKS
            }
            self._strips.clear()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        line = y + self._top
        base = self._styles["text"]
        if not 0 <= line < len(self._page.lines):
            return Strip.blank(self._width, base)
        if line not in self._strips:
            segments = [
                Segment(bit.text, self._style(bit.ink, bit.target))
                for bit in self._page.lines[line]
            ]
            self._strips[line] = Strip(segments).adjust_cell_length(self._width, base)
        return self._strips[line]

    def _style(self, ink: str, target: str) -> Style:
        if target and target == self._lit:
            return self._styles["on"]
        if target and target == self._over:
            return self._styles[ink] + Style(underline=True, bold=True)
        return self._styles[ink]
