"""How many bytes a step of the walk sends to the terminal, beside drawing the whole screen anew.

    python tests/bench/bench_bytes.py [mini-es paper-es ...]

Every stage, forwards and back, by the key that a person would press, at three sizes. What is
written to the terminal is counted; over SSH that is what a step costs.
"""

import asyncio
import sys
from asyncio import sleep

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from headless import TEXTS, CountingDriver, ready

from engine.store import load, shipped
from tui.app import DesdeCero

TARGET = 30.0
"""KB that a step may send at most."""
SIZES = (80, 24), (120, 40), (200, 60)


class EncodedDriver(CountingDriver):
    """Counts bytes, not characters."""

    def write(self, data):
        self.written += len(data.encode())


class Walk:
    """Walks the whole line there and back; (stage, KB of the step, KB of the screen anew)."""

    def __init__(self):
        self.steps = []

    async def __call__(self, pilot):
        app = pilot.app
        walk = await ready(app)
        for key in ("right", "left"):
            for _ in walk.view.line[1:]:
                sent = await self._sent(app, lambda key=key: app.simulate_key(key))
                anew = await self._sent(app, lambda: walk.refresh(layout=True))
                self.steps.append((walk.view.stage.id, sent, anew))
        app.exit()

    async def _sent(self, app, do):
        before = app._driver.written
        do()
        for _ in range(4):
            await sleep(0.01)
        return (app._driver.written - before) / 1e3


def main(names):
    for name in names:
        model, lang = load(shipped()[name]), name.rpartition("-")[2]
        for size in SIZES:
            walk, app = Walk(), DesdeCero(model, TEXTS[lang], lang)
            app.driver_class = EncodedDriver
            asyncio.run(app.run_async(size=size, auto_pilot=walk))
            stage, worst, _ = max(walk.steps, key=lambda step: step[1])
            steps = np.array([sent for _, sent, _ in walk.steps])
            anew = np.array([all_of_it for _, _, all_of_it in walk.steps])
            met = "met" if worst <= TARGET else "missed"
            print(
                f"{name:<9} {size[0]:>3}x{size[1]}  median {np.median(steps):5.1f} KB a step   ",
                end="",
            )
            print(
                f"anew {np.median(anew):5.1f} KB   ratio {np.median(steps) / np.median(anew):.2f}"
            )
            print(f"  largest {worst:5.1f} KB to {stage} (target {TARGET:.0f} KB: {met})")


if __name__ == "__main__":
    main(sys.argv[1:] or ["mini-es", "paper-es"])
