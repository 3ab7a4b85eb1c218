"""A row of questions as it is told: the question, what became of it, what all came to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from engine.experiment import Experiment
from lessons.exhibits import Exhibit, exhibit
from lessons.moments import finished_run
from lessons.quiz.arranged import letter
from lessons.quiz.question import Pointed, Question
from lessons.station_figure import station, station_figure
from tui.plain.blocks import paragraphs
from tui.plain.reader import Reader
from tui.plain.rows import exhibit_rows
from tui.plain.session import Room, Session, Texts
from tui.plain.trouble import PlainError
from tui.screens.lesson_view import scene_of
from tui.screens.quiz_card import prompt
from tui.screens.quiz_draw import Wish, questions_of
from tui.screens.quiz_empty import nothing
from tui.screens.quiz_end import end_blocks, next_lesson, to_choose
from tui.screens.quiz_kept import left_of, taken_up
from tui.screens.quiz_state import Sitting, translated
from tui.screens.quiz_told import told as told_blocks
from tui.screens.quiz_view import QuizView

MOST_NAMED = 5
"""Lessons that are named at the end."""


class SittingRoom(Room):
    """A sitting, and what is said of it; what is done there is in `quiz`."""

    name = "quiz"

    def __init__(self, session: Session, wish: Wish) -> None:
        super().__init__(session)
        # What is asked is about a model that has learned, and that works as it does by itself.
        run = finished_run(session.taught).with_forced(())
        left = left_of(session.learner.progress.settings, wish, run)
        wish = replace(wish, seed=left["seed"]) if left else wish
        view = QuizView(run, session.lang, wish, Sitting(()))
        self._view = replace(view, sitting=taken_up(self._questions(view), left))
        self._greeted = False
        self.reported = len(self._view.sitting.outcomes)

    def _questions(self, view: QuizView) -> tuple[Question, ...]:
        return questions_of(view.wish, scene_of(view.experiment, view.lang), view.course)

    @property
    def view(self) -> QuizView:
        """The present moment, in the present language."""
        view = self._view
        if view.lang != self.session.lang:
            view = replace(view, lang=self.session.lang)
            sitting = translated(view.sitting, self._questions(view))
            self._view = view = replace(view, sitting=sitting)
        return view

    def become(self, sitting: Sitting) -> None:
        self._view = replace(self.view, sitting=sitting)

    def run_of(self, number: int) -> Experiment:
        return self.view.experiment

    # What is said

    def arrive(self) -> Texts:
        """The present question, or what is so, or what the sitting came to."""
        view, said = self.view, self.words
        sitting = view.sitting
        self.reader = Reader()
        if view.is_empty:
            reviews = self.session.learner.progress.reviews
            if view.wish.kind == "review" and not view.wish.due:
                return [nothing(view, reviews, datetime.now().date()), said("quiz.back")]
            return [said("quiz.nothing")]
        if sitting.over:
            return self._end()
        if sitting.told:
            return self.told()
        n, total = sitting.index + 1, len(sitting.questions)
        head = [] if sitting.index else [said("quiz.title", title=view.title[1])]
        if sitting.outcomes and self.reported == len(sitting.outcomes) and not self._greeted:
            head = [said("quiz.taken_up")]
        self._greeted = True
        told = [*head, said("quiz.question", n=n, total=total), *self._asked()]
        return [*told, *self._pointed(self.lines(told)), said(f"quiz.ask_{view.question.kind}")]

    def _asked(self) -> Texts:
        """The question and its choices."""
        question = self.view.question
        told = [", ".join(_cells(block.bits[0].text)) for block in prompt(question.prompt, "", "")]
        told += [f"{letter(i)}) {text}" for i, text in enumerate(question.left)]
        told += [f"{i}) {option.text}" for i, option in enumerate(question.choices, 1)]
        return told

    def _pointed(self, taken: int) -> Texts:
        """The exhibit that is pointed into."""
        pointed = self.view.question.pointed
        if pointed is None:
            return []
        shown = self.pointed_into(pointed)
        self.reader = Reader(exhibit_rows(shown, self.session.prose, self.words))
        return self.read(taken + 1)

    def pointed_into(self, pointed: Pointed) -> Exhibit:
        run, marks = self.view.experiment, self.session.prose.words.marks
        stage = station(run.model.config, pointed.station, pointed.block)
        assert stage is not None  # else the question would not be asked
        return exhibit(stage, run, pointed.head % run.model.config.n_heads, marks=marks)

    def where(self) -> Texts:
        """Which question it is."""
        sitting = self.view.sitting
        if sitting.over:
            return self.arrive()[:1]
        n, total = sitting.index + 1, len(sitting.questions)
        key = "quiz.go_on" if sitting.told else f"quiz.ask_{self.view.question.kind}"
        return [self.words("quiz.question", n=n, total=total), self.words(key)]

    def told(self) -> Texts:
        """Whether it was right, the mistake by its name, what is so and why."""
        view, said = self.view, self.words
        outcome, question = view.sitting.outcome, view.question
        assert outcome is not None
        told = paragraphs(told_blocks(view, outcome), said, again=False)
        if view.sitting.checks and question.points:
            n = len(question.points)
            points = [f"{i}) {text}" for i, text in enumerate(told[-n:], 1)]
            return [*told[:-n], *points, said("quiz.check")]
        return [*told, said("quiz.go_on_why" if question.ref is not None else "quiz.go_on")]

    def _end(self) -> Texts:
        """What it came to, and where to go on."""
        view, said = self.view, self.words
        told = paragraphs(end_blocks(view)[:-1], said)
        missed, after = to_choose(view), next_lesson(view)
        if missed:
            names = ", ".join(said("quiz.lesson", n=x.number or x.id) for x in missed[:MOST_NAMED])
            told.append(said("quiz.missed", names=names))
        key = "quiz.end" if after is None else "quiz.end_next"
        return [*told, said(key, title="" if after is None else after.title)]

    def table(self) -> Texts:
        view = self.view
        if not view.pointing or view.question.pointed is None:
            raise PlainError("trouble.no_rows")
        pointed, config = view.question.pointed, view.experiment.model.config
        stage = station(config, pointed.station, pointed.block)
        assert stage is not None
        scene = scene_of(view.experiment, view.lang)
        return self.session.columns(station_figure(stage, scene, pointed.head))


def _cells(line: str) -> list[str]:
    """A line of a prompt; one of a small table in its cells."""
    return re.split(r" {2,}", line.strip())
