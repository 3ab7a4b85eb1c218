"""What a sitting came to: how many were right, what was missed by lesson, what comes next. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rich.cells import cell_len

from lessons.course import Lesson
from tui.renderables.card_text import Bit, Block
from tui.screens.quiz_card import LIT, RIGHT
from tui.screens.quiz_view import QuizView, mistake_name

PART = "◐"
NONE_RIGHT = "○"
MOST_LISTED = 10
"""Lessons that have a line each, whatever became of them."""


@dataclass(frozen=True, slots=True)
class Score:
    """How a lesson of a sitting went. mistakes: ids, the most frequent first."""

    lesson: Lesson
    right: int
    total: int
    mistakes: tuple[tuple[str, int], ...]


def scores(view: QuizView) -> list[Score]:
    """The lessons that were asked about, in the order of the course."""
    done = list(zip(view.sitting.questions, view.sitting.outcomes, strict=False))
    found = []
    for lesson in view.course.lessons:
        own = [outcome for question, outcome in done if question.lesson == lesson.id]
        if own:
            made = Counter(x.grade.mistake for x in own if x.grade.mistake)
            right = sum(x.result == "right" for x in own)
            found.append(Score(lesson, right, len(own), tuple(made.most_common())))
    return found


def to_choose(view: QuizView) -> list[Lesson]:
    """The lessons that can be opened from the end: those of which something was missed."""
    return [score.lesson for score in scores(view) if score.right < score.total]


def next_lesson(view: QuizView) -> Lesson | None:
    """The lesson after the one whose questions these were; None where none comes next."""
    if view.wish.kind not in ("lesson", "checkpoint"):
        return None
    lessons = view.course.lessons
    after = view.course.index(view.wish.lesson) + 1
    return lessons[after] if after < len(lessons) else None


def end_blocks(view: QuizView) -> list[Block]:
    """The last page."""
    return list(_page(view))


def _page(view: QuizView) -> Iterator[Block]:
    words, outcomes = view.words, view.sitting.outcomes
    count = Counter(outcome.result for outcome in outcomes)
    skipped = count["skipped"]
    key = "score" if not skipped else "score_one_skipped" if skipped == 1 else "score_skipped"
    told = words(f"quiz_end.{key}", right=count["right"], total=len(outcomes), skipped=skipped)
    yield Block((Bit(told, "title"),), 0)
    missed = to_choose(view)
    by_lesson = scores(view)
    if len(by_lesson) > 1 or missed:
        heading = "by_concept" if view.wish.kind == "exam" else "by_lesson"
        yield Block((Bit(words(f"quiz_end.{heading}"), "quiet"),))
        listed = by_lesson
        if len(by_lesson) > MOST_LISTED:  # what went well in one line, not one each
            listed = [score for score in by_lesson if score.right < score.total]
        room = max((cell_len(_name(score.lesson)) for score in listed), default=0)
        for score in listed:
            yield _score(view, score, missed, room)
        if len(listed) < len(by_lesson):
            well = [score.lesson for score in by_lesson if score not in listed]
            names = ", ".join(str(one.number) if one.number else one.title for one in well)
            told = words("quiz_end.well", lessons=names)
            yield Block((Bit(told),), 0, (Bit("  "), Bit(f"{RIGHT} ", "good")))
    named = Counter(outcome.grade.mistake for outcome in outcomes if outcome.grade.mistake)
    if named:
        yield Block((Bit(words("quiz_end.mistakes"), "quiet"),))
        for id, times in named.most_common():
            tail = "" if times == 1 else f" · {words('quiz_end.times', n=times)}"
            yield Block((Bit(mistake_name(id, view.lang)), Bit(tail, "quiet")), 0, (Bit("· "),))
    comes_again = count["wrong"] or count["skipped"]
    if comes_again:
        yield Block((Bit(words("quiz_end.again")),))
    after = next_lesson(view)
    told = words("quiz_end.back")
    if after is not None:
        told = words("quiz_end.next_lesson", title=after.title)
    yield Block((Bit(told, "accent", "go"),), 0 if comes_again else 1)


def _name(lesson: Lesson) -> str:
    return f"{lesson.number:>2} {lesson.title}" if lesson.number else f"   {lesson.title}"


def _score(view: QuizView, score: Score, missed: list[Lesson], room: int) -> Block:
    """One lesson; it can be chosen where something of it was missed."""
    name = _name(score.lesson)
    all_right = score.right == score.total
    sign = RIGHT if all_right else PART if score.right else NONE_RIGHT
    count = view.words("quiz_end.line", right=score.right, total=score.total)
    target = "" if all_right else f"line:{missed.index(score.lesson)}"
    lit = bool(target) and view.sitting.draft.lit == missed.index(score.lesson)
    lead = (
        Bit(f"{LIT if lit else ' '} ", "accent"),
        Bit(f"{sign} ", "good" if all_right else "accent"),
    )
    text = name + "\u00a0" * (room - cell_len(name) + 2)
    return Block((Bit(text.replace(" ", "\u00a0"), "text", target), Bit(count, "quiet")), 0, lead)
