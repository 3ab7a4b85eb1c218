"""A matrix with all that is said about it: names, colours, marks. Frozen; drawn elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from tui.renderables.cells import Piece, inks
from tui.renderables.legend import legend
from tui.renderables.matrix_labels import printable
from tui.renderables.palette import Kind, quantise, scale_of

TINY_MATRIX: Final = 0.1
"""Largest |value| of a matrix below which its small values are written as powers of ten."""


class Details(TypedDict, total=False):
    """What can be said about a matrix beside its values and labels: see `make_sheet`."""

    row_axis: str
    col_axis: str
    kind: Kind
    scale: float | None
    tint: NDArray[Any] | None
    forced: NDArray[np.bool_] | None
    changed: NDArray[np.bool_] | None
    present: int | None
    note: str


@dataclass(frozen=True, eq=False)
class Sheet:
    """A matrix ready to be drawn; made by `make_sheet`.

    `values` is the caller's own array [rows, columns], `inks` the packed colour level and marks of
    every cell, `fine` asks for powers of ten, `roomy` says that four columns are too few for a
    number, `present` is the row that the lesson is about, `legend` the key to the colours.
    """

    values: NDArray[Any]
    inks: NDArray[np.int16]
    row_labels: Sequence[str]
    col_labels: Sequence[str]
    row_axis: str
    col_axis: str
    kind: Kind
    scale: float
    fine: bool
    roomy: bool
    present: int | None
    note: str
    legend: tuple[Piece, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        n_rows, n_cols = self.values.shape
        return n_rows, n_cols

    @property
    def corner(self) -> str:
        """The names of the axes, each with the way it runs."""
        down = f"{printable(self.row_axis)}↓" if self.row_axis else ""
        along = f"{printable(self.col_axis)}→" if self.col_axis else ""
        return " ".join(part for part in (down, along) if part)


def make_sheet(
    values: NDArray[Any],
    row_labels: Sequence[str],
    col_labels: Sequence[str],
    *,
    row_axis: str = "",
    col_axis: str = "",
    kind: Kind = "diverging",
    scale: float | None = None,
    tint: NDArray[Any] | None = None,
    forced: NDArray[np.bool_] | None = None,
    changed: NDArray[np.bool_] | None = None,
    present: int | None = None,
    note: str = "",
) -> Sheet:
    """Quantise a matrix [rows, columns] once and check that everything about it fits together.

    `row_axis` and `col_axis` name the dimensions; `kind` is the palette, and `scale` the |value|
    with the strongest colour: by default 1 for a sequential palette, the largest finite |value|
    for a diverging one. `tint`, of the same shape, gives the colours while `values` gives the
    texts. `forced` and `changed` mark cells, `present` a row; `note` stands beside the axis names.
    Raises ValueError where a shape does not fit.
    """
    values = np.asarray(values)
    if values.ndim != 2:
        raise ValueError(f"a matrix has two dimensions, not {values.ndim}")
    if (len(row_labels), len(col_labels)) != values.shape:
        raise ValueError(
            f"{len(row_labels)} row and {len(col_labels)} column labels do not fit {values.shape}"
        )
    for name, other in (("tint", tint), ("forced", forced), ("changed", changed)):
        if other is not None and other.shape != values.shape:
            raise ValueError(f"{name} has the shape {other.shape}, not {values.shape}")
    coloured = values if tint is None else tint
    if scale is None:
        scale = 1.0 if kind == "sequential" else scale_of(coloured)
    whole = values.dtype.kind in "biu"
    largest = scale_of(values) if values.size else 1.0
    fine = not whole and largest < TINY_MATRIX
    return Sheet(
        values=values,
        inks=inks(quantise(coloured, kind, scale), forced, changed),
        row_labels=row_labels,
        col_labels=col_labels,
        row_axis=row_axis,
        col_axis=col_axis,
        kind=kind,
        scale=scale,
        fine=fine,
        roomy=fine or (whole and largest > 999),
        present=present,
        note=note,
        legend=legend(coloured, kind, scale, fine),
    )


def as_text(sheet: Sheet, separator: str = "\t") -> str:
    """The whole matrix with its headers as lines of text, numbers as Python reads them back."""

    def clean(label: str) -> str:
        return printable(label).replace(separator, " ")

    corner = "\\".join(clean(axis) for axis in (sheet.row_axis, sheet.col_axis) if axis)
    lines = [separator.join([corner, *map(clean, sheet.col_labels)])]
    for label, row in zip(sheet.row_labels, sheet.values.tolist(), strict=True):
        lines.append(separator.join([clean(label), *map(repr, row)]))
    return "\n".join(lines)
