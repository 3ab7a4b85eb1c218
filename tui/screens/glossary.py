"""The glossary: every term of the course, what it is, and where it is explained."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from lessons.course import Course, Term
from lessons.findings.registry import filled_plain
from lessons.scene import Scene
from tui.messages import Words
from tui.screens.glossary_term import explained
from tui.screens.lesson_state import Journey
from tui.screens.lookup import Entry, LookupScreen, plainly

LATER = "○"


class GlossaryScreen(LookupScreen):
    """Answers with the id of the lesson to go to.

    term: the one to begin at. What a lesson to come will introduce is marked as such.
    """

    TABLE = "glossary"

    def __init__(
        self, words: Words, course: Course, journey: Journey, scene: Scene, term: str = ""
    ) -> None:
        self._course, self._scene = course, scene
        self._begun = {one.id: journey.begun(course, one.id) for one in course.lessons}
        super().__init__(words, term)

    def entries(self) -> Sequence[Entry]:
        """The terms by name, found by all their forms and what is said of them."""
        terms = sorted(self._course.terms, key=lambda term: plainly(term.name))
        return [
            Entry(term.id, "\n".join((*term.forms, *self._told(term))), term.name) for term in terms
        ]

    def _told(self, term: Term) -> tuple[str, str]:
        return filled_plain(term.definition, self._scene), filled_plain(term.example, self._scene)

    def aside(self) -> str:
        """How many there are."""
        return self.words("glossary.count", n=len(self._course.terms))

    def line(self, entry: Entry, filtered: bool) -> Content:
        """The name, and the lesson's number; those to come are quiet and have a sign."""
        term = self._course.term(entry.id)
        known = self._begun[term.lesson]
        return Content.assemble(
            ("  " if known else f"{LATER} ", "$quiet"), (term.name, "" if known else "$quiet")
        )

    def detail(self, entry: Entry) -> Content:
        """What it is, an example, and its lesson."""
        term = self._course.term(entry.id)
        known = self._begun[term.lesson]
        return explained(self.words, self._course, term, known, self._scene)

    def answer(self, entry: str) -> str:
        """The lesson that introduces the term."""
        return self._course.term(entry).lesson
