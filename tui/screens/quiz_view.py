"""One moment of a quiz: a run, a language, and a sitting. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from types import MappingProxyType

import lessons.course
from engine.experiment import Experiment
from lessons.course import Course
from lessons.prose import prose
from lessons.quiz.question import Cell, Question
from lessons.scene import Scene
from lessons.station_figure import station
from tui.messages import Words, words
from tui.screens.lesson_view import _is_part, scene_of
from tui.screens.quiz_draw import Wish
from tui.screens.quiz_state import Sitting
from tui.screens.quiz_words import quiz_words
from tui.screens.walk_state import Place
from tui.screens.walk_view import View


@cache
def mistake_names(lang: str) -> Mapping[str, str]:
    """What each known mistake is called."""
    named: dict[str, str] = {}
    for path in files("lessons").joinpath("content", "quiz").iterdir():
        if path.name.endswith(f".{lang}.toml"):
            for id, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if "name" in entry and "feedback" in entry:
                    named[id] = str(entry["name"])
    return MappingProxyType(named)


def mistake_name(id: str, lang: str) -> str:
    """What a mistake is called; its id where it has no name any more."""
    return mistake_names(lang).get(id, id)


@dataclass(frozen=True)
class QuizView:
    """All that determines what is on the screen, its size aside."""

    experiment: Experiment
    lang: str
    wish: Wish
    sitting: Sitting

    @property
    def words(self) -> Words:
        """The interface's strings."""
        return quiz_words(self.lang)

    @property
    def course(self) -> Course:
        """The course in the present language."""
        return lessons.course.course(self.lang)

    @cached_property
    def scene(self) -> Scene:
        """What is asked about."""
        return scene_of(self.experiment, self.lang)

    @property
    def question(self) -> Question:
        """The present question."""
        return self.sitting.question

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that can be asked."""
        return not self.sitting.questions

    @property
    def can_rewrite(self) -> bool:
        """Whether another sentence would help."""
        return self.is_empty and (self.wish.kind != "review" or bool(self.wish.due))

    @property
    def title(self) -> tuple[str, str]:
        """A number, and what the sitting is called."""
        if self.wish.kind == "lesson":
            lesson = self.course.lesson(self.wish.lesson)
            return str(lesson.number or ""), lesson.title
        return "", self.words(f"quiz.{self.wish.kind}")

    # Pointing

    @cached_property
    def pointing(self) -> bool:
        """Whether an exhibit is in view, to point at."""
        sitting = self.sitting
        return not sitting.over and sitting.question.pointed is not None

    @property
    def cell(self) -> Cell:
        """The cell under the cursor: the learner's while one points, then the right one."""
        answer = self.question.answer
        if self.sitting.told and isinstance(answer, tuple):
            return answer[0], answer[1]
        return self.sitting.draft.cell

    @property
    def walk(self) -> View | None:
        """The exhibit to point at, as the walk has it."""
        return self.walk_at(self.cell) if self.pointing else None

    def walk_at(self, cell: Cell) -> View:
        """The exhibit with its cursor on a cell."""
        pointed, config = self.question.pointed, self.experiment.model.config
        assert pointed is not None
        stage = station(config, pointed.station, pointed.block)
        assert stage is not None  # else the question would not be asked
        in_list = stage.view in ("bars", "choice")
        place = Place(
            stage=stage.id,
            head=pointed.head % config.n_heads,
            word=None if in_list else cell[0],
            col=cell[1],
            pick=cell[0] if in_list else 0,
            inside=_is_part(config, stage),
        )
        return View(self.experiment, place, words("app", self.lang), prose(self.lang))

    def reading(self, cell: Cell) -> str:
        """What a cell of the exhibit says: the first sentence of it."""
        return self.walk_at(cell).reading.split(". ")[0].rstrip(".") + "."
