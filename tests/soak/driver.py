"""How a soak does its deeds: as a terminal would, by the way that its messages take."""

from __future__ import annotations

import asyncio
from time import monotonic, thread_time
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size
from textual.keys import _character_to_key

from tests.soak.deeds import Deed

CHARACTERS = {_character_to_key(chr(code)): chr(code) for code in range(32, 127)}
"""The printable characters by the names of their keys."""
WAIT = 0.03
"""Seconds of a deed that only waits."""


class SilentTerminal(HeadlessDriver):
    """A terminal that takes everything and shows nothing; the app draws for it in full."""

    is_headless = False  # type: ignore[assignment]  # or nothing would be written
    longest = 0.0
    """Seconds of the processor for the slowest frame since `begin`: from the key, or the frame
    before, to the frame."""
    _last = 0.0

    def begin(self) -> None:
        """A key is pressed now."""
        self.longest, self._last = 0.0, thread_time()

    def write(self, data: str) -> None:
        """Take a frame."""
        now = thread_time()
        self.longest, self._last = max(self.longest, now - self._last), now


def key_event(name: str) -> events.Key:
    """A key as a terminal reports it, with its character where it has one."""
    if len(name) == 1:
        return events.Key(name if name.isalnum() else _character_to_key(name), name)
    control = {"enter": "\r", "tab": "\t", "escape": "\x1b", "backspace": "\x7f"}
    return events.Key(name, control.get(name, CHARACTERS.get(name)))


def do(app: App[Any], deed: Deed) -> None:
    """Give the app what a terminal would give it; all but waiting."""
    driver = app._driver
    assert isinstance(driver, SilentTerminal)
    if deed.kind == "key":
        driver.process_message(key_event(deed.text))
    elif deed.kind == "paste":
        driver.process_message(events.Paste(deed.text))
    elif deed.kind == "resize":
        driver._size = deed.size
        size = Size(*deed.size)
        driver.process_message(events.Resize(size, size))
    elif deed.kind in ("click", "scroll"):
        for event in _mouse(app, deed):
            driver.process_message(event)
    elif deed.kind != "wait":
        raise ValueError(deed.kind)


def _mouse(app: App[Any], deed: Deed) -> list[events.MouseEvent]:
    columns, lines = app.size
    x, y = int(deed.x * columns), int(deed.y * lines)

    def at(kind: type[events.MouseEvent], button: int) -> events.MouseEvent:
        return kind(None, x, y, 0, 0, button, False, False, False, x, y)

    if deed.kind == "click":
        return [at(events.MouseMove, 0), at(events.MouseDown, 1), at(events.MouseUp, 1)]
    return [at(events.MouseScrollUp if deed.up else events.MouseScrollDown, 0)]


async def settled(app: App[Any], patience: float) -> bool:
    """Go on once the app has nothing left to do: no message, no new size, no frame to draw.

    False where it still had after so many seconds.
    """
    loop: Any = asyncio.get_running_loop()
    end = monotonic() + patience
    while monotonic() < end:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        if app._resize_event is not None:
            app._check_resize()
            continue
        try:
            drawing = app.screen._update_timer
        except ScreenStackError:  # it has ended
            return True
        if not drawing._active.is_set():
            return True
        app.screen._on_timer_update()
    return False
