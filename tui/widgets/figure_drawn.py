"""A figure in the room that there is: drawn anew in another size, line by line in the theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from lessons.figures.parts import Figure
from tui.renderables.cells import merged
from tui.renderables.figure_block import Drawn, Look, Spot
from tui.renderables.figure_cursor import with_cursor
from tui.renderables.figure_draw import draw_figure, is_flexible
from tui.renderables.figure_knobs import KnobLine
from tui.renderables.figure_style import NAMED, FigureStyles, Theme
from tui.renderables.figure_text import figure_text

MOST_KEPT: Final = 4
"""Sizes in which a drawn figure is kept."""
LEAST_HEIGHT: Final = 8
_NOTHING: Final = Drawn([])


class DrawnFigure(ScrollView):
    """Draws one figure at a time, and the knobs above it. It has no cursor of its own."""

    # What scrolls changes with the figure: that alone asks for no layout of the whole screen.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._figure: Figure = ()
        self._knobs: tuple[KnobLine, ...] = ()
        self._look = Look()
        self._drawn: dict[tuple[int, int], Drawn] = {}
        self._strips: dict[int, Strip] = {}
        self._shown, self._shown_focus = _NOTHING, False
        self._top = self._width = 0
        self._base = Style()
        self._styles: FigureStyles | None = None
        self._styles_of: object = None

    @property
    def spot(self) -> Spot | None:
        """The spot under the cursor; None in a figure without any."""
        raise NotImplementedError

    @property
    def typed(self) -> str | None:
        """What has been typed so far; None while nothing is."""
        raise NotImplementedError

    # What is shown

    @property
    def drawn(self) -> Drawn:
        """The figure in the present width; nothing before there is any."""
        return self._in(*self.size)

    @property
    def spots(self) -> Sequence[Spot]:
        """Every spot, in reading order."""
        return self.drawn.spots

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

    def _in(self, width: int, height: int) -> Drawn:
        """The figure in so many columns, which a bar at the right may cover: the last is free.

        Maps and curves give way where there are fewer lines; with a height of 0 they need not.
        """
        if width < 1 or not (self._figure or self._knobs):
            return _NOTHING
        if (width, height) not in self._drawn:
            if len(self._drawn) >= MOST_KEPT:
                self._drawn.clear()
            if not height:
                drawn = draw_figure(self._figure, width, self._look, self._knobs)
            else:
                drawn = self._in(width, 0)
            over = len(drawn.lines) - height
            if height and over > 0 and is_flexible(self._figure):
                look = replace(self._look, height=max(self._look.height - over, LEAST_HEIGHT))
                drawn = draw_figure(self._figure, width, look, self._knobs)
            self._drawn[width, height] = drawn
        return self._drawn[width, height]

    def make_room(self, size: Size) -> None:
        """Be ready to be drawn in a size that it gets only now, so that it is drawn once."""
        lines = len(self._in(*size).lines)
        self.set_reactive(DrawnFigure.virtual_size, Size(1, lines))  # nothing scrolls sideways

    # Drawing

    @property
    def allow_vertical_scroll(self) -> bool:
        """The wheel works wherever there is more than fits."""
        return self.max_scroll_y > 0

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a part of the window, in the colours that the theme has now."""
        # All this is asked once for all lines: it goes up to the screen and down its styles.
        self._base, drawn = self.rich_style, self.drawn
        look = (self.app.theme, self._base, self.background_colors[1], self.colors[3])
        if self._styles is None or self._styles_of != look:
            self._styles_of = look
            self._styles = self._theme_styles()
            self._strips.clear()
        if drawn is not self._shown or self.has_focus != self._shown_focus:
            self._shown, self._shown_focus = drawn, self.has_focus
            self._strips.clear()
        self._top, self._width = self.scroll_offset.y, self.scrollable_content_region.width
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
        line = y + self._top
        if line >= len(self._shown.lines):
            return Strip.blank(self._width, self._base)
        if line not in self._strips:
            self._strips[line] = self._strip(line)
        return self._strips[line].adjust_cell_length(self._width, self._base)

    def _strip(self, y: int) -> Strip:
        line, spot, styles = self._shown.lines[y], self.spot, self._styles
        assert styles is not None
        if spot is not None and spot.line == y:
            ink = "cursor" if self.has_focus else "cursor-away"
            line = with_cursor(line, spot, ink, self.typed, self.size.width)
        return Strip([Segment(text, styles[ink]) for text, ink in merged(line)])  # type: ignore[index,arg-type]
