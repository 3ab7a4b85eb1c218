"""The cursor of a figure: it goes from spot to spot, and what it stands on is in view."""

from __future__ import annotations

from textual.geometry import Region, Size

from engine.expr import Ref
from tui.renderables.figure_block import Spot
from tui.renderables.figure_move import below, beside
from tui.widgets.figure_drawn import DrawnFigure


class FigureWithCursor(DrawnFigure):
    """A figure whose spots can be gone to by keys."""

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._cursor = 0
        self._hint: int | str | Ref | None = None
        self._column: float | None = None

    def leave_spot(self) -> None:
        """Finish what is done at the spot under the cursor, before it goes elsewhere."""
        raise NotImplementedError

    def tell_moved(self, spot: Spot) -> None:
        """Say that the person moved the cursor to a spot."""
        raise NotImplementedError

    @property
    def cursor(self) -> int:
        """The index of the spot under the cursor; in a narrower window there may be fewer."""
        return max(0, min(self._cursor, len(self.spots) - 1))

    @property
    def spot(self) -> Spot | None:
        """The spot under the cursor; None in a figure without any."""
        spots = self.spots
        return spots[max(0, min(self._cursor, len(spots) - 1))] if spots else None

    def allow_focus(self) -> bool:
        """Only where keys do something: there is a spot, or more than fits."""
        # Before the first layout nobody knows: whoever shows a figure then gives it the focus.
        return super().allow_focus() and (
            not self.size or bool(self.spots) or self.max_scroll_y > 0
        )

    def _place(self, hint: int | str | Ref | None) -> None:
        """Put the cursor where a hint says; kept until there is a size, which has the spots."""
        if isinstance(hint, int):
            self._cursor = hint
        if not self.size:
            self._hint = None if isinstance(hint, int) else hint
            return
        spots = self.spots
        self._hint = None
        if hint is not None and not isinstance(hint, int):
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

    def on_resize(self) -> None:
        self._arrange()

    def move_cursor(self, index: int) -> None:
        """Put the cursor on a spot, or on the nearest that there is; says so where it moved."""
        self._column = None
        self._move(index)

    def _move(self, index: int) -> bool:
        spots = self.spots
        index = max(0, min(index, len(spots) - 1))
        if not spots or index == self.cursor:
            return False
        self.leave_spot()
        before, self._cursor = self.spot, index
        here = spots[index]
        if not self._scroll_to_cursor():
            self._redraw(before, here)
        self.tell_moved(here)
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
