"""Figures of lessons as text and ink: whatever they hold, in every width from 40 to 200."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from lessons.figures.parts import (
    Beside,
    Figure,
    Part,
    Table,
)
from tests.tui.figure_helper import FIGURES, WIDTHS, WORDS
from tui.renderables.figure_block import Drawn, Look
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_line import wrapped
from tui.renderables.figure_move import below, beside
from tui.renderables.figure_scale import axis
from tui.renderables.figure_text import figure_text


def at(drawn: Drawn, line: int, column: int, width: int) -> str:
    """The text in so many columns of a line."""
    text, here = "", 0
    whole = drawn.texts[line]
    for start, end, wide in split_graphemes(whole)[0]:
        if column <= here < column + width:
            text += whole[start:end]
        here += wide
    return text


@given(FIGURES, WIDTHS, st.booleans())
def test_no_line_is_wider_than_asked_for(figure: Figure, width: int, plain: bool) -> None:
    drawn = draw_figure(figure, width, Look(plain=plain, lang="es"))
    assert drawn.width <= width
    assert all(cell_len(line) <= width for line in figure_text(figure, width))


@given(FIGURES, WIDTHS)
def test_every_spot_lies_on_its_text_and_on_no_other(figure: Figure, width: int) -> None:
    drawn = draw_figure(figure, width)
    taken: set[tuple[int, int]] = set()
    for spot in drawn.spots:
        shown = at(drawn, spot.line, spot.column, spot.width)
        assert shown in (spot.text, "[]")  # the mark of a matrix of signs
        own = {(spot.line, spot.column + i) for i in range(spot.width)}
        assert not own & taken
        taken |= own


@given(FIGURES, WIDTHS)
def test_every_spot_is_reached_by_arrows(figure: Figure, width: int) -> None:
    spots = draw_figure(figure, width).spots
    seen, new = {0}, [0] if spots else []
    while new:
        i = new.pop()
        ways = [beside(spots, i, 1), beside(spots, i, -1), below(spots, i, 1), below(spots, i, -1)]
        new += [j for j in ways if j not in seen]
        seen.update(ways)
    assert len(seen) == max(len(spots), 1)


@given(FIGURES, WIDTHS)
def test_plain_text_has_every_number_of_the_screen(figure: Figure, width: int) -> None:
    plain = " ".join(figure_text(figure, 76))
    cells_shown = [
        cell
        for part in _flat(figure)
        if isinstance(part, Table)
        for row in part.rows
        for cell in row
        if re.fullmatch(r"−?\d+\.\d\d", cell.text)
    ]
    screen = " ".join(draw_figure(figure, width).texts)
    for cell in cells_shown:
        if cell.text in screen:
            assert cell.text in plain


def _flat(parts: Iterable[Part]) -> list[Part]:
    return [
        inner
        for part in parts
        for inner in (_flat(part.parts) if isinstance(part, Beside) else [part])
    ]


@given(st.lists(WORDS, max_size=40).map(" ".join), st.integers(4, 60))
def test_text_is_wrapped_without_losing_a_sign(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    shown = "".join(wrapped(text, 10_000)).replace(" ", "")
    assert "".join(lines).replace(" ", "") == shown


@given(st.lists(st.floats(-1e9, 1e9), max_size=9))
def test_an_axis_has_a_few_round_numbers_among_its_values(values: list[float]) -> None:
    scale = axis(values)
    assert scale.low < scale.high
    assert 1 <= len(scale.ticks) <= 5
    assert len(set(scale.texts)) == len(scale.texts)
    assert all(-1e-6 <= scale.share(value) <= 1 + 1e-6 for value in (*values, *scale.ticks))
