"""Screens that can be left only while they are the one that is looked at.

Textual's own `dismiss` takes away whatever lies on top: a model that arrives after Escape, or the
second click of two, would take the walk itself away.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

Answer = TypeVar("Answer")


class LeavingScreen(Screen[Answer], Generic[Answer]):
    """A screen that is left once."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Leave with an answer; nothing where another screen is looked at."""
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)


class LeavingModal(LeavingScreen[Answer], ModalScreen[Answer], Generic[Answer]):
    """The same, with what lies below still in view."""
