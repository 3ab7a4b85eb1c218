"""Questions in the dialogue: of a lesson, the exam, the review."""

from __future__ import annotations

from dataclasses import replace
from time import time_ns

from lessons.progress.record import Set, now
from lessons.progress.report import due
from lessons.quiz.question import Answer
from tui.plain.replies import reply_of
from tui.plain.session import Session, Texts
from tui.plain.sitting import SittingRoom
from tui.plain.trouble import PlainError
from tui.plain.verbs import integers, is_command
from tui.screens.quiz_draw import Wish, wish_of
from tui.screens.quiz_end import next_lesson
from tui.screens.quiz_kept import SETTING, as_reply, with_left
from tui.screens.quiz_state import answered, gone_on, ticked

COMMANDS = {"hint", "skip", "back", "again", "more", "help", "quit", "lang"}


class QuizRoom(SittingRoom):
    """Questions that are answered. Answers go to the progress file at once."""

    def takes(self, line: str) -> Texts | None:
        """An answer in words."""
        sitting = self.view.sitting
        if sitting.over or sitting.told:
            return None
        if self.view.question.kind == "truth":
            return self._truth(line)
        if self.view.question.kind != "open" or is_command(line, COMMANDS):
            return None
        return self._answer(line)

    def _truth(self, line: str) -> Texts | None:
        try:
            reply = reply_of(self.view.question, line)
        except PlainError:
            return None
        return self._give(reply)

    def do(self, verb: str, rest: str) -> Texts | None:
        sitting, asking = self.view.sitting, not self.view.sitting.over
        asking = asking and not sitting.told
        if verb == "back":
            self._report()
            return self.session.leave()
        if verb in ("enter", "next"):
            return [self.words("quiz.first")] if asking else self._go_on()
        if verb == "skip":
            return self._give(None) if asking else self._go_on()
        if verb == "hint" and asking:
            return self._hint()
        if verb in ("", "answer") and asking:
            return self._answer(rest)
        if verb in ("", "tick") and sitting.checks:
            return self._tick(integers(rest))
        if verb == "why" and sitting.told:
            ref = self.view.question.ref
            if ref is None:
                return [self.view.words("quiz_notice.no_ref")]
            return self.session.open(self.view.experiment, ref)
        if verb in ("why", "set", "undo", "redo", "whatif", "sentence", "add", "model", "moment"):
            raise PlainError("trouble.not_in_quiz")
        return None

    def _answer(self, text: str) -> Texts:
        question = self.view.question
        shape = (0, 0)
        if question.pointed is not None:
            rows, columns = self.pointed_into(question.pointed).values.shape
            shape = (rows, columns)
        return self._give(reply_of(question, text, shape))

    def _give(self, reply: Answer | None) -> Texts:
        """Take an answer, None for a skipped question, and say what is so."""
        self.become(answered(self.view.sitting, reply))
        if not self.view.sitting.checks:
            self._report()
        return self.told()

    def _hint(self) -> Texts:
        sitting = self.view.sitting
        if sitting.hints >= len(sitting.question.hints):
            return [self.view.words("quiz_notice.no_hint")]
        self.become(replace(sitting, hints=sitting.hints + 1))
        text = sitting.question.hints[sitting.hints]
        return [self.words("quiz.hint", n=sitting.hints + 1, text=text)]

    def _tick(self, points: list[int]) -> Texts:
        sitting = self.view.sitting
        last = len(sitting.question.points)
        if not points or not all(1 <= n <= last for n in points):
            raise PlainError("trouble.points", last=last)
        for n in points:
            sitting = ticked(sitting, n - 1)
        self.become(sitting)
        return self.told()[-last - 1 :]

    def _go_on(self) -> Texts:
        """The next question; from the end, the next lesson, or back."""
        self._report()
        view = self.view
        if view.is_empty:
            return self.session.leave()
        if view.sitting.over:
            after = next_lesson(view)
            if after is None:
                return self.session.leave()
            from tui.plain.lesson import enter_lesson

            return enter_lesson(self.session, after.id)
        self.become(gone_on(view.sitting))
        return self.arrive()

    def _report(self) -> None:
        """Have the last outcome written, once; an open answer not before it was checked."""
        view, sitting = self.view, self.view.sitting
        index = len(sitting.outcomes) - 1
        if index < self.reported:
            return
        self.reported = index + 1
        learner = self.session.learner
        left = with_left(learner.progress.settings, view.wish, view.experiment, sitting)
        kept = () if left == learner.progress.settings.get(SETTING, {}) else (Set(SETTING, left),)
        reply = as_reply(sitting.questions[index], sitting.outcomes[index])
        learner.take(reply, *kept, then=lambda is_kept: None)  # it is written at once


def begin(session: Session, kind: str) -> Texts:
    """Ask about the present lesson, the whole course ("exam"), or what is due ("review")."""
    if kind == "quiz":
        lesson = session.journey.lesson_in(session.course)
        return session.enter(QuizRoom(session, wish_of(lesson, time_ns())))
    ids = tuple(due(session.learner.progress, now())) if kind == "review" else ()
    return session.enter(QuizRoom(session, Wish(kind, time_ns(), due=ids)))
