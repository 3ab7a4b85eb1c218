"""What the app holds in memory, beside the smallest Textual app that has an input.

    python tests/bench/bench_memory.py [mini-es paper-es ...]

Each runs in a process of its own, as in a terminal of 120x40 whose output is only counted. Told is
the memory that is resident (Linux), with all that is garbage given back: when the first frame is
there, when the walk is, after a walk through all stations there and back, and after a second one,
which should add nothing.
"""

import asyncio
import ctypes
import gc
import os
import subprocess
import sys
from asyncio import sleep
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

SIZE = (120, 40)
AT_MOST, AGAIN = 3.5, 1.05
"""Targets: what the app may hold after a walk, in times of the bare app; what a second walk may
hold, in times of the first."""


def resident():
    """MB that this process holds."""
    gc.unfreeze()
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def bare():
    """MB of an app with nothing but an input, after its first frame."""
    from textual.app import App
    from textual.widgets import Input

    class Bare(App):
        def compose(self):
            yield Input("El gato come")

    return asyncio.run(_run(Bare(), _at_rest))


def app(name):
    """MB of the app with a model, at each of the four times."""
    import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)
    from engine.store import load, shipped
    from tui.app import DesdeCero

    lang = name.rpartition("-")[2]
    from headless import TEXTS

    app = DesdeCero(load(shipped()[name]), TEXTS[lang], lang)
    return asyncio.run(_run(app, _walk))


async def _run(app, pilot):
    from textual.drivers.headless_driver import HeadlessDriver

    class Counting(HeadlessDriver):
        is_headless = False

        def write(self, data):
            pass

    found = []
    app.driver_class = Counting

    async def steps(given):
        found.extend(await pilot(given.app))
        given.app.exit()

    await app.run_async(size=SIZE, auto_pilot=steps)
    return found


async def _at_rest(app):
    await sleep(0.5)
    return [resident()]


async def _walk(app):
    from headless import ready

    found = [resident()]
    walk = await ready(app)
    found.append(resident())
    for _ in range(2):
        for key in ("right", "left"):
            for _ in walk.view.line[1:]:
                app.simulate_key(key)
                await sleep(0.02)
        found.append(resident())
    return found


def apart(*side):
    """What a side measures in a process of its own."""
    with TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--side", *side],
            env={**os.environ, "XDG_DATA_HOME": folder},
            capture_output=True,
            text=True,
            check=True,
        )
    return [float(mb) for mb in done.stdout.split()]


def main(names):
    (least,) = apart("bare")
    print(f"resident memory at {SIZE[0]}x{SIZE[1]}")
    print(f"  {'bare':<12} {least:6.1f} MB")
    for name in names:
        frame, walk, once, twice = apart("app", name)
        print(f"  {name:<12} {frame:6.1f} MB first frame   {walk:6.1f} the walk", end="")
        print(f"   {once:6.1f} walked   {twice:6.1f} walked twice")
        ratios = ((once / least, AT_MOST, "bare"), (twice / once, AGAIN, "walked once"))
        for ratio, target, peer in ratios:
            met = "met" if ratio <= target else "missed"
            print(f"    ratio to {peer:<12} {ratio:5.2f}   (target {target:.2f}: {met})")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--side"]:
        given = sys.argv[3:]
        print(*{"bare": bare, "app": app}[sys.argv[2]](*given), file=sys.__stdout__)
    else:
        main(sys.argv[1:] or ["mini-es", "paper-es"])
