"""What the comparison shows twice: a sentence with its number, an exhibit with its heading."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Static

from tui.renderables.chips import Chip
from tui.widgets.bars import BarsView
from tui.widgets.chips import Chips
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.sentence import PROMPT, SentenceBand

MOST_MODEL = 34
"""Columns of the model's name, with its moment and its changes."""
_PAIRED = Style(bold=True, underline=True)


class CompareBand(SentenceBand):
    """One of two sentences, with its number before it."""

    DEFAULT_CSS = """
    CompareBand { width: 1fr; }
    CompareBand .band--prompt { width: 4; }
    CompareBand.-turn .band--prompt { color: $accent; text-style: bold; }
    CompareBand #model { max-width: 36; }
    CompareBand #guess, CompareBand #cut { padding: 0 0 0 4; }
    """

    def __init__(self, side: int, text: str, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(text, placeholder, id=id)
        self.side = side

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(f"{self.side + 1} {PROMPT}", classes="band--prompt", markup=False)
            yield self.box
            yield self.model
        yield self.guess
        yield Static(id="cut", markup=False)

    def show_model(self, name: str) -> None:
        """Show the name of the model, its moment and its changes at the right."""
        self.model.styles.width = min(cell_len(name), MOST_MODEL) + 2
        self.model.show([Chip("model", name, look="quiet")])


class PairedBars(BarsView):
    """Bars that mark the line which belongs to the one under the cursor of other bars."""

    paired = True

    def render_line(self, y: int) -> Strip:
        """One line of the window; the label of the paired one stands out without the focus."""
        strip = super().render_line(y)
        row = y + self.scroll_offset.y
        if self.has_focus or not self.paired or row != self.cursor or not self.labels:
            return strip
        end = 2 + cell_len(self.labels[row])
        return Strip.join(
            [strip.crop(0, 2), strip.crop(2, end).apply_style(_PAIRED), strip.crop(end)]
        )


class ComparePane(ExhibitPane):
    """The exhibit of one side, or of the difference; what happens in it is told with the side."""

    @dataclass
    class At(Message):
        """The person moved the cursor of a pane, or opened the cell under it."""

        pane: ComparePane
        row: int
        col: int
        opened: bool

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.bars = PairedBars(id="bars")
        self.runners_up = PairedBars(id="runners-up")

    def show_paired(self, paired: bool) -> None:
        """Say whether the line under the cursor belongs to the other side's."""
        for bars in (self.bars, self.runners_up):
            assert isinstance(bars, PairedBars)
            if bars.paired != paired:
                bars.paired = paired
                bars.refresh()

    def on_exhibit_pane_moved(self, event: ExhibitPane.Moved) -> None:
        event.stop()
        self.post_message(self.At(self, event.row, event.col, opened=False))

    def on_exhibit_pane_opened(self, event: ExhibitPane.Opened) -> None:
        event.stop()
        self.post_message(self.At(self, event.row, event.col, opened=True))


class CompareColumn(Vertical):
    """A heading and the pane beneath it."""

    DEFAULT_CSS = """
    CompareColumn { width: 1fr; height: 1fr; }
    CompareColumn > .column--heading { color: $quiet; }
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.heading = Chips("drop", id="heading")
        self.pane = ComparePane(id="pane")

    def compose(self) -> ComposeResult:
        yield self.heading
        yield self.pane
