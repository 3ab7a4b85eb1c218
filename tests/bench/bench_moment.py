"""What a moment of the training costs on the walk: the other weights, the run, and the redraw.

    python tests/bench/bench_moment.py [mini-es ...]

From a stage with numbers, in three sizes of the window, the keys of a person go through all kept
moments and back. Time is that of the processor; the first way reads the weights from disk.
"""

import asyncio
import sys
from asyncio import sleep
from time import perf_counter, process_time

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from headless import TEXTS, CountingDriver, ready

from engine.experiment import Experiment
from engine.store import load, shipped
from lessons.emergence import emergence
from lessons.over_time import over_time
from tui.app import DesdeCero

TARGET, SIZES = 50.0, ((80, 24), (120, 40), (200, 60))
STAGES = ("lookup", "blocks.1.pattern", "probs")


class Way:
    """Goes through the training at several stages; `spent` gets milliseconds by stage."""

    def __init__(self):
        self.spent = {stage: [] for stage in STAGES}

    async def __call__(self, pilot):
        walk = await ready(pilot.app)
        for stage in STAGES:
            walk.go_to(stage)
            await sleep(0.1)
            for by in [-1] * walk.moment.of.last + [1] * walk.moment.of.last:
                before, start = walk.moment.place, process_time()
                walk.action_moment(by)
                for _ in range(4):
                    await sleep(0.01)
                self.spent[stage].append(1e3 * (process_time() - start))
                assert walk.moment.place == before + by
        pilot.app.exit()


def main(names):
    for name in names:
        model, lang = load(shipped()[name]), name.rpartition("-")[2]
        start = perf_counter()
        emergence(model)
        marks = perf_counter()
        over_time(Experiment(model, TEXTS[lang]))
        print(f"{name}: what emerges {marks - start:.2f} s, ", end="")
        print(f"the sentence at every moment {perf_counter() - marks:.2f} s")
        for size in SIZES:
            way = Way()
            app = DesdeCero(model, TEXTS[lang], lang)
            app.driver_class = CountingDriver
            asyncio.run(app.run_async(size=size, auto_pilot=way))
            for stage, spent in way.spent.items():
                median, p95 = np.percentile(spent, [50, 95])
                met = "met" if p95 <= TARGET else "missed"
                print(f"{size[0]}x{size[1]:<4} {stage:<18} median {median:5.1f} ms   ", end="")
                print(f"p95 {p95:5.1f} ms   (target {TARGET:.0f} ms: {met})")


if __name__ == "__main__":
    main(sys.argv[1:] or ["mini-es"])
