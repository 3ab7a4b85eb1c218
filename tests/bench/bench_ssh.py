"""How many bytes a step of the walk sends to a terminal at the other end of SSH.

    python tests/bench/bench_ssh.py [mini-es paper-es ...]

Each app runs in a pseudo-terminal, as it would over SSH, and what comes out of it is counted until
nothing more comes: for each Right along the whole line, at three sizes, in all colours and in 256.
The peer is a bare Textual app that draws its whole screen anew at each key, two colours a line:
what a step may cost where nothing is known of what has changed.
"""

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
from fcntl import ioctl
from pathlib import Path
from termios import TIOCSWINSZ

import numpy as np

LIMIT = 30_000
SIZES = (80, 24), (120, 40), (200, 60)
COLOURS = {"full": {"COLORTERM": "truecolor"}, "256": {"COLORTERM": ""}}
RIGHT, STATIONS = b"\x1b[C", re.compile(r"(\d+)/(\d+)")
QUIET, LONG, PEER_STEPS = 0.35, 20.0, 12
TEXTS = {
    "es": "El gato se subió al árbol porque tenía miedo del",
    "en": "The cat climbed the tree because it was afraid of the",
}
PEER = """
from textual.app import App
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget
LOOKS = [Style.parse("#E4E7EC on #15171C"), Style.parse("#9BA4B4 on #1D2028")]
class Whole(Widget):
    turn = 0
    def render_line(self, y):
        half = self.size.width // 2
        letter = chr(97 + (y + self.turn) % 26)
        return Strip([Segment(letter * half, LOOKS[self.turn % 2]),
                      Segment(letter * (self.size.width - half), LOOKS[y % 2])])
class Bare(App):
    CSS = "Whole { height: 100%; }"
    def compose(self):
        yield Whole()
    def on_key(self):
        whole = self.query_one(Whole)
        whole.turn += 1
        whole.refresh()
Bare().run()
"""


class Terminal:
    """A program in a pseudo-terminal; `settled` gives what it wrote since the last time."""

    def __init__(self, command, size, colours, home):
        self._ours, theirs = pty.openpty()
        ioctl(theirs, TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environ = {k: v for k, v in os.environ.items() if not k.startswith("TEXTUAL")}
        environ |= {"TERM": "xterm-256color", "XDG_DATA_HOME": home, "LANG": "C.UTF-8"}
        environ["SSH_CONNECTION"] = "192.0.2.1 50000 192.0.2.2 22"
        environ.pop("NO_COLOR", None)
        self._program = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ | COLOURS[colours],
            start_new_session=True, close_fds=True,
        )  # fmt: skip
        os.close(theirs)

    def settled(self, first=QUIET):
        """The bytes until nothing has come for a while; `first`: how long the first may take."""
        found, wait = b"", first
        while select.select([self._ours], [], [], wait)[0]:
            try:
                found += os.read(self._ours, 65536)
            except OSError:
                break
            wait = QUIET
        return found

    def press(self, key):
        """What a key makes it write."""
        os.write(self._ours, key)
        return self.settled(LONG)

    def close(self):
        os.killpg(self._program.pid, signal.SIGTERM)
        self._program.wait()
        os.close(self._ours)


def walked(model, size, colours):
    """Bytes of each step along the line of a model."""
    lang = model.rpartition("-")[2]
    command = [sys.executable, "-m", "tui.cli", "--model", model, "--lang", lang]
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal([*command, "--text", TEXTS[lang]], size, colours, home)
        shown = terminal.settled(LONG) + terminal.settled(3.0)
        counted = STATIONS.findall(re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", shown.decode()))
        steps = int(counted[-1][1]) - 1
        sizes = [len(terminal.press(RIGHT)) for _ in range(steps)]
        terminal.close()
    return sizes


def peer(size, colours):
    """Bytes of each whole screen of the bare app."""
    with tempfile.TemporaryDirectory() as home:
        terminal = Terminal([sys.executable, "-c", PEER], size, colours, home)
        terminal.settled(LONG)
        sizes = [len(terminal.press(RIGHT)) for _ in range(PEER_STEPS)]
        terminal.close()
    return sizes


def main(models):
    os.chdir(Path(__file__).parents[2])
    print(f"bytes a step; over SSH it should be less than {LIMIT}")
    worst = 0
    for size in SIZES:
        for colours in COLOURS:
            bare = np.median(peer(size, colours))
            for model in models:
                sizes = np.array(walked(model, size, colours))
                worst = max(worst, sizes.max())
                print(
                    f"  {size[0]:>3}x{size[1]} {colours:>4} {model:<9} {len(sizes):>3} steps   "
                    f"median {np.median(sizes):6.0f}   p95 {np.percentile(sizes, 95):6.0f}   "
                    f"max {sizes.max():6d}   bare app {bare:6.0f}",
                    flush=True,
                )
    print(f"largest step {worst} bytes: {'met' if worst < LIMIT else 'missed'}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["mini-es", "paper-es"])
