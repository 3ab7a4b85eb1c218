"""What the dialogs over the walk share: a box in the middle, a list to choose from, a way out."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding
from textual.widgets import Static

from tui.screens.leaving import LeavingModal

Answer = TypeVar("Answer")


class Dialog(LeavingModal[Answer | None], Generic[Answer]):
    """A box over the present screen; Escape, or a click beside it, leaves without an answer."""

    CSS_PATH = "dialog.tcss"
    BINDINGS: ClassVar = [Binding("escape", "leave", show=False, id="dialog.close")]

    def action_leave(self) -> None:
        """Go without an answer."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self or (event.widget is not None and event.widget.id == "dialog-close"):
            self.dismiss(None)

    def say(self, sentence: str) -> None:
        """Tell what is wrong, within the box."""
        self.query_one("#dialog-trouble", Static).update(sentence)
