"""What a stage shows, as HTML: a table of coloured numbers, bars, or the pieces of the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from engine.ops import Array
from lessons.exhibits import Exhibit
from tui.export.page_style import level_class
from tui.renderables.cells import FORCED, marked, row_texts
from tui.renderables.matrix_sheet import TINY_MATRIX
from tui.renderables.palette import STEPS, Kind, quantise, scale_of

MOST_COLUMNS = 64
"""Columns of a table; what is beyond is said, not shown."""


def table(shown: Exhibit, caption: str, here: tuple[int, int] | None, forced: Array | None) -> str:
    """A table of numbers with the colours of the app.

    here: row and column of the cell that the text speaks of. forced: which cells were changed by
    hand, in the shape of the step.
    """
    kind: Kind = "sequential" if shown.scale == "sequential" else "diverging"
    values = shown.values[:, :MOST_COLUMNS]
    levels = quantise(values, kind, shown.span).tolist()
    marks = np.zeros(shown.values.shape, bool) if forced is None else shown.take(forced)
    fine = scale_of(values) < TINY_MATRIX
    head = "".join(f'<th scope="col">{escape(col)}</th>' for col in shown.cols[:MOST_COLUMNS])
    lines = [
        f'<div class="scroll" tabindex="0"><table><caption>{escape(caption)}</caption>',
        f"<thead><tr><td></td>{head}</tr></thead><tbody>",
    ]
    for i, label in enumerate(shown.rows):
        texts = row_texts(values[i], "number", kind, shown.span, fine)
        cells = "".join(
            _cell(
                marked(text, FORCED if mark else 0, "number").strip(),
                level_class(kind, level),
                (i, j) == here,
            )
            for j, (text, level, mark) in enumerate(
                zip(texts, levels[i], marks[i].tolist(), strict=False)
            )
        )
        lines.append(f'<tr><th scope="row">{escape(label)}</th>{cells}</tr>')
    return "\n".join([*lines, "</tbody></table></div>"])


def _cell(text: str, level: str, here: bool) -> str:
    classes = f"{level} here".strip() if here else level
    return f'<td class="{classes}">{text}</td>' if classes else f"<td>{text}</td>"


def bars(
    labels: Sequence[str], values: Sequence[float], texts: Iterable[str], full: float, kind: Kind
) -> str:
    """Numbers with bars in the colour of their kind; `full` is the number of a whole bar."""
    colour = level_class(kind, STEPS[kind])
    lines = ['<div class="scroll" tabindex="0"><table class="bars"><tbody>']
    for label, value, text in zip(labels, values, texts, strict=True):
        share = value / full if full > 0 and np.isfinite(value) else 0.0
        width = f"width: {100 * min(max(share, 0.0), 1.0):.1f}%"
        bar = f'<span class="bar {colour}" style="{width}"></span>'
        lines.append(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(text)}</td><td>{bar}</td></tr>'
        )
    return "\n".join([*lines, "</tbody></table></div>"])


def pieces(labels: Sequence[str], below: Sequence[str]) -> str:
    """The tokens in their order, each with something beneath it; nothing where `below` is empty."""
    under = [f"<small>{escape(text)}</small>" for text in below] or [""] * len(labels)
    items = (f"<li>{escape(label)}{text}</li>" for label, text in zip(labels, under, strict=True))
    return f'<ol class="pieces">{"".join(items)}</ol>'
