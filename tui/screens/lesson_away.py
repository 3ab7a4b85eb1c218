"""From a lesson to elsewhere and back: questions, doubts, terms, and walks of one's own."""

from __future__ import annotations

from time import time_ns
from typing import TYPE_CHECKING, cast

from engine.experiment import Experiment
from tui.screens.lesson_timed import TimedLesson
from tui.screens.walk_state import Place

if TYPE_CHECKING:
    from tui.learning_app import LearningApp


class RoamingLesson(TimedLesson):
    """A lesson that one leaves for a while."""

    def enter(self, lesson: str, card: str = "", experiment: Experiment | None = None) -> None:
        """Go to a lesson."""
        raise NotImplementedError

    @property
    def can_go_back(self) -> bool:
        """Whether there is a walk to go back to."""
        stack = self.app.screen_stack
        return self in stack and stack.index(self) > 1  # below is more than the first frame

    def action_quiz(self) -> None:
        """Ask questions about this lesson."""
        from tui.screens.quiz_draw import wish_of  # not needed before the first question

        self.flush()
        wish = wish_of(self.view.lesson, time_ns())
        cast("LearningApp", self.app).open_quiz(wish)

    def action_enter(self) -> None:
        """Answer, or open what is chosen; on the last card begin the lesson's questions."""
        view = self.view
        if view.is_last and not view.lit and not view.is_open:
            self.action_quiz()
        else:
            super().action_enter()

    def action_doubts(self) -> None:
        """Show what learners ask at this card."""
        from tui.screens.doubts import DoubtsScreen

        view = self.view
        if not view.card.doubts:
            self.say(view.words("doubts.none"))
            return
        doubts = [(one.question, view.filled(one.answer)) for one in view.card.doubts]
        self.app.push_screen(DoubtsScreen(view.words, doubts))

    def follow(self, link: str) -> None:
        """Show what a term means, or go to a lesson."""
        from tui.screens.glossary_term import TermScreen

        kind, _, id = link.partition(":")
        view = self.view
        if kind == "lesson":
            self.enter(id)
        else:
            known = view.journey.begun(view.course, view.course.term(id).lesson)
            screen = TermScreen(view.words, view.course, view.course.term(id), known, view.scene)
            self.app.push_screen(screen, self._after_term)

    async def _after_term(self, wish: str | None) -> None:
        if wish:
            await self.run_action(wish)

    def go_to(self, station: str) -> None:
        """Show a station in a walk of its own."""
        self.walk_at(Place(stage=station))

    def action_free(self) -> None:
        """Take the present exhibit into a walk of its own; the card stays as it is."""
        self.walk_at(self.view.free_place)

    def walk_at(self, place: Place, run: Experiment | None = None) -> None:
        """Open a walk of its own, on the run of the card if none is given."""
        from tui.screens.lesson_free import FreeWalkScreen  # not needed for the first card

        self.flush()
        self.app.push_screen(FreeWalkScreen(run or self.view.experiment, self.lang, place))

    def action_back(self) -> None:
        """Go back to the walk from which the lesson was opened; it goes on with the lesson's run.

        A sentence or a model that was chosen in the lesson is what one goes on with.
        """
        if not self.can_go_back:
            return
        from tui.screens.walk import WalkScreen

        self.flush()
        app = cast("LearningApp", self.app)
        app.pop_screen()
        if isinstance(app.ground, WalkScreen):
            app.ground.catch_up(app.chosen_run(self.view.experiment))
