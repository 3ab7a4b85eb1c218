"""An end from outside, as by a shutdown: nothing that was shown as saved is lost."""

from __future__ import annotations

import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.quiz_helper import LESSON, kept, replies
from tui.screens.quiz_kept import SETTING


class Terminal:
    """The program in a terminal of its own, as a person runs it."""

    def __init__(self, *arguments: str) -> None:
        import fcntl
        import pty
        import termios

        self._end, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._program = subprocess.Popen(
            [sys.executable, "-c", "from tui.cli import main; main()", *arguments],
            stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )  # fmt: skip
        os.close(inside)
        self._seen = ""

    def press(self, keys: str) -> None:
        os.write(self._end, keys.encode())
        self._seen = ""

    def until(self, text: str) -> None:
        """Read what is drawn until a text has come by."""
        last = time.monotonic() + 60
        while text not in self._seen:
            assert time.monotonic() < last, self._seen[-2000:]
            if select.select([self._end], [], [], 1)[0]:
                drawn = os.read(self._end, 65536).decode("utf-8", "replace")
                self._seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)

    def end(self, number: int) -> None:
        self._program.send_signal(number)
        while self._program.poll() is None:  # what is still drawn has to be read
            if select.select([self._end], [], [], 0.1)[0]:
                try:
                    os.read(self._end, 65536)
                except OSError:
                    break
        self._program.wait(timeout=60)

    def close(self) -> None:
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait()
        os.close(self._end)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    shown = Terminal("--lang", "en", "--lesson", LESSON, "--text", "The cat eats fish")
    yield shown
    shown.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_whoever_ends_it_from_outside_loses_nothing_that_was_saved(
    number: str, terminal: Terminal, data_folder: Path
) -> None:
    terminal.until("1/")
    terminal.press("x")
    terminal.until("Question 1 of 5")
    for n in range(3):
        terminal.press("s")
        terminal.until("Skipped: saved.")
        assert len(replies()) == n + 1
        terminal.press("\r")
        terminal.until(f"Question {n + 2} of 5")
    terminal.end(getattr(signal, number))
    assert len(replies()) == 3
    assert len(kept()["settings"][SETTING][f"lesson:{LESSON}"]["replies"]) == 3
    if number != "SIGKILL":  # then there is time for what is written at the end, too
        assert kept()["settings"]["place"]["lesson"] == LESSON
        assert kept()["settings"]["text"] == "The cat eats fish"
