"""How much a step of the walk costs: computing what a stage shows, laying it out, drawing it.

    python tests/bench/bench_stage_step.py [mini-es paper-es ...]

Every stage of every shipped model, forwards and back, at three sizes, by the key that a person
would press. The app runs as in a terminal, except that what it writes is only counted. Time is
that of the processor, and of each step the median of several walks counts, because even that
grows by half where other programs fight for the caches.
"""

import asyncio
import sys
from asyncio import sleep
from collections import defaultdict
from time import process_time

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
import textual
from headless import TEXTS, CountingDriver, ready

from engine.store import load, shipped
from tui.app import DesdeCero

TARGET, AT = 16.0, (120, 40)
WALKS = 3
SIZES = (80, 24), AT, (200, 60)


class Walk:
    """Walks the app along the whole line and back; `steps` gets (stage, milliseconds)."""

    def __init__(self):
        self.steps = []

    async def __call__(self, pilot):
        app = pilot.app
        walk = await ready(app)
        for key in ("right", "left"):
            for _ in walk.view.line[1:]:
                before, written = walk.view.stage, app._driver.written
                start = process_time()
                app.simulate_key(key)
                # One frame may bring a second one: a part that was resized draws again.
                for _ in range(4):
                    await sleep(0.01)
                spent = process_time() - start
                assert walk.view.stage is not before
                assert app._driver.written > written
                self.steps.append((walk.view.stage.id, 1e3 * spent))
        app.exit()


def walked(model, size):
    """Stage and milliseconds of every step, once each."""
    lang = model.name.rpartition("-")[2]
    walk = Walk()
    app = DesdeCero(model, TEXTS[lang], lang)
    app.driver_class = CountingDriver
    asyncio.run(app.run_async(size=size, auto_pilot=walk))
    return walk.steps


def settled(model, size):
    """Stage and milliseconds of every step, the median of several walks."""
    walks = [walked(model, size) for _ in range(WALKS)]
    return [
        (steps[0][0], float(np.median([spent for _, spent in steps])))
        for steps in zip(*walks, strict=True)
    ]


def main(names):
    print(f"Textual {textual.__version__}, NumPy {np.__version__}; milliseconds of CPU a step")
    by_size = defaultdict(list)
    for name in names:
        model = load(shipped()[name])
        for size in SIZES:
            steps = settled(model, size)
            by_size[size] += steps
            print(f"  {name:<9} {size[0]:>3}x{size[1]}  {summary(steps)}")
    for size, steps in by_size.items():
        print(f"  {'all':<9} {size[0]:>3}x{size[1]}  {summary(steps)}")
    p95 = np.percentile([spent for _, spent in by_size[AT]], 95)
    met = "met" if p95 <= TARGET else "missed"
    print(f"{AT[0]}x{AT[1]}: 95 of 100 steps within {p95:.1f} ms (target {TARGET:.0f} ms: {met})")


def summary(steps):
    times = np.array([spent for _, spent in steps])
    stage, worst = max(steps, key=lambda step: step[1])
    return (
        f"{len(steps):>4} steps   median {np.median(times):5.1f}   "
        f"p95 {np.percentile(times, 95):5.1f}   max {worst:5.1f} to {stage}"
    )


if __name__ == "__main__":
    main(sys.argv[1:] or list(shipped()))
