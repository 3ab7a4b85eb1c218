"""Every head of a stage as a small picture, the present one marked; a click chooses another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.renderables.heads import Grid, picture_line, plan_heads
from tui.renderables.matrix_labels import fit
from tui.renderables.matrix_style import ink_styles
from tui.renderables.palette import Kind, quantise


class HeadsView(Widget):
    """Shows [head, row, column] as pictures; `show` replaces them."""

    DEFAULT_CSS = """
    HeadsView { color: $foreground; }
    HeadsView > .heads--name { color: $quiet; }
    HeadsView > .heads--current { color: $accent; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"heads--name", "heads--current"}

    @dataclass
    class Chosen(Message):
        """The person clicked a head."""

        head: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._values: NDArray[Any] = np.zeros((0, 0, 0))
        self._levels: NDArray[np.int8] | None = None
        self._scale = 1.0
        self._kind: Kind = "diverging"
        self._current = 0
        self._name = ""

    def show(self, values: NDArray[Any], kind: Kind, scale: float, current: int, name: str) -> None:
        """Show values [head, row, column]; `name` is the word before a head's number."""
        self._values, self._scale, self._levels = values, scale, None
        self._kind, self._current, self._name = kind, current, name
        self.refresh()

    @property
    def _grid(self) -> Grid | None:
        n_heads, rows, cols = self._values.shape
        if not n_heads or not rows:
            return None
        return plan_heads(n_heads, rows, cols, *self.size)

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        grid = self._grid
        if offset is not None and grid is not None:
            head = grid.head_at(offset.x, offset.y, len(self._values))
            if head is not None:
                self.post_message(self.Chosen(head))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines in the colours that the theme has now."""
        # Half-blocks look as they do in a matrix: two levels, one above the other.
        self._styles = ink_styles(
            self._kind,
            self.background_colors[1],
            self.colors[3],
            self.app.current_theme.dark,
            "half",
            False,
        )
        if self._levels is None:
            self._levels = quantise(self._values, self._kind, self._scale)
        # Once for all lines: each of these asks all ancestors.
        self._base, self._width, self._plan = self.rich_style, self.size.width, self._grid
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line through all pictures that it crosses."""
        base, width, grid = self._base, self._width, self._plan
        if grid is None or self._levels is None:
            return Strip.blank(width, base)
        segments: list[Segment] = []
        x = 0
        tile_width, tile_height = grid.tile
        for head, levels in enumerate(self._levels):
            left, top = grid.place(head)
            if not top <= y < top + tile_height:
                continue
            segments.append(Segment(" " * (left - x), base))
            if y == top:
                segments.append(self._heading(head, tile_width, base))
            else:
                for upper, lower in picture_line(levels, grid.zoom, y - top - 1):
                    segments.append(Segment("▀" * grid.zoom, self._styles[upper, lower]))
            x = left + tile_width
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, base)

    def _heading(self, head: int, width: int, base: Style) -> Segment:
        here = head == self._current
        text = f"{self._name} {head + 1}"
        if len(text) > width:
            text = str(head + 1)
        look = "current" if here else "name"
        style = base + self.get_component_rich_style(f"heads--{look}")
        return Segment(fit(text, width), style)
