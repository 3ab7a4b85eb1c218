"""What a quiz writes into the progress file, and when: every answer, as soon as it is given."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from lessons.progress.record import Set
from tui.screens.quiz_kept import SETTING, as_reply, with_left
from tui.screens.quiz_keys import AnsweringQuiz
from tui.screens.quiz_state import kept
from tui.screens.quiz_view import QuizView

if TYPE_CHECKING:
    from tui.learner import Learner
    from tui.learning_app import LearningApp


class KeepingQuiz(AnsweringQuiz):
    """A quiz that keeps its answers, and where in it one was."""

    def __init__(self, view: QuizView) -> None:
        super().__init__(view)
        self._reported = len(view.sitting.outcomes)

    @property
    def learner(self) -> Learner:
        """The app's link to the progress file."""
        return cast("LearningApp", self.app).learner

    def show_kept(self, view: QuizView) -> None:
        """Show that it is known whether an answer is on the disk."""
        raise NotImplementedError

    def report(self) -> None:
        """Have the last outcome written, once; an open answer not before it was checked."""
        view, sitting = self.view, self.view.sitting
        index = len(sitting.outcomes) - 1
        if index < self._reported:
            return
        self._reported = index + 1
        reply = as_reply(sitting.questions[index], sitting.outcomes[index])
        settings = self.learner.progress.settings
        left = with_left(settings, view.wish, view.experiment, sitting)
        place = () if left == settings.get(SETTING, {}) else (Set(SETTING, left),)
        self.learner.take(reply, *place, then=lambda ok: self._written(index, ok))

    def _written(self, index: int, is_kept: bool) -> None:
        sitting = self.view.sitting
        if self.is_attached and index < len(sitting.outcomes):
            self.show_kept(replace(self.view, sitting=kept(sitting, index, is_kept)))

    def begin_anew(self) -> None:
        """Forget the answers of a sitting that begins again; those in the file stay there."""
        self._reported = 0
