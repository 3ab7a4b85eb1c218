"""The body of a quiz: that of a lesson, with a line to answer in that knows what it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual import events
from textual.message import Message

from tui.widgets.lesson_body import LessonBody
from tui.widgets.line_input import LineInput

OF_NUMBERS = frozenset("0123456789.,-−+%/ eE")


class AnswerBox(LineInput):
    """A line to answer in. Where a number is asked for, letters are the screen's keys."""

    @dataclass
    class Letter(Message):
        """The person pressed a key that is no part of a number."""

        key: str

    def __init__(self, **details: Any) -> None:
        super().__init__(**details)
        self.numeric = False

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Whether the key is written here."""
        if self.numeric and character is not None and character not in OF_NUMBERS:
            return False
        return super().check_consume_key(key, character)

    def on_key(self, event: events.Key) -> None:
        if self.numeric and event.is_printable and event.character not in OF_NUMBERS:
            event.stop()
            event.prevent_default()  # else it would be written
            self.post_message(self.Letter(event.key))


class QuizBody(LessonBody):
    """Places a question, the line to answer in, and what is to be pointed at."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.box = AnswerBox(id="answer", compact=True, select_on_focus=False)
        self.box.cursor_blink = False
        self.answer = self.box
