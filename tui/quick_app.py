"""The app as far as it is quick: what a line need not pass through, and what is done ahead."""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic
from weakref import WeakSet

from textual import events
from textual.app import App, ScreenStackError
from textual.color import Color
from textual.css.query import NoMatches
from textual.driver import Driver
from textual.errors import NoWidget
from textual.filter import ANSIToTruecolor, LineFilter, Monochrome, NoColor
from textual.screen import Screen
from textual.theme import Theme

from tui.garbage import QUIET, Garbage
from tui.one_heap import one_heap
from tui.preparing import preparing
from tui.renderables.themes import THEMES
from tui.screens.fitted import too_small
from tui.terminal import Colours, is_far

OUR_THEMES = {theme.name: theme for theme in THEMES}
SETTLED = 5.0
"""Seconds after which the start is over."""
LEAVING = ("q", "ctrl+q", "ctrl+c")
"""What can be pressed also where nothing is shown."""
PREPARING_PAUSE, BETWEEN_PIECES = 1.0, 0.02
"""Seconds without a key after which what further keys need is made ready; and between its pieces.
"""


class QuickApp(App[None]):
    """Draws without detours, and makes ready what keys need before they are pressed.

    colours: what is sent to the terminal.
    """

    colours: Colours = "full"

    def __init__(self) -> None:
        super().__init__()
        self._fewer: tuple[object, LineFilter] | None = None
        self._preparing, self._last_input = preparing(), 0.0
        self._garbage = Garbage()
        self._styled_before: WeakSet[Screen[object]] = WeakSet()

    def get_driver_class(self) -> type[Driver]:
        """What reads and writes the terminal; over a line from afar, in as little as it can."""
        found = super().get_driver_class()
        if found.__module__ == "textual.drivers.linux_driver":
            from tui.steady_driver import SteadyDriver

            found = SteadyDriver
        if not is_far(os.environ):
            return found
        from tui.lean_driver import lean

        return lean(found)

    def _handle_exception(self, error: Exception) -> None:
        """End with a traceback, unless this is the end already.

        A key just before it may have begun a screen, whose parts are gone when it looks for them.
        """
        if self._exit and isinstance(getattr(error, "error", error), NoMatches):
            return
        super()._handle_exception(error)

    # Drawing

    def get_theme(self, theme_name: str) -> Theme | None:
        """A theme by its name.

        Ours are found at once: each widget asks twice when it is drawn, and Textual copies its
        table of all themes for that.
        """
        return OUR_THEMES.get(theme_name) or super().get_theme(theme_name)

    def refresh_css(self, animate: bool = True) -> None:
        """Style what is seen anew; a screen that others hide gets it when it is seen again.

        Textual does them all at once, which is most of what a change of the theme takes.
        """
        self.stylesheet.set_variables(self.get_css_variables())
        self.stylesheet.reparse()
        self.stylesheet.update_nodes([self], animate=animate)
        self._styled_before.update(x for x in self._registry if isinstance(x, Screen))
        self.style_seen()

    def style_seen(self, *_: object) -> None:
        """Style the screens that are seen, where they have the styles of another theme still."""
        seen = (*self._background_screens, self.screen) if self._screen_stack else ()
        for screen in seen:
            if screen in self._styled_before and screen.is_mounted:
                self._styled_before.discard(screen)
                self.stylesheet.update(screen, animate=False)
                screen._css_update_count = self._css_update_count
                screen._refresh_layout(self.size)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What changes the colours of each line on its way to the terminal.

        Without the filter that replaces the terminal's own sixteen: nothing here uses one of them.
        """
        found = [x for x in super().get_line_filters() if not isinstance(x, ANSIToTruecolor)]
        if self.colours == "full":
            return found
        return [*(x for x in found if not isinstance(x, Monochrome | NoColor)), self._fewer_colours]

    @property
    def _fewer_colours(self) -> LineFilter:
        """What brings the colours of the present theme down to those of the terminal."""
        look = self.colours, self.theme
        if self._fewer is None or self._fewer[0] != look:
            from tui.renderables.fewer import FewerColours

            ground = Color.parse(self.current_theme.background or "#000000")
            self._fewer = look, FewerColours(self.colours, ground)
        return self._fewer[1]

    def forget_terminal(self) -> None:
        """Send all of the next frame: who knows what the terminal shows now."""
        forget = getattr(self._driver, "forget", None)
        if forget is not None:
            forget()

    # Ahead of the keys

    def make_ready(self) -> None:
        """End the start: see to what can wait until the first screen is there."""
        self.call_later(gc.freeze)
        self.call_later(self._garbage.begin)
        self.call_later(one_heap)
        self.set_timer(SETTLED, self._settle)
        self.set_timer(PREPARING_PAUSE, self._prepare)

    def _settle(self) -> None:
        """Take what is loaded now as there to stay: garbage is sought only in what comes after it.

        Else searching all of it makes every hundredth key wait. The command line has stopped the
        search for the time of the start.
        """
        gc.freeze()
        gc.enable()
        self.set_interval(QUIET / 4, lambda: self._garbage.quiet(self._last_input))

    def on_unmount(self) -> None:
        """Leave the search for garbage as it was."""
        self._garbage.end()

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
        if not self._goes_nowhere(event):
            await super().on_event(event)

    def _goes_nowhere(self, event: events.Event) -> bool:
        """Whether nobody can mean what was pressed.

        Where the window is too small nothing is seen of what keys do, but for leaving. And the
        mouse may be on a notice that has gone by while it is still drawn, which Textual falls over.
        """
        if isinstance(event, events.Key) and event.key in LEAVING:
            return False
        if isinstance(event, events.Key | events.Paste | events.MouseEvent):
            if not isinstance(event, events.MouseUp) and too_small(self.size):
                return True
            if isinstance(event, events.MouseDown | events.MouseMove):
                with suppress(NoWidget, ScreenStackError):
                    return self.get_widget_at(int(event.x), int(event.y))[0].parent is None
        return False
