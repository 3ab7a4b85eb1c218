"""How much it costs to open a number: its arithmetic, what is said of it, the panel drawn.

    python tests/bench/bench_why.py [mini-es paper-es ...]

From the walk, at three sizes: a logit (a sum of d_model products) and a probability (a softmax
over the whole vocabulary). "first" builds the panel, "again" aims the panel that is there at
another number, "down" opens an operand by Enter. The app runs as in a terminal, except that what
it writes is only counted. Time is that of the processor; of each kind the median counts, because
even that grows by half where other programs fight for the caches.
"""

import asyncio
import sys
from asyncio import sleep
from time import process_time

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
import textual
from headless import TEXTS, CountingDriver, ready

from engine.expr import Ref
from engine.store import load, shipped
from tui.app import DesdeCero
from tui.screens.why import open_why, prepare_why

TARGET, AT, OF = 30.0, (120, 40), "logits"
OPENINGS, STARTS = 12, 5
SIZES = (80, 24), AT, (200, 60)


class Openings:
    """Opens numbers of one step from the walk; `spent` gets the milliseconds of each kind."""

    def __init__(self, step, again):
        self.step, self.again = step, again
        self.spent = {"first": [], "again": [], "down": []}

    async def __call__(self, pilot):
        app = pilot.app
        walk = await ready(app)
        walk.go_to("logits")
        await sleep(0.1)
        experiment = walk.view.experiment
        prepare_why(app, experiment, "es")  # as the program does in an idle moment
        n_pos, d_vocab = experiment.trace[self.step].value.shape
        for i in range(self.again + 1):
            ref = Ref(self.step, (n_pos - 1, 97 * i % d_vocab))
            kind = "again" if i else "first"
            await self.timed(kind, app, lambda ref=ref: open_why(app, experiment, ref, "es"))
            before = app.screen.sheet
            await self.timed("down", app, lambda: app.simulate_key("enter"))
            assert app.screen.sheet is not before
            app.simulate_key("escape")
            await sleep(0.05)
            assert app.screen is walk
        app.exit()

    async def timed(self, kind, app, act):
        written, start = app._driver.written, process_time()
        act()
        # One frame may bring a second one: a part that was resized draws again.
        for _ in range(5):
            await sleep(0.01)
        self.spent[kind].append(1e3 * (process_time() - start))
        assert app._driver.written > written


def opened(model, size, step):
    """The median milliseconds of each kind of opening."""
    lang = model.name.rpartition("-")[2]
    all_spent = {"first": [], "again": [], "down": []}
    for start in range(STARTS):
        openings = Openings(step, OPENINGS if start == 0 else 0)
        app = DesdeCero(model, TEXTS[lang], lang)
        app.driver_class = CountingDriver
        asyncio.run(app.run_async(size=size, auto_pilot=openings))
        for kind, spent in openings.spent.items():
            all_spent[kind] += spent
    return {kind: float(np.median(spent)) for kind, spent in all_spent.items()}


def main(names):
    print(f"Textual {textual.__version__}, NumPy {np.__version__}; milliseconds of CPU an opening")
    worst = 0.0
    for name in names:
        model = load(shipped()[name])
        for size in SIZES:
            for step in ("logits", "probs"):
                spent = opened(model, size, step)
                told = "   ".join(f"{kind} {ms:5.1f}" for kind, ms in spent.items())
                print(f"  {name:<9} {size[0]:>3}x{size[1]}  {step:<7} {told}")
                if (size, step) == (AT, OF):
                    worst = max(worst, spent["first"], spent["again"])
    met = "met" if worst <= TARGET else "missed"
    print(f"{AT[0]}x{AT[1]}: a logit opens in {worst:.1f} ms (target {TARGET:.0f} ms: {met})")


if __name__ == "__main__":
    main(sys.argv[1:] or list(shipped()))
