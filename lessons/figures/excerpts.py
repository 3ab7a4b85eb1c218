"""Which of many things are shown: some words of a sentence, some places of a vocabulary."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from engine.ops import Array
from lessons.figures.cells import quiet
from lessons.figures.parts import Cell

GAP = "…"
_LINE = 75


# --- By where they stand -------------------------------------------------------------------------


def window(n: int, at: int, most: int) -> range:
    """At most so many of n things: the first ones, or the ones that end at `at`."""
    start = max(0, min(at, n - 1) - most + 1)
    return range(start, min(n, start + most))


def around(n: int, at: int, most: int) -> range:
    """At most so many of n things, with the one at `at` in the middle where there is room."""
    start = max(0, min(at - most // 2, n - most))
    return range(start, min(n, start + most))


def evenly(n: int, most: int) -> Sequence[int]:
    """At most so many of n things, the first and the last among them, evenly apart."""
    if n <= most:
        return range(n)
    return sorted({round(i * (n - 1) / (most - 1)) for i in range(most)})


def excerpt(n: int, most: int, keep: Iterable[int] = ()) -> list[int | None]:
    """At most so many of the places 0 to n - 1, in order, None where some are left out.

    Those of `keep` are among them, and then the outermost from both ends.
    """
    if n <= most:
        return [*range(n)]
    chosen = set([i for i in dict.fromkeys(keep) if 0 <= i < n][:most])
    low, high = 0, n - 1
    while len(chosen) < most and low <= high:
        chosen.add(low)
        low += 1
        if len(chosen) < most:
            chosen.add(high)
            high -= 1
    found: list[int | None] = []
    before = -1
    for i in sorted(chosen):
        if i > before + 1:
            found.append(None)
        found.append(i)
        before = i
    return [*found, None] if before < n - 1 else found


def on_a_line(widths: Sequence[int], most: int, keep: Iterable[int] = ()) -> list[int | None]:
    """An excerpt of words so wide that stands on one line, so that arcs have room above it."""
    kept = [*keep]
    places = excerpt(len(widths), most, kept)
    while most > 2 and sum(1 if i is None else widths[i] for i in places) + len(places) > _LINE:
        most -= 1
        places = excerpt(len(widths), most, kept)
    return places


def with_gaps(places: Sequence[int | None], cells: Sequence[Cell]) -> list[Cell]:
    """The cells at those places, a quiet "…" where some are left out."""
    return [quiet(GAP) if i is None else cells[i] for i in places]


# --- By their values -----------------------------------------------------------------------------


def ranked(values: Sequence[float] | Array, among: Iterable[int]) -> list[int]:
    """Places by their values, the largest first; of equals the first; NaN last."""
    return sorted(among, key=lambda i: math.inf if math.isnan(values[i]) else -float(values[i]))


def highest(
    values: Sequence[float] | Array, among: Iterable[int], n: int, keep: Sequence[int] = ()
) -> list[int]:
    """The n of some places with the largest values, in order; those of `keep` are among them."""
    others = [i for i in ranked(values, among) if i not in keep]
    return sorted([*keep, *others[: n - len(keep)]])
