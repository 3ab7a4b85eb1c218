"""One term of the field: what it is, an example, where the course explains it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lessons.course import Course, Term
from lessons.findings.registry import filled_spans
from lessons.scene import Scene
from tui.messages import Words
from tui.renderables.prose_content import prose_content
from tui.screens.dialog import Dialog
from tui.widgets.running import RunningText


def lesson_line(words: Words, course: Course, lesson_id: str, known: bool) -> Content:
    """Which lesson introduces something, and whether that is still to come."""
    lesson = course.lesson(lesson_id)
    key = "term.lesson" if lesson.number else "term.lesson_bare"
    said = Content.styled(words(key, n=lesson.number, title=lesson.title), "$quiet")
    later = Content.assemble(" · ", (words("term.later"), "$warning"))
    return said if known else said + later


def explained(words: Words, course: Course, term: Term, known: bool, scene: Scene) -> Content:
    """A term with all that the glossary says of it."""
    others = ", ".join(term.names[1:4])
    example = prose_content(filled_spans(term.example, scene))
    return Content("\n").join(
        [
            Content.assemble((term.name, "bold"), (f"   {others}" if others else "", "$quiet")),
            prose_content(filled_spans(term.definition, scene)),
            Content.styled(words("glossary.example"), "$quiet") + example,
            lesson_line(words, course, term.lesson, known),
        ]
    )


class TermScreen(Dialog[str]):
    """Shows one term. Answers with an action of the screen below, where one was wished for.

    known: whether its lesson was begun.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("enter,space,q,backspace", "leave", show=False, id="term.close"),
        Binding("w", "glossary", show=False, id="term.glossary"),
    ]

    def __init__(self, words: Words, course: Course, term: Term, known: bool, scene: Scene) -> None:
        super().__init__()
        self._words, self._term = words, term
        self._explained = explained(words, course, term, known, scene)

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield RunningText(self._explained)
            yield Static(id="dialog-trouble", markup=False)
            yield Static(self._words("term.close"), id="dialog-close", markup=False)

    def action_glossary(self) -> None:
        """On to the whole glossary, at this term."""
        self.dismiss(f"app.glossary('{self._term.id}')")
