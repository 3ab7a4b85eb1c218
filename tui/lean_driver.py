"""A driver of Textual that writes as little as it can."""

from __future__ import annotations

from typing import Any

from textual.driver import Driver

from tui.renderables.lean import Lean


def lean(driver: type[Driver]) -> type[Driver]:
    """The same driver, for a terminal at the end of a slow line."""

    class LeanDriver(driver):  # type: ignore[misc, valid-type]
        """Remembers what the terminal shows, and sends what differs."""

        def __init__(self, *args: Any, **settings: Any) -> None:
            super().__init__(*args, **settings)
            self._lean = Lean()

        def write(self, data: str) -> None:
            """Write what makes the terminal show what `data` would."""
            shorter = self._lean.shortened(data)
            if shorter:
                super().write(shorter)

        def forget(self) -> None:
            """Send all of the next frame."""
            self._lean.forget()

    return LeanDriver
