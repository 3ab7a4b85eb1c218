"""What progress amounts to, lesson by lesson."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.course import Course, Lesson
from lessons.progress.record import Progress
from lessons.quiz.registry import generators


@dataclass(frozen=True, slots=True)
class LessonReport:
    """How far a learner is with a lesson.

    seen, cards: cards looked at, and how many there are. right, wrong, skipped: all replies.
    known, questions: kinds of questions whose latest answer was right, and how many there are.
    """

    id: str
    seen: int
    cards: int
    right: int
    wrong: int
    skipped: int
    known: int
    questions: int

    @property
    def done(self) -> bool:
        """Whether every card was looked at."""
        return self.seen == self.cards

    @property
    def mastery(self) -> float:
        """The share of the lesson's kinds of questions that were answered well the last time."""
        return self.known / self.questions if self.questions else 0.0


def report(progress: Progress, course: Course) -> tuple[LessonReport, ...]:
    """Every lesson of the course, in its order."""
    return tuple(_of_lesson(progress, lesson) for lesson in course.lessons)


def _of_lesson(progress: Progress, lesson: Lesson) -> LessonReport:
    ids = {id for id, one in generators().items() if one.lesson == lesson.id}
    seen = progress.seen.get(lesson.id, {})
    replies = [reply for reply in progress.replies if reply.lesson == lesson.id]
    latest = {r.question: r.result for r in replies if r.result != "skipped" and r.question in ids}
    counts = {
        result: sum(reply.result == result for reply in replies)
        for result in ("right", "wrong", "skipped")
    }
    return LessonReport(
        lesson.id,
        sum(card.id in seen for card in lesson.cards),
        len(lesson.cards),
        **counts,
        known=sum(result == "right" for result in latest.values()),
        questions=len(ids),
    )


def due(progress: Progress, at: str) -> list[str]:
    """The questions that are due and that the course still has."""
    return [id for id in progress.due(at) if id in generators()]
