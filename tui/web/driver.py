"""What connects the app with the server that started it, instead of a terminal.

It is Textual's own, and ends the app, with all that is to be saved, when the server asks for that
or is there no more.
"""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Lock
from typing import Any

from textual.drivers.web_driver import WebDriver

LAST_KEYS = 0.15
"""Seconds that what was typed last has to be done: a sentence is read after a pause."""


class ServedDriver(WebDriver):
    """Reads keys from standard input and writes frames to standard output, in packets."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._one_at_a_time = Lock()
        self._write = self._send  # type: ignore[assignment]

    def _send(self, data: bytes) -> None:
        """Write all of it; nothing, once nobody reads it any more.

        Frames and files come from different threads, and what is longer than the pipe is written
        in parts: without the lock one packet would end up inside another.
        """
        rest = memoryview(data)
        with self._one_at_a_time, suppress(OSError):
            while rest:
                rest = rest[os.write(self.fileno, rest) :]

    def run_input_thread(self) -> None:
        """Hand on what comes, until the server goes away."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._end()

    def _end(self) -> None:
        """End the app once it has done what was typed last, a sentence for instance."""
        self._app.call_later(self._app.set_timer, LAST_KEYS, self._app.exit)

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """Do what the server itself asks for."""
        if packet_type == "quit":  # Textual's way would leave out what the app does at its end
            self._end()
        else:
            super().on_meta(packet_type, payload)
