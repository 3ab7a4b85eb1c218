"""A screen whose run can be moved through the training of its model: step by step, or as a film."""

from __future__ import annotations

from asyncio import to_thread
from typing import Generic, TypeVar

from textual import events, work
from textual.timer import Timer

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import Model
from lessons.moments import Moment
from lessons.prose import prose
from tui.messages import error_sentence, words
from tui.renderables.scrubber import Marked, Track
from tui.screens.leaving import LeavingScreen
from tui.widgets.scrubber import Scrubber

Answer = TypeVar("Answer")
PACE = 1 / 3
"""Seconds from one moment to the next while it plays."""
PLAY_KEY = "semicolon"


class TimedScreen(LeavingScreen[Answer], Generic[Answer]):
    """Moves through training time. What it moves is the subclass's: `moment` and `turn`.

    The scrubber is out of the way until it is needed: where the model is not the finished one, or
    once somebody has moved through its training, which `scrubs` says.
    """

    def __init__(self) -> None:
        super().__init__()
        self.scrubber = Scrubber(id="scrubber")
        self.scrubs = False
        self._player: Timer | None = None
        self._sought: Model | None = None

    @property
    def lang(self) -> str:
        """The language of what is said."""
        raise NotImplementedError

    @property
    def moment(self) -> Moment | None:
        """The present moment; None where there is no training to move through."""
        raise NotImplementedError

    def turn(self, moment: Moment) -> bool:
        """Show another moment, or say why not; whether it is shown."""
        raise NotImplementedError

    def why_run(self) -> Experiment:
        """The run, as it is now, whose number the panel over this screen explains."""
        raise NotImplementedError

    @property
    def untold(self) -> frozenset[str]:
        """The axes of which the panel says nothing: who is here has not been told of them."""
        return frozenset()

    @property
    def playing(self) -> bool:
        """Whether time goes on by itself."""
        return self._player is not None

    # The scrubber

    def show_time(self) -> None:
        """Draw the scrubber for the present moment."""
        here = self.moment
        needed = here is not None and here.of.kept and (self.scrubs or self.is_away)
        self.scrubber.show(self._track(here) if here is not None and needed else None)

    @property
    def is_away(self) -> bool:
        """Whether another model than the finished one is shown."""
        return self.moment is not None and not self.moment.is_last

    @property
    def whose_time(self) -> str:
        """Of which run the time is, where there is more than one."""
        return ""

    def _track(self, here: Moment) -> Track:
        from lessons.emergence import if_known, marks  # not needed before somebody moves

        found = if_known(here.of.finished)
        if found is None and self._sought is not here.of.finished:
            self._sought = here.of.finished
            self._find_marks(here.of.finished)
        named = [
            Marked(one.place, one.probe.name[self.lang])
            for one in marks(found or ())
            if one.place is not None
        ]
        n = len(here.of.steps)
        said = tuple(self.whose_time + one for one in said_of(here, self.lang))
        return Track(n, here.place, said, named, self.playing)

    @work(exclusive=True, group="marks")
    async def _find_marks(self, model: Model) -> None:
        """Find what emerges; in a thread, for it takes as long as a few key presses."""
        from lessons.emergence import emergence

        await to_thread(emergence, model)
        self.show_time()

    # Moving

    def _move(self, there: Moment) -> bool:
        """Go to a moment; whether it is shown."""
        here = self.moment
        if here is None:
            return False
        if not here.of.kept:
            self.tell_no_moments()
            return False
        self.scrubs = True
        try:
            shown = there.place == here.place or (bool(there.model) and self.turn(there))
        except EngineError as error:  # weights that cannot be read
            self.notify(error_sentence(error, self.lang), severity="warning", markup=False)
            shown = False
        self.show_time()
        return shown

    def tell_no_moments(self) -> None:
        """Say that there is no way back."""
        if self.moment is not None:
            model = self.moment.of.finished.name
            self.notify(words("time", self.lang)("notice.no_moments", model=model), markup=False)

    def action_moment(self, by: int) -> None:
        """Go some moments on in the training."""
        self.stop()
        if self.moment is not None:
            self._move(self.moment.moved(by))

    def action_moment_end(self, where: int) -> None:
        """Go to the random numbers (-1), or to the finished model (1)."""
        if self.moment is not None:
            self.action_moment(where * len(self.moment.of.steps))

    def action_moment_play(self) -> None:
        """Let time go on by itself, from the start where it is over; or stop it."""
        here = self.moment
        if self.playing or here is None:
            self.stop()
            return
        start = here.moved(-len(here.of.steps)) if here.is_last else here
        if self.app.animation_level == "none":
            # Whoever wants nothing to move by itself gets the next picture at each press.
            self._move(start if here.is_last else here.moved(1))
        elif self._move(start):
            self._player = self.set_interval(PACE, self._play_on)
            self.show_time()

    def _play_on(self) -> None:
        here = self.moment
        if here is None or not self._move(here.moved(1)) or here.moved(1).is_last:
            self.stop()

    def stop(self) -> None:
        """Let time stand still."""
        if self._player is not None:
            self._player.stop()
            self._player = None
            self.show_time()

    # What else is told

    def on_key(self, event: events.Key) -> None:
        """Any key stops the film."""
        if event.key != PLAY_KEY:
            self.stop()

    def on_screen_suspend(self) -> None:
        self.stop()

    def on_scrubber_chosen(self, event: Scrubber.Chosen) -> None:
        event.stop()
        if self.moment is not None:
            self.action_moment(event.place - self.moment.place)

    def on_scrubber_rolled(self, event: Scrubber.Rolled) -> None:
        event.stop()
        self.action_moment(event.step)


def said_of(here: Moment, lang: str) -> tuple[str, ...]:
    """What stands before the track, from the longest form to the shortest, always as wide."""
    said, all_of_them = words("time", lang), here.of
    write = prose(lang).words.whole
    last = write(all_of_them.steps[-1])
    step = write(here.step).rjust(len(last))
    total = str(len(all_of_them.steps))
    n = str(here.place + 1).rjust(len(total))
    return (
        said("scrubber.long", step=step, last=last, n=n, total=total),
        said("scrubber.step", step=step, last=last),
        said("scrubber.short", step=step, last=last),
    )
