"""A lesson through the training: the exhibits follow, what was asked and said of them stays."""

from __future__ import annotations

from engine.experiment import Experiment
from lessons.moments import Moment, moment_of, read_at
from tui.screens.lesson_sentence import WritingLesson
from tui.screens.lesson_time import at_moment, moment_on
from tui.screens.walk_state import Place


class TimedLesson(WritingLesson):
    """A lesson whose cards can be seen at any moment of the training."""

    def walk_at(self, place: Place, run: Experiment | None = None) -> None:
        """Open a walk of its own, on the run of the card if none is given."""
        raise NotImplementedError

    @property
    def moment(self) -> Moment:
        """The moment that the card shows."""
        return moment_on(self.view)

    @property
    def is_away(self) -> bool:
        """Whether the run is of an earlier model; a knob of the card tells its moment itself."""
        return self.view.experiment.model.step is not None

    def turn(self, moment: Moment) -> bool:
        """Show the same card at another moment; what was said of it stays."""
        self.flush()
        return self.become(at_moment(self.view, moment))

    def action_training(self) -> None:
        """Show the whole training of the model, on this sentence."""
        self.flush()
        run = self.view.experiment
        here = moment_of(run.model)
        if not here.of.kept:
            self.tell_no_moments()
            return
        from tui.screens.through import Answer, ThroughScreen  # not needed for the first card

        if _same(self.moment, here):
            run = read_at(run, self.moment.model)
        shown = ThroughScreen(run, self.lang, run.asked)

        def left(answer: Answer | None) -> None:
            """Go on at the moment at which the training was left; what was chosen opens above."""
            if answer is None:
                return
            moment, place = answer
            if place is not None:
                self.walk_at(place, read_at(self.view.experiment, moment.model))
            elif moment.place != self.moment.place and _same(self.moment, moment):
                self.scrubs = True
                self.turn(moment)
            self.show_time()

        self.app.push_screen(shown, left)


def _same(one: Moment, other: Moment) -> bool:
    """Whether two moments are of the same training."""
    return one.of.finished is other.of.finished
