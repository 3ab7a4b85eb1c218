"""The train screen's widgets, and which of them are shown when."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static, TextArea

from engine.errors import EngineError
from engine.store import Model
from tui.messages import Words, words
from tui.renderables.chips import Chip
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingScreen
from tui.screens.train_keys import DONE, FAILED, KEYS, RESCUE, RUN, START, WAIT, bar_chips
from tui.screens.train_rescue import keeps_something
from tui.studio import Studio
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView
from tui.widgets.line_input import LineInput
from tui.widgets.readout import Readout

TALL = 30
"""Lines of a window with room to set things apart."""


class TrainFrame(LeavingScreen[Model | None]):
    """Lays the train screen out. What it shows is drawn by those that build on it."""

    CSS_PATH = "train.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (TALL, "-tall")]  # noqa: RUF012

    def __init__(self, studio: Studio, lang: str) -> None:
        super().__init__()
        self.studio, self.lang = studio, lang
        self.choosing = studio.live is None
        self.field = "source"
        self.wrong: tuple[str, EngineError] | None = None
        self.writing = ""
        self.aside = ""
        self._too_small = Static(id="too-small", markup=False)
        self._head = Chips("drop", id="head")
        self.intro = Static(id="intro", markup=False)
        self.form, self.about = DrawnView(id="form"), Readout(id="about")
        self.count = Static(id="count", markup=False)
        self.box = LineInput(id="box", compact=True, select_on_focus=False)
        self.lines = TextArea(id="lines", compact=True)
        self.status = DrawnView(id="status")
        self.curve, self.map = DrawnView(id="curve"), DrawnView(id="map")
        self.guess, self.report = DrawnView(id="guess"), DrawnView(id="report")
        self.said = Readout(id="said")
        self.footer = Chips("drop", id="footer")

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self._head
        yield self.intro
        yield self.form
        yield self.lines
        yield self.about
        yield self.box
        yield self.count
        yield self.status
        yield Horizontal(self.curve, self.map, id="pictures")
        yield self.report
        yield self.guess
        yield self.said
        yield self.footer

    @property
    def words(self) -> Words:
        """What is said here."""
        return words("train", self.lang)

    # What is shown

    def draw(self) -> None:
        """Show everything anew."""
        said, studio = self.words, self.studio
        self.set_class(self.choosing, "-choosing")
        self.set_class(not self.choosing, "-training")
        self.set_class(not self.choosing and studio.learnt is not None, "-told")
        self._too_small.update(words("app", self.lang)("app.too_small"))
        self._head.show(
            [
                Chip("", said("train.title"), look="current", gap=0, pad=1),
                Chip("page", said("train.trials"), look="quiet", gap=1, pad=1),
            ]
        )
        if self.choosing:
            self.draw_choices()
        else:
            self.draw_training(everything=True)
        self.draw_footer()

    def draw_choices(self) -> None:
        """Show what can be chosen."""
        raise NotImplementedError

    def draw_training(self, everything: bool = False) -> None:
        """Show the training as it is now."""
        raise NotImplementedError

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self.lang = lang
        self.draw()

    def bars(self) -> tuple[str, ...]:
        """The footers that hold now."""
        if self.writing:
            return ("write",)
        if self.choosing:
            return ("choose",)
        seen = self.studio.seen
        if seen is None or seen.status in ("starting", "running"):
            return (RUN,)
        if seen.status == "failed":
            return (FAILED, RESCUE) if keeps_something(seen) else (FAILED,)
        if seen.status in ("over", "stopped"):
            return (DONE,)
        begun = seen.moment is not None and seen.moment.step > 0
        bar = WAIT if begun else START
        return (bar, "record") if seen.record is not None else (bar,)

    def draw_footer(self) -> None:
        """Show the keys that do something now."""
        self.footer.show(bar_chips(self.words, KEYS, *self.bars()))
