"""The app as far as it is quick: what a line need not pass through, and what is done ahead."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from time import monotonic

from textual import events
from textual.app import App
from textual.filter import ANSIToTruecolor, LineFilter
from textual.theme import Theme

from tui.preparing import preparing
from tui.renderables.themes import THEMES

OUR_THEMES = {theme.name: theme for theme in THEMES}
SETTLED = 5.0
"""Seconds after which the start is over."""
PREPARING_PAUSE, BETWEEN_PIECES = 1.0, 0.02
"""Seconds without a key after which what further keys need is made ready; and between its pieces.
"""


class QuickApp(App[None]):
    """Draws without detours, and makes ready what keys need before they are pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._preparing, self._last_input = preparing(), 0.0

    # Drawing

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by its name.

        Ours are found at once: each widget asks twice when it is drawn, and Textual copies its
        table of all themes for that.
        """
        return OUR_THEMES.get(theme_name) or super().get_theme(theme_name)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What changes the colours of each line on its way to the terminal.

        Without the filter that replaces the terminal's own sixteen: nothing here uses one of them.
        """
        return [x for x in super().get_line_filters() if not isinstance(x, ANSIToTruecolor)]

    # Ahead of the keys

    def make_ready(self) -> None:
        """End the start: see to what can wait until the first screen is there."""
        self.call_later(gc.freeze)
        self.set_timer(SETTLED, self._settle)
        self.set_timer(PREPARING_PAUSE, self._prepare)

    def _settle(self) -> None:
        """Take what is loaded now as there to stay: garbage is sought only in what comes after it.

        Else searching all of it makes every hundredth key wait. The command line has stopped the
        search for the time of the start.
        """
        gc.freeze()
        gc.enable()

    def _prepare(self) -> None:
        """Make ready what a next key may need, piece by piece, and only while no key comes."""
        if monotonic() - self._last_input < PREPARING_PAUSE:
            self.set_timer(PREPARING_PAUSE, self._prepare)
        elif next(self._preparing, None) is not None:
            self.set_timer(BETWEEN_PIECES, self._prepare)
        else:
            gc.freeze()

    async def on_event(self, event: events.Event) -> None:
        """Take note of when something was pressed or clicked the last time."""
        if isinstance(event, events.InputEvent):
            self._last_input = monotonic()
        await super().on_event(event)
