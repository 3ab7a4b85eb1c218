"""A figure as plain text: for the command line, for paper, and for whoever reads with their ears.

from tui.renderables.figure_text import figure_text
print("\\n".join(figure_text(figures()["softmax"].show(Scene(experiment, "es")), lang="es")))
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from lessons.figures.parts import Figure
from tui.renderables.figure_block import MARGIN, Look
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_knobs import KnobLine


def figure_text(
    figure: Figure,
    width: int = 76,
    *,
    lang: str = "",
    pictures: bool = True,
    knobs: Sequence[KnobLine] = (),
) -> list[str]:
    """The lines of a figure in at most `width` columns, in reading order.

    lang: the language of the names of axes; without one they are left out. pictures: with curves,
    maps and bars, which mean nothing to a screen reader. Values that can be turned are in brackets.
    """
    look = Look(plain=True, pictures=pictures, lang=lang)
    lines = _lines(figure, width + 2 * MARGIN, look, knobs)
    if all(not line[:MARGIN].strip() and cell_len(line) <= MARGIN + width for line in lines):
        return [line[MARGIN:] for line in lines]
    return _lines(figure, width, look, knobs)  # a bracket stands in the margin


def _lines(figure: Figure, width: int, look: Look, knobs: Sequence[KnobLine]) -> list[str]:
    return [text.rstrip() for text in draw_figure(figure, width, look, knobs).texts]
