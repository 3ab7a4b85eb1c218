"""The key to the colours of a matrix: its smallest number, the ramp, its largest. Pure.

    −3.10 ▓▓▓▒▒▒0▒▒▓▓▓ 2.84        around 0
    0.02 ▒▒▒▓▓▓▓ 0.71              from nothing up

One column a level, so that what is shown is exactly what occurs in the cells. The numbers at the
ends, and the 0 between, say without colour which way it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from tui.renderables.cells import Piece, inks, number_text
from tui.renderables.palette import Kind, quantise

WORDS = "axis"
"""The ink of the numbers at both ends: as quiet as the names of the axes beside them."""


def legend(values: NDArray[Any], kind: Kind, scale: float, fine: bool = False) -> tuple[Piece, ...]:
    """The key of a matrix drawn with these settings; nothing where colours tell nothing apart."""
    finite = values[np.isfinite(values)]
    if kind == "plain" or not finite.size:
        return ()
    low, high = float(finite.min()), float(finite.max())
    if low == high:
        return ()
    first, last = quantise(np.array([low, high]), kind, scale).tolist()
    around = low < 0 < high and kind == "diverging"
    # At an end the colour of 0, which is none, would look like a gap.
    levels = [level for level in range(first, last + 1) if level or around]
    packed = inks(np.array(levels, dtype=np.int8)).tolist()
    ramp: list[Piece] = [
        (" " if level else "0", ink) for level, ink in zip(levels, packed, strict=True)
    ]
    ends = [number_text(x, "number", fine).strip() for x in (low, high)]
    return ((f"{ends[0]} ", WORDS), *ramp, (f" {ends[1]}", WORDS))


def width_of(pieces: Sequence[Piece]) -> int:
    """Columns that some pieces take."""
    return sum(cell_len(text) for text, _ in pieces)
