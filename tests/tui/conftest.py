"""Settings for the tests of the interface: hundreds of apps start, and thousands of keys are hit.

A pilot waits for the app, not for the clock, and styles are read once.
"""

from __future__ import annotations

import asyncio
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


async def _settled(min_sleep: float = 0.0, max_sleep: float = 3.0) -> None:
    """Go on once the app has nothing left to do: no message, no new size, no frame to draw.

    Textual's own `wait_for_idle`, which this replaces, sleeps for 20 ms at a time until the
    processor is quiet: minutes in thousands of key presses, and too short where it is busy.
    """
    loop: Any = asyncio.get_running_loop()
    app: Any = active_app.get()
    end = loop.time() + max_sleep
    while loop.time() < end:
        if loop._ready:
            await asyncio.sleep(0)
        elif app._resize_event is not None:
            app._check_resize()
        elif app.screen._update_timer._active.is_set():
            app.screen._on_timer_update()
        else:
            return


textual.app.wait_for_idle = textual.pilot.wait_for_idle = _settled  # type: ignore[attr-defined]


_rules: dict[Any, list[RuleSet]] = {}
_parse_rules = Stylesheet._parse_rules


def _parse_once(self: Stylesheet, *css: Any, **settings: Any) -> list[RuleSet]:
    """What a stylesheet keeps for itself, kept for those of all apps with the same colours."""
    key = (css, *settings.items(), *self._variables.items())
    if key not in _rules:
        _rules[key] = _parse_rules(self, *css, **settings)
    return _rules[key]


Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]
