"""What a what-if costs on the walk: the cell, everything downstream, and the redraw.

    python tests/bench/bench_change.py [paper-es ...]

At 120x40, from a stage with numbers, one cell of the first attention pattern is set and undone
in turn, by the keys that a person would press. Time is that of the processor.
"""

import asyncio
import sys
from asyncio import sleep
from time import process_time

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from headless import TEXTS, CountingDriver, ready

from engine.parts import Part
from engine.store import load, shipped
from engine.whatif import Force
from tui.app import DesdeCero

TARGET, SIZE, TIMES = 30.0, (120, 40), 40
STAGES = ("blocks.0.pattern", "blocks.1.resid_mid", "probs")


class Change:
    """Sets a cell and undoes it, at several stages; `spent` gets milliseconds by stage."""

    def __init__(self):
        self.spent = {stage: [] for stage in STAGES}

    async def __call__(self, pilot):
        app = pilot.app
        walk = await ready(app)
        for stage in STAGES:
            walk.go_to(stage)
            await sleep(0.1)
            for i in range(TIMES):
                last = len(walk.view.experiment.pieces) - 1
                force = Force(Part("blocks.0.attn.pattern", (0, last, 1)), 0.5 + 0.01 * i)
                for change in (lambda: walk.force_more((force,)), walk.action_undo):  # noqa: B023
                    before, start = walk.view.experiment, process_time()
                    change()
                    for _ in range(4):
                        await sleep(0.01)
                    self.spent[stage].append(1e3 * (process_time() - start))
                    assert walk.view.experiment is not before
        app.exit()


def main(names):
    for name in names:
        model = load(shipped()[name])
        lang = name.rpartition("-")[2]
        change = Change()
        app = DesdeCero(model, TEXTS[lang], lang)
        app.driver_class = CountingDriver
        asyncio.run(app.run_async(size=SIZE, auto_pilot=change))
        for stage, spent in change.spent.items():
            median, p95 = np.percentile(spent, [50, 95])
            met = "met" if p95 <= TARGET else "missed"
            print(f"{name:<9} {stage:<19} median {median:5.1f} ms   p95 {p95:5.1f} ms   ", end="")
            print(f"(target {TARGET:.0f} ms: {met})")


if __name__ == "__main__":
    main(sys.argv[1:] or ["paper-es", "mini-es"])
