"""The key to the colours: the levels that occur, the numbers at the ends, and no row for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.walk_helper import random_model, shown, walk_app, walk_of
from tui.renderables.cells import level_of
from tui.renderables.legend import legend
from tui.renderables.matrix_layout import plan
from tui.renderables.palette import quantise


def text_of(values: list[float], kind: str = "diverging", scale: float = 4.0) -> str:
    return "".join(text for text, _ in legend(np.array([values]), kind, scale))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "kind", "text"),
    [
        ([-4.0, 1.0, 4.0], "diverging", "−4.00       0       4.00"),
        ([-0.001, 4.0], "diverging", "−0.00 0       4.00"),
        ([0.0, 2.0], "diverging", "0     2.00"),
        ([-np.inf, -4.0, 9.0], "diverging", "−4.00       0       9.00"),
        ([0.0, 4.0], "sequential", "0            4.00"),
        ([1.0, 2.0, 3.0], "plain", ""),
        ([2.0, 2.0], "diverging", ""),
        ([-np.inf, np.nan], "diverging", ""),
    ],
)
def test_the_ends_are_the_smallest_and_the_largest(
    values: list[float], kind: str, text: str
) -> None:
    assert text_of(values, kind) == text


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20),
    st.sampled_from(["diverging", "sequential"]),
)
def test_the_ramp_holds_every_level_that_a_cell_has(values: list[float], kind: str) -> None:
    pieces = legend(np.array(values), kind, 7.0)  # type: ignore[arg-type]
    if min(values) == max(values):
        assert pieces == ()
        return
    ramp = [level_of(ink) for _, ink in pieces if isinstance(ink, int)]
    assert ramp == sorted(ramp)
    levels = set(quantise(np.array(values), kind, 7.0).tolist())  # type: ignore[arg-type]
    assert levels - {0} <= set(ramp)
    texts = [text.strip() for text, ink in pieces if isinstance(ink, str)]
    assert ("0" in [text for text, ink in pieces if ink == 0]) is (
        kind == "diverging" and min(values) < 0 < max(values)
    )
    assert len(texts) == 2


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 30), st.booleans())
def test_it_never_costs_a_row(height: int, rows: int, corner: int, note: bool) -> None:
    without, with_it = (
        plan((80, height), (rows, 4), 8, corner, "number", note=note, legend=it)
        for it in (False, True)
    )
    assert with_it.visible_lines == without.visible_lines


@pytest.mark.parametrize("rows", [9, 20])
def test_rows_that_lie_outside_are_counted_above(rows: int) -> None:
    assert plan((80, 8), (rows, 1), 8, 4, "number").header_height == 2
    assert plan((80, 8), (6, 1), 8, 4, "number").header_height == 1


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_it_stands_beside_the_axes_and_steps_with_the_stage(size: tuple[int, int]) -> None:
    async with walk_app(model=random_model()).run_test(size=size) as pilot:
        walk = await walk_of(pilot)
        for stage in ("embed", "blocks.0.scaled", "blocks.0.pattern", "blocks.1.resid_post"):
            walk.go_to(stage)
            await pilot.pause()
            key = "".join(text for text, _ in walk.pane.matrix.sheet.legend)
            axis = walk.view.prose.axis(walk.view.exhibit.row_axis)
            (line,) = [x for x in shown(pilot).splitlines() if f"{axis}↓" in x]
            assert key in line
