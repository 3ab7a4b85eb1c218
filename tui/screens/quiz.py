"""A quiz: questions made of the learner's own sentence, one at a time.

The screen owns the state, a `QuizView`, and nothing else does: widgets are told what to show and
answer with messages. What is answered goes to the progress file at once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, cast

import lessons.course
from engine.errors import EngineError
from engine.experiment import Experiment
from lessons.progress.record import Reply
from lessons.quiz.question import Answer, Question
from tui.actions import bindings, by_id
from tui.screens.lesson_view import scene_of
from tui.screens.quiz_draw import Wish, questions_of
from tui.screens.quiz_end import next_lesson, to_choose
from tui.screens.quiz_keys import AnsweringQuiz
from tui.screens.quiz_state import Outcome, Sitting, answered, begun, gone_on, kept, translated
from tui.screens.quiz_view import QuizView
from tui.widgets.chips import Chips

if TYPE_CHECKING:
    from tui.learning_app import LearningApp


class QuizScreen(AnsweringQuiz):
    """Asks, tells what is so, and at the end what it came to.

    It answers with the id of a lesson to go to, or with None. questions: other ones than `wish`
    asks for.
    """

    BINDINGS = bindings("quiz")

    def __init__(
        self,
        experiment: Experiment,
        lang: str,
        wish: Wish,
        questions: tuple[Question, ...] | None = None,
    ) -> None:
        self._given = questions
        self._view = QuizView(experiment, lang, wish, Sitting(()))
        self._view = replace(self._view, sitting=begun(self._questions(self._view)))
        self._reported = 0
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
    def nothing(self) -> str:
        """Why nothing is asked, and what helps."""
        words, wish = self._view.words, self._view.wish
        if wish.kind != "review":
            return words("quiz.nothing")
        if wish.due:
            return words("quiz.due_declined", n=len(wish.due))
        coming = [str(x["due"]) for x in self._app.learner.progress.reviews.values()]
        if not coming:
            return words("quiz.none_yet")
        date = datetime.fromisoformat(min(coming)).astimezone().date().isoformat()
        return f"{words('quiz.nothing_due')} {words('quiz.next_due', date=date)}"

    @property
    def _app(self) -> LearningApp:
        return cast("LearningApp", self.app)

    @property
    def _can_rewrite(self) -> bool:
        """Whether another sentence would help."""
        wish = self._view.wish
        return self._view.is_empty and (wish.kind != "review" or bool(wish.due))

    def on_mount(self) -> None:
        self.draw(self._view)
        self._begin_question()

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
        self.become(answered(self._view.sitting, reply))
        if not self._view.sitting.checks:
            self._report()
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        if self._view.sitting.told:
            self.set_focus(None)  # an exhibit that is drawn keeps the focus that it had
            if not self._view.sitting.checks:
                self.body.card.scroll_home(animate=False)

    def _report(self) -> None:
        """Have the last outcome written, once; say so when it is."""
        sitting = self._view.sitting
        index = len(sitting.outcomes) - 1
        if index < self._reported:
            return
        self._reported = index + 1
        question, outcome = sitting.questions[index], sitting.outcomes[index]
        self._app.learner.take(_reply(question, outcome), then=lambda ok: self._told(index, ok))

    def _told(self, index: int, is_kept: bool) -> None:
        sitting = self._view.sitting
        if self.is_attached and index < len(sitting.outcomes):
            self._view = replace(self._view, sitting=kept(sitting, index, is_kept))
            self.draw_below(self._view)

    def go_on(self) -> None:
        """Go to the next question; from the end, to the lesson that is chosen or comes next."""
        view = self._view
        if view.is_empty:
            self.dismiss(None)
        elif view.sitting.over:
            self._finish()
        else:
            if view.sitting.checks:
                self._report()
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
                self._report()
            self.dismiss(None)

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
        if self._can_rewrite:
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
        view = replace(self._view, experiment=experiment)
        self._view = replace(view, sitting=begun(self._questions(view)))
        self.draw(self._view)
        self._begin_question()

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


def _reply(question: Question, outcome: Outcome) -> Reply:
    mistake = outcome.grade.mistake if outcome.result == "wrong" else ""
    return Reply(question.id, question.lesson, outcome.result, mistake, outcome.hints)
