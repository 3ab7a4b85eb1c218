"""What the benches share: timing two sides in turn, and saying what the figures rest on."""

import os
import sys
from importlib import import_module
from time import perf_counter

import numpy as np


def torch_or_exit():
    """PyTorch, or a sentence and the end: without it there is nothing to compare with."""
    try:
        return import_module("torch")
    except ImportError:
        sys.exit("PyTorch is missing, so there is nothing to compare with: pip install torch")


def conditions(torch):
    """One line on what both sides run with, since it decides more than any code."""
    settings = {name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")}
    given = " ".join(f"{name}={value}" for name, value in sorted(settings.items()))
    return (
        f"NumPy {np.__version__}, PyTorch {torch.__version__} with {torch.get_num_threads()} "
        f"threads, {os.cpu_count()} cores; {given or 'OpenBLAS chooses for itself'}"
    )


def interleaved(sides, rounds, calls):
    """Seconds a call for each side [rounds * calls].

    The sides take turns of `calls` each, so that a busy machine slows both. A turn is not a
    single call, and its first is not counted, because the waiting threads of one side's
    library go on spinning for a moment and would slow the other.
    """
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, call in sides.items():
            call()
            for _ in range(calls):
                start = perf_counter()
                call()
                times[name].append(perf_counter() - start)
    return {name: np.array(seconds) for name, seconds in times.items()}


def report(times, target=None):
    """Prints both sides and the ratio of the first to the second; returns that of medians.

    Without a target the ratio is only told.
    """
    for name, seconds in times.items():
        print(
            f"  {name:<10} minimum {1e3 * seconds.min():8.3f} ms   "
            f"median {1e3 * np.median(seconds):8.3f} ms"
        )
    ours, theirs = times.values()
    ratio = np.median(ours) / np.median(theirs)
    judged = "" if target is None else f"{'met' if ratio <= target else 'missed'}"
    print(
        f"  ratio      of minima {ours.min() / theirs.min():5.2f}      of medians {ratio:5.2f}"
        + (f"      (target {target:.2f}: {judged})" if judged else "")
    )
    return ratio
