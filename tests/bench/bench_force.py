"""How much a what-if costs: one cell forced and everything downstream anew, beside a full run.

    python tests/bench/bench_force.py

A sentence of 12 tokens in `paper-es`. A cell of the first step is the dearest, because nearly
all of the model lies downstream of it, and one of the last is the cheapest; between them every
step of the run is forced once, and the mean of that is what a person meets. The sides take turns
in one process, so that a busy machine slows all.
"""

import os

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from stopwatch import interleaved

from engine.experiment import Experiment
from engine.model import run
from engine.parts import Part
from engine.store import load, shipped
from engine.whatif import Force

MODEL = load(shipped()["paper-es"])
TEXT = "El gato se subió al árbol porque tenía miedo del perro"
CELLS = {
    "first": "embed[1,3]=0.5",
    "middle": "blocks.3.attn.pattern[0,5,2]=0.5",
    "head": "blocks.3.attn.z[*,1,*]=0",
    "last": "logits[11,7]=3",
}


def main():
    experiment = Experiment(MODEL, TEXT)
    ids = [piece.id for piece in experiment.pieces]
    everywhere = [
        Force(Part(step.name, (0,) * step.value.ndim), 1.0) for step in experiment.baseline
    ]

    def full():
        return run(MODEL.config, MODEL.parameters, ids)

    def forced(*forces):
        return lambda: experiment.force(*forces).trace

    print(f"NumPy {np.__version__}, {os.cpu_count()} cores")
    print(f"forcing in a run of {len(ids)} tokens: {len(everywhere)} steps, float64")
    sides = {"full run": full}
    sides |= {name: forced(Force.parse(line)) for name, line in CELLS.items()}
    sides["anywhere"] = each_in_turn([forced(force) for force in everywhere])
    sides["25 cells"] = forced(*everywhere[::10])
    times = interleaved(sides, rounds=20, calls=30)
    whole = np.median(times["full run"])
    for name, seconds in times.items():
        print(
            f"  {name:<10} minimum {1e3 * seconds.min():6.3f} ms   "
            f"median {1e3 * np.median(seconds):6.3f} ms   "
            f"of a full run {np.median(seconds) / whole:5.2f}"
        )


def each_in_turn(calls):
    """One call after the other, from the beginning again at the end."""
    place = -1

    def call():
        nonlocal place
        place = (place + 1) % len(calls)
        return calls[place]()

    return call


if __name__ == "__main__":
    main()
