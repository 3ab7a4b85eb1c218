"""Bars: exact to an eighth of a column, never wider than planned, never nothing for something."""

from __future__ import annotations

from math import isclose

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.renderables.bars import BLOCK, EIGHTHS, bar_row, plan_bars


def columns(bar: str) -> float:
    return sum(EIGHTHS.index(sign) / 8 for sign in bar.strip())


def test_close_shares_differ_in_few_columns() -> None:
    shares = [0.30, 0.27]
    for width in range(30, 80):
        plan = plan_bars(["pan", "sol"], shares, ["30%", "27%"], width, 1.0)
        long, short = (columns(bar_row("", share, "", plan).above) for share in shares)
        assert long > short or plan.bar < 5, width
        assert isclose(long, 0.30 * plan.bar, abs_tol=1 / 16 + 1e-9)


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=8), st.integers(10, 120))
def test_a_line_is_as_wide_as_planned(values: list[float], width: int) -> None:
    texts = [f"{value:.1f}" for value in values]
    plan = plan_bars(["palabra"] * len(values), values, texts, width)
    for value, text in zip(values, texts, strict=True):
        row = bar_row("palabra", value, text, plan)
        assert cell_len(row.below) == plan.zero
        assert cell_len(row.above) == plan.bar - plan.zero + 2
        grows = row.above if value > 0 else row.below
        room = plan.bar - plan.zero if value > 0 else plan.zero
        assert bool(grows.strip()) == (value != 0 and room > 0)


def test_a_whole_bar_is_the_whole_room() -> None:
    plan = plan_bars(["a"], [1.0], ["100%"], 40, 1.0)
    assert bar_row("a", 1.0, "100%", plan).above.rstrip() == BLOCK * plan.bar
