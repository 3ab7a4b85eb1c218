"""The program in a terminal of its own, as a person runs it."""

from __future__ import annotations

import os
import re
import select
import struct
import subprocess
import sys
import time

PATIENCE = 60.0
"""Seconds that a busy machine is waited for."""
RESTORED = ("?1049l", "?25h", "?1000l", "?1003l", "?2004l", "?7h")
"""The other screen left, the cursor shown, no mouse, no bracketed paste, lines wrapped again."""


class Terminal:
    """A pty with the program in it.

    owned: whether it is the terminal that the program's session belongs to, as at home; without,
    nobody but the reader notices when it is closed.
    """

    def __init__(self, *arguments: str, owned: bool = True) -> None:
        import fcntl
        import pty
        import termios

        self._end, self._inside = pty.openpty()
        fcntl.ioctl(self._inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._settings = termios.tcgetattr(self._inside)
        take = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); " if owned else ""
        run = "import sys; from tui.cli import main; sys.exit(main())"
        self.program = subprocess.Popen(
            [sys.executable, "-c", take + run, *arguments],
            stdin=self._inside, stdout=self._inside, stderr=self._inside, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color"},
        )  # fmt: skip
        self.written = b""
        self._seen = ""

    def send(self, data: bytes) -> None:
        """Let the terminal send bytes; what the program draws meanwhile is read."""
        os.set_blocking(self._end, False)
        while data:
            self.read(0.0)
            try:
                data = data[os.write(self._end, data) :]
            except BlockingIOError:
                self.read(0.05)
        os.set_blocking(self._end, True)

    def press(self, keys: str) -> None:
        """Type, and forget what was seen so far."""
        self._seen = ""
        self.send(keys.encode())

    def until(self, text: str) -> None:
        """Read what is drawn until a text has come by."""
        last = time.monotonic() + PATIENCE
        while text not in self._seen:
            assert time.monotonic() < last, self._seen[-2000:]
            assert self.program.poll() is None, self._seen[-2000:]
            self.read(1.0)

    def end(self, number: int) -> int:
        """Send a signal, and wait for the end; the program's status."""
        self.program.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until the program has ended; its status. What it still draws is read."""
        last = time.monotonic() + PATIENCE
        while self.program.poll() is None:
            assert time.monotonic() < last, "it never ended"
            self.read(0.1)
        while self.read(0.0):
            pass
        return self.program.wait()

    def hang_up(self) -> None:
        """Close the terminal while the program runs."""
        os.close(self._inside)
        os.close(self._end)
        self._inside = self._end = -1

    def restored(self) -> bool:
        """Whether it is as it was before the program, as far as it was told, and its settings."""
        import termios

        drawn = self.written.decode("utf-8", "replace")
        ends = [drawn.rfind(f"\x1b[{code}") for code in RESTORED]
        begins = [drawn.rfind(f"\x1b[{code[:-1]}{'lh'[code[-1] == 'l']}") for code in RESTORED]
        undone = all(end > begin for begin, end in zip(begins, ends, strict=True))
        return undone and termios.tcgetattr(self._inside) == self._settings

    def close(self) -> None:
        """End it in any case."""
        if self.program.poll() is None:
            self.program.kill()
            self.program.wait()
        if self._end != -1:
            os.close(self._inside)
            os.close(self._end)

    def read(self, patience: float) -> bool:
        """Read what there is, or wait for it; whether there was anything."""
        if not select.select([self._end], [], [], patience)[0]:
            return False
        drawn = os.read(self._end, 65536)
        self.written += drawn
        self._seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn.decode("utf-8", "replace"))
        return True
