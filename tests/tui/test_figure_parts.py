"""Each part of a figure as it is drawn, by example: tables, sentences, matrices, maps, curves."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from engine.expr import Ref
from lessons.figures.parts import (
    Arc,
    Beside,
    Cell,
    Curve,
    Drawing,
    Heat,
    Part,
    Plot,
    Point,
    Say,
    Scatter,
    Sentence,
    Table,
)
from tests.tui.figure_helper import REF, WIDTHS, exhibit
from tui.renderables.figure_block import Look
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_knobs import KnobLine
from tui.renderables.figure_line import overlay
from tui.renderables.figure_move import spot_at, turned_at
from tui.renderables.figure_text import figure_text


def lines_of(*parts: Part, width: int = 76, lang: str = "") -> list[str]:
    return [line.rstrip() for line in draw_figure(parts, width, Look(lang=lang)).texts]


def test_a_table_has_a_header_bars_and_a_rule_above_its_total() -> None:
    rows = [
        [Cell("el"), Cell("−3.00", knob="a"), Cell("0.05", bar=0.05)],
        [Cell("gato"), Cell("5.00", knob="b"), Cell("0.95", bar=0.95)],
        [Cell("suma"), Cell("2.00"), Cell("1.00")],
    ]
    assert lines_of(Table(rows, ["", "puntuación", "peso"], total=True)) == [
        "       puntuación  peso",
        " el        ‹−3.00› 0.05  █",
        " gato       ‹5.00› 0.95  ███████████████████",
        " " + "─" * 44,
        " suma        2.00  1.00",
    ]


def test_bars_below_zero_grow_to_the_left() -> None:
    rows = [[Cell("a"), Cell("1.00", bar=1.0)], [Cell("b"), Cell("−1.00", bar=-1.0)]]
    above, under = lines_of(Table(rows))
    assert above == " a   1.00            " + "█" * 10
    assert under == " b  −1.00  " + "█" * 10


def test_the_columns_of_a_wide_table_go_on_below() -> None:
    row = [Cell("nombre"), *[Cell(f"{i}.00") for i in range(6)]]
    assert lines_of(Table([row], ["", *[f"c{i}" for i in range(1, 7)]]), width=34) == [
        "           c1    c2    c3",
        " nombre  0.00  1.00  2.00",
        "",
        "           c4    c5    c6",
        " nombre  3.00  4.00  5.00",
    ]


def test_a_long_and_wide_table_leaves_out_columns_and_says_so() -> None:
    row = [Cell("nombre"), *[Cell(f"{i}.00") for i in range(20)]]
    table = Table([row] * 9, [f"c{i}" for i in range(21)])
    head, first, *_ = lines_of(table, width=40)
    assert head.endswith("+16→")
    assert first.startswith(" nombre  0.00")
    plain = figure_text((table,), 40)
    assert all(any(f"{i}.00" in line for line in plain) for i in range(20))


def test_words_that_do_not_fit_go_on_in_the_next_line() -> None:
    row = [Cell("g: su gradiente, en la frase entera"), Cell("−0.0556", bar=-0.5)]
    assert lines_of(Table([row]), width=38) == [
        " g: su gradiente, en  −0.0556  ██████",
        " la frase entera",
    ]


def test_a_number_is_never_clipped_for_a_name() -> None:
    row = [Cell("x" * 90), Cell("123456.78")]
    (line,) = lines_of(Table([row]), width=40)
    assert line.endswith("…  123456.78")


def test_an_arc_goes_over_the_words_with_its_weight() -> None:
    words = [Cell(word) for word in ("el", "gato", "come", "del")]
    lines = lines_of(Sentence(words, [Arc(3, 1, 0.97)], [Cell("0.01")] * 4))
    assert lines == [
        "         ╭────0.97─────╮",
        "         ↓             │",
        "  el    gato   come   del",
        " 0.01   0.01   0.01   0.01",
    ]


def test_arcs_without_room_are_told_in_words() -> None:
    words = [Cell("palabra") for _ in range(12)]
    lines = lines_of(Sentence([*words[:-1], Cell("fin")], [Arc(11, 0, 0.99)]), width=40)
    assert not any("╭" in line for line in lines)
    assert lines[-1].startswith(" fin → palabra  0.99")
    many = Sentence(words, [Arc(i, j, 0.1) for i in range(12) for j in range(i)])
    assert sum("→" in line for line in lines_of(many, width=200)) == 66


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=9), WIDTHS)
def test_no_arc_is_lost_and_none_has_lost_its_weight(
    pairs: list[tuple[int, int]], width: int
) -> None:
    arcs = [Arc(start, end, 0.11 * (i + 1)) for i, (start, end) in enumerate(pairs)]
    words = [Cell(f"palabra{i}"[: 2 + i % 5]) for i in range(10)]
    drawn = draw_figure((Sentence(words, arcs),), width)
    text = "\n".join(drawn.texts)
    assert all(text.count(f"{arc.weight:.2f}") == 1 for arc in arcs)
    assert text.count("↓") + text.count("→") >= len(arcs)
    inks = {ink for line in drawn.lines for text, ink in line if "0.99" in text}
    assert inks <= {"accent", "text"}


def test_arcs_of_one_line_of_several_are_drawn_there() -> None:
    words = [Cell("palabra") for _ in range(12)]
    lines = lines_of(Sentence(words, [Arc(9, 8, 0.5), Arc(9, 1, 0.25)]), width=40)
    assert sum("↓" in line for line in lines) == 1
    assert lines[-1].startswith(" palabra → palabra  0.25")


def test_a_matrix_shows_numbers_where_they_fit_and_signs_elsewhere() -> None:
    values = np.array([[0.25, -0.5], [1.0, -math.inf]])
    heat = Heat(exhibit(values, ("el", "gato"), ("uno", "dos")), "Título", mark=(0, 1))
    assert lines_of(heat) == [
        " Título",
        "         uno   dos",
        "   el   0.25[−0.50]",
        " gato   1.00 −∞",
    ]
    wide = Heat(exhibit(np.ones((1, 30)), ("el",), [str(i + 1) for i in range(30)]), mark=(0, 1))
    lines = lines_of(wide)
    assert "++[]++" in lines[2]
    assert lines[2].startswith("›el")
    assert lines[-1].endswith("[] el → 2 1.00")


def test_a_matrix_names_its_axes_in_the_language() -> None:
    heat = Heat(exhibit(np.ones((2, 2)), "ab", "cd"))
    assert "Query" in " ".join(lines_of(heat, lang="es"))
    assert "Query" not in " ".join(lines_of(heat))


def test_plain_text_writes_every_cell_of_a_matrix_as_a_number() -> None:
    values = np.random.default_rng(1).normal(size=(4, 40))
    lines = figure_text((Heat(exhibit(values, "abcd", [str(i) for i in range(40)])),), 60)
    numbers = re.findall(r"−?\d+\.\d\d", " ".join(lines))
    assert len(numbers) == values.size


def test_a_large_matrix_says_what_is_left_out() -> None:
    values = np.ones((40, 100))
    heat = Heat(exhibit(values, map(str, range(40)), map(str, range(100))), mark=(0, 99))
    drawn = draw_figure((heat,), 76)
    assert "+65←" in drawn.texts[0]
    assert not drawn.whole
    assert any(spot.place == (0, 99) for spot in drawn.spots)


def test_every_cell_of_a_matrix_has_its_address() -> None:
    heat = Heat(exhibit(np.arange(6.0).reshape(2, 3), "ab", "cde"), run=1)
    spots = draw_figure((heat,), 76).spots
    assert [spot.ref for spot in spots] == [Ref("x", (i, j)) for i in range(2) for j in range(3)]
    assert {spot.run for spot in spots} == {1}
    assert spots[1].name == "a → d"


def test_names_on_a_map_never_overlap_and_none_is_lost() -> None:
    points = [Point(0, 0, f"nombre{i}") for i in range(5)] + [Point(1, 1, "lejos")]
    text = "\n".join(lines_of(Scatter(points)))
    for point in points:
        assert text.count(point.label) == 1


def test_each_curve_has_its_own_sign_and_the_mark_its_number() -> None:
    curves = [Curve(name, [1.0, 2.0, 4.0]) for name in ("uno", "dos", "tres")]
    *_, legend = lines_of(Plot(curves, mark=1, floor=("suelo", 0.5)))
    samples = re.findall(r"[⠀-⣿]+", legend)
    assert len(set(samples)) == 3
    assert legend.count("2.00") == 3
    assert "suelo 0.50" in legend


def test_parts_stand_side_by_side_only_where_all_can_be_read_whole() -> None:
    table = Table([[Cell("a"), Cell("1.00")]])
    pair = Beside([table, table])
    assert lines_of(pair) == [" a  1.00   a  1.00"]
    wide = Table([[Cell("x" * 30), Cell("1.00")]])
    assert len(lines_of(Beside([wide, wide]))) == 3


def test_knobs_stand_above_the_figure() -> None:
    knobs = [KnobLine("t", "temperatura", "0.50"), KnobLine("k", "top-k", "5", "de 1 a 9")]
    drawn = draw_figure((Say("texto"),), 60, knobs=knobs)
    assert drawn.texts[0] == " temperatura ‹ 0.50 ›   top-k ‹ 5 › de 1 a 9"
    assert [spot.knob for spot in drawn.spots] == ["t", "k"]
    assert turned_at(drawn.spots, 13, 0) == (0, -1)
    assert turned_at(drawn.spots, 20, 0) == (0, 1)
    assert turned_at(drawn.spots, 5, 0) is None
    assert spot_at(drawn.spots, 16, 0) == 0


def test_a_drawing_stands_as_it_is_and_is_cut_only_where_it_must() -> None:
    lines = [[Cell("├─╮ "), Cell("suma", ref=REF), Cell(" ×  "), Cell("2", knob="a"), Cell("  ")]]
    assert lines_of(Drawing(lines)) == [" ├─╮ suma × ‹2›"]
    assert lines_of(Drawing([[Cell("─" * 76)]])) == ["─" * 76]
    assert lines_of(Drawing([[Cell("─" * 77)]])) == ["─" * 75 + "…"]


def test_running_text_of_a_drawing_goes_on_below_with_its_knob() -> None:
    row = [Cell("Lo que se conserva en cada paso, que eliges tú: "), Cell("0.90", knob="a")]
    drawn = draw_figure((Drawing([row]),), 40)
    first, second = drawn.texts
    assert first.rstrip() == " Lo que se conserva en cada paso, que"
    assert second == " eliges tú: ‹0.90›"
    assert [spot.line for spot in drawn.spots] == [1]


def test_plain_text_puts_what_can_be_turned_in_brackets() -> None:
    table = Table([[Cell("a"), Cell("5.00", knob="a", bar=0.5)]])
    assert figure_text((table,)) == ["a [5.00] ██████████"]
    assert figure_text((table,), pictures=False) == ["a [5.00]"]


@pytest.mark.parametrize("column", range(7))
def test_a_text_over_a_line_never_leaves_half_a_sign(column: int) -> None:
    line = overlay([("猫が", "text"), ("ab", "quiet")], column, "X", "cursor")
    text = "".join(text for text, _ in line)
    assert cell_len(text) == max(6, column + 1)
    assert text.count("X") == 1
