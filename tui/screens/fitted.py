"""The classes that a screen has by its size, before its first frame.

Textual sets the classes of the breakpoints when it tells a screen its size, and by then the screen
was drawn once: styles, layout and drawing are done again. Who composes a screen knows the size
already.
"""

from __future__ import annotations

from typing import Any

from textual.screen import Screen


def fit(screen: Screen[Any]) -> None:
    """Give a screen the classes of its breakpoints; to be called when it is composed."""
    size = screen.app.size
    for length, breakpoints in (
        (size.width, screen.HORIZONTAL_BREAKPOINTS),
        (size.height, screen.VERTICAL_BREAKPOINTS),
    ):
        fitting = max((one for one in breakpoints or () if one[0] <= length), default=None)
        if fitting is not None:
            screen.add_class(fitting[1], update=False)
