"""Lines of text and ink that are drawn again for every size of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.renderables.cells import merged
from tui.renderables.figure_block import Drawn
from tui.renderables.figure_style import NAMED, FigureStyles, Theme

Draw = Callable[[int, int], Drawn]
"""What is shown in so many columns and lines."""


class DrawnView(Widget):
    """Shows what a function draws; `show` replaces it."""

    DEFAULT_CSS = """
    DrawnView { color: $foreground; height: 1fr; }
    DrawnView > .drawn--quiet { color: $quiet; }
    DrawnView > .drawn--rule { color: $line; }
    DrawnView > .drawn--accent { color: $accent; }
    DrawnView > .drawn--good { color: $success; }
    DrawnView > .drawn--bad { color: $error; }
    DrawnView > .drawn--knob { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"drawn--{ink}" for ink in NAMED}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw: Draw | None = None
        self._drawn: Drawn | None = None
        self._styles: FigureStyles | None = None
        self._styles_of: object = None

    def show(self, draw: Draw) -> None:
        """Show what a function draws."""
        self._draw, self._drawn = draw, None
        self.refresh()

    def on_resize(self) -> None:
        self._drawn = None
        self.refresh()

    @property
    def drawn(self) -> Drawn:
        """What is shown in the present size."""
        if self._drawn is None:
            self._drawn = Drawn([]) if self._draw is None else self._draw(*self.size)
        return self._drawn

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in the colours that the theme has now."""
        look = (self.app.theme, self.rich_style, self.background_colors[1], self.colors[3])
        if self._styles is None or self._styles_of != look:
            self._styles_of = look
            named = {
                ink: self.get_component_rich_style(f"drawn--{ink}", partial=True) for ink in NAMED
            }
            dark = self.app.current_theme.dark
            theme = Theme(self.background_colors[1], self.colors[3], dark, named)
            self._styles = FigureStyles(self.rich_style, theme)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the window."""
        lines, styles = self.drawn.lines, self._styles
        if y >= len(lines) or styles is None:
            return Strip.blank(self.size.width, self.rich_style)
        segments = [Segment(text, styles[ink]) for text, ink in merged(lines[y])]  # type: ignore[index,arg-type]
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)
