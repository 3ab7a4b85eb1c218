"""Numbers that were overwritten by hand, written as NumPy would be told to overwrite them.

`np.s_[:, 1], 0.0` says in a line what a whole head is forced to. So a step is cut into boxes of
cells that hold one number; where that takes too many of them, its numbers are packed instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from engine.ops import Array
from engine.trace import Step

MOST_BOXES = 64
"""Boxes of one step that are written out; a learner reads no more."""


@dataclass(frozen=True, slots=True)
class Box:
    """Cells that hold one number.

    where: for each axis the first place and the one after the last.
    """

    where: tuple[tuple[int, int], ...]
    number: float | int


def boxes(step: Step) -> tuple[Box, ...]:
    """The forced cells of a step, each in one box; none where nothing is forced."""
    if step.forced is None:
        return ()
    return tuple(_boxes(step.forced, step.value))


def written(found: Iterable[Box], shape: tuple[int, ...]) -> list[str]:
    """The boxes of a step of this shape as Python: "(np.s_[0, 2:4], -1.5)"."""
    return [f"({_indices(box, shape)}, {_number(box.number)})" for box in found]


def packed(step: Step) -> Array:
    """The forced cells of a step as one array of its shape, NaN where nothing is forced."""
    if step.forced is None:
        return np.full(step.value.shape, np.nan)
    return np.where(step.forced, step.value, np.nan)


def _boxes(forced: Array, value: Array) -> list[Box]:
    """Box by box along the first axis; neighbours that are alike are joined."""
    if not forced.any():
        return []
    if forced.all() and _is_constant(value):
        return [Box(tuple((0, n) for n in value.shape), value.flat[0].item())]
    alike = groupby(
        range(len(forced)), key=lambda i: (forced[i].tobytes(), _bytes(i, value, forced))
    )
    found = []
    for _, group in alike:
        first, *others = group
        rows = (first, first + 1 + len(others))
        found += [
            Box((rows, *box.where), box.number) for box in _boxes(forced[first], value[first])
        ]
    return found


def _bytes(i: int, value: Array, forced: Array) -> bytes:
    """What is forced at place i of the first axis; what stands in other cells does not count."""
    return np.where(forced[i], value[i], 0).tobytes()


def _is_constant(value: Array) -> bool:
    first: bytes = value.flat[0].tobytes()
    return value.tobytes() == first * value.size


def _indices(box: Box, shape: tuple[int, ...]) -> str:
    axes = [_axis(*ends, n) for ends, n in zip(box.where, shape, strict=True)]
    if all(axis == ":" for axis in axes):
        return "np.s_[...]"
    while axes[-1] == ":":  # what is left out is taken whole
        axes.pop()
    return f"np.s_[{', '.join(axes)}]"


def _axis(first: int, end: int, n: int) -> str:
    if end - first == 1:
        return str(first)
    if (first, end) == (0, n):
        return ":"
    return f"{first or ''}:{'' if end == n else end}"


def _number(x: float | int) -> str:
    text = repr(x)
    return (
        f"np.{text.lstrip('-')}" if text == "inf" else f"-np.{text[1:]}" if text == "-inf" else text
    )
