"""How far a run has moved from another: what a change has reached, and how much."""

from __future__ import annotations

import math

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from lessons.stages import Stage

LEAST = 1e-9
"""Relative differences up to this are rounding."""


def size_of(new: Array, old: Array) -> float:
    """‖new - old‖ / ‖old‖ over the cells that are finite in both; 0 where nothing differs.

    Where all of `old` is 0, the difference counts as whole: 1. Cells that became finite or
    stopped being so count as changed entirely, each as 1.
    """
    finite = np.isfinite(new) & np.isfinite(old)
    moved = int(np.count_nonzero(np.isfinite(new) != np.isfinite(old)))
    a, b = new[finite].astype(float), old[finite].astype(float)
    with np.errstate(over="ignore"):  # two giants may be infinitely far from one another
        difference = _norm(np.append(a - b, np.sqrt(moved)))
    norm = _norm(b)
    if math.isinf(norm):
        return float(difference > 0)
    size = difference / norm if norm > 0 else float(difference > 0)
    return size if size > LEAST else 0.0


def _norm(x: Array) -> float:
    """The length of a vector, in units of its largest number: a giant's square is infinite."""
    unit = float(np.abs(x).max(initial=0))
    if unit == 0 or math.isinf(unit):
        return unit
    return unit * float(np.linalg.norm(x / unit))


def change_of(stage: Stage, experiment: Experiment) -> float:
    """How far what a stage shows has moved from the run in which nothing is forced."""
    if stage.focus is None or not experiment.forced:
        return 0.0
    new, old = experiment.trace[stage.focus], experiment.baseline[stage.focus]
    return 0.0 if new is old else size_of(new.value, old.value)
