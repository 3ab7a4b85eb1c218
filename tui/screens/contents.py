"""The table of contents: the lessons in order, what was done of each, and what rests on what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import Binding
from textual.content import Content

from lessons.course import Course, Lesson
from lessons.markup import plain
from lessons.progress.record import Progress, now
from lessons.progress.report import due, report
from tui.messages import Words
from tui.renderables.matrix_labels import clip
from tui.renderables.rails import NODE, rails
from tui.screens.lesson_state import Journey
from tui.screens.lookup import Entry, LookupScreen
from tui.screens.progress_bar import mastery_bar
from tui.screens.quiz_draw import OF_EXAM

MARKS = {"none": "○", "some": "◐", "all": "●"}
TITLE, BESIDE = 42, 37
"""Columns of a lesson's title in the list at most, and of all that stands beside it."""
REVIEW, EXAM = "@review", "@exam"
"""What is answered for what is no lesson."""


class ContentsScreen(LookupScreen):
    """Answers with the id of the lesson to go to, or REVIEW or EXAM.

    The rails say what each lesson rests on, the bars how well its questions go.
    """

    TABLE = "contents"
    BINDINGS: ClassVar = [Binding("f2", "review", show=False, id="contents.review")]

    def __init__(self, words: Words, course: Course, journey: Journey, progress: Progress) -> None:
        self._reports = {one.id: one for one in report(progress, course)}
        self._due = len(due(progress, now()))
        self._course, self._journey = course, journey
        self._rails = rails({lesson.id: lesson.needs for lesson in course.lessons})
        super().__init__(words, journey.lesson)

    def entries(self) -> Sequence[Entry]:
        """The lessons, found by what they say of themselves and by their terms and cards.

        After them the review and the exam.
        """
        return [
            *(
                Entry(one.id, _said(one), f"{one.number} {one.title}")
                for one in self._course.lessons
            ),
            Entry(REVIEW, self._review),
            Entry(EXAM, self.words("contents.exam")),
        ]

    @property
    def _review(self) -> str:
        key = {0: "due_none", 1: "due_one"}.get(self._due, "due")
        return self.words(f"contents.{key}", n=self._due)

    def action_review(self) -> None:
        """Begin the review."""
        self.dismiss(REVIEW)

    def aside(self) -> str:
        """How much of the course is done."""
        lessons = self._course.lessons
        done = sum(self._journey.done(lesson) == "all" for lesson in lessons)
        said = self.words("contents.done", n=done, total=len(lessons))
        if self._due:
            return f"{said}   {self._review} ({self.words('contents.due_key')})"
        return f"{said}   {self.words('contents.legend')}"

    def line(self, entry: Entry, filtered: bool) -> Content:
        """The rails with the mark of what was done, number, title and minutes.

        A filtered list has no rails: what would join them is left out.
        """
        if entry.id in (REVIEW, EXAM):
            return self._line_of_other(entry.id)
        lesson = self._course.lesson(entry.id)
        mark = MARKS[self._journey.done(lesson)]
        before, _, after = ("", "", "") if filtered else self._rails[entry.id].partition(NODE)
        here = entry.id == self._journey.lesson
        number = str(lesson.number or "")
        room = min(TITLE, self.app.size.width - BESIDE)
        title = clip(lesson.title, room)
        minutes = self.words("contents.minutes", n=lesson.minutes)
        return Content.assemble(
            (before, "$line"),
            (mark, "$accent"),
            (after, "$line"),
            f" {number:>2}  ",
            (title, "bold" if here else ""),
            " " * (room - cell_len(title)),
            (f"{minutes:>6}", "$quiet"),
            ("  " + mastery_bar(self._reports[entry.id]), "$accent"),
            (f"  {self.words('contents.here')}" if here else "", "$accent"),
        )

    def _line_of_other(self, id: str) -> Content:
        """The review or the exam, with its key."""
        said = self._review if id == REVIEW else self.words("contents.exam")
        key = self.words("contents.due_key") if id == REVIEW else ""
        look = "bold" if id == REVIEW and self._due else ""
        return Content.assemble((said, look), "  ", (key, "$quiet"))

    def detail(self, entry: Entry) -> Content:
        """What the lesson makes one able to do, and its place in the whole."""
        if entry.id in (REVIEW, EXAM):
            key = "due_detail" if entry.id == REVIEW else "exam_detail"
            return Content(self.words(f"contents.{key}", n=OF_EXAM))
        lesson = self._course.lesson(entry.id)
        carries = [one for one in self._course.lessons if lesson.id in one.needs]
        needs = [self._course.lesson(id) for id in lesson.needs]
        quiet, words = "$quiet", self.words
        lines = [
            Content.styled(lesson.title, "bold"),
            Content(plain(lesson.goal)),
            Content.assemble(
                (words("contents.rests"), quiet), " ", _titles(needs) or words("contents.nothing")
            ),
        ]
        if carries:
            lines.append(
                Content.assemble((words("contents.carries"), quiet), " ", _titles(carries))
            )
        if lesson.terms:
            terms = ", ".join(term.name for term in lesson.terms)
            lines.append(Content.assemble((words("contents.terms"), quiet), " ", terms))
        return Content("\n").join(lines)


def _said(lesson: Lesson) -> str:
    """All that a lesson is found by."""
    cards = (card.title for card in lesson.cards)
    forms = (form for term in lesson.terms for form in term.forms)
    return "\n".join((lesson.title, lesson.goal, *cards, *forms))


def _titles(lessons: Sequence[Lesson]) -> str:
    return ", ".join(
        f"{lesson.number} {lesson.title}" if lesson.number else lesson.title for lesson in lessons
    )
