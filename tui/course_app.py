"""The app as far as the course goes: where one is in it, and how one gets anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand, get_system_commands_provider
from textual.screen import Screen

from tui.actions import FREE_ACTION, Action, by_id, help_table
from tui.messages import Words, words
from tui.quick_app import QuickApp
from tui.renderables.signs import signs_of

if TYPE_CHECKING:  # NumPy and the engine are not imported before the first frame
    from textual.command import Provider

    from engine.experiment import Experiment
    from engine.store import Model
    from tui.learner import Learner
    from tui.screens.lesson import LessonScreen
    from tui.screens.lesson_state import Journey
    from tui.screens.walk import WalkScreen

LESSON = "lesson"
"""Under which name the one screen of the lessons is kept."""


def course_provider() -> type[Provider]:
    """What searches the course; read when the palette is opened for the first time."""
    from tui.finder import CourseProvider

    return CourseProvider


class CourseApp(QuickApp):
    """Goes between the walk, the lessons and what explains them; its subclass begins and ends."""

    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {
        get_system_commands_provider,
        course_provider,
    }
    lang = "es"
    learner: Learner
    _stands_for: tuple[Model, Model] | None = None
    """The model that the course is told about, and the one whose place it took."""

    # Where one is

    @property
    def ground(self) -> WalkScreen | LessonScreen | None:
        """The walk or the lesson that one is at, whatever lies over it."""
        if len(self.screen_stack) < 2:  # the first frame: the engine is not there yet
            return None
        from tui.screens.lesson import LessonScreen
        from tui.screens.walk import WalkScreen

        over = (s for s in reversed(self.screen_stack) if isinstance(s, WalkScreen | LessonScreen))
        return next(over, None)

    @property
    def run_now(self) -> Experiment | None:
        """The run that one is looking at."""
        return None if self.ground is None else self.ground.view.experiment

    @property
    def lessons(self) -> LessonScreen | None:
        """The screen of the lessons, if it was there already."""
        if not self.is_screen_installed(LESSON):
            return None
        from tui.screens.lesson import LessonScreen

        return self.get_screen(LESSON, LessonScreen)

    @property
    def journey(self) -> Journey:
        """What was seen and said in the course."""
        if self.lessons is not None:
            return self.lessons.view.journey
        import lessons.course
        from tui.screens.progress_journey import journey_of

        return journey_of(self.learner.progress, lessons.course.course(self.lang))

    def _table(self) -> tuple[str, Words]:
        """Which table of actions holds where one is, and its words."""
        from tui.screens.quiz import QuizScreen

        lessons, ground = self.lessons, self.ground
        if isinstance(self.screen, QuizScreen):
            return "quiz", self.screen.view.words
        if ground is None or ground is not lessons:
            return "walk", words("app", self.lang)
        from tui.screens.lesson_words import lesson_words

        return "lesson", lesson_words(self.lang)

    def taught(self, run: Experiment) -> Experiment:
        """The run that the course is told about; where that is another than `run`, it is said."""
        from lessons.taught import taught

        told = taught(run, self.lang)
        if told is not run:
            self._stands_for = told.model, run.model
            names = {"model": run.model.name, "other": told.model.name}
            self.notify(words("app", self.lang)("notice.taught", **names), markup=False)
        return told

    def chosen_run(self, run: Experiment) -> Experiment:
        """The run in the model that the person chose, where another took its place here."""
        from lessons.moments import finished

        if self._stands_for is None or finished(run.model) is not self._stands_for[0]:
            return run
        return replace(run, model=self._stands_for[1])

    # Where one can go

    def open_lesson(self, lesson: str, card: str = "") -> None:
        """Go to a lesson with the run that one is looking at, over the walk that one is at."""
        run, lessons = self.run_now, self.lessons
        if run is None:
            return
        if lessons is None or lessons not in self.screen_stack:
            self.push_lesson(run, lesson, card)
            return
        while self.screen is not lessons:
            self.pop_screen()
        lessons.enter(lesson, card, self.taught(run))

    def push_lesson(self, run: Experiment, lesson: str, card: str = "") -> None:
        """Show a lesson over what is there now."""
        run, lessons = self.taught(run), self.lessons
        if lessons is None:
            from tui.screens.lesson import LessonScreen

            screen = LessonScreen(run, self.lang, lesson, card, self.journey)
            self.install_screen(screen, LESSON)
            self.push_screen(LESSON)
            return
        self.push_screen(LESSON)
        if lessons.lang != self.lang:
            lessons.speak(self.lang)
        lessons.enter(lesson, card, run)

    def open_station(self, station: str) -> None:
        """Go to a station; from a lesson, in a walk of its own."""
        ground = self.ground
        if ground is not None:
            ground.go_to(station)

    def action_glossary(self, term: str = "") -> None:
        """Show the glossary, at a term; go to the lesson that is chosen."""
        run = self.run_now
        if run is not None and self.ground is self.screen:
            import lessons.course
            from tui.screens.glossary import GlossaryScreen
            from tui.screens.lesson_view import scene_of
            from tui.screens.lesson_words import lesson_words

            said, course = lesson_words(self.lang), lessons.course.course(self.lang)
            scene = scene_of(self.taught(run), self.lang)
            screen = GlossaryScreen(said, course, self.journey, scene, term)
            self.push_screen(screen, self._go_to_lesson)

    def _go_to_lesson(self, lesson: str | None) -> None:
        if lesson:
            self.open_lesson(lesson)

    # What can be done where one is

    def action_help(self) -> None:
        """Show what every key does."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            table, said = self._table()
            self.push_screen(HelpScreen(said, table), self._do)

    async def _do(self, action_id: str | None) -> None:
        if action_id is not None and self.ground is not None:
            await self.screen.run_action(by_id(action_id).call)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the table by its name, and on a walk every stage of the line."""
        from tui.screens.lesson_free import FreeWalkScreen
        from tui.screens.walk import WalkScreen

        ground = self.ground
        if ground is None or screen is not ground:
            return
        table, said = self._table()
        if isinstance(ground, FreeWalkScreen):
            yield self._command(FREE_ACTION, ground.free_words)
        for action in help_table(table)[1]:
            if action.palette:
                yield self._command(action, said)
        if isinstance(ground, WalkScreen):
            yield from self._of_walk(ground)

    def _command(self, action: Action, said: Words) -> SystemCommand:
        assert self.ground is not None
        run = partial(self.ground.run_action, action.call)
        return SystemCommand(said(f"command.{action.id}"), signs_of(action, said), run)

    def _of_walk(self, walk: WalkScreen) -> Iterable[SystemCommand]:
        said = words("app", self.lang)
        for name, forces in walk.ready_made():
            run = partial(walk.force_more, forces)
            yield SystemCommand(name, said("palette.whatif"), run)
        for stage in walk.view.line:
            told = walk.view.prose.stage(stage.key)
            name = said("palette.stage", name=told.name, title=told.title)
            where = "" if stage.block is None else said("line.block", n=stage.block + 1)
            yield SystemCommand(name, where, partial(walk.go_to, stage.id), discover=False)
