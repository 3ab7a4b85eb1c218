"""Progress: how well each concept goes, over the map of the course; what is due; the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.content import Content

from lessons.course import Course
from lessons.progress.record import Reply, now
from lessons.progress.report import due, report
from lessons.quiz.registry import generators
from tui.learner import Learner
from tui.messages import Words
from tui.renderables.matrix_labels import clip
from tui.renderables.rails import NODE, rails
from tui.screens.contents import MARKS, REVIEW
from tui.screens.lesson_state import Journey
from tui.screens.lookup import Entry, LookupScreen
from tui.screens.progress_bar import RIGHT, SKIPPED, WRONG, chart, days, mastery_bar
from tui.screens.quiz_empty import spoken
from tui.screens.quiz_view import mistake_name

HISTORY, MISTAKES = "@history", "@mistakes"
TITLE, BESIDE = 40, 32
CHART = 16
MOST_MISTAKES = 6


class ProgressScreen(LookupScreen):
    """Answers with the id of the lesson to go to, or with REVIEW."""

    TABLE = "progress_screen"
    BINDINGS: ClassVar = [
        Binding("f3", "dismiss(None)", show=False, id="progress.close"),
        Binding("f2", "review", show=False, id="progress.review"),
    ]

    def __init__(self, words: Words, course: Course, journey: Journey, learner: Learner) -> None:
        self._course, self._journey = course, journey
        progress = learner.progress
        self._replies, self._path = progress.replies, learner.path
        self._due = due(progress, now())
        self._reports = {one.id: one for one in report(progress, course)}
        self._rails = rails({lesson.id: lesson.needs for lesson in course.lessons})
        super().__init__(words, REVIEW)

    def entries(self) -> Sequence[Entry]:
        """What there is besides lessons, then the lessons on their map."""
        words = self.words
        others = [
            Entry(REVIEW, self._review),
            Entry(HISTORY, words("progress_screen.days")),
            Entry(MISTAKES, words("progress_screen.mistakes")),
        ]
        return others + [
            Entry(lesson.id, f"{lesson.title}\n{lesson.goal}") for lesson in self._course.lessons
        ]

    @property
    def _review(self) -> str:
        key = {0: "due_none", 1: "due_one"}.get(len(self._due), "due")
        return self.words(f"contents.{key}", n=len(self._due))

    def aside(self) -> str:
        """How many answers were right."""
        results = Counter(reply.result for reply in self._replies)
        answered = results["right"] + results["wrong"]
        key = "aside_one" if results["right"] == 1 else "aside"
        return self.words(f"progress_screen.{key}", right=results["right"], answered=answered)

    def action_review(self) -> None:
        """Begin the review."""
        self.dismiss(REVIEW)

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Go, unless to what is no place to go to."""
        if result in (HISTORY, MISTAKES):
            return AwaitComplete()
        return super().dismiss(result)

    def line(self, entry: Entry, filtered: bool) -> Content:
        """A lesson on its rail with its bar, and how many answers were right."""
        if entry.id.startswith("@"):
            look = "bold" if entry.id == REVIEW and self._due else ""
            key = self.words("contents.due_key") if entry.id == REVIEW else ""
            return Content.assemble((entry.found_by, look), "  ", (key, "$quiet"))
        lesson, told = self._course.lesson(entry.id), self._reports[entry.id]
        before, _, after = ("", "", "") if filtered else self._rails[entry.id].partition(NODE)
        room = min(TITLE, self.app.size.width - BESIDE)
        title = clip(lesson.title, room)
        answered = told.right + told.wrong
        return Content.assemble(
            (before, "$line"),
            (MARKS[self._journey.done(lesson)], "$accent"),
            (after, "$line"),
            f" {lesson.number or '':>2}  ",
            title,
            " " * (room - cell_len(title) + 2),
            (mastery_bar(told), "$accent"),
            (f"  {told.right}/{answered}" if answered else "", "$quiet"),
        )

    def detail(self, entry: Entry) -> Content:
        """What is due, the last days, the mistakes, or one lesson."""
        if entry.id == REVIEW:
            lines = [Content(self._review), Content(self.words("contents.due_detail"))]
        elif entry.id == HISTORY:
            lines = self._history()
        elif entry.id == MISTAKES:
            lines = self._mistakes(self._replies, MOST_MISTAKES)
            if not lines:
                lines = [Content(self.words("progress_screen.no_mistakes"))]
        else:
            return self._lesson(entry.id)
        kept = Content.styled(self.words("progress_screen.kept_in", path=self._path), "$quiet")
        return Content("\n").join([*lines, kept])

    def _history(self) -> list[Content]:
        """The last days, a line each."""
        words, today = self.words, datetime.now().date()
        found = days(self._replies, today)
        if not found:
            return [Content(words("progress_screen.no_answers"))]
        most = max(day.right + day.wrong + day.skipped for day in found)
        lines = []
        for day in found:
            date = (
                words("progress_screen.today")
                if day.day == today
                else spoken(words, day.day, today, short=True)
            )
            right, wrong, skipped = chart(day, most, CHART)
            counts = f"  {day.right} · {day.wrong} · {day.skipped}"
            lines.append(
                Content.assemble(
                    (f"{date:<6} ", "$quiet"),
                    (right, "$success"),
                    (wrong, "$warning"),
                    (skipped, "$quiet"),
                    (counts, "$quiet"),
                )
            )
        key = zip((RIGHT, WRONG, SKIPPED), ("right", "wrong", "skipped"), strict=True)
        said = "   ".join(f"{sign} {words(f'progress_screen.{name}')}" for sign, name in key)
        return [*lines, Content.styled(said, "$quiet")]

    def _mistakes(self, replies: Iterable[Reply], most: int) -> list[Content]:
        """The mistakes that were made, the most frequent first."""
        made = Counter(r.mistake for r in replies if r.mistake and r.result == "wrong")
        lines = []
        for id, n in made.most_common(most):
            key = "once" if n == 1 else "times"
            times = self.words(f"progress_screen.{key}", n=n)
            lines.append(
                Content.assemble("· ", mistake_name(id, self.words.lang), (f"  {times}", "$quiet"))
            )
        return lines

    def _lesson(self, id: str) -> Content:
        words, told = self.words, self._reports[id]
        known = generators()
        waiting = sum(known[question].lesson == id for question in self._due)
        lines = [
            Content.styled(self._course.lesson(id).title, "bold"),
            Content(words("progress_screen.cards", n=told.seen, total=told.cards)),
            Content(
                words(
                    "progress_screen.answers",
                    right=told.right,
                    wrong=told.wrong,
                    skipped=told.skipped,
                )
            ),
            Content(words("progress_screen.known", n=told.known, total=told.questions)),
        ]
        if waiting:
            lines.append(Content(words("progress_screen.due_here", n=waiting)))
        made = self._mistakes((r for r in self._replies if r.lesson == id), 3)
        if made:
            lines += [Content.styled(words("progress_screen.made"), "$quiet"), *made]
        return Content("\n").join(lines)
