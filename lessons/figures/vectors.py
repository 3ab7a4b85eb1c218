"""Vectors: their lengths and angles, and how their numbers are written in lines of eight."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.cells import largest, run_cell
from lessons.figures.parts import Cell, Table

PER_LINE = 8
MOST = 16
"""So many numbers of a vector are written out; a mini's vector has no more."""


def length(x: Array) -> float:
    """The length of a vector; infinite or NaN where its numbers are."""
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        return float(np.linalg.norm(x))


def moved(new: Array, old: Array) -> float:
    """How far a vector has moved: the length of the difference; exactly 0 where nothing changed."""
    with np.errstate(all="ignore"):
        difference = new - old
    return length(np.where(new == old, 0.0, difference))  # equal infinities have not moved


def dot(a: Array, b: Array) -> float:
    """The dot product: the products place by place, added up."""
    with np.errstate(all="ignore"):
        return float(np.dot(a, b))


def cosine(a: Array, b: Array) -> float:
    """The cosine of the angle between two vectors; NaN where one of them has no direction."""
    with np.errstate(all="ignore"):
        quotient = dot(a, b) / (length(a) * length(b) or math.nan)
    return min(max(quotient, -1.0), 1.0) if math.isfinite(quotient) else math.nan


def degrees(cosine: float) -> float:
    """The angle of a cosine in degrees; NaN where there is none."""
    return math.degrees(math.acos(cosine)) if math.isfinite(cosine) else math.nan


def vector_cells(
    experiment: Experiment, name: str, indices: Sequence[tuple[int, ...]], run: int = 0
) -> list[Cell]:
    """Numbers of one step of a run, each with its address and shaded by its size."""
    values = experiment.trace[name].value
    span = largest(values[index] for index in indices)
    return [run_cell(experiment, Ref(name, index), run, span=span) for index in indices]


def bands(
    names: Sequence[Cell], rows: Sequence[Sequence[Cell]], total: bool = False
) -> list[Table]:
    """Vectors one under the other, cut into tables of eight columns, counted from 1.

    names: what stands in front of each row. total: the last row is the sum of the others.
    """
    tables = []
    n = min((len(row) for row in rows), default=0)
    for start in range(0, n, PER_LINE):
        places = range(start, min(start + PER_LINE, n))
        lines = [[name, *(row[i] for i in places)] for name, row in zip(names, rows, strict=True)]
        tables.append(Table(lines, ["", *(str(i + 1) for i in places)], total=total))
    return tables
