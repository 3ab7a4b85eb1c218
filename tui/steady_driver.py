"""A terminal that bears what terminals do: bytes that are no text, and being closed.

Textual's own driver ends the program with a traceback at the first byte that is no UTF-8, and,
where the terminal is gone, waits for ever for a thread that can no longer write.
"""

from __future__ import annotations

import io
import os
import selectors
import signal
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import IO, Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.message import Message

LARGEST = 1000
"""Columns or lines that a terminal can say it has; more is noise that looks like a message."""
AT_ONCE = 4096
PATIENCE = 0.1
"""Seconds after which it is looked whether the program has ended, or an Escape was one."""


class SteadyDriver(LinuxDriver):
    """Reads and writes the terminal; where that is gone, the program is told as by SIGHUP."""

    def __init__(self, *given: Any, **settings: Any) -> None:
        super().__init__(*given, **settings)
        self._file: Any = Lasting(self._file)

    def run_input_thread(self) -> None:
        """Make messages of what the terminal sends, until the app ends or the terminal does."""
        decoder = getincrementaldecoder("utf-8")("replace")
        keys = Keys(self._debug)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(PATIENCE):
                    data = self._read()
                    if not data:
                        _hang_up()
                        return
                    self._take(keys.feed(decoder.decode(data)))
                self._take(keys.tick())

    def process_message(self, message: Message) -> None:
        """Pass a message on, unless it is a size that no terminal has."""
        if isinstance(message, Resize) and not (
            0 < message.size.width <= LARGEST and 0 < message.size.height <= LARGEST
        ):
            return
        super().process_message(message)

    def _read(self) -> bytes:
        """What there is to read; nothing where there is no terminal any more."""
        try:
            return os.read(self.fileno, AT_ONCE)
        except OSError:
            return b""

    def _take(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)


class Keys:
    """What bytes mean as keys; where it cannot be told, it begins anew after them."""

    def __init__(self, debug: bool) -> None:
        self._debug = debug
        self._parser = XTermParser(debug)

    def feed(self, text: str) -> list[Message]:
        """The messages that a text makes, as far as they are whole."""
        found: list[Message] = []
        for character in text:  # one by one, so that no more is lost than what fails
            try:
                found.extend(self._parser.feed(character))
            except Exception:  # numbers beyond all measure, say, in what looks like a key
                self._parser = XTermParser(self._debug)
        return found

    def tick(self) -> list[Message]:
        """The messages that the passing of time makes: an Escape after which nothing came."""
        return list(self._parser.tick())


class Lasting:
    """A file that takes what is written also when it leads nowhere any more."""

    def __init__(self, file: IO[str] | None) -> None:
        self._file = file or io.StringIO()
        self._gone = file is None

    def write(self, text: str) -> int:
        """Write it, if there is still anybody to read it; how many characters there were."""
        if not self._gone:
            try:
                self._file.write(text)
            except (OSError, ValueError):
                self._gone = True
        return len(text)

    def flush(self) -> None:
        """Have it written."""
        if not self._gone:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self._gone = True

    def fileno(self) -> int:
        """The file's number."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()


def _hang_up() -> None:
    os.kill(os.getpid(), signal.SIGHUP)
