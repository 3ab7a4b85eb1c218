"""Vectors written out: numbers in lines of eight, lengths and angles, labels cut to size."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.parts import Cell, Table
from lessons.words import number

PER_LINE = 8
MOST = 16
"""So many numbers of a vector are written out; a mini's vector has no more."""


def short(label: str, most: int = 12) -> str:
    """A label of at most so many characters."""
    return label if len(label) <= most else label[: most - 1] + "…"


def whole(n: int) -> str:
    """A whole number with commas: "16,384"."""
    return f"{n:,}"


def shade(x: float, span: float) -> float | None:
    """The shade of a number where `span` gets the full colour."""
    return max(-1.0, min(1.0, x / span)) if math.isfinite(x) and span > 0 else None


def vector_cells(
    experiment: Experiment, name: str, indices: Sequence[tuple[int, ...]], run: int = 0
) -> list[Cell]:
    """Numbers of one step of a run, each with its address and shaded by its size."""
    values = experiment.trace[name].value
    numbers = [float(values[index]) for index in indices]
    span = max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)
    return [
        Cell(number(x), Ref(name, index), run, shade=shade(x, span))
        for x, index in zip(numbers, indices, strict=True)
    ]


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


def length(x: Array) -> float:
    """The length of a vector; infinite or NaN where its numbers are."""
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        return float(np.linalg.norm(x))


def cosine(a: Array, b: Array) -> float:
    """The cosine of the angle between two vectors; NaN where one of them has no direction."""
    with np.errstate(all="ignore"):
        quotient = float(np.dot(a, b)) / (length(a) * length(b) or math.nan)
    return min(max(quotient, -1.0), 1.0) if math.isfinite(quotient) else math.nan


def degrees(cosine: float) -> float:
    """The angle of a cosine in degrees; NaN where there is none."""
    return math.degrees(math.acos(cosine)) if math.isfinite(cosine) else math.nan
