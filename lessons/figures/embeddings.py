"""The table of embeddings: a row for each token, looked up, and what one-hot has to do with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.expr import Ref
from engine.ops import Array
from lessons.exhibits import Exhibit
from lessons.figures.cells import blank, largest, number_cell, quiet, run_cell
from lessons.figures.excerpts import GAP
from lessons.figures.knobs import DIM, WORD, Number
from lessons.figures.one_hot import one_hot
from lessons.figures.parts import Cell, Figure, Heat, Say, Table, Tone
from lessons.figures.published import GPT2, PAPER
from lessons.figures.registry import figure, headings, said
from lessons.figures.tokens import labels_of, short
from lessons.scene import Scene
from lessons.words import number

TABLE = "W_E"
_MOST_COLUMNS = 8


def table(scene: Scene) -> Array:
    """W_E of the learner's run, [d_vocab, d_model]."""
    found: Array = scene.experiment.trace[TABLE].value
    return found


@figure("embedding-rows", WORD, station="lookup")
def embedding_rows(scene: Scene) -> Figure:
    """The rows of W_E around a token's, its own one pointed at."""
    pos = scene.at("word", scene.n)
    values = table(scene)
    n, d = values.shape
    id = scene.ids[pos]
    rows = [*range(max(min(id - 2, n - 5), 0), min(max(id + 3, 5), n))]
    some = min(d, _MOST_COLUMNS)
    exhibit = _rows_of_table(scene, values, rows, some)
    names = {"word": scene.quoted[pos], "id": str(id), "d": d, "n": n}
    parts: Figure = (
        Heat(exhibit, mark=(rows.index(id), -1)),
        Say(said(scene, "embedding-rows", "row", **names)),
    )
    if some == d:
        return parts
    return (*parts, Say(said(scene, "embedding-rows", "some", some=some, d=d), "quiet"))


def _rows_of_table(scene: Scene, values: Array, rows: Sequence[int], some: int) -> Exhibit:
    """Some rows of W_E and their first numbers, each with its address."""
    n, d = values.shape
    places: Array = np.arange(n * d).reshape(n, d)[np.array(rows), :some]
    shown = values.reshape(-1)[places]
    labels = labels_of(scene, rows)
    names = tuple(f"{id} {short(label, 10)}" for id, label in zip(rows, labels, strict=True))
    columns = tuple(str(i + 1) for i in range(some))
    # The rows are called by their numbers, so their axis needs no name.
    span = largest(shown.ravel()) or 1.0
    return Exhibit(
        shown, names, columns, "one", "d_model", "diverging", span, TABLE, places, (n, d)
    )


@figure("one-hot-times", WORD, DIM, station="lookup")
def one_hot_times(scene: Scene) -> Figure:
    """One column of W_E times a one-hot vector, row by row, and the sum."""
    pos = scene.at("word", scene.n)
    values = table(scene)
    n, d = values.shape
    id, dim = scene.ids[pos], scene.at("dim", d)
    vector = one_hot(id, n)
    shown = sorted({0, max(id - 1, 0), id, min(id + 1, n - 1), n - 1})
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        products = vector * values[:, dim]
    labels = labels_of(scene, shown)
    rows = []
    before = -1
    for i, label in zip(shown, labels, strict=True):
        if i > before + 1:
            rows.append(_left_out(scene, i - before - 1, float(products[before + 1 : i].sum())))
        tone: Tone = "strong" if i == id else ""
        rows.append(
            [
                Cell(f"{i} {short(label)}", tone=tone),
                Cell(f"{vector[i]:.0f}", tone=tone),
                run_cell(scene.experiment, Ref(TABLE, (i, dim)), tone=tone),
                number_cell(products[i] + 0.0, tone=tone),
            ]
        )
        before = i
    total = number_cell(products.sum(), tone="strong")
    rows.append([Cell(said(scene, "one-hot-times", "sum")), *blank(2), total])
    keys = ("row", "one_hot", "column", "product")
    header = [said(scene, "one-hot-times", key, n=dim + 1) for key in keys]
    same = said(scene, "one-hot-times", "same", word=scene.quoted[pos], id=str(id), column=dim + 1)
    return (Table(rows, header, total=True), Say(same))


def _left_out(scene: Scene, n: int, total: float) -> list[Cell]:
    """A line for the rows between, all of them times 0."""
    name = said(scene, "one-hot-times", "left_out", n=n)
    return [quiet(text) for text in (name, "0", GAP, number(total + 0.0))]


@figure(
    "table-size",
    Number("rows", PAPER.d_vocab, 5, 300_000, 1000, integer=True),
    Number("width", PAPER.d_model, 2, 20_000, 64, integer=True),
    station="lookup",
)
def table_size(scene: Scene) -> Figure:
    """How many numbers a table of embeddings has, and how much shorter a row is than one-hot."""
    config = scene.experiment.model.config
    mine = (int(scene.knobs["rows"]), int(scene.knobs["width"]))
    tables = (
        ("own", (config.d_vocab, config.d_model), ("", "")),
        ("paper", (PAPER.d_vocab, PAPER.d_model), ("", "")),
        ("gpt2", (GPT2.d_vocab, GPT2.d_model), ("", "")),
        ("chosen", mine, ("rows", "width")),
    )
    rows = [
        [
            Cell(said(scene, "table-size", key)),
            Cell(scene.words.whole(n), knob=knobs[0]),
            Cell(scene.words.whole(d), knob=knobs[1]),
            Cell(scene.words.whole(n * d)),
            Cell(said(scene, "table-size", "times", x=_times(scene, n / d))),
        ]
        for key, (n, d), knobs in tables
    ]
    keys = ("model", "rows", "width", "total", "shorter")
    header = headings(scene, "table-size", keys)
    note = said(scene, "table-size", "note", n=PAPER.d_vocab)
    return (Table(rows, header), Say(note, "quiet"))


def _times(scene: Scene, x: float) -> str:
    return f"{x:.1f}" if x < 100 else scene.words.whole(x)
