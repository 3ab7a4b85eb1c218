"""Which questions a sitting asks: of a lesson, the checkpoint, the exam, or what is due. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from lessons.course import Course, Lesson
from lessons.quiz.question import Question
from lessons.quiz.registry import ask, draw, generators
from lessons.scene import Scene
from lessons.station_figure import station

CHECKPOINT = "checkpoint-attention"
CHECKED = range(11, 16)
"""The numbers of the lessons that the checkpoint is about."""
OF_LESSON, OF_CHECKPOINT, OF_EXAM, OF_REVIEW = 5, 10, 20, 20
"""How many questions are asked at most."""
TRIES = 4


@dataclass(frozen=True)
class Wish:
    """What is to be asked.

    kind: "lesson", "checkpoint", "exam" or "review". lesson: the lesson of the first two.
    seed: the same questions come of the same one. due: the ids of questions to review.
    """

    kind: str
    seed: int
    lesson: str = ""
    due: tuple[str, ...] = ()


def wish_of(lesson: Lesson, seed: int) -> Wish:
    """What is asked at the end of a lesson."""
    return Wish("checkpoint" if lesson.id == CHECKPOINT else "lesson", seed, lesson.id)


def questions_of(wish: Wish, scene: Scene, course: Course) -> tuple[Question, ...]:
    """The questions, fewer or none where the sentence makes them pointless."""
    rng = Random(wish.seed)
    if wish.kind == "review":
        found = [_asked(id, scene, rng) for id in wish.due[:OF_REVIEW]]
        return tuple(question for question in found if question is not None)
    if wish.kind == "lesson":
        drawn = draw([wish.lesson], scene, rng, OF_LESSON)
        return tuple(question for question in drawn if can_be_shown(question, scene))
    checked = [x.id for x in course.lessons if x.number in CHECKED or x.id == wish.lesson]
    if wish.kind == "checkpoint":
        return tuple(_spread(checked, scene, rng, OF_CHECKPOINT))
    return tuple(_spread([lesson.id for lesson in course.lessons], scene, rng, OF_EXAM))


def _asked(id: str, scene: Scene, rng: Random) -> Question | None:
    """A question of a generator, which may decline one time and not the next."""
    for _ in range(TRIES):
        question = ask(id, scene, rng)
        if question is not None and can_be_shown(question, scene):
            return question
    return None


def _spread(lessons: Sequence[str], scene: Scene, rng: Random, n: int) -> list[Question]:
    """Up to n questions: one from each lesson, then a second one, and so on."""
    left = {lesson: [id for id, x in generators().items() if x.lesson == lesson]
            for lesson in rng.sample(lessons, len(lessons))}  # fmt: skip
    for ids in left.values():
        rng.shuffle(ids)
    found: list[Question] = []
    while len(found) < n and any(left.values()):
        for ids in left.values():
            question = None
            while ids and question is None and len(found) < n:
                question = _asked(ids.pop(), scene, rng)
            if question is not None:
                found.append(question)
    return found


def can_be_shown(question: Question, scene: Scene) -> bool:
    """Whether what is to be pointed at is there, in this model."""
    pointed = question.pointed
    config = scene.experiment.model.config
    return pointed is None or station(config, pointed.station, pointed.block) is not None
