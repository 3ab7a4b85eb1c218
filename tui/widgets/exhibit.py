"""The exhibit of a stage: numbers, words or bars, all mounted once and shown in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from tui.renderables.chips import Chip
from tui.renderables.heads import plan_heads
from tui.renderables.palette import Kind
from tui.renderables.words import WordCell
from tui.widgets.bars import BarsView
from tui.widgets.chips import Chips
from tui.widgets.heads import HeadsView
from tui.widgets.matrix import MatrixView
from tui.widgets.words import WordsView

HEADINGS = 2
"""Lines of a matrix above its numbers."""
PARTS = {
    "matrix": ("matrix",),
    "words": ("words",),
    "bars": ("caption", "bars"),
    "choice": ("words", "offer", "bars"),
}
"""Which parts each view shows, besides the pictures of the heads."""


@dataclass(frozen=True)
class Heads:
    """All heads of a stage: values [head, row, column], and how they are coloured and named."""

    values: NDArray[Any]
    kind: Kind
    scale: float
    current: int
    name: str


class ExhibitPane(Vertical):
    """Shows one exhibit at a time. It is told what to show, and tells where the cursor went."""

    DEFAULT_CSS = """
    ExhibitPane { height: 1fr; }
    ExhibitPane > * { display: none; height: 1fr; background: $background; }
    ExhibitPane > #caption { height: 1; }
    ExhibitPane > #offer { height: 2; }
    ExhibitPane > #heads { margin: 1 0 0 0; }
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
        self.caption = Chips(id="caption")
        self.offer = Chips("drop", id="offer")
        self.bars = BarsView(id="bars")
        self.heads = HeadsView(id="heads")
        self._view = ""
        self._all_heads: Heads | None = None

    def compose(self) -> ComposeResult:
        yield self.matrix
        yield self.words
        yield self.offer
        yield self.caption
        yield self.bars
        yield self.heads

    @property
    def target(self) -> Widget:
        """The part that carries the cursor now."""
        targets = {"words": self.words, "bars": self.bars, "choice": self.bars}
        return targets.get(self._view, self.matrix)

    def _turn_to(self, view: str, heads: Heads | None = None) -> None:
        # Focus follows what is shown: keys must not go to a part that cannot be seen.
        focused = self.target.has_focus
        if view != self._view:
            self._view = view
            # Styles set here and not by classes, which would restyle the whole pane on a key.
            for part in self.children:
                part.display = part.id in PARTS[view]
            self.words.styles.height = 2 if view == "choice" else "1fr"
            if focused:
                self.target.focus(scroll_visible=False)
        self._all_heads = heads
        self._arrange_heads()

    def _arrange_heads(self) -> None:
        """Show the pictures of all heads where they have room: under the whole matrix, or half."""
        heads, (width, height) = self._all_heads, self.size
        grid = None
        if heads is not None and len(heads.values) > 1:
            n_heads, rows, cols = heads.values.shape
            for matrix in (rows + HEADINGS, height // 2):
                grid = grid or plan_heads(n_heads, rows, cols, width, height - matrix - 1)
            self.heads.show(heads.values, heads.kind, heads.scale, heads.current, heads.name)
        if grid is not None and heads is not None:
            lines = grid.height(len(heads.values))
            self.heads.styles.height = lines
            self.matrix.styles.max_height = height - lines - 1
        self.matrix.styles.height = "auto" if grid else "1fr"
        if grid is None:
            self.matrix.styles.max_height = None
        self.heads.display = grid is not None

    def on_resize(self) -> None:
        self._arrange_heads()

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

    def show_words(self, cells: Sequence[WordCell], cursor: int | None) -> None:
        """Show the sentence as words or pieces."""
        self._turn_to("words")
        self.words.show(cells, cursor)

    def show_bars(
        self,
        caption: str,
        labels: Sequence[str],
        values: Sequence[float],
        texts: Sequence[str],
        kind: Kind,
        full: float | None,
        cursor: int,
    ) -> None:
        """Show candidates as bars under a caption."""
        self._turn_to("bars")
        self.caption.show([Chip("", caption, look="quiet")])
        self.bars.show(labels, values, texts, kind=kind, full=full, cursor=cursor)

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
        self.words.show(cells, one_line=True)
        self.offer.show(offer)
        self.bars.show(labels, values, texts, kind="sequential", full=1.0, cursor=cursor)

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
