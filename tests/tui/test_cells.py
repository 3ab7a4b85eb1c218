"""Cells, labels, layout and lines of a matrix: pure drawing, without an app."""

from __future__ import annotations

import unicodedata
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.renderables.cells import (
    CHANGED,
    FORCED,
    MINUS,
    PITCH,
    Mode,
    inks,
    integer_text,
    level_of,
    marked,
    marks_of,
    merged,
    number_text,
    row_texts,
    swatch_text,
)
from tui.renderables.matrix_draw import CURSOR, CURSOR_HEAD, PRESENT, Window, draw_line, hidden
from tui.renderables.matrix_labels import clip, fit, label_width, place, printable
from tui.renderables.matrix_layout import choose_mode, plan
from tui.renderables.matrix_sheet import Sheet, as_text, make_sheet
from tui.renderables.palette import NAN, quantise

MODES: tuple[Mode, ...] = get_args(Mode)
FAMILY = "👩\u200d👩\u200d👧"
SPAIN = "🇪🇸"
LABELS = [
    "el",
    "",
    FAMILY * 3,
    "日本語日本語日本語",
    SPAIN * 9,
    "a\u0301rbol",
    "\x1b[31m\t\n",
    "❤️",
    "شجرة",
]
numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(numbers, st.booleans())
@example(9.995, False)
@example(0.995, False)
@example(-1.7e308, False)
@example(5e-324, True)
@example(-9999.5, False)
def test_a_number_fills_its_columns_exactly(value: float, fine: bool) -> None:
    assert len(number_text(value, "number", fine)) == 5
    assert len(number_text(value, "compact", fine)) == 4


@given(st.integers())
def test_a_whole_number_fills_its_columns_exactly(value: int) -> None:
    value = max(-(10**300), min(value, 10**300))
    assert len(integer_text(value, "number")) == 5
    assert len(integer_text(value, "compact")) == 4


@given(st.floats(allow_nan=False))
def test_a_sign_is_written(value: float) -> None:
    for mode in ("number", "compact"):
        assert (MINUS in number_text(value, mode)) == (value < 0)


@given(st.floats(-9999, 9999))
def test_a_number_reads_back_as_what_was_shown(value: float) -> None:
    shown = float(number_text(value).replace(MINUS, "-"))
    assert abs(shown - value) <= {True: 0.00501, False: 0.0501}[abs(value) < 9.995] or (
        abs(value) >= 99.95 and abs(shown - value) <= 0.501
    )


@pytest.mark.parametrize(
    ("value", "number", "compact"),
    [
        (0.0, " 0   ", "  0 "),
        (0.12, " 0.12", " .12"),
        (-1.3, "−1.30", "−1.3"),
        (12.34, " 12.3", "  12"),
        (-123.4, " −123", "−123"),
        (12345.0, "  1e4", " 1e4"),
        (-0.0001, "−0.00", "−.00"),
        (-np.inf, "−∞   ", " −∞ "),
        (np.nan, " ?   ", "  ? "),
    ],
)
def test_number_texts(value: float, number: str, compact: str) -> None:
    assert number_text(value, "number") == number
    assert number_text(value, "compact") == compact


def test_swatches_tell_sign_and_size_without_colour() -> None:
    shares = [swatch_text(v, "sequential", 1.0) for v in (0.0, 0.01, 0.5, 0.96, 1.0)]
    assert shares == ["  ", " ·", ".5", " 1", " 1"]
    signed = [swatch_text(v, "diverging", 2.0) for v in (-2.0, -0.5, 0.0, 0.5, 2.0)]
    assert signed == ["−−", " −", "  ", " +", "++"]
    assert swatch_text(-np.inf, "diverging", 1.0) == " ×"


@given(st.lists(numbers, max_size=30), st.booleans())
def test_a_row_is_formatted_as_its_cells_are(values: list[float], fine: bool) -> None:
    row = np.array(values, dtype=np.float64)
    for mode in MODES:
        texts = row_texts(row, mode, "diverging", 1.0, fine)
        assert [len(text) for text in texts] == [PITCH[mode]] * len(values)
    for mode, gap in (("number", " "), ("compact", "")):
        for value, text in zip(values, row_texts(row, mode, fine=fine), strict=True):
            if np.isfinite(value) and abs(value) < 100:
                # Lookup rounds hundredths, formatting rounds the decimal: ties may differ by one.
                alone = number_text(value, mode, fine) + gap
                assert text == alone or abs(value * 1000 % 10 - 5) < 0.01
            else:
                assert text == number_text(value, mode, fine) + gap


def test_marks_survive_packing_and_are_written() -> None:
    yes, no = np.array([True]), np.array([False])
    for level in (-6, 0, 6, NAN):
        for forced, changed in ((yes, no), (no, yes), (yes, yes), (no, no)):
            ink = int(inks(np.array([level], dtype=np.int8), forced, changed)[0])
            assert level_of(ink) == level
            assert marks_of(ink) == FORCED * forced[0] + CHANGED * changed[0]
    assert marked("−1.30 ", FORCED, "number") == "−1.30*"
    assert marked("++", CHANGED, "swatch") == "′+"
    assert marked("−1.3", FORCED, "compact") == "−1.3"


def test_equal_neighbours_become_one_piece() -> None:
    assert merged([("a", 1), ("", 2), ("b", 1), ("c", 2)]) == [("ab", 1), ("c", 2)]
    assert merged([]) == []


@given(st.one_of(st.text(), st.sampled_from(LABELS)), st.integers(0, 12))
def test_labels_fit_whatever_they_are(label: str, width: int) -> None:
    assert cell_len(clip(label, width)) <= width
    assert cell_len(fit(label, width, "centre")) == width
    shown = printable(label).replace("\u200d", "")
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Zl", "Zp"}


def test_joined_emoji_and_flags_are_never_split() -> None:
    assert clip(FAMILY * 3, 5) == FAMILY * 2 + "…"
    assert clip(SPAIN * 3, 5) == SPAIN * 2 + "…"
    assert clip(SPAIN * 3, 4) == SPAIN + "…"
    assert clip("a\u0301rbol", 5) == "a\u0301rbol"


def test_labels_that_would_touch_give_way_to_the_first() -> None:
    line = place(
        [(4, "gato", "head"), (0, "el", "head"), (7, "x", "head"), (8, "y", "head")], 10, ""
    )
    assert "".join(text for text, _ in line) == "el  gato  "


def test_auto_mode_prefers_numbers() -> None:
    assert choose_mode(80, 12, 6, roomy=False) == "number"  # a pattern of 12 words
    assert choose_mode(80, 16, 6, roomy=False) == "compact"  # a vector of 16
    assert choose_mode(80, 16, 6, roomy=True) == "number"
    assert choose_mode(80, 64, 6, roomy=False) == "number"  # scrolls, eleven at a time
    assert choose_mode(40, 64, 6, roomy=False) == "compact"
    assert choose_mode(28, 64, 6, roomy=False) == "swatch"


sheets = st.builds(
    lambda rows, cols, seed, kind: sheet_of(rows, cols, seed, kind),
    st.integers(0, 9),
    st.integers(0, 30),
    st.integers(0, 99),
    st.sampled_from(["diverging", "sequential", "plain"]),
)


def sheet_of(rows: int, cols: int, seed: int = 0, kind: str = "diverging") -> Sheet:
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 10.0 ** rng.integers(-4, 6), (rows, cols))
    values[rng.random((rows, cols)) < 0.1] = -np.inf
    values[rng.random((rows, cols)) < 0.05] = np.nan
    return make_sheet(
        values,
        [LABELS[i % len(LABELS)] for i in range(rows)],
        [LABELS[i % len(LABELS)] for i in range(cols)],
        row_axis="consulta",
        col_axis="clave",
        kind=kind,  # type: ignore[arg-type]
        forced=rng.random((rows, cols)) < 0.1,
        changed=rng.random((rows, cols)) < 0.3,
        present=rows // 2,
        note="日本" * int(rng.integers(0, 9)),
    )


@given(sheets, st.sampled_from(("auto", *MODES)), st.data())
def test_every_line_is_exactly_as_wide_as_the_window(
    sheet: Sheet, mode: str, data: st.DataObject
) -> None:
    width, height = data.draw(st.integers(20, 90)), data.draw(st.integers(1, 20))
    layout = plan((width, height), sheet.shape, 16, cell_len(sheet.corner), mode, sheet.roomy, True)  # type: ignore[arg-type]
    n_rows, n_cols = sheet.shape
    row, col = (
        data.draw(st.integers(0, max(0, n_rows - 1))),
        data.draw(st.integers(0, max(0, n_cols - 1))),
    )
    scroll_x, first_line = layout.scroll_for((row, col), (0, 0))
    window = Window(layout, layout.first_col(scroll_x), first_line, (row, col))
    for y in range(height):
        pieces = draw_line(sheet, window, y)
        # Signs are joined in one piece only where they were joined in the label.
        assert sum(cell_len(text) for text, _ in pieces) == width, pieces
        assert all(text for text, _ in pieces)


def lines_of(
    sheet: Sheet, mode: str, width: int = 80, cursor: tuple[int, int] = (1, 2)
) -> list[str]:
    label = label_width(sheet.row_labels, 16)
    layout = plan((width, 20), sheet.shape, label, cell_len(sheet.corner), mode, sheet.roomy)  # type: ignore[arg-type]
    window = Window(layout, 0, 0, cursor)
    return ["".join(text for text, _ in draw_line(sheet, window, y)) for y in range(8)]


def test_a_causal_pattern() -> None:
    words = ["el", "gato", "come"]
    pattern = np.array([[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.1, 0.2, 0.7]])
    sheet = make_sheet(pattern, words, words, row_axis="q", col_axis="k", kind="sequential")
    assert [line.rstrip() for line in lines_of(sheet, "number")[:4]] == [
        "q↓ k→   el   gato  come",
        "   el  1.00  0     0",
        "›gato  0.25  0.75[ 0   ]",
        " come  0.10  0.20  0.70",
    ]
    assert [line.rstrip() for line in lines_of(sheet, "swatch")[1:4]] == [
        "   el  1",
        "›gato .2.8[]",
        " come .1.2.7",
    ]


def test_the_cursor_lights_its_cell_and_both_headers_in_every_mode() -> None:
    sheet = sheet_of(6, 9, kind="diverging")
    for mode in MODES:
        layout = plan((80, 20), sheet.shape, 6, cell_len(sheet.corner), mode)
        window = Window(layout, 0, 0, (4, 5))
        drawn = [ink for y in range(12) for _, ink in draw_line(sheet, window, y)]
        assert drawn.count(CURSOR_HEAD) == 2
        assert CURSOR in drawn
        assert PRESENT in drawn


def test_the_cursors_column_label_is_written_in_full() -> None:
    sheet = make_sheet(np.zeros((1, 3)), ["a"], ["sí", "democracia", "no"])
    assert "democ" not in lines_of(sheet, "number", cursor=(0, 0))[0]
    assert "democracia" in lines_of(sheet, "number", cursor=(0, 1))[0]
    assert "democracia" in lines_of(sheet, "swatch", cursor=(0, 1))[0]


def test_what_lies_outside_is_counted() -> None:
    layout = plan((80, 10), (64, 64), 6, 10, "number")
    text = hidden(Window(layout, 3, 5, (5, 3)))
    assert text == f"+3← +{64 - 3 - layout.visible_cols}→ +5↑ +{64 - 5 - 8}↓"


def test_scrolling_reaches_both_ends_in_whole_cells() -> None:
    layout = plan((77, 10), (3, 64), 6, 10, "number")
    largest = layout.virtual_size[0] - layout.width
    assert layout.first_col(0) == 0
    assert layout.first_col(largest) + layout.visible_cols == 64
    for col in range(64):
        x, _ = layout.scroll_for((0, col), (0, 0))
        first = layout.first_col(min(x, largest))
        assert first <= col < first + layout.visible_cols


def test_a_point_gives_its_cell_and_headers_their_row_or_column() -> None:
    layout = plan((80, 20), (12, 12), 6, 10, "number")
    x, y = layout.x_of(3, 0), layout.y_of(4, 0)
    assert layout.cell_at(x, y, 0, 0, (9, 9)) == (4, 3)
    assert layout.cell_at(0, y, 0, 0, (9, 9)) == (4, 9)
    assert layout.cell_at(x, 0, 0, 0, (9, 9)) == (9, 3)
    assert layout.cell_at(x, 19, 0, 0, (9, 9)) is None
    half = plan((80, 20), (11, 12), 6, 10, "half")
    x, y = half.x_of(3, 0), half.y_of(4, 0)
    assert half.cell_at(x, y, 0, 0, (0, 0)) == (4, 3)
    assert half.cell_at(x, y, 0, 0, (4, 3)) == (5, 3)
    assert half.cell_at(x, half.y_of(10, 0), 0, 0, (10, 3)) == (10, 3)


def test_copied_text_reads_back() -> None:
    values = np.array([[0.1, -np.inf], [np.nan, -2e-9]])
    text = as_text(make_sheet(values, ["a\tb", "c"], ["x", "y"], row_axis="r", col_axis="s"))
    rows = [line.split("\t") for line in text.splitlines()]
    assert rows[0] == ["r\\s", "x", "y"]
    back = np.array([[float(number) for number in row[1:]] for row in rows[1:]])
    np.testing.assert_array_equal(back, values)


def test_colours_may_come_from_another_array() -> None:
    values, blame = np.ones((1, 2)), np.array([[-3.0, 3.0]])
    sheet = make_sheet(values, ["a"], ["x", "y"], tint=blame)
    assert [level_of(ink) for ink in sheet.inks[0].tolist()] == [-6, 6]
    assert sheet.values is values
    np.testing.assert_array_equal(inks(quantise(blame, "diverging", 3.0)), sheet.inks)


@pytest.mark.parametrize(
    "wrong",
    [
        {"values": np.zeros(3)},
        {"row_labels": ["a"]},
        {"tint": np.zeros((1, 1))},
        {"forced": np.zeros((3, 2), dtype=bool)},
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict[str, object]) -> None:
    given: dict[str, object] = {
        "values": np.zeros((2, 3)), "row_labels": ["a", "b"], "col_labels": ["x", "y", "z"],
    }  # fmt: skip
    with pytest.raises(ValueError, match=r"dimension|label|shape"):
        make_sheet(**(given | wrong))  # type: ignore[arg-type]
