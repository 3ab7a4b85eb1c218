"""The exhibit of a stage: numbers, words or bars, all mounted once and shown in turn.

The pane places its parts itself. With styles (`display`, `height`) every part would ask for a
layout of its own, and a step to another kind of exhibit would cost two or three frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tui.renderables.chips import Chip
from tui.renderables.heads import Heads
from tui.renderables.palette import Kind
from tui.renderables.words import WordCell
from tui.widgets.bars import BarsView
from tui.widgets.chips import Chips
from tui.widgets.heads import HeadsView
from tui.widgets.matrix import MatrixView
from tui.widgets.words import WordsView

MOST_NOTICE = 3
"""Lines of the notice under the words."""


class Stack(Layout):
    """Puts the parts of an exhibit where the pane says; the others nowhere."""

    name = "stack"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Place the parts from top to bottom, the whole width each."""
        assert isinstance(parent, ExhibitPane)
        placements = []
        y = 0
        for part, above, lines in parent.places(size):
            y += above
            region = Region(0, y, size.width, max(lines, 0))
            placements.append(WidgetPlacement(region, NULL_OFFSET, Spacing(), part))
            y += lines
        return placements


STACK = Stack()


class ExhibitPane(Widget):
    """Shows one exhibit at a time. It is told what to show, and tells where the cursor went."""

    DEFAULT_CSS = """
    ExhibitPane { height: 1fr; }
    ExhibitPane > * { background: $background; }
    ExhibitPane > #notice { color: $warning; }
    """

    @dataclass
    class Moved(Message):
        """The person moved the cursor within the exhibit."""

        row: int
        col: int

    @dataclass
    class Opened(Message):
        """The person asked for what is behind a cell of the exhibit."""

        row: int
        col: int

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.matrix = MatrixView(id="matrix")
        self.words = WordsView(id="words")
        self.notice = Static(id="notice", markup=False)
        self.chosen = WordsView(id="chosen")
        self.caption = Chips("drop", id="caption")
        self.offer = Chips("drop", id="offer")
        self.bars = BarsView(id="bars")
        self.runners_up = BarsView(id="runners-up")
        self.heads = HeadsView(id="heads")
        self._view = ""
        self._notice = Content()
        self._all_heads: Heads | None = None
        self._placed: list[tuple[Widget, int, int]] = []

    def compose(self) -> ComposeResult:
        yield self.matrix
        yield self.words
        yield self.notice
        yield self.chosen
        yield self.offer
        yield self.caption
        yield self.bars
        yield self.runners_up
        yield self.heads

    @property
    def layout(self) -> Layout:
        """Its own, whatever the styles say."""
        return STACK

    @property
    def target(self) -> Widget:
        """The part that carries the cursor now."""
        targets = {"words": self.words, "bars": self.bars, "choice": self.runners_up}
        return targets.get(self._view, self.matrix)

    def places(self, size: Size) -> list[tuple[Widget, int, int]]:
        """The parts that are shown: each with the blank lines above it and its own lines."""
        height = size.height
        if self._view == "words":
            above = self.words.styles.margin.top
            if not self._notice:
                return [(self.words, above, height - above)]
            lines = min(self._notice.get_height({}, max(size.width, 1)), MOST_NOTICE)
            words = min(self.words.height_in(size.width), height - above - 1 - lines)
            return [(self.words, above, words), (self.notice, 1, lines)]
        if self._view == "bars":
            return [(self.caption, 0, 1), (self.bars, 0, height - 1)]
        if self._view == "choice":
            return [(self.chosen, 0, 2), (self.offer, 0, 2), (self.runners_up, 0, height - 4)]
        grid = None if self._all_heads is None else self._all_heads.grid(*size)
        if grid is None or self._all_heads is None:
            return [(self.matrix, 0, height)]
        lines = grid.height(len(self._all_heads.values))
        matrix = min(self.matrix.height_in(size.width), height - lines - 1)
        return [(self.matrix, 0, matrix), (self.heads, 1, lines)]

    def _turn_to(self, view: str, heads: Heads | None = None) -> None:
        # Focus follows what is shown: keys must not go to a part that cannot be seen.
        focused = self.target.has_focus
        self._view, self._all_heads = view, heads
        if focused:
            self.target.focus(scroll_visible=False)
        if heads is not None:
            self.heads.show(heads.values, heads.kind, heads.scale, heads.current, heads.name)

    def _place(self) -> None:
        """Lay the parts out again where they are others, or elsewhere, than before."""
        placed = self.places(self.size)
        if placed != self._placed:
            self._placed = placed
            self.matrix.refresh(layout=True)  # what asks is a child: it makes the parent arrange

    def show_matrix(
        self,
        values: NDArray[Any],
        rows: Sequence[str],
        cols: Sequence[str],
        cursor: tuple[int, int],
        heads: Heads | None = None,
        **details: Any,
    ) -> None:
        """Show a table of numbers; `details` are those of `MatrixView.show`."""
        self._turn_to("matrix", heads)
        self.matrix.show(values, rows, cols, cursor=cursor, **details)
        self._place()

    def show_words(self, cells: Sequence[WordCell], cursor: int | None, notice: str = "") -> None:
        """Show the sentence as words or pieces, and under it what is to be said of them."""
        self._turn_to("words")
        self.words.show(cells, cursor)
        self._notice = Content(notice)
        self.notice.update(self._notice, layout=False)
        self._place()

    def show_bars(
        self,
        caption: Sequence[Chip],
        labels: Sequence[str],
        values: Sequence[float],
        texts: Sequence[str],
        kind: Kind,
        full: float | None,
        cursor: int,
    ) -> None:
        """Show candidates as bars under a caption."""
        self._turn_to("bars")
        self.caption.show(caption)
        self.bars.show(labels, values, texts, kind=kind, full=full, cursor=cursor)
        self._place()

    def show_choice(
        self,
        cells: Sequence[WordCell],
        offer: Sequence[Chip],
        labels: Sequence[str],
        values: Sequence[float],
        texts: Sequence[str],
        cursor: int,
    ) -> None:
        """Show the sentence with the chosen word, what can be done, and the runners-up."""
        self._turn_to("choice")
        self.chosen.show(cells, one_line=True)
        self.offer.show(offer)
        self.runners_up.show(labels, values, texts, kind="sequential", full=1.0, cursor=cursor)
        self._place()

    def on_matrix_view_cursor_moved(self, event: MatrixView.CursorMoved) -> None:
        event.stop()
        self.post_message(self.Moved(event.row, event.col))

    def on_words_view_cursor_moved(self, event: WordsView.CursorMoved) -> None:
        event.stop()
        if self._view == "words":
            self.post_message(self.Moved(event.index, 0))

    def on_bars_view_cursor_moved(self, event: BarsView.CursorMoved) -> None:
        event.stop()
        self.post_message(self.Moved(event.row, 0))

    def on_matrix_view_opened(self, event: MatrixView.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(event.row, event.col))

    def on_words_view_opened(self, event: WordsView.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(event.index, 0))

    def on_bars_view_opened(self, event: BarsView.Opened) -> None:
        event.stop()
        self.post_message(self.Opened(event.row, 0))
