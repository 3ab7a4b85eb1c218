"""The two lines above a card: which lesson, how far in it, and the sentence that it is about."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region, Size
from textual.widgets import Static

from tui.renderables.chips import Chip
from tui.widgets.chips import Chips
from tui.widgets.placing import Places, Placing
from tui.widgets.sentence import PROMPT, SentenceBox

LEAST_SENTENCE = 16
"""Columns that the sentence keeps beside a long title."""
BETWEEN = 3


class LessonHead(Placing):
    """Shows where one is. The sentence stands at the right, and has the line while one types."""

    DEFAULT_CSS = """
    LessonHead { height: 2; background: $surface; padding: 0 1; }
    LessonHead > #lesson-title { text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    LessonHead > #prompt { color: $quiet; }
    LessonHead > SentenceBox { color: $quiet; }
    LessonHead > SentenceBox:focus { color: $foreground; }
    LessonHead:focus-within > #prompt { color: $accent; text-style: bold; }
    """

    def __init__(self, text: str, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = Static(id="lesson-title", markup=False)
        self._prompt = Static(PROMPT, id="prompt", markup=False)
        self.box = SentenceBox(text, placeholder, id="sentence")
        self.dots = Chips(id="dots")
        self._aside = Chips("right", id="aside")
        self._said = ""

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._prompt
        yield self.box
        yield self.dots
        yield self._aside

    def show(self, number: str, title: str, dots: Sequence[Chip], aside: Sequence[Chip]) -> None:
        """Show the lesson, its cards as dots, and what stands at the right beneath the sentence."""
        said = f"{number}  {title}" if number else title
        if said != self._said:
            self._said = said
            self._title.update(
                Content.assemble((f"{number}  " if number else "", "$accent"), title), layout=False
            )
        self.dots.show(dots)
        self._aside.show(aside)
        self.place()

    def on_descendant_focus(self) -> None:
        self.place()

    def on_descendant_blur(self) -> None:
        self.place()

    def places(self, size: Size) -> Places:
        """The sentence gets what the title leaves; all of it while one types."""
        width = size.width
        wanted = max(cell_len(self.box.value or self.box.placeholder), 8) + 1
        title = min(cell_len(self._said), max(width - LEAST_SENTENCE - BETWEEN - 2, 8))
        room = width - title - BETWEEN - 2
        box = width - 2 if self.box.has_focus else min(wanted, max(room, 4))
        x = width - box
        dots = min(sum(chip.width + chip.gap for chip in self.dots.chips), width)
        second: Places = [
            (self.dots, Region(0, 1, dots, 1)),
            (self._aside, Region(dots, 1, width - dots, 1)),
        ]
        first: Places = [
            (self._prompt, Region(x - 2, 0, 2, 1)),
            (self.box, Region(x, 0, box, 1)),
        ]
        if not self.box.has_focus:
            # Not as wide as its words: the next lesson's have the same place, and nothing moves.
            first.insert(0, (self._title, Region(0, 0, max(x - BETWEEN, title), 1)))
        return first + second
