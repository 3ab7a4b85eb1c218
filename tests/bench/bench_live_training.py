"""What training in the app costs: how fast keys are answered meanwhile, and how much slower it is.

    python tests/bench/bench_live_training.py

At 120x40, with the small world of Spanish. (a) From a key press to the end of the frame that it
brings about, while a model is trained. (b) Seconds a step of the training in the app, the screen
open and drawn, against those of the same training alone, in turns of so many steps in one run.
"""

import asyncio
import statistics
import sys
import tempfile
from asyncio import sleep
from os import environ
from time import monotonic, perf_counter

environ["XDG_DATA_HOME"] = tempfile.mkdtemp()  # what a person did is nobody's bench

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from headless import TEXTS, CountingDriver, ready

from engine.own_plan import Size, world_plan
from engine.store import load, shipped
from engine.training import Training
from tui.app import DesdeCero

TARGET_MS, TARGET_SLOWER, SIZE = 50.0, 0.10, (120, 40)
KEYS, TURNS, STEPS = 150, 8, 150


class Bench:
    """Runs both measures in one app."""

    def __init__(self, size):
        self.size = size
        self.app_pace, self.plain_pace = [], []
        self.answers = {"train": [], "walk": [], "walk, training paused": []}

    def plan(self):
        return world_plan("es", "bench", size=self.size, steps=50_000)

    async def __call__(self, pilot):
        app = pilot.app
        await ready(app)
        app.studio.begin(self.plan(), None, 1.43, paused=True)
        app.action_train()
        await sleep(0.3)
        live = app.studio.live
        while live.seen.moment is None:
            await sleep(0.02)
        with Training(self.plan()) as plain:
            await self.side_by_side(live, plain)
        live.go_on()
        await sleep(0.5)
        await self.keys(app)
        app.exit()

    async def side_by_side(self, live, plain):
        """The same steps in the app and alone, in turns; the first turn warms up."""
        for turn in range(TURNS + 1):
            start_step, start = live.seen.moment.step, perf_counter()
            live.go_on()
            while live.seen.moment.step - start_step < STEPS:
                await sleep(0.005)
            live.pause()
            while live.seen.status != "paused":
                await sleep(0.001)
            n = live.seen.moment.step - start_step
            in_app = (perf_counter() - start) / n
            await sleep(0.3)  # what there is to draw is drawn
            start = perf_counter()
            for _ in range(n):
                plain.advance()
            alone = (perf_counter() - start) / n
            if turn:
                self.app_pace.append(in_app)
                self.plain_pace.append(alone)

    async def keys(self, app):
        """Keys on the train screen, which answers with a sentence, and on the walk over it."""
        for i in range(KEYS):
            await self.answered(app, "c" if i % 2 else "e", "train")
        await self.pressed(app, "escape")
        for i in range(KEYS):
            await self.answered(app, "right" if i % 40 < 20 else "left", "walk")
        app.studio.live.pause()
        for i in range(KEYS):
            key = "right" if i % 40 < 20 else "left"
            await self.answered(app, key, "walk, training paused")

    async def answered(self, app, key, where):
        await sleep(0.03 + 0.01 * (len(self.answers[where]) % 5))
        self.answers[where].append(1e3 * await self.pressed(app, key))

    async def pressed(self, app, key):
        """Seconds from a key press to the end of the frame after it was handled."""
        done = asyncio.Event()
        start = monotonic()
        app.simulate_key(key)
        app.call_later(lambda: app.screen.call_after_refresh(done.set))
        await done.wait()
        return monotonic() - start


def main():
    for name, size in (("mini", Size()), ("d 64, 8 heads", Size(d_model=64, n_heads=8))):
        bench = Bench(size)
        app = DesdeCero(load(shipped()["mini-es"]), TEXTS["es"], "es")
        app.driver_class = CountingDriver
        asyncio.run(app.run_async(size=SIZE, auto_pilot=bench))
        for where, answers in bench.answers.items():
            median, p95 = np.percentile(answers, [50, 95])
            met = "met" if p95 <= TARGET_MS else "missed"
            print(
                f"{name}: a key, {where}: median {median:.1f}, p95 {p95:.1f} ms ",
                end="",
            )
            print(f"(target {TARGET_MS:.0f} ms: {met})")
        ratios = [a / b for a, b in zip(bench.app_pace, bench.plain_pace, strict=True)]
        slower = statistics.median(ratios) - 1
        met = "met" if slower < TARGET_SLOWER else "missed"
        app_ms, plain_ms = (1e3 * statistics.median(x) for x in (bench.app_pace, bench.plain_pace))
        print(
            f"{name}: a step in the app {app_ms:.2f} ms, alone {plain_ms:.2f} ms: {slower:+.1%}   "
        )
        print(f"(target {TARGET_SLOWER:.0%}: {met})")


if __name__ == "__main__":
    sys.exit(main())
