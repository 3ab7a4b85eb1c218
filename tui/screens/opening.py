"""The first frame: the sentence and the keys, while the engine is still being read from disk.

NumPy, the engine and the model take longer to arrive than Textual itself. What needs none of
them is drawn first, in the places where the walk will draw it again.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from tui.messages import Words
from tui.renderables.footer import bar_chips
from tui.widgets.chips import Chips
from tui.widgets.sentence import SentenceBand


class OpeningScreen(Screen[None]):
    """Shows the sentence."""

    DEFAULT_CSS = """
    OpeningScreen { background: $background; }
    OpeningScreen > #footer { dock: bottom; background: $surface; padding: 0 1; color: $quiet; }
    """
    AUTO_FOCUS = ""

    def __init__(self, words: Words, text: str, bar: str) -> None:
        super().__init__()
        self._bar = bar
        self._words = words
        self._text = text

    def compose(self) -> ComposeResult:
        yield SentenceBand(self._text, self._words("sentence.placeholder"), id="band")
        yield Chips("drop", id="footer")

    def on_mount(self) -> None:
        self.query_one("#footer", Chips).show(bar_chips(self._words, self._bar))
