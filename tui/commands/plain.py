"""Numbers and texts for a plain stream of characters: aligned, escaped, no colour needed."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from engine.ops import Array
from tui.messages import Words

CELL = 9  # columns of one number, a space in front included
MOST_ROWS = 32
_LABEL = 16
# Format characters that write words: joiners (emoji, Persian, Hindi) and the tags of flags.
_HARMLESS = {"\u200c", "\u200d", *map(chr, range(0xE0020, 0xE0080))}


def escape(text: str) -> str:
    """The text with everything that could command a terminal, or reorder it, spelled out.

    A line break becomes the two characters \\n, a control character \\x1b, and so on.
    """
    return "".join(c if _is_printable(c) else ascii(c)[1:-1] for c in text)


def _is_printable(character: str) -> bool:
    category = unicodedata.category(character)
    return category not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or character in _HARMLESS


def fit(text: str, width: int, right: bool = False) -> str:
    """The text in exactly `width` columns, with an ellipsis if it is cut."""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1) + "…"
    spare = " " * (width - cell_len(text))
    return spare + text if right else text + spare


def number(value: float, decimals: int = 4) -> str:
    """A number in at most eight columns, or two more if it gets six decimals instead of four."""
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else "∞" if value > 0 else "-∞"
    size = abs(value)
    if float(value).is_integer() and size < 1e6:
        return f"{value:.0f}"
    return f"{value:.{decimals}f}" if 0.001 <= size < 100 else f"{value:.{decimals - 1}g}"


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """A table: the first column to the left, the others to the right, two spaces between."""
    widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return [
        "  ".join(fit(cell, width, right=i > 0) for i, (cell, width) in line).rstrip()
        for line in (enumerate(zip(row, widths, strict=True)) for row in rows)
    ]


def array_lines(
    values: Array, axes: Sequence[str], names: dict[str, list[str]], words: Words, width: int
) -> list[str]:
    """An array as matrices over its last two axes, as far as they fit in `width` columns.

    names: for axes whose places have names, those names; other places are counted from 0.
    What is left out is said.
    """
    if values.ndim == 0:
        return ["  " + number(values.item())]
    if values.ndim == 1:  # words below one another, numbers side by side
        if axes[0] in names:
            values, axes = values[:, None], (axes[0], "one")
        else:
            values, axes = values[None, :], ("one", axes[0])
    if values.ndim == 2:
        rows, cols = (_places(axis, names, n) for axis, n in zip(axes, values.shape, strict=True))
        return _matrix(values, rows, cols, words, width)
    lines: list[str] = []
    for i, place in enumerate(_places(axes[0], names, len(values))[:MOST_ROWS]):
        named = f" {place}" if axes[0] in names else ""
        lines.append(f"  {axes[0]} {i}{named}")
        lines += array_lines(values[i], axes[1:], names, words, width)
    if len(values) > MOST_ROWS:
        parts = words("listing.slices", n=len(values) - MOST_ROWS)
        lines.append("  " + words("listing.more", parts=parts))
    return lines


def _places(axis: str, names: dict[str, list[str]], n: int) -> list[str]:
    if axis == "one":  # an axis of length 1 that stands for nothing
        return [""]
    return names[axis][:n] if axis in names else [str(i) for i in range(n)]


def _matrix(
    values: Array, rows: Sequence[str], cols: Sequence[str], words: Words, width: int
) -> list[str]:
    margin = min(max(cell_len(row) for row in rows), _LABEL)
    n_cols = max(1, (width - 2 - margin) // CELL)
    n_rows = MOST_ROWS

    def line(head: str, cells: Sequence[str]) -> str:
        shown = "".join(" " + fit(cell, CELL - 1, right=True) for cell in cells)
        return f"  {fit(head, margin)}{shown}".rstrip()

    lines = [line("", cols[:n_cols])] if any(cols) else []
    for row, cells in zip(rows, values[:n_rows, :n_cols].tolist(), strict=False):
        lines.append(line(row, [number(x) for x in cells]))
    parts = [
        words(key, n=there - fitting)
        for key, there, fitting in (
            ("listing.rows", len(rows), n_rows),
            ("listing.columns", len(cols), n_cols),
        )
        if there > fitting
    ]
    if parts:
        lines.append("  " + words("listing.more", parts=", ".join(parts)))
    return lines
