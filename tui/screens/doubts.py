"""What learners ask at a card, with the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lessons.markup import Span
from tui.messages import Words
from tui.renderables.prose_content import prose_content
from tui.renderables.running import running
from tui.screens.dialog import Dialog
from tui.widgets.running import RunningText

FRAME = 7
"""Lines of the dialog that are not questions and answers."""
CLOSED, OPEN = "▸ ", "▾ "


class DoubtsScreen(Dialog[None]):
    """Shows all questions with their answers; where those do not fit, one answer at a time.

    doubts: each question with its answer.
    """

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False, id="doubts.up"),
        Binding("down", "move(1)", show=False, id="doubts.down"),
        Binding("enter,space", "open", show=False, id="doubts.open"),
        Binding("d,q,backspace", "leave", show=False, id="doubts.close"),
    ]

    def __init__(self, words: Words, doubts: Sequence[tuple[str, Sequence[Span]]]) -> None:
        super().__init__()
        self._words = words
        self._doubts = [(question, prose_content(answer)) for question, answer in doubts]
        self._current, self._open = 0, True
        self._list = RunningText(id="doubts")
        self._close = Static(id="dialog-close", markup=False)
        self._rows: list[int] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static(self._words("doubts.title"), id="dialog-title", markup=False)
            yield self._list
            yield self._close

    def on_mount(self) -> None:
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        width = max(min(self.app.size.width, 78) - 4, 20)
        whole = running(self._assembled(range(len(self._doubts))), width)
        fits = whole.get_height({}, width) <= self.app.size.height - FRAME
        opened = range(len(self._doubts)) if fits else [self._current] if self._open else []
        self._list.update(self._assembled(opened, None if fits else self._current))
        self._close.update(self._words("doubts.close_all" if fits else "doubts.close"))

    def _assembled(self, opened: Sequence[int], current: int | None = None) -> Content:
        parts = [Content("")]
        for i, (question, answer) in enumerate(self._doubts):
            sign = "" if current is None else OPEN if i in opened else CLOSED
            style = "bold $accent" if i == current or current is None else "bold"
            said = Content.assemble((sign + question, style))
            parts.append(
                said.stylize_before("") if i not in opened else said + "\n" + answer + "\n"
            )
        return Content("\n").join(parts)

    def action_move(self, by: int) -> None:
        """Go to another question, and open it."""
        self._current = (self._current + by) % len(self._doubts)
        self._open = True
        self._fill()

    def action_open(self) -> None:
        """Open the question, or close it."""
        self._open = not self._open
        self._fill()

    def on_click(self, event: events.Click) -> None:
        """A click on the questions opens the next one; beside them it closes the dialog."""
        if event.widget is self._list:
            event.stop()
            self.action_move(1)
