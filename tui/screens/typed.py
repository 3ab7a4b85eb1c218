"""A screen with sentences to type into: what is typed is run after a short pause."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.timer import Timer
from textual.widgets import Input

from engine.errors import EngineError
from tui.messages import error_sentence
from tui.screens.leaving import LeavingScreen

Answer = TypeVar("Answer")
TYPING_PAUSE = 0.09
"""Seconds without a key after which a sentence is computed again."""


class TypedScreen(LeavingScreen[Answer], Generic[Answer]):
    """Reads what is typed into its boxes, and tells people what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self._pending: Timer | None = None
        self._has_told = False

    @property
    def lang(self) -> str:
        """The language of what is said."""
        raise NotImplementedError

    def read_boxes(self) -> None:
        """Run what stands in the boxes."""
        raise NotImplementedError

    def hush(self) -> None:
        """Take back what was told: it was about something that is not shown any more."""
        if self._has_told:
            self._has_told = False
            self.app.clear_notifications()

    def say(self, trouble: EngineError | str) -> None:
        """Tell the person one sentence; an error never ends the screen."""
        self._has_told = True
        if isinstance(trouble, EngineError):
            sentence = error_sentence(trouble, self.lang)
            self.notify(sentence, severity="warning", markup=False)
        else:
            self.notify(trouble, markup=False)

    def flush(self) -> None:
        """Read what was typed, at once."""
        if self._pending is not None:
            self._pending.stop()
            self._pending = None
        self.read_boxes()

    def action_leave(self) -> None:
        """Take the focus from wherever it is."""
        self.flush()
        self.set_focus(None)

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._pending is not None:
            self._pending.stop()
        self._pending = self.set_timer(TYPING_PAUSE, self.flush)

    def on_input_submitted(self) -> None:
        self.action_leave()
