"""The experiments: small models side by side, their curves, and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from lessons.figures.parts import Cell, Curve, Figure, Plot, Say, Table, Tone
from lessons.trials.all import TRIALS
from lessons.trials.told import told
from lessons.trials.trial import Trial
from lessons.words import whole
from tui.live_trial import LiveTrial, SeenTrial
from tui.messages import Words, error_sentence, words
from tui.renderables.chips import Chip
from tui.renderables.figure_block import Drawn, text_block
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_line import Line
from tui.screens.fitted import fit
from tui.screens.train_draw import fitted
from tui.screens.train_keys import TRIAL_KEYS, bar_chips, bindings, call_of
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView

LOOKS = 4.0
TONES: tuple[Tone, ...] = ("first", "second", "third")


class TrialsScreen(Screen[None]):
    """Lists the experiments, asks for a guess, runs one, and tells its finding.

    steps: of each model; those of the experiment if left out. see_train: shows the other page.
    """

    CSS_PATH = "train.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (30, "-tall")]  # noqa: RUF012
    BINDINGS = bindings(TRIAL_KEYS, "trials")

    def __init__(
        self, lang: str, see_train: Callable[[], None] = lambda: None, steps: int | None = None
    ) -> None:
        super().__init__()
        self.lang, self._see_train, self._steps = lang, see_train, steps
        self.trial: Trial | None = None
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
            self.live.close()
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
            self.listed.show(self._asked if self.trial else self._list)
        else:
            self._draw_run(seen)
        bar = "asked" if self.trial and seen is None else "list"
        if seen is not None:
            bar = "told" if seen.waits else "running"
        self._footer.show(bar_chips(said, TRIAL_KEYS, bar))

    def _list(self, width: int, height: int) -> Drawn:
        course = told(self.lang)
        lines: list[Line] = [*text_block(self.words("trials.intro"), width, "quiet").lines, []]
        lines += [
            [(f" {n} ", "accent"), (f" {course.title(trial)}", "text")]
            for n, trial in enumerate(TRIALS, 1)
        ]
        return Drawn(lines)

    def _asked(self, width: int, height: int) -> Drawn:
        assert self.trial is not None
        course = told(self.lang)
        parts = (
            Say(course.title(self.trial), "strong"),
            Say(course.question(self.trial)),
            Say(""),
            Say(self.words("trials.guess"), "quiet"),
        )
        return draw_figure(parts, width)

    def _draw_run(self, seen: SeenTrial) -> None:
        assert self.live is not None
        live, said, course = self.live, self.words, told(self.lang)
        total = live.steps
        status = said("trials.running", step=whole(seen.step), total=whole(total))
        if seen.status == "measuring":
            status = said("trials.measuring")
        elif seen.waits:
            status = said("trials.choose", n=len(TRIALS))
        self._status.update(f"{course.title(live.trial)} · {status}", layout=False)
        names = [course.arm(live.trial, arm) for arm in live.trial.arms]

        def drawn(width: int, height: int) -> Drawn:
            plot = trial_curve(seen, names, said, 2 * width)
            return Drawn([]) if plot is None else fitted([plot], width, height)

        self.curve.show(drawn)
        if seen.status == "over":
            rows = [[Cell(text) for text in row] for row in seen.table[1:]]
            width = max(map(len, rows))
            full = [[*row, *(Cell("") for _ in range(width - len(row)))] for row in rows]
            parts: Figure = (
                Table(full, list(seen.table[0])),
                *(Say(sentence) for sentence in seen.finding),
            )
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
            self.trial = trial
            self.draw()

    def action_enter(self) -> None:
        """Set the chosen experiment going."""
        if self.trial is not None and self.live is None:
            self.live = LiveTrial(self.trial, self.lang, steps=self._steps)
            self.draw()

    def action_page(self) -> None:
        """Show the page on training."""
        self._see_train()

    def action_close(self) -> None:
        """Go back to the list; from there, leave."""
        if self.trial is not None:
            self._end()
            self.trial = None
            self.draw()
        else:
            self.dismiss(None)

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        if event.chip_id:
            await self.run_action(call_of(TRIAL_KEYS, event.chip_id) or "nothing")


def trial_curve(seen: SeenTrial, names: list[str], words: Words, width: int) -> Plot | None:
    """The losses of the arms over the same steps, averaged where they stand too close."""
    longest = max(map(len, seen.losses), default=0)
    if longest < 2:
        return None
    n = min(longest, max(width, 20))
    bounds = np.linspace(0, longest, n + 1).astype(int)
    curves = []
    for name, losses, tone in zip(names, seen.losses, TONES, strict=False):
        padded = np.full(longest, np.nan)
        padded[: len(losses)] = losses
        ys = np.add.reduceat(padded, bounds[:-1]) / np.diff(bounds)
        curves.append(Curve(name, [float(y) for y in ys], tone))
    xs = [float(x) for x in bounds[1:]]
    return Plot(curves, words("curve.title"), xs, words("curve.x"))
