"""The classes that a screen has by its size, before its first frame; and what a window that is too
small shows instead.

Textual sets the classes of the breakpoints when it tells a screen its size, and by then the screen
was drawn once: styles, layout and drawing are done again. Who composes a screen knows the size
already.
"""

from __future__ import annotations

from typing import Any

from textual.app import RenderResult
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from tui.messages import words
from tui.terminal import LEAST_SIZE

Breakpoints = list[tuple[int, str]] | None
WIDTHS = [(0, "-tiny"), (LEAST_SIZE[0], "-narrow"), (80, "-normal"), (110, "-wide")]
HEIGHTS = [(0, "-flat"), (LEAST_SIZE[1], "-low"), (24, "-medium"), (30, "-tall")]
"""The classes of a screen that has none of its own: "-tiny" or "-flat" where it is too small."""


def fit(screen: Screen[Any]) -> None:
    """Give a screen the classes of its breakpoints; to be called when it is composed."""
    size = screen.app.size
    for length, breakpoints in (
        (size.width, _or(screen.HORIZONTAL_BREAKPOINTS, screen.app.HORIZONTAL_BREAKPOINTS)),
        (size.height, _or(screen.VERTICAL_BREAKPOINTS, screen.app.VERTICAL_BREAKPOINTS)),
    ):
        fitting = max((one for one in breakpoints or () if one[0] <= length), default=None)
        if fitting is not None:
            screen.add_class(fitting[1], update=False)


def _or(own: Breakpoints, else_: Breakpoints) -> Breakpoints:
    return else_ if own is None else own


class TooSmall(Widget):
    """One sentence over a whole screen, for as long as the window is too small for it."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; width: 100%; height: 100%; padding: 1 2;
        background: $background; color: $foreground;
    }
    """

    def render(self) -> RenderResult:
        """The sentence in the present language."""
        return words("app", getattr(self.app, "lang", "es"))("app.too_small")


def too_small(size: Size) -> bool:
    """Whether no screen has room in a window of this size."""
    return size.width < LEAST_SIZE[0] or size.height < LEAST_SIZE[1]


def cover(screen: Screen[Any], size: Size | None = None) -> None:
    """Give a box over the walk that sentence, if the window is too small; once is enough.

    size: of the window, where it is about to change.
    """
    is_box = screen.is_modal and screen.is_mounted
    if is_box and too_small(size or screen.app.size) and not screen.query(TooSmall):
        screen.add_class("-covered")
        screen.mount(TooSmall())
