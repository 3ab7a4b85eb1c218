"""The app as far as the learner goes: questions, what they came to, and keeping where one is."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from time import time_ns
from typing import TYPE_CHECKING, Any

from lessons.languages import models_of
from tui.course_app import CourseApp
from tui.renderables.themes import choice_of

if TYPE_CHECKING:  # NumPy and the engine are not imported before the first frame
    from engine.store import Model
    from tui.screens.quiz_draw import Wish
    from tui.studio import Studio


class LearningApp(CourseApp):
    """Asks questions, tells how they went, and keeps all that in the progress file.

    animated: whether the person lets things move by themselves.
    """

    animated = True

    # Questions, and what they came to

    def action_contents(self) -> None:
        """Show the table of contents; go to the lesson that is chosen."""
        if self.ground is not None and self.ground is self.screen:
            import lessons.course
            from tui.screens.contents import ContentsScreen
            from tui.screens.quiz_words import quiz_words

            said, course = quiz_words(self.lang), lessons.course.course(self.lang)
            screen = ContentsScreen(said, course, self.journey, self.learner.progress)
            self.push_screen(screen, self._go_to)

    def _go_to(self, place: str | None) -> None:
        """Go to a lesson, or to what a list offers besides."""
        from tui.screens.contents import EXAM, REVIEW

        if place == REVIEW:
            self.action_review()
        elif place == EXAM:
            self.action_exam()
        else:
            self._go_to_lesson(place)

    def open_quiz(self, wish: Wish) -> None:
        """Ask questions about the run that one is looking at; then go to a lesson, or back."""
        run = self.run_now
        if run is not None and self.ground is self.screen:
            from lessons.moments import finished_run
            from tui.screens.quiz import QuizScreen
            from tui.screens.quiz_kept import left_of

            # What is asked is about a model that has learned, whatever moment is looked at, and
            # that works as it does by itself, whatever is changed by hand.
            run = self.taught(finished_run(run)).with_forced(())
            left = left_of(self.learner.progress.settings, wish, run)
            quiz = QuizScreen(run, self.lang, wish, left=left)
            self.push_screen(quiz, self._go_to_lesson)

    def action_review(self) -> None:
        """Ask what is due."""
        from lessons.progress.record import now
        from lessons.progress.report import due
        from tui.screens.quiz_draw import Wish

        ids = tuple(due(self.learner.progress, now()))
        self.open_quiz(Wish("review", time_ns(), due=ids))

    def action_exam(self) -> None:
        """Ask about the whole course."""
        from tui.screens.quiz_draw import Wish

        self.open_quiz(Wish("exam", time_ns()))

    def action_progress(self) -> None:
        """Show what was done in the course; go to what is chosen."""
        if self.ground is not None and self.ground is self.screen:
            import lessons.course
            from tui.screens.progress import ProgressScreen
            from tui.screens.quiz_words import quiz_words

            said, course = quiz_words(self.lang), lessons.course.course(self.lang)
            screen = ProgressScreen(said, course, self.journey, self.learner)
            self.push_screen(screen, self._go_to)

    # Training

    _studio: Studio | None = None

    @property
    def studio(self) -> Studio:
        """What is trained in the app; its choices are the usual ones at first."""
        if self._studio is None:
            from engine.store import shipped
            from tui.messages import words
            from tui.screens.train_choices import Choices
            from tui.studio import Studio

            said, run = words("train", self.lang), self.run_now
            text = run.text if run is not None else ""
            language = models_of(self.lang)
            name = f"mini-{language}"
            self._studio = Studio(
                Choices(
                    source=f"world_{language}",
                    model=name if name in shipped() else "",
                    sentences=said(f"default.sentences_{language}"),
                    watched=text or said(f"default.watched_{language}"),
                )
            )
        return self._studio

    def action_train(self) -> None:
        """Train a model, or go back to the one that is being trained."""
        if self.ground is not None and self.ground is self.screen:
            self._push_train()

    def _push_train(self) -> None:
        from engine.store import shipped
        from tui.own_models import own_models
        from tui.screens.train import TrainScreen

        names = (*shipped(), *own_models())
        screen = TrainScreen(self.studio, self.lang, names, self._see_trials)
        self.push_screen(screen, self._use_trained)

    def _see_trials(self) -> None:
        """Show the experiments in place of the training, which goes on."""
        from tui.screens.trials import TrialsScreen

        self.pop_screen()
        self.push_screen(TrialsScreen(self.lang, self._see_train))

    def _see_train(self) -> None:
        self.pop_screen()
        self._push_train()

    def action_trials(self) -> None:
        """Show the experiments."""
        if self.ground is not None and self.ground is self.screen:
            from tui.screens.trials import TrialsScreen

            self.push_screen(TrialsScreen(self.lang, self._see_train))

    def _use_trained(self, model: Model | None) -> None:
        if model is not None and self.ground is not None:
            from tui.messages import words

            self.ground.use(model)
            self.notify(words("train", self.lang)("say.used"), markup=False)

    def note_training(self) -> None:
        """Say quietly, at the end of the footer, how far a training is that nobody looks at."""
        from textual.css.query import NoMatches

        from tui.widgets.chips import Chips

        if self._studio is None or self.ground is None:
            return
        underway, note = self._studio.underway, ""
        if underway is not None:
            from lessons.prose import prose
            from tui.messages import words

            step, total = map(prose(self.lang).words.whole, underway)
            note = words("train", self.lang)("status.quiet", step=step, total=total)
        try:
            self.ground.query_one("#footer", Chips).note(note)
        except NoMatches:
            return

    # Where one is, and the end

    def note_place(self) -> None:
        """Keep where one is, and with what; cheap where that is as it was."""
        ground = self.ground
        if ground is None:
            return
        from tui.screens.progress_journey import run_settings, walk_place

        lessons = self.lessons
        settings = run_settings(self.chosen_run(ground.view.experiment))
        settings |= {"language": self.lang, "theme": choice_of(self.theme)}
        settings |= {"animation": self.animated}
        if lessons is not None and lessons in self.screen_stack:
            lesson, card = lessons.view.key
            settings["place"] = {"lesson": lesson, "card": card}
            settings["left"] = dict(lessons.view.journey.cards)
        else:
            settings["place"] = walk_place(ground.view.place)
        self.learner.set(settings)

    def on_load(self) -> None:
        """Whoever ends the program from outside loses nothing either; from the first frame on."""
        for name in ("SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                loop = asyncio.get_running_loop()
                loop.add_signal_handler(getattr(signal, name), self._ended)

    def _ended(self) -> None:
        self.note_place()
        self.learner.close()  # first of all: there may be no terminal any more
        self.exit()

    def exit(self, *details: Any, **more: Any) -> None:
        """End the program, and keep where one was."""
        self.note_place()
        super().exit(*details, **more)

    def on_unmount(self) -> None:
        if self._studio is not None:
            self._studio.close()
        self.learner.close()
