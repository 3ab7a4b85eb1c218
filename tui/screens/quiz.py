"""A quiz: questions made of the learner's own sentence, one at a time.

The screen owns the state, a `QuizView`, and nothing else does: widgets are told what to show and
answer with messages. What is answered goes to the progress file at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import time_ns
from typing import Any

import lessons.course
from engine.errors import EngineError
from engine.experiment import Experiment
from lessons.quiz.question import Answer, Question
from tui.actions import bindings, by_id
from tui.screens.lesson_view import scene_of
from tui.screens.quiz_draw import Wish, questions_of
from tui.screens.quiz_end import next_lesson, to_choose
from tui.screens.quiz_keeping import KeepingQuiz
from tui.screens.quiz_kept import taken_up
from tui.screens.quiz_state import Sitting, answered, begun, gone_on, translated
from tui.screens.quiz_view import QuizView
from tui.widgets.chips import Chips


class QuizScreen(KeepingQuiz):
    """Asks, tells what is so, and at the end what it came to.

    It answers with the id of a lesson to go to, or with None. questions: other ones than `wish`
    asks for. left: what is kept of this sitting where it was left before its end.
    """

    BINDINGS = bindings("quiz")

    def __init__(
        self,
        experiment: Experiment,
        lang: str,
        wish: Wish,
        questions: tuple[Question, ...] | None = None,
        left: Mapping[str, Any] | None = None,
    ) -> None:
        self._given = questions
        seed = left["seed"] if left else wish.seed
        self._view = QuizView(experiment, lang, replace(wish, seed=seed), Sitting(()))
        sitting = taken_up(self._questions(self._view), left or {})
        self._view = replace(self._view, sitting=sitting)
        super().__init__(self._view)

    def _questions(self, view: QuizView) -> tuple[Question, ...]:
        if self._given is not None:
            return self._given
        course = lessons.course.course(view.lang)
        return questions_of(view.wish, scene_of(view.experiment, view.lang), course)

    @property
    def view(self) -> QuizView:
        """What is shown now."""
        return self._view

    @property
    def lang(self) -> str:
        """The language of what is said."""
        return self._view.lang

    @property
    def reviews(self) -> Mapping[str, Mapping[str, Any]]:
        """When which question comes again."""
        return self.learner.progress.reviews

    def on_mount(self) -> None:
        self.draw(self._view)
        self._begin_question()
        if self._view.sitting.outcomes:
            self.say(self._view.words("quiz_notice.taken_up"))

    def on_screen_resume(self) -> None:
        self.draw_below(self._view)

    def on_resize(self) -> None:
        # What is said below depends on what has room above.
        self.call_after_refresh(lambda: self.draw_below(self._view))

    # State: the only way to change it

    def become(self, sitting: Sitting) -> None:
        """Show another moment of the sitting."""
        self._view = replace(self._view, sitting=sitting)
        self.draw(self._view)

    def show_kept(self, view: QuizView) -> None:
        """Show that it is known whether an answer is on the disk."""
        self._view = view
        self.draw_below(view)

    def _begin_question(self) -> None:
        """The keys go to the cells of a question that is answered there, else to the screen."""
        self.body.box.value = ""
        view = self._view
        pointing = view.pointing and not view.sitting.told
        if pointing:
            self.body.want(True)
            self.call_after_refresh(self._point)
        else:
            self.body.want(False)
            self.set_focus(None)

    def _point(self) -> None:
        if self._view.pointing and not self._view.sitting.told:
            self.set_focus(self.body.pane.target, scroll_visible=False)

    def give(self, reply: Answer | None) -> None:
        """Take an answer, or None for a skipped question, and tell what is so."""
        self.set_focus(None)
        self.hush()
        self.become(answered(self._view.sitting, reply))
        if not self._view.sitting.checks:
            self.report()
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        if self._view.sitting.told:
            self.set_focus(None)  # an exhibit that is drawn keeps the focus that it had
            if not self._view.sitting.checks:
                self.body.card.scroll_home(animate=False)

    def go_on(self) -> None:
        """Go to the next question; from the end, to the lesson that is chosen or comes next."""
        view = self._view
        if view.is_empty:
            self.dismiss(None)
        elif view.sitting.over:
            self._finish()
        else:
            if view.sitting.checks:
                self.report()
            self.become(gone_on(view.sitting))
            self._begin_question()

    def _finish(self) -> None:
        view = self._view
        chosen, lit = to_choose(view), view.sitting.draft.lit
        if 0 <= lit < len(chosen):
            self.dismiss(chosen[lit].id)
        else:
            after = next_lesson(view)
            self.dismiss(None if after is None else after.id)

    def action_move(self, by: int) -> None:
        """Choose the next line; at the end, a lesson."""
        sitting = self._view.sitting
        if sitting.over and not self._view.is_empty:
            n, at = len(to_choose(self._view)), sitting.draft.lit
            if n:
                line = (at + by) % n if at >= 0 else 0 if by > 0 else n - 1
                self.become(replace(sitting, draft=replace(sitting.draft, lit=line)))
        else:
            super().action_move(by)

    def action_leave(self) -> None:
        """Leave the line one writes in; from elsewhere, the quiz. What was answered is kept."""
        if self.focused in (self.body.box, self.head.box):
            super().action_leave()
        else:
            if self._view.sitting.checks:
                self.report()
            self.hush()
            self.dismiss(None)

    def action_anew(self) -> None:
        """Begin again, with other questions; what was answered stays in the file."""
        view = self._view
        if not view.is_empty and view.wish.kind != "review":
            self._begin(replace(view, wish=replace(view.wish, seed=time_ns())))

    def _begin(self, view: QuizView) -> None:
        """Ask about another run, or with another seed, from the first question on."""
        self.begin_anew()
        self.hush()
        self._view = replace(view, sitting=begun(self._questions(view)))
        self.draw(self._view)
        self._begin_question()

    def speak(self, lang: str) -> None:
        """Say everything, the questions too, in another language."""
        view = replace(self._view, lang=lang)
        questions = self._questions(view)
        self._view = replace(view, sitting=translated(view.sitting, questions))
        self._too_small.update(self._view.words("app.too_small"))
        self.head.box.placeholder = self._view.words("sentence.placeholder")
        self.draw(self._view)

    # Another sentence, where the present one leaves nothing to ask

    def action_edit(self) -> None:
        """Let the person type another sentence."""
        if self._view.can_rewrite:
            self.set_focus(self.head.box, scroll_visible=False)
            self.head.box.select_all()

    def read_boxes(self) -> None:
        """Ask about what stands in the sentence's box, once it is left."""
        text, present = self.head.box.value, self._view.experiment
        if not self._view.is_empty or text == present.text or self.focused is self.head.box:
            return
        experiment = Experiment(present.model, text)
        try:
            experiment.trace  # noqa: B018 (computed here, so that nothing fails half drawn)
        except EngineError as error:
            self.say(error)
            return
        self._begin(replace(self._view, experiment=experiment))

    def on_input_submitted(self) -> None:
        self.set_focus(None)
        self.flush()

    # What the widgets tell

    def on_descendant_focus(self) -> None:
        self.draw_below(self._view)

    def on_descendant_blur(self) -> None:
        self.draw_below(self._view)

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        if event.chip_id:
            await self.run_action(by_id(event.chip_id).call or "nothing")
