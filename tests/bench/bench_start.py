"""How soon the app is there, beside the smallest Textual app that has an input.

    python tests/bench/bench_start.py [rounds]

Both run in a terminal of 120x40 (a pty) and take turns. The clock starts with the program; it is
read when the first content is there (the sentence, the words of the first card, the text of the
input), and, for the app, when the whole walk is, or the whole card. Beside it stands the time of
the processor, which a busy machine changes less.

Modules are compiled once, as they are after the first start of what is installed, whatever the
environment says of that; and the progress of whoever measures is left alone.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from stopwatch import report

COLUMNS, LINES, PATIENCE = 120, 40, 60
UNWANTED = {"PYTHONDONTWRITEBYTECODE"}
TARGET = 1.4
BARE = """
from textual.app import App
from textual.widgets import Input

class Bare(App):
    def compose(self):
        yield Input("El gato come")

Bare().run()
"""
COMMAND = Path(sys.executable).with_name("desdecero")
APP = [str(COMMAND), "--text", "El gato come", "--lang", "es"]
FIRST, WHOLE = b"El gato come", b"Tu frase"
LESSON = [str(COMMAND), "--lesson", "why-transformers", "--text", "El gato come", "--lang", "es"]
CARD, MODEL = b"modelo de lenguaje", b"mini-es"


def start(command, folder, *signs):
    """Seconds, by the clock and of the processor, until the terminal has got each sign."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {
        **{name: value for name, value in os.environ.items() if name not in UNWANTED},
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPYCACHEPREFIX": f"{folder}/compiled",
        "XDG_DATA_HOME": f"{folder}/data",
    }
    begin = perf_counter()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True
    )
    os.close(theirs)
    seen, times = b"", []
    try:
        for sign in signs:
            while sign not in seen:
                ready, _, _ = select.select([ours], [], [], PATIENCE)
                if not ready or process.poll() is not None:
                    sys.exit(f"{command[0]} never wrote {sign.decode()!r}")
                seen += os.read(ours, 1 << 16)
            times.append((perf_counter() - begin, processor_time(process.pid)))
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return times


def processor_time(pid):
    """Seconds that all threads of a process have run; not a number where the system is silent."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((t / "schedstat").read_text().split()[0]) for t in threads) / 1e9
    except (OSError, IndexError, ValueError):
        return float("nan")


def main(rounds, folder):
    clock, processor = defaultdict(list), defaultdict(list)
    for lap in range(rounds + 1):
        found = dict(
            zip(
                ("app", "whole walk", "card", "whole card", "bare"),
                (
                    *start(APP, folder, FIRST, WHOLE),
                    *start(LESSON, folder, CARD, MODEL),
                    *start([sys.executable, "-c", BARE], folder, FIRST),
                ),
                strict=True,
            )
        )
        if lap:  # the first lap reads the disk
            for name, (seconds, spent) in found.items():
                clock[name].append(seconds)
                processor[name].append(spent)
    for title, times in (("by the clock", clock), ("of the processor", processor)):
        print(f"start to first content, {title}, {rounds} rounds")
        for side in ("app", "card"):
            report({name: np.array(times[name]) for name in (side, "bare")}, TARGET)
        for name in ("whole walk", "whole card"):
            print(f"  the {name}: median {1e3 * np.median(times[name]):.0f} ms")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 15, folder)
