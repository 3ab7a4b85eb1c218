"""The table of contents: the lessons in order, what was done of each, and what rests on what."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from lessons.course import Course, Lesson
from lessons.markup import plain
from tui.messages import Words
from tui.renderables.matrix_labels import clip
from tui.renderables.rails import NODE, rails
from tui.screens.lesson_state import Journey
from tui.screens.lookup import Entry, LookupScreen

MARKS = {"none": "○", "some": "◐", "all": "●"}
TITLE, BESIDE = 42, 30
"""Columns of a lesson's title in the list at most, and of all that stands beside it."""


class ContentsScreen(LookupScreen):
    """Answers with the id of the lesson to go to. The rails say what each lesson rests on."""

    TABLE, KEY = "contents", "t"

    def __init__(self, words: Words, course: Course, journey: Journey) -> None:
        self._course, self._journey = course, journey
        self._rails = rails({lesson.id: lesson.needs for lesson in course.lessons})
        super().__init__(words, journey.lesson)

    def entries(self) -> Sequence[Entry]:
        """The lessons, found by what they say of themselves and by their terms and cards."""
        return [
            Entry(
                lesson.id,
                "\n".join(
                    (
                        lesson.title,
                        lesson.goal,
                        *(card.title for card in lesson.cards),
                        *(form for term in lesson.terms for form in term.forms),
                    )
                ),
            )
            for lesson in self._course.lessons
        ]

    def aside(self) -> str:
        """How much of the course is done."""
        lessons = self._course.lessons
        done = sum(self._journey.done(lesson) == "all" for lesson in lessons)
        said = self.words("contents.done", n=done, total=len(lessons))
        return f"{said}   {self.words('contents.legend')}"

    def line(self, entry: Entry, filtered: bool) -> Content:
        """The rails with the mark of what was done, number, title and minutes.

        A filtered list has no rails: what would join them is left out.
        """
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
            (f"  {self.words('contents.here')}" if here else "", "$accent"),
        )

    def detail(self, entry: Entry) -> Content:
        """What the lesson makes one able to do, and its place in the whole."""
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


def _titles(lessons: Sequence[Lesson]) -> str:
    return ", ".join(
        f"{lesson.number} {lesson.title}" if lesson.number else lesson.title for lesson in lessons
    )
