"""The experiments: small models side by side, their curves, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.app import ComposeResult
from textual.widgets import Static

from lessons.trials.all import TRIALS
from lessons.trials.told import told
from lessons.trials.trial import Trial
from tui.live_trial import LiveTrial, SeenTrial
from tui.messages import Words, error_sentence, words
from tui.renderables.chips import Chip
from tui.renderables.figure_block import Drawn, text_block
from tui.renderables.figure_draw import draw_figure
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingScreen
from tui.screens.train_draw import fitted, whole
from tui.screens.train_keys import TRIAL_KEYS, bar_chips, bindings, call_of
from tui.screens.trials_draw import Asked, curves, listed, result, told_bet
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView

LOOKS = 4.0


class TrialsScreen(LeavingScreen[None]):
    """Lists the experiments, asks for a guess, runs one, and tells its finding.

    steps: of each model; those of the experiment if left out. see_train: shows the other page.
    """

    CSS_PATH = "train.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (30, "-tall")]  # noqa: RUF012
    BINDINGS = bindings(TRIAL_KEYS)

    def __init__(
        self, lang: str, see_train: Callable[[], None] = lambda: None, steps: int | None = None
    ) -> None:
        super().__init__()
        self.lang, self._see_train, self._steps = lang, see_train, steps
        self.asked: Asked | None = None
        self.live: LiveTrial | None = None
        self._drawn: SeenTrial | None = None
        self._too_small = Static(id="too-small", markup=False)
        self._head, self._status = Chips("drop", id="head"), Static(id="status", markup=False)
        self.listed, self.curve = DrawnView(id="list"), DrawnView(id="curve")
        self.found = DrawnView(id="found")
        self._footer = Chips("drop", id="footer")

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self._head
        yield self.listed
        yield self._status
        yield self.curve
        yield self.found
        yield self._footer

    def on_mount(self) -> None:
        self.draw()
        self.set_interval(1 / LOOKS, self._look)

    def on_unmount(self) -> None:
        self._end()

    def _end(self) -> None:
        if self.live is not None:
            self.live.close(0.0)  # it ends by itself: the keys do not wait for what it measures
            self.live = None

    def speak(self, lang: str) -> None:
        """Say everything in another language; what runs says its finding in the one it has."""
        self.lang = lang
        self.draw()

    def _look(self) -> None:
        if self.live is not None and self.live.seen is not self._drawn:
            self.draw()

    # What is shown

    @property
    def words(self) -> Words:
        """What is said here."""
        return words("train", self.lang)

    def draw(self) -> None:
        """Show the list, the question, or the experiment."""
        said, seen = self.words, self.live.seen if self.live else None
        self._drawn = seen
        self._too_small.update(words("app", self.lang)("app.too_small"))
        self._head.show(
            [
                Chip("page_train", said("train.title"), look="quiet", gap=0, pad=1),
                Chip("", said("train.trials"), look="current", gap=1, pad=1),
            ]
        )
        self.listed.display = seen is None
        self.curve.display = seen is not None
        self._status.display = seen is not None
        over = seen is not None and seen.status in ("over", "failed")
        self.found.display = over
        if seen is None:
            asked = self.asked
            self.listed.show(lambda w, h: listed(said, asked, w, h))
        else:
            self._draw_run(seen)
        bar = "asked" if self.asked and seen is None else "list"
        if seen is not None:
            bar = "told" if seen.waits else "running"
        self._footer.show(bar_chips(said, TRIAL_KEYS, bar))

    def _draw_run(self, seen: SeenTrial) -> None:
        assert self.live is not None
        live, said, course = self.live, self.words, told(self.lang)
        title = course.title(live.trial)
        if seen.status == "measuring":
            title += f" · {said('trials.measuring')}"
        elif not seen.waits:
            step, total = whole(seen.step, said), whole(live.steps, said)
            title += f" · {said('trials.running', step=step, total=total)}"
        elif self.asked is not None and (bet := told_bet(self.asked, seen, said)):
            title += f" · {bet}"
        self._status.update(title)
        names = [course.arm(live.trial, arm) for arm in live.trial.arms]

        def drawn(width: int, height: int) -> Drawn:
            plot = curves(seen, names, said, 2 * width)
            return Drawn([]) if plot is None else fitted([plot], width, height)

        self.curve.show(drawn)
        if seen.status == "over":
            parts = result(seen)
            height = len(draw_figure(parts, max(self.size.width - 2, 20)).lines)
            self.found.styles.height = height
            self.found.show(lambda w, h: draw_figure(parts, w))
        elif seen.trouble is not None:
            sentence = error_sentence(seen.trouble, self.lang)
            self.found.styles.height = 3
            self.found.show(lambda w, h: text_block(sentence, w, "bad"))

    # Keys

    def on_key(self, event: object) -> None:
        character = getattr(event, "character", None) or ""
        if character.isdigit() and 1 <= int(character) <= len(TRIALS):
            self.choose(TRIALS[int(character) - 1])

    def choose(self, trial: Trial) -> None:
        """Ask the question of an experiment; one that runs is not disturbed."""
        if self.live is None or self.live.seen.waits:
            self._end()
            self.asked = Asked(trial, self._steps or trial.steps)
            self.draw()

    def action_bet(self, by: int) -> None:
        """Bet on another outcome, while nothing has run yet."""
        if self.asked is not None and self.live is None:
            bet = (self.asked.bet + by) % len(self.asked.bets)
            self.asked = replace(self.asked, bet=bet)
            self.draw()

    def action_enter(self) -> None:
        """Set the chosen experiment going."""
        if self.asked is not None and self.live is None:
            self.live = LiveTrial(self.asked.trial, self.lang, steps=self._steps)
            self.draw()

    def action_page(self) -> None:
        """Show the page on training."""
        self._see_train()

    def action_help(self) -> None:
        """Show what every key does."""
        from tui.screens.train_help import TrainHelp

        self.app.push_screen(TrainHelp(self.words, TRIAL_KEYS))

    def action_close(self) -> None:
        """Go back to the list; from there, leave."""
        if self.asked is not None:
            self._end()
            self.asked = None
            self.draw()
        else:
            self.dismiss(None)

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        if event.chip_id:
            await self.run_action(call_of(TRIAL_KEYS, event.chip_id) or "nothing")
