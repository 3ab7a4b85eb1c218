"""Figures of every kind for the tests that draw them, whatever they hold."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from hypothesis import strategies as st

from engine.expr import Ref
from lessons.exhibits import Exhibit
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

REF = Ref("logits", (0, 1))
WIDTHS = st.integers(40, 200)
WORDS = st.sampled_from(
    [
        "el",
        "gato",
        "⟨inicio⟩",
        "paralelepípedo",
        "",
        "猫が木に登る",
        "👨‍👩‍👧",
        "e\u0301l",
        "a\tb",
        "🇪🇸🇫🇷",
        ".",
    ]
)
NUMBERS = st.floats(-1e7, 1e7).map(lambda x: f"{x:.2f}".replace("-", "−"))
SHARES = st.one_of(st.none(), st.floats(-1, 1), st.just(math.nan))
FLOATS = st.floats(-1e6, 1e6) | st.sampled_from([0.0, math.nan, math.inf, -math.inf])
TONES = st.sampled_from(["", "quiet", "strong", "good", "bad", "first", "second", "third"])


@st.composite
def cells(draw: st.DrawFn, texts: st.SearchStrategy[str] = WORDS | NUMBERS) -> Cell:
    return Cell(
        draw(texts),
        ref=draw(st.sampled_from([None, REF])),
        knob=draw(st.sampled_from(["", "", "a", "b"])),
        tone=draw(TONES),
        shade=draw(SHARES),
        bar=draw(SHARES),
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    n_rows, n_cols = draw(st.integers(0, 6)), draw(st.integers(0, 9))
    rows = [[draw(cells()) for _ in range(n_cols)] for _ in range(n_rows)]
    header = draw(st.sampled_from([(), tuple(f"cabecera {i} larga" for i in range(n_cols))]))
    return Table(rows, header, draw(WORDS), "", draw(st.booleans()))


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    words = draw(st.lists(cells(WORDS), max_size=25))
    below = draw(st.sampled_from([[], [Cell("0.25", ref=REF)] * len(words)]))
    last = max(len(words) - 1, 0)
    places, weights = st.integers(0, last), st.floats(0, 1)
    arcs = draw(st.lists(st.builds(Arc, places, places, weights), max_size=6)) if words else []
    return Sentence(words, arcs, below, draw(WORDS))


@st.composite
def heats(draw: st.DrawFn) -> Heat:
    n_rows, n_cols = draw(st.integers(0, 12)), draw(st.integers(0, 70))
    values = np.random.default_rng(draw(st.integers(0, 99))).normal(size=(n_rows, n_cols))
    if values.size and draw(st.booleans()):
        values[-1, -1] = -math.inf
    rows = tuple(draw(WORDS) for _ in range(n_rows))
    names = draw(st.booleans())
    cols = tuple(f"palabra{i}" if names else str(i + 1) for i in range(n_cols))
    mark = draw(st.sampled_from([None, (0, 0), (-1, 0), (0, -1), (n_rows - 1, n_cols - 1)]))
    return Heat(exhibit(values, rows, cols, draw(st.sampled_from(SCALES))), draw(WORDS), 0, mark)


SCALES = ("diverging", "sequential", "plain")


def exhibit(
    values: np.ndarray, rows: Iterable[str], cols: Iterable[str], scale: str = "diverging"
) -> Exhibit:
    places = np.arange(values.size).reshape(values.shape)
    return Exhibit(
        values, tuple(rows), tuple(cols), "query", "key", scale, 1.0, "x", places, values.shape
    )


PLOTS = st.builds(
    Plot,
    st.lists(st.builds(Curve, WORDS, st.lists(FLOATS, max_size=40), TONES), max_size=4),
    title=WORDS,
    x_name=WORDS,
    y_name=WORDS,
    mark=st.sampled_from([None, 0, 3, 99]),
    floor=st.sampled_from([None, ("suelo", 1.5)]),
)
SCATTERS = st.builds(
    Scatter,
    st.lists(st.builds(Point, FLOATS, FLOATS, WORDS, TONES), max_size=30),
    title=WORDS,
    x_name=WORDS,
    y_name=WORDS,
)
DRAWINGS = st.builds(Drawing, st.lists(st.lists(cells(), max_size=6), max_size=4), title=WORDS)
SAYS = st.builds(Say, st.lists(WORDS, max_size=30).map(" ".join), TONES)
PARTS: st.SearchStrategy[Part] = st.one_of(
    tables(), sentences(), heats(), PLOTS, SCATTERS, DRAWINGS, SAYS
)
FIGURES = st.lists(
    PARTS | st.builds(Beside, st.lists(PARTS, max_size=3)), min_size=1, max_size=3
).map(tuple)
