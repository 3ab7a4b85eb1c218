"""The whole training of a model on one screen: how its words, its looks and its losses became.

The screen owns the state, a `ThroughView`; every change goes through `_become`.
"""

from __future__ import annotations

from asyncio import to_thread
from dataclasses import replace
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.widgets import Static
from textual.worker import get_current_worker

from engine.errors import EngineError
from engine.experiment import Experiment
from lessons.moments import Moment, moment_of
from tui.messages import error_sentence, words
from tui.renderables.chips import Chip, Look
from tui.screens.through_draw import drawn, reading, told
from tui.screens.through_keys import BINDINGS as KEYS
from tui.screens.through_keys import bar_chips, call_of
from tui.screens.through_view import VIEWS, ThroughView, first_noun
from tui.screens.timed import TimedScreen
from tui.screens.walk_state import Place
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView
from tui.widgets.readout import Readout

Answer = tuple[Moment, Place | None]
"""The moment at which one leaves, and the place of the walk to go to, if any."""


class ThroughScreen(TimedScreen[Answer]):
    """Shows a run through the training. Answers with the moment at which it is left.

    word, head: which to begin with, the head counted over all blocks.
    """

    CSS_PATH = "through.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (30, "-tall")]  # noqa: RUF012
    BINDINGS = KEYS

    def __init__(self, run: Experiment, lang: str, word: int, head: int = 0) -> None:
        super().__init__()
        self._run, self._lang = run, lang
        self._begin = moment_of(run.model), word, head
        self._view: ThroughView | None = None
        self.scrubs = True
        self._measured_for: object = None
        self._too_small = Static(id="too-small", markup=False)
        self._tabs, self._words = Chips("drop", id="tabs"), Chips(id="words")
        self.body = DrawnView(id="body")
        self._waiting = Static(id="waiting", markup=False)
        self._readout = Readout(id="readout")
        self._footer = Chips("drop", id="footer")

    def compose(self) -> ComposeResult:
        yield self._too_small
        yield self._tabs
        yield self._words
        yield self._waiting
        yield self.body
        yield self._readout
        yield self.scrubber
        yield self._footer

    @property
    def view(self) -> ThroughView | None:
        """What is shown now; None while it is computed."""
        return self._view

    @property
    def lang(self) -> str:
        """The language of what is said."""
        return self._lang

    def on_mount(self) -> None:
        self._too_small.update(words("app", self._lang)("app.too_small"))
        self._waiting.update(words("time", self._lang)("through.waiting"))
        self.show_time()
        self._compute()

    @work(exclusive=True, group="through")
    async def _compute(self) -> None:
        """Run the sentence at every moment; in a thread, for a long one takes a while."""
        from lessons.over_time import over_time

        try:
            over = await to_thread(over_time, self._run)
        except EngineError as error:
            self.notify(error_sentence(error, self._lang), severity="warning", markup=False)
            self.dismiss(None)
            return
        here, word, head = self._begin
        self._waiting.display = False
        asked = over.run.asked
        noun = first_noun(over) if word == asked else None
        view = ThroughView(over, self._lang, here.place, query=word)
        view = view.to_word(word if noun is None else noun)
        self._become(replace(view, head=head % view.n_heads))
        self.show_time()

    # State: the only way to change it

    def _become(self, view: ThroughView) -> None:
        """Show another moment, view, word or head."""
        self._view = view
        if view.view == "loss" and self._measured_for is not view.over:
            self._measured_for = view.over
            self._measure(view)
        self.body.show(partial(drawn, view))
        self._tabs.show(tabs(view))
        self._words.show(word_chips(view))
        self._readout.show(reading(view), told(view))
        self._footer.show(bar_chips(view.words, view.view))

    @work(thread=True, exclusive=True, group="measure")
    def _measure(self, view: ThroughView) -> None:
        """Examine the model at every moment, and show each result as it comes."""
        from lessons.held_out import measured

        worker = get_current_worker()
        try:
            for held_out in measured(view.over.run.model):
                if worker.is_cancelled:
                    return
                self.app.call_from_thread(self._show_measured, held_out=held_out)
        except EngineError as error:
            self.app.call_from_thread(
                self.notify, error_sentence(error, self._lang), severity="warning", markup=False
            )
        if not worker.is_cancelled:
            self.app.call_from_thread(self._show_measured, measuring=False)

    def _show_measured(self, **found: object) -> None:
        if self._view is not None and self.is_attached:
            self._become(replace(self._view, **found))  # type: ignore[arg-type]

    # Time

    @property
    def moment(self) -> Moment:
        """The present moment."""
        return self._begin[0] if self._view is None else self._view.moment

    def turn(self, moment: Moment) -> bool:
        """Show another moment."""
        if self._view is None:
            return False
        self._become(replace(self._view, place=moment.place))
        return True

    def why_run(self) -> Experiment:
        """The run that is shown."""
        return self._run

    def show_time(self) -> None:
        """Draw the scrubber, and beside it what has meanwhile been found to emerge."""
        from lessons.emergence import if_known

        super().show_time()
        view = self._view
        if view is not None and not view.found and (found := if_known(self._run.model)):
            self._become(replace(view, found=found))

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self._lang = lang
        self._too_small.update(words("app", lang)("app.too_small"))
        self._waiting.update(words("time", lang)("through.waiting"))
        if self._view is not None:
            self._become(replace(self._view, lang=lang))
        self.show_time()

    # Keys and the mouse

    def action_turn_view(self, by: int) -> None:
        """Show another of the four views."""
        if self._view is not None:
            self._become(self._view.turned(by))

    def action_view(self, n: int) -> None:
        """Show the view of a number."""
        if self._view is not None:
            self._become(replace(self._view, view=VIEWS[n]))

    def action_word(self, by: int) -> None:
        """Choose another word of the sentence."""
        if self._view is not None:
            self._become(self._view.to_word(self._view.chosen + by))

    def action_head(self, by: int) -> None:
        """Choose another head."""
        if self._view is not None:
            self._become(self._view.to_head(by))

    def action_walk(self) -> None:
        """Leave for the walk, at the present moment and where it shows what is shown here."""
        if self._view is not None:
            self.dismiss((self.moment, self._view.walk_place()))

    def action_close(self) -> None:
        """Leave; the moment stays."""
        self.dismiss((self.moment, None))

    def action_help(self) -> None:
        """Show what the views are, what emerges when, and every key."""
        from tui.screens.through_help import ThroughHelp

        if self._view is not None:
            self.app.push_screen(ThroughHelp(self._view))

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        chosen, view = event.chip_id, self._view
        if view is None:
            return
        if event.chips is self._tabs and chosen in VIEWS:
            self._become(replace(view, view=chosen))
        elif event.chips is self._words:
            self._become(view.to_word(int(chosen)))
        elif chosen:
            await self.run_action(call_of(chosen) or "nothing")

    def on_chips_rolled(self, event: Chips.Rolled) -> None:
        if event.chips is self._words:
            self.action_word(event.step)


def tabs(view: ThroughView) -> list[Chip]:
    """The title, and the four views by their keys."""
    said = view.words
    chips = [Chip("", said("through.title"), look="strong", rank=1)]
    for n, name in enumerate(VIEWS, 1):
        look: Look = "current" if name == view.view else "quiet"
        chips.append(Chip(name, said(f"through.{name}"), str(n), look=look, gap=1, pad=1))
    return chips


def word_chips(view: ThroughView) -> list[Chip]:
    """The sentence, the chosen word lit."""
    return [
        Chip(str(i), label, look="current" if i == view.chosen else "quiet", gap=0, pad=1)
        for i, label in enumerate(view.labels)
    ]
