"""Cells with a number in them: read off a run, with its address, or computed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.parts import Cell, Tone
from lessons.words import number


def part_of(x: float, span: float = 1.0) -> float | None:
    """A number as a shade or a bar, where `span` gets the full one: from -1 to 1.

    What is infinite is full; None for NaN, and where there is no span to compare with.
    """
    if math.isnan(x) or not 0 < span < math.inf:
        return None
    return min(max(float(x) / span, -1.0), 1.0)


def largest(values: Iterable[float]) -> float:
    """The largest size among the finite numbers; 0 where there is none."""
    return max((abs(float(x)) for x in values if math.isfinite(x)), default=0.0)


def quiet(text: str) -> Cell:
    """A text in the background: a label, a gap."""
    return Cell(text, tone="quiet")


def blank(n: int) -> list[Cell]:
    """So many cells with nothing in them."""
    return [Cell("")] * n


def number_cell(
    x: float, ref: Ref | None = None, decimals: int = 2, *, tone: Tone = "", span: float = 0.0
) -> Cell:
    """A number. span: what would fill the bar beside it; no bar if left out."""
    return Cell(number(float(x), decimals), ref, tone=tone, bar=part_of(x, span))


def run_cell(
    experiment: Experiment,
    ref: Ref,
    run: int = 0,
    *,
    write: Callable[[float], str] = number,
    tone: Tone = "",
    span: float = 0.0,
    bar: bool = False,
) -> Cell:
    """The number of a run at an address.

    run: which of the figure's runs that is. span: what would get the full shade; no shade if left
    out. bar: a bar as long as the number, of 1.
    """
    x = experiment.trace.value(ref)
    shade = part_of(x, span)
    return Cell(write(x), ref, run, tone=tone, shade=shade, bar=part_of(x) if bar else None)


def step_cells(
    experiment: Experiment, name: str, indices: Iterable[tuple[int, ...]], run: int = 0
) -> list[Cell]:
    """Numbers of one step of a run."""
    return [run_cell(experiment, Ref(name, index), run) for index in indices]
