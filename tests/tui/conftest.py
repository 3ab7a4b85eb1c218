"""Settings for the tests of the interface: a pilot that waits for the app, not for the clock."""

from __future__ import annotations

import asyncio
from typing import Any

import textual.app
import textual.pilot
from textual._context import active_app


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
