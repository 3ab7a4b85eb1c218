"""How long a trace takes, beside PyTorch eager keeping the same intermediates.

    python tests/bench/bench_trace.py

A sentence of 12 tokens goes through `paper-es`, in float64, on all sides in turn within one run,
so that a busy machine slows all. PyTorch runs twice, in inference mode: the same products of the
same arrays as the field writes them, with einsum, which is what the target is about; and tuned
by hand. Both keep every step that the trace keeps, under the same names, and are compared with
it number by number before any clock starts.
"""

import timeit
from collections import defaultdict

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import numpy as np
from stopwatch import conditions, interleaved, report, torch_or_exit

from engine.experiment import Experiment
from engine.model import run
from engine.store import load, shipped

MODEL = load(shipped()["paper-es"])
TEXT = "El gato se subió al árbol porque tenía miedo del perro"
IDS = [piece.id for piece in Experiment(MODEL, TEXT).pieces]

torch = torch_or_exit()
from torch_trace import Plain, Tuned  # noqa: E402 (it needs PyTorch)


def main():
    config, parameters, ids = MODEL.config, MODEL.parameters, IDS
    plain, tuned = Plain(config, parameters), Tuned(config, parameters)

    trace = run(config, parameters, ids, MODEL.leaves)
    recorded = made_here(trace)
    for steps in plain(ids), tuned(ids):
        assert {step.name for step in recorded} == set(steps)
        for step in recorded:
            np.testing.assert_allclose(step.value, steps[step.name].numpy(), rtol=1e-9, atol=1e-9)

    print(conditions(torch))
    print(f"a trace of {len(IDS)} tokens: {len(recorded)} steps, {config.n_layers} blocks, float64")
    sides = {
        "engine": lambda: run(config, parameters, ids, MODEL.leaves),
        "PyTorch": lambda: plain(ids),
        "tuned": lambda: tuned(ids),
    }
    times = interleaved(sides, rounds=30, calls=40)
    ratio = report({name: times[name] for name in ("engine", "PyTorch")}, target=1.0)
    report({name: times[name] for name in ("engine", "tuned")})
    if ratio > 1.0:
        show_where_the_time_goes(trace, parameters, ids)


def show_where_the_time_goes(trace, parameters, ids):
    """Prints microseconds by operation, and what is left for the recording itself."""
    spent = defaultdict(float)
    for step in made_here(trace):
        inputs = [trace[name].value for name in step.inputs]
        spent[step.kind] += quickest(step.op.forward, *inputs)
    whole = quickest(run, MODEL.config, parameters, ids, MODEL.leaves)
    spent["recording"] = whole - sum(spent.values())
    print("  where the engine's time goes, in microseconds")
    for kind, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"    {kind:<12} {1e6 * seconds:8.0f}")


def quickest(call, *args):
    return min(timeit.repeat(lambda: call(*args), number=20, repeat=10)) / 20


def made_here(trace):
    """The steps that an operation made from the sentence, without those that are settings."""
    return [s for s in trace if s.inputs and s.name not in ("sqrt_d_model", "sqrt_d_head")]


if __name__ == "__main__":
    main()
