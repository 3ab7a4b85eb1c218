"""What is copied or saved of a moment of the walk."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from textual.app import App

from lessons.exhibits import Exhibit
from tui.renderables.matrix_sheet import as_text, make_sheet
from tui.screens.walk_view import View


def copied(view: View, kind: str) -> str:
    """What goes to the clipboard: "text", "csv" or "numpy" of the table, or the "share" line.

    Empty where the stage has no table.
    """
    if kind == "share":
        from engine.share import to_line

        return to_line(view.experiment)
    shown = view.exhibit
    if not shown.values.size:
        return ""
    if kind == "text":
        axes = {"row_axis": shown.row_axis, "col_axis": shown.col_axis}
        return as_text(make_sheet(shown.values, shown.rows, shown.cols, **axes))  # type: ignore[arg-type]
    return _csv(shown) if kind == "csv" else _numpy(shown)


def exported(app: App[None], view: View, kind: str) -> str:
    """What goes into a file: "svg" of the screen, the run as a "numpy" program, or an "html" page.

    What is imported here few people need, so it waits until then.
    """
    if kind == "svg":
        from tui.export.picture import screenshot

        return screenshot(app)
    if kind == "numpy":
        from lessons.numpy_export import to_python

        return to_python(view.experiment)
    from tui.export.page import to_page

    return to_page(view.experiment, view.words.lang)


def _csv(shown: Exhibit) -> str:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([shown.row_axis, *shown.cols])
    for label, row in zip(shown.rows, shown.values.tolist(), strict=True):
        writer.writerow([label, *map(repr, row)])
    return lines.getvalue()


def _numpy(shown: Exhibit) -> str:
    """The numbers as Python reads them, below a comment that says what they are."""
    rows = ",\n    ".join(_row(row) for row in shown.values.tolist())
    return (
        "import numpy as np\n\n"
        f"# {shown.step} [{shown.row_axis}, {shown.col_axis}]\n"
        f"# {shown.row_axis}: {', '.join(map(repr, shown.rows))}\n"
        f"values = np.array([\n    {rows},\n])\n"
    )


def _row(row: list[Any]) -> str:
    return "[" + ", ".join(map(_number, row)) + "]"


def _number(x: float) -> str:
    if math.isfinite(x):
        return repr(x)
    return "np.nan" if math.isnan(x) else "np.inf" if x > 0 else "-np.inf"
