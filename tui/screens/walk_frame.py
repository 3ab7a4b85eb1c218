"""The walk's widgets and how a `View` fills them: what is on the screen, without what it does.

A step of the walk updates a dozen widgets and builds none.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from tui.messages import Words
from tui.renderables.footer import bar_chips
from tui.screens.along import AlongScreen
from tui.screens.fitted import fit
from tui.screens.walk_draw import draw_exhibit, draw_sentence
from tui.screens.walk_line import (
    change_chips,
    group_chips,
    station_chips,
    status_chips,
    status_width,
)
from tui.screens.walk_view import View
from tui.widgets.about import About
from tui.widgets.bars import BarsView
from tui.widgets.chips import Chips
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.readout import Readout
from tui.widgets.sentence import SentenceBand


class WalkFrame(AlongScreen[None]):
    """Lays the walk out and shows one moment of it."""

    CSS_PATH = "walk.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (as Textual declares it)
        (0, "-tiny"),
        (60, "-narrow"),
        (80, "-normal"),
        (110, "-wide"),
        (170, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (20, "-low"),
        (24, "-medium"),
        (30, "-tall"),
    ]

    def __init__(self, text: str, words: Words) -> None:
        super().__init__()
        self._too_small = Static(words("app.too_small"), id="too-small", markup=False)
        self.band = SentenceBand(text, words("sentence.placeholder"), id="band")
        self._groups, self._stations = Chips(id="groups"), Chips(id="stations")
        self._status = Chips("right", id="status")
        self._changes = Chips("drop", id="changes")
        self.about = About(id="about")
        self._next_title = Static(id="next-title", markup=False)
        self._next_words = BarsView(id="next")
        self._next_words.can_focus = False
        self.pane = ExhibitPane(id="exhibit")
        self._readout = Readout(id="readout")
        self._footer = Chips("drop", id="footer")
        self._crowds = False

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self.band
        yield Vertical(Horizontal(self._groups, self._status), self._stations, id="line")
        yield self._changes
        with Horizontal(id="body"):
            yield Vertical(self.about, self._next_title, self._next_words, id="words-side")
            yield Vertical(self.pane, self._readout, id="shown")
        yield self.scrubber
        yield self._footer

    def draw(self, view: View, new_run: bool) -> None:
        """Show a moment; `new_run` says that more than the place in the run may differ."""
        if new_run:
            self._draw_run(view)
            self.show_time()
        self._groups.show(group_chips(view))
        self._stations.show(station_chips(view))
        self._status.show(status_chips(view))
        self._changes.show(change_chips(view))
        self._crowds = view.experiment.cut_at is not None
        self._place_changes()
        said = view.prose.told(view.stage, view.experiment, view.head, view.word)
        self.about.show(said.title, said.what, said.mind, said.formula)
        draw_exhibit(view, self.pane)
        self.draw_readout(view)

    def show_time(self) -> None:
        """Draw the scrubber; in a low window it takes the place of the line above the words."""
        super().show_time()
        self._place_changes()

    def _place_changes(self) -> None:
        """Where there is room the line of changes is there in any case, blank as a rule.

        Where there is little, or the notice of a cut sentence or the scrubber takes its place, it
        comes and goes. Never by a class of the screen: that would read every style again.
        """
        low = not self.has_class("-tall")
        crowded = self.has_class("-low") or self.has_class("-narrow")
        crowded = crowded or self._crowds or (low and self.scrubber.display)
        shown = bool(self._changes.chips) or not crowded
        if self._changes.display != shown:
            self._changes.display = shown

    def _draw_run(self, view: View) -> None:
        """What stays the same from station to station."""
        draw_sentence(view, self.band, self._next_words)
        self._status.styles.width = status_width(view)
        full = view.prose.words.share(1.0)
        self._next_title.update(view.words("exhibit.next_word", full=full))
        self._too_small.update(view.words("app.too_small"))
        self.band.box.placeholder = view.words("sentence.placeholder")

    def draw_readout(self, view: View, aside: str = "") -> None:
        """Say the cell under the cursor in words, and something aside."""
        self._readout.show(view.reading, aside)

    def draw_footer(self, words: Words, bar: str, hidden: frozenset[str]) -> None:
        """Show the keys of "walk", "edit" or "cells", without those that do nothing."""
        self._footer.show(bar_chips(words, bar, hidden))
