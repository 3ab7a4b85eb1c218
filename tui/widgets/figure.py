"""A figure of a lesson on the screen: a cursor among its numbers, which open, and its knobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from engine.expr import Ref
from lessons.figures.parts import Figure
from tui.renderables.cells import merged
from tui.renderables.figure_block import Drawn, Look, Spot
from tui.renderables.figure_cursor import with_cursor
from tui.renderables.figure_draw import draw_figure, is_flexible
from tui.renderables.figure_knobs import KnobLine
from tui.renderables.figure_move import below, beside, spot_at, turned_at
from tui.renderables.figure_style import NAMED, FigureStyles, Theme
from tui.renderables.figure_text import figure_text

MOST_TYPED: Final = 12
MOST_KEPT: Final = 4
"""Sizes in which a drawn figure is kept."""
LEAST_HEIGHT: Final = 8
_NOTHING: Final = Drawn([])
_DIGITS: Final = frozenset("0123456789.,")


class FigureView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows one figure at a time; `show` replaces it."""

    DEFAULT_CSS = """
    FigureView { color: $foreground; scrollbar-size: 1 1; overflow-x: hidden; }
    FigureView > .figure--quiet { color: $quiet; }
    FigureView > .figure--rule { color: $line; }
    FigureView > .figure--accent { color: $accent; }
    FigureView > .figure--good { color: $success; }
    FigureView > .figure--bad { color: $error; }
    FigureView > .figure--knob { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"figure--{ink}" for ink in NAMED}
    # What scrolls changes with the figure: that alone asks for no layout of the whole screen.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move_line(-1)", "Up", show=False, id="figure.up"),
        Binding("down", "move_line(1)", "Down", show=False, id="figure.down"),
        Binding("left", "move_along(-1)", "Left", show=False, id="figure.left"),
        Binding("right", "move_along(1)", "Right", show=False, id="figure.right"),
        Binding("home", "edge('first')", "First", show=False, id="figure.first"),
        Binding("end", "edge('last')", "Last", show=False, id="figure.last"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="figure.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="figure.page_down"),
        Binding("plus,equals_sign", "turn(1)", "More", show=False, id="figure.more"),
        Binding("minus", "turn(-1)", "Less", show=False, id="figure.less"),
        Binding("enter", "open", "Open", show=False, id="figure.open"),
    ]

    @dataclass
    class FigureMessage(Message):
        """Something happened at a spot of a figure."""

        figure: FigureView

        @property
        def control(self) -> FigureView:
            """The figure of the spot, for the selector of `on`."""
            return self.figure

    @dataclass
    class Moved(FigureMessage):
        """The person moved the cursor to another spot."""

        spot: Spot

    @dataclass
    class Opened(FigureMessage):
        """The person asked where a number comes from."""

        ref: Ref
        run: int

    @dataclass
    class Turned(FigureMessage):
        """The person turned a knob by so many steps."""

        knob: str
        by: int

    @dataclass
    class Typed(FigureMessage):
        """The person typed a number for a knob: digits, points, commas, a minus before."""

        knob: str
        text: str

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._figure: Figure = ()
        self._knobs: tuple[KnobLine, ...] = ()
        self._look = Look()
        self._cursor = 0
        self._hint: int | str | Ref | None = None
        self._column: float | None = None
        self._typed: str | None = None
        self._drawn: dict[tuple[int, int], Drawn] = {}
        self._strips: dict[int, Strip] = {}
        self._strips_of: object = None
        self._styles: FigureStyles | None = None
        self._styles_of: object = None

    # What is shown

    def show(
        self,
        figure: Figure,
        cursor_hint: int | str | Ref | None = None,
        *,
        knobs: Sequence[KnobLine] = (),
        lang: str = "",
    ) -> None:
        """Show a figure, and above it the knobs that no cell of it shows.

        cursor_hint: the spot under the cursor, by its index, its knob or its address; if left
        out, the cursor stays on its knob, or on the spot of the same number; 0 begins anew, at
        the top. lang: the language of the names of axes.
        """
        look, knobs = Look(lang=lang), tuple(knobs)
        if figure is self._figure and (knobs, look) == (self._knobs, self._look):
            if cursor_hint is not None:
                self._place(cursor_hint)
            return
        before = self.spot
        self._figure, self._knobs, self._look = figure, knobs, look
        self._typed = None
        self._drawn.clear()
        hint = before.knob if cursor_hint is None and before and before.knob else cursor_hint
        self._place(hint)
        self._arrange()

    @property
    def drawn(self) -> Drawn:
        """The figure in the present width; nothing before there is any."""
        return self._in(*self.size)

    @property
    def cursor(self) -> int:
        """The index of the spot under the cursor; in a narrower window there may be fewer."""
        return max(0, min(self._cursor, len(self.spots) - 1))

    @property
    def spot(self) -> Spot | None:
        """The spot under the cursor; None in a figure without any."""
        return self.spots[self.cursor] if self.spots else None

    @property
    def spots(self) -> Sequence[Spot]:
        """Every spot, in reading order."""
        return self.drawn.spots

    @property
    def typed(self) -> str | None:
        """What has been typed so far; None while nothing is."""
        return self._typed

    def height_in(self, width: int) -> int:
        """Lines that the whole figure takes in so many columns."""
        return len(self._in(width, 0).lines)

    def as_text(self, width: int = 76) -> str:
        """The figure as plain text, for the clipboard."""
        return "\n".join(figure_text(self._figure, width, lang=self._look.lang, knobs=self._knobs))

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """A selection over a figure takes all of it: part of a table says little."""
        return self.as_text(), "\n"

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Lines of the figure, where the styles leave the height to it."""
        return self.height_in(width)

    def allow_focus(self) -> bool:
        """Only where keys do something: there is a spot, or more than fits."""
        # Before the first layout nobody knows: whoever shows a figure then gives it the focus.
        return super().allow_focus() and (
            not self.size or bool(self.spots) or self.max_scroll_y > 0
        )

    def _in(self, width: int, height: int) -> Drawn:
        """The figure in so many columns, which a bar at the right may cover: the last is free.

        Maps and curves give way where there are fewer lines; with a height of 0 they need not.
        """
        if width < 1 or not (self._figure or self._knobs):
            return _NOTHING
        if (width, height) not in self._drawn:
            if len(self._drawn) >= MOST_KEPT:
                self._drawn.clear()
            drawn = draw_figure(self._figure, width, self._look, self._knobs)
            over = len(drawn.lines) - height
            if height and over > 0 and is_flexible(self._figure):
                look = replace(self._look, height=max(self._look.height - over, LEAST_HEIGHT))
                drawn = draw_figure(self._figure, width, look, self._knobs)
            self._drawn[width, height] = drawn
        return self._drawn[width, height]

    def _place(self, hint: int | str | Ref | None) -> None:
        """Put the cursor where a hint says; kept until there is a size, which has the spots."""
        spots = self.spots
        if not self.size:
            self._hint = hint
            return
        self._hint = None
        if isinstance(hint, int):
            self._cursor = hint
        elif hint is not None:
            found = [i for i, spot in enumerate(spots) if hint in (spot.knob, spot.ref)]
            if found and self._cursor not in found:  # a knob can stand in several places
                self._cursor = found[0]
        self._cursor = self.cursor
        self._column = None
        self._strips.clear()
        if hint == 0:
            self.scroll_to(0, 0, animate=False, force=True)
        self._scroll_to_cursor()
        self.refresh()

    def _arrange(self) -> None:
        """Make what scrolls as high as the figure."""
        self._strips.clear()
        if not self.size:
            return
        if self._hint is not None:
            self._place(self._hint)
        size = Size(1, len(self.drawn.lines))  # nothing scrolls sideways
        if size != self.virtual_size:
            self.virtual_size = size
            if self.styles.auto_dimensions:
                self.refresh(layout=True)
        if self.scroll_offset.y > self.max_scroll_y:
            self.scroll_to(0, self.max_scroll_y, animate=False, force=True)
        self._scroll_to_cursor()
        self.refresh()

    def on_resize(self) -> None:
        self._arrange()

    # The cursor

    def move_cursor(self, index: int) -> None:
        """Put the cursor on a spot, or on the nearest that there is; says so where it moved."""
        self._column = None
        self._move(index)

    def _move(self, index: int) -> bool:
        spots = self.spots
        index = max(0, min(index, len(spots) - 1))
        if not spots or index == self.cursor:
            return False
        self._confirm()
        before, self._cursor = self.spot, index
        here = spots[index]
        if not self._scroll_to_cursor():
            self._redraw(before, here)
        self.post_message(self.Moved(self, here))
        return True

    def action_move_line(self, lines: int) -> None:
        """Go to the next line that has a spot; beyond the last one, scroll what is left."""
        spots = self.spots
        column = self._column
        if spots and column is None:
            column = spots[self.cursor].middle
        if not spots or not self._move(below(spots, self.cursor, lines, column)):
            self.scroll_to(0, self.scroll_offset.y + lines, animate=False, force=True)
        self._column = column

    def action_move_along(self, spots: int) -> None:
        """Go to the next spot of the line."""
        if self.spots:
            self.move_cursor(beside(self.spots, self.cursor, spots))

    def action_edge(self, where: str) -> None:
        """Go to the first or last spot, and to that end of the figure."""
        self.move_cursor(0 if where == "first" else len(self.spots) - 1)
        y = 0 if where == "first" else self.max_scroll_y
        spot = self.spot
        if spot is None or y <= spot.line < y + self.size.height:
            self.scroll_to(0, y, animate=False, force=True)

    def action_page(self, pages: int) -> None:
        """Scroll by a page; the cursor goes to the first spot in view, if there is one."""
        height = max(self.size.height - 1, 1)
        y = max(0, min(self.scroll_offset.y + pages * height, self.max_scroll_y))
        inside = [i for i, s in enumerate(self.spots) if y <= s.line < y + self.size.height]
        spot = self.spot
        if inside and (spot is None or not y <= spot.line < y + self.size.height):
            self.move_cursor(inside[0])
        elif inside and y == self.scroll_offset.y:
            self.move_cursor(inside[0 if pages < 0 else -1])
        self.scroll_to(0, y, animate=False, force=True)

    def _scroll_to_cursor(self) -> bool:
        """Scroll the cursor into view; True where that moved anything."""
        spot, height, y = self.spot, self.size.height, self.scroll_offset.y
        if spot is None or not height or y <= spot.line < y + height:
            return False
        # A heading above the first spot belongs to it.
        first = min(s.line for s in self.spots)
        target = 0 if spot.line == first and spot.line < height else spot.line
        self.scroll_to(
            0, target if spot.line < y else spot.line - height + 1, animate=False, force=True
        )
        return self.scroll_offset.y != y

    def _redraw(self, *spots: Spot | None) -> None:
        """Draw the lines of some spots again."""
        for spot in spots:
            if spot is not None:
                self._strips.pop(spot.line, None)
                y = spot.line - self.scroll_offset.y
                self.refresh(Region(0, y, self.size.width, 1))

    # What the person does at a spot

    def action_open(self) -> None:
        """Ask for the number under the cursor; on a knob, confirm, type, or take the next."""
        spot = self.spot
        if self._typed is not None:
            self._confirm()
        elif spot is not None and spot.ref is not None:
            self.post_message(self.Opened(self, spot.ref, spot.run))
        elif spot is not None and spot.knob:
            if any(character.isdigit() for character in spot.text):
                self._type("")
            else:
                self.post_message(self.Turned(self, spot.knob, 1))
        else:
            raise SkipAction

    def action_turn(self, by: int) -> None:
        """Turn the knob under the cursor; while a number is typed, minus changes its sign."""
        spot = self.spot
        if spot is None or not spot.knob:
            raise SkipAction
        if self._typed is None:
            self.post_message(self.Turned(self, spot.knob, by))
        elif by < 0:
            self._type(self._typed[1:] if self._typed.startswith("-") else f"-{self._typed}")

    def on_key(self, event: events.Key) -> None:
        spot = self.spot
        if spot is None or not spot.knob:
            return
        character = event.character or ""
        if character in _DIGITS and character:
            event.stop()
            event.prevent_default()
            self._type((self._typed or "") + character)
        elif self._typed is not None and event.key in ("backspace", "escape"):
            event.stop()
            event.prevent_default()
            self._type(self._typed[:-1] if event.key == "backspace" and self._typed else None)

    def on_blur(self) -> None:
        self._confirm()
        self._strips.clear()
        self.refresh()

    def on_focus(self) -> None:
        self._strips.clear()
        self.refresh()

    def _type(self, text: str | None) -> None:
        self._typed = text if text is None else text[:MOST_TYPED]
        self._redraw(self.spot)

    def _confirm(self) -> None:
        """Hand over what has been typed, if anything has."""
        text, spot = self._typed, self.spot
        self._type(None)
        if text and text != "-" and spot is not None and spot.knob:
            self.post_message(self.Typed(self, spot.knob, text))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        x, y = offset.x, offset.y + self.scroll_offset.y
        turned = turned_at(self.spots, x, y)
        if turned is not None:
            self.move_cursor(turned[0])
            self._confirm()
            self.post_message(self.Turned(self, self.spots[turned[0]].knob, turned[1]))
            return
        index = spot_at(self.spots, x, y)
        if index is None:
            return
        if event.chain < 2:
            self.move_cursor(index)
        elif event.chain == 2:
            self.action_open()

    # Drawing

    @property
    def allow_vertical_scroll(self) -> bool:
        """The wheel works wherever there is more than fits."""
        return self.max_scroll_y > 0

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a part of the window, in the colours that the theme has now."""
        look = (self.app.theme, self.rich_style, self.background_colors[1], self.colors[3])
        if self._styles is None or self._styles_of != look:
            self._styles_of = look
            self._styles = self._theme_styles()
            self._strips.clear()
        return super().render_lines(crop)

    def _theme_styles(self) -> FigureStyles:
        named = {
            ink: self.get_component_rich_style(f"figure--{ink}", partial=True) for ink in NAMED
        }
        dark = self.app.current_theme.dark
        theme = Theme(self.background_colors[1], self.colors[3], dark, named)
        return FigureStyles(self.rich_style, theme)

    def render_line(self, y: int) -> Strip:
        """One line of the window; each is made once, until something on it changes."""
        line = y + self.scroll_offset.y
        key = id(self.drawn), self.has_focus
        if key != self._strips_of:
            self._strips_of = key
            self._strips.clear()
        if line not in self._strips:
            self._strips[line] = self._strip(line)
        return self._strips[line].adjust_cell_length(
            self.scrollable_content_region.width, self.rich_style
        )

    def _strip(self, y: int) -> Strip:
        lines, spot, styles = self.drawn.lines, self.spot, self._styles
        if y >= len(lines) or styles is None:
            return Strip([])
        line = lines[y]
        if spot is not None and spot.line == y:
            ink = "cursor" if self.has_focus else "cursor-away"
            line = with_cursor(line, spot, ink, self._typed, self.size.width)
        return Strip([Segment(text, styles[ink]) for text, ink in merged(line)])  # type: ignore[index,arg-type]
