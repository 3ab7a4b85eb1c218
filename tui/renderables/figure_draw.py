"""A figure of a lesson as lines of text and ink, in a given width. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from rich.cells import cell_len

from lessons.figures.parts import (
    Beside,
    Drawing,
    Figure,
    Heat,
    Part,
    Plot,
    Say,
    Scatter,
    Sentence,
    Table,
)
from tui.renderables import (
    figure_drawing,
    figure_heat,
    figure_plot,
    figure_scatter,
    figure_sentence,
    figure_table,
)
from tui.renderables.figure_block import (
    MARGIN,
    Drawn,
    Look,
    side_by_side,
    stacked,
    text_block,
)
from tui.renderables.figure_knobs import KnobLine, draw_knobs
from tui.renderables.matrix_labels import printable

BETWEEN = 3
"""Columns between the texts of parts that stand side by side: two are their own margins."""
_LEAST_SAY = 24
_LEAST_BESIDE = 8
SCREEN: Final = Look()
"""How a figure is drawn on the screen."""


def draw_figure(
    figure: Figure,
    width: int,
    look: Look = SCREEN,
    knobs: Sequence[KnobLine] = (),
) -> Drawn:
    """The parts one below the other, the knobs that are turned outside of them first."""
    blocks: list[tuple[int, Drawn]] = []
    if knobs:
        blocks.append((0, draw_knobs(knobs, width, look)))
    for i, part in enumerate(figure):
        follows = i > 0 and isinstance(part, Say) and isinstance(figure[i - 1], Say)
        blocks.append((0 if follows or not blocks else 1, draw_part(part, width, look)))
    return stacked(blocks)


def is_flexible(parts: Iterable[Part]) -> bool:
    """Whether some part is drawn in fewer lines where there are fewer."""
    return any(
        is_flexible(part.parts) if isinstance(part, Beside) else isinstance(part, Plot | Scatter)
        for part in parts
    )


def draw_part(part: Part, width: int, look: Look) -> Drawn:
    """One part in at most `width` columns."""
    match part:
        case Say():
            return text_block(part.text, width, part.tone or "text")
        case Table():
            return figure_table.draw_table(part, width, look)
        case Sentence():
            return figure_sentence.draw_sentence(part, width, look)
        case Heat():
            return figure_heat.draw_heat(part, width, look)
        case Scatter():
            return figure_scatter.draw_scatter(part, width, look)
        case Plot():
            return figure_plot.draw_plot(part, width, look)
        case Drawing():
            return figure_drawing.draw_drawing(part, width, look)
        case Beside():
            return _beside(part, width, look)


def extent(part: Part, look: Look) -> tuple[int, int]:
    """The least width in which a part can be read whole, and the one it likes."""
    match part:
        case Say():
            natural = cell_len(printable(part.text)) + 2 * MARGIN
            return min(natural, _LEAST_SAY), natural
        case Table():
            return figure_table.extent(part, look)
        case Sentence():
            return figure_sentence.extent(part, look)
        case Heat():
            return figure_heat.extent(part, look)
        case Scatter():
            return figure_scatter.extent(part, look)
        case Plot():
            return figure_plot.extent(part, look)
        case Drawing():
            return figure_drawing.extent(part, look)
        case Beside():
            return (
                max((extent(inner, look)[0] for inner in part.parts), default=0),
                sum(extent(inner, look)[1] for inner in part.parts) + len(part.parts) - 1,
            )


def _beside(part: Beside, width: int, look: Look) -> Drawn:
    """Side by side where all can be read whole, each as wide as it likes if there is room."""
    gap = BETWEEN - 2 * MARGIN
    # Even what has nothing to show may have a title.
    wishes = (extent(inner, look) for inner in part.parts)
    extents = [(max(least, _LEAST_BESIDE), max(most, _LEAST_BESIDE)) for least, most in wishes]
    spare = width - sum(least for least, _ in extents) - gap * (len(extents) - 1)
    if spare < 0 or not look.pictures:
        return stacked([(int(i > 0), draw_part(p, width, look)) for i, p in enumerate(part.parts)])
    widths = shared(extents, spare)
    blocks = [draw_part(p, w, look) for p, w in zip(part.parts, widths, strict=True)]
    return side_by_side(blocks, widths, gap)


def shared(extents: Sequence[tuple[int, int]], spare: int) -> list[int]:
    """Widths from the least on, what is spare given first to those that lack least."""
    widths = [least for least, _ in extents]
    order = sorted(range(len(extents)), key=lambda i: extents[i][1] - extents[i][0])
    for place, i in enumerate(order):
        more = min(extents[i][1] - extents[i][0], spare // (len(order) - place))
        widths[i] += more
        spare -= more
    return widths
