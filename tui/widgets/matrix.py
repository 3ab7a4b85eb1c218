"""A matrix on the screen: scrolls under sticky headers, carries a cursor, answers Enter.

Built on Textual's Line API: a widget a cell would cost a hundred times more, and every key press
of the walk redraws the whole exhibit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Unpack

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from tui.renderables.cells import ModeChoice
from tui.renderables.matrix_draw import Window, draw_line
from tui.renderables.matrix_labels import label_width
from tui.renderables.matrix_layout import MOST_LABEL, Layout, plan
from tui.renderables.matrix_sheet import Details, Sheet, as_text, make_sheet
from tui.renderables.matrix_style import ink_styles

MODES: Final[tuple[ModeChoice, ...]] = ("auto", "number", "compact", "swatch", "half")
_NOTHING: Final = make_sheet(np.zeros((0, 0)), (), ())


@dataclass
class CellMessage(Message):
    """Something happened at a cell of a matrix."""

    matrix: MatrixView
    row: int
    col: int

    @property
    def control(self) -> MatrixView:
        """The matrix of the cell, for the selector of `on`."""
        return self.matrix


class MatrixView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows one matrix at a time; `show` replaces it."""

    DEFAULT_CSS = """
    MatrixView {
        background: $surface;
        color: $foreground;
        overflow: hidden;
        scrollbar-size: 0 0;
    }
    """
    # No bars: the axis line tells how much lies outside, and a bar would come and go with a
    # layout of the whole screen. So would a change of the virtual size, unless told not to.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), repaint=False)

    # At an edge these do nothing, and the key goes no further: no stage is left by accident.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1, 0)", "Up", show=False, id="matrix.up"),
        Binding("down", "move(1, 0)", "Down", show=False, id="matrix.down"),
        Binding("left", "move(0, -1)", "Left", show=False, id="matrix.left"),
        Binding("right", "move(0, 1)", "Right", show=False, id="matrix.right"),
        Binding("home", "edge('left')", "First column", show=False, id="matrix.home"),
        Binding("end", "edge('right')", "Last column", show=False, id="matrix.end"),
        Binding("ctrl+home", "edge('first')", "First cell", show=False, id="matrix.first"),
        Binding("ctrl+end", "edge('last')", "Last cell", show=False, id="matrix.last"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="matrix.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="matrix.page_down"),
        Binding("enter", "open", "Open", show=False, id="matrix.open"),
    ]

    class CursorMoved(CellMessage):
        """The person moved the cursor to another cell."""

    class Opened(CellMessage):
        """The person asked where the number of a cell comes from."""

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._sheet: Sheet = _NOTHING
        self._mode: ModeChoice = "auto"
        self._cursor = (0, 0)
        self._layout_plan: Layout | None = None

    # What is shown

    def show(
        self,
        values: NDArray[Any],
        row_labels: Sequence[str],
        col_labels: Sequence[str],
        *,
        mode: ModeChoice | None = None,
        cursor: tuple[int, int] | None = None,
        **details: Unpack[Details],
    ) -> None:
        """Show a matrix [rows, columns]; `make_sheet` explains the details and the errors.

        Cheap enough for every key press. `mode` None keeps the present choice. The cursor stays
        where it is, or moves to `cursor`, or to the nearest cell that there is; no message tells
        of that, since it is not the person who moved it.
        """
        self._sheet = make_sheet(values, row_labels, col_labels, **details)
        if mode is not None:
            self._mode = mode
        self._cursor = self._nearest(*(cursor or self._cursor))
        self._arrange()

    @property
    def sheet(self) -> Sheet:
        """The matrix that is shown."""
        return self._sheet

    @property
    def layout_plan(self) -> Layout:
        """Where everything stands in the present size."""
        # A layout may have changed the size since: the first frame must know, not the next one.
        layout = self._layout_plan
        if layout is None or (layout.width, layout.height) != self._room:
            layout = self._layout_plan = self._plan(self._room)
        return layout

    @property
    def mode(self) -> ModeChoice:
        """The cell mode asked for; `layout_plan.mode` is the one in use."""
        return self._mode

    @mode.setter
    def mode(self, mode: ModeChoice) -> None:
        self._mode = mode
        self._arrange()

    def action_cycle_mode(self) -> None:
        """Go to the next cell mode that looks different from the present one."""
        before = self.layout_plan.mode
        at = MODES.index(self._mode) + 1
        self.mode = MODES[at % len(MODES)]
        if self.layout_plan.mode == before:
            self.mode = MODES[(at + 1) % len(MODES)]

    def as_text(self, sep: str = "\t") -> str:
        """The whole matrix with its headers, for the clipboard."""
        return as_text(self._sheet, sep)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """A selection over a matrix takes all of it: part of a table says little."""
        return self.as_text(), "\n"

    # The cursor

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column of the cell under the cursor."""
        return self._cursor

    def move_cursor(self, row: int, col: int) -> None:
        """Put the cursor on a cell, or on the nearest that there is, and scroll it into view.

        Posts `CursorMoved` where the cell is another one.
        """
        if 0 in self._sheet.shape:
            return
        before, self._cursor = self._cursor, self._nearest(row, col)
        if before == self._cursor:
            return
        if not self._scroll_to_cursor():
            self.refresh(*self._touched(before), *self._touched(self._cursor))
        self.post_message(self.CursorMoved(self, *self._cursor))

    def action_move(self, down: int, right: int) -> None:
        """Move the cursor by rows and columns."""
        self.move_cursor(self._cursor[0] + down, self._cursor[1] + right)

    def action_edge(self, where: str) -> None:
        """Move the cursor to an end of its row, or to the first or last cell of all."""
        (row, col), (n_rows, n_cols) = self._cursor, self._sheet.shape
        targets = {
            "left": (row, 0),
            "right": (row, n_cols - 1),
            "first": (0, 0),
            "last": (n_rows - 1, n_cols - 1),
        }
        self.move_cursor(*targets.get(where, (row, col)))

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many rows as are in view."""
        layout = self.layout_plan
        self.action_move(pages * layout.visible_lines * layout.rows_per_line, 0)

    def action_open(self) -> None:
        """Ask where the number under the cursor comes from."""
        if 0 not in self._sheet.shape:
            self.post_message(self.Opened(self, *self._cursor))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        window = self._window()
        cell = window.layout.cell_at(
            offset.x, offset.y, window.first_col, window.first_line, self._cursor
        )
        if cell is None:
            return
        if event.chain < 2:
            self.move_cursor(*cell)
        elif event.chain == 2:
            self.action_open()

    def _nearest(self, row: int, col: int) -> tuple[int, int]:
        n_rows, n_cols = self._sheet.shape
        return max(0, min(row, n_rows - 1)), max(0, min(col, n_cols - 1))

    # Arrangement and drawing

    @property
    def _room(self) -> Size:
        return self.scrollable_content_region.size

    @property
    def allow_horizontal_scroll(self) -> bool:
        """The wheel works without bars."""
        return self.max_scroll_x > 0

    @property
    def allow_vertical_scroll(self) -> bool:
        """The wheel works without bars."""
        return self.max_scroll_y > 0

    def height_in(self, width: int) -> int:
        """Lines that the whole matrix takes, headers included, in so many columns."""
        return self._plan(Size(width, 0)).virtual_size[1]

    def _plan(self, room: Size) -> Layout:
        sheet = self._sheet
        return plan(
            room,
            sheet.shape,
            label_width(sheet.row_labels, MOST_LABEL),
            cell_len(sheet.corner),
            self._mode,
            sheet.roomy,
            bool(sheet.note),
            bool(sheet.legend),
        )

    def _arrange(self) -> None:
        """Lay out anew after the matrix, the mode or the size changed."""
        self._layout_plan = None
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        """Make what scrolls as large as the layout."""
        size = Size(*self.layout_plan.virtual_size)
        if size != self.virtual_size:
            self.virtual_size = size
            if self.styles.auto_dimensions:
                self.refresh(layout=True)
        self._scroll_to_cursor()

    def on_resize(self, event: events.Resize) -> None:
        self._fit()

    def _scroll_to_cursor(self) -> bool:
        """Scroll the cursor into view; True where that moved anything."""
        if not self.size:
            return False  # not laid out yet: `on_resize` comes back to it
        scroll = self.scroll_offset
        nearest = min(scroll.x, self.max_scroll_x), min(scroll.y, self.max_scroll_y)
        target = self.layout_plan.scroll_for(self._cursor, nearest)
        if target != scroll:
            self.scroll_to(*target, animate=False, force=True)
        return self.scroll_offset != scroll

    def _window(self) -> Window:
        layout, scroll = self.layout_plan, self.scroll_offset
        return Window(layout, layout.first_col(scroll.x), scroll.y, self._cursor, self.has_focus)

    def _touched(self, cell: tuple[int, int]) -> list[Region]:
        window = self._window()
        parts = window.layout.touched(cell, window.first_col, window.first_line)
        return [Region(*part) for part in parts]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw the lines of a part of the window, in the colours that the theme has now."""
        self._drawn = self._window()  # once for all lines
        self._ink_styles = ink_styles(
            self._sheet.kind,
            self.background_colors[1],
            self.colors[3],
            self.app.current_theme.dark,
            self._drawn.layout.mode,
            self._drawn.focused,
        )
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the window, drawn from the matrix alone."""
        pieces, styles = draw_line(self._sheet, self._drawn, y), self._ink_styles
        width = self._drawn.layout.width
        return Strip([Segment(text, styles[ink]) for text, ink in pieces], width)
