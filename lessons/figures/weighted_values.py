"""Values mixed with weights: a grade, one number of the run, and whole rows."""

from __future__ import annotations

from engine.expr import Ref
from lessons.figures import one_attention as att
from lessons.figures.cells import largest, number_cell, part_of, quiet
from lessons.figures.excerpts import GAP
from lessons.figures.knobs import WORD, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import number

GRADE = {"exam": 8.0, "homework": 5.0, "share": 0.6}
WORKED_SHARE = 0.75
_SHOWN = 6
_NUMBERS = 6


@figure(
    "weighted-grade",
    Number("exam", GRADE["exam"], 0, 10, 0.5),
    Number("homework", GRADE["homework"], 0, 10, 0.5),
    Number("share", GRADE["share"], 0, 1, 0.05),
    station="z",
)
def weighted_grade(scene: Scene) -> Figure:
    """The final mark of an exam and homework that do not count the same."""
    exam_share = float(scene.knobs["share"])
    rows = []
    for key, share in (("exam", exam_share), ("homework", 1 - exam_share)):
        mark = float(scene.knobs[key])
        rows.append(
            [
                Cell(said(scene, "weighted-grade", key)),
                Cell(number(share), knob="share" if key == "exam" else "", bar=share),
                Cell(number(mark), knob=key),
                Cell(number(share * mark)),
            ]
        )
    final = Cell(said(scene, "weighted-grade", "final"), tone="strong")
    marks = (float(scene.knobs["exam"]), float(scene.knobs["homework"]))
    grade = exam_share * marks[0] + (1 - exam_share) * marks[1]
    rows.append([final, number_cell(1.0), Cell(""), number_cell(grade, tone="strong")])
    keys = ("weight", "mark", "product")
    header = ["", *headings(scene, "weighted-grade", keys)]
    return (Table(rows, header, total=True),)


@figure(
    "weighted-number",
    WORD,
    Number("column", 1, 1, 4096, integer=True),
    station="z",
)
def weighted_number(scene: Scene) -> Figure:
    """One number of what a token takes: each weight times a Value's number, added up."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    column = min(int(scene.knobs["column"]), run.model.config.d_head) - 1
    weights = att.row(run, "pattern", query)
    values = run.trace[f"{att.ATTN}.v"].value[:, att.HEAD, column]
    products = [float(w * v) for w, v in zip(weights, values, strict=True)]
    shown, rest = att.looked_at(run, query, _SHOWN)
    span = largest(products)
    rows = [
        [
            Cell(short_name(scene, pos)),
            att.weight_cell(run, query, pos, bar=False),
            att.vector_cell(run, "v", pos, column),
            number_cell(products[pos], decimals=3, span=span),
        ]
        for pos in shown
    ]
    if rest:
        label = quiet(said(scene, "weighted-number", "others", n=len(rest)))
        product = number_cell(sum(products[pos] for pos in rest), decimals=3)
        rows.append([label, att.weights_cell(weights, rest, bar=False), Cell(""), product])
    mix = Ref(f"{att.ATTN}.z", (query, att.HEAD, column))
    total = number_cell(run.trace.value(mix), mix, 3, tone="strong")
    label = Cell(said(scene, "weighted-number", "mix"), tone="strong")
    rows.append([label, number_cell(weights.sum()), Cell(""), total])
    keys = ("weight", "value", "product")
    values_of = {"column": column + 1}
    header = ["", *headings(scene, "weighted-number", keys, **values_of)]
    of = said(scene, "weighted-number", "of", token=scene.quoted[query], **values_of)
    return (Say(of), Table(rows, header, total=True))


@figure(
    "weighted-rows",
    WORD,
    Choice("show", "products", ("products", "values")),
    station="z",
)
def weighted_rows(scene: Scene) -> Figure:
    """The rows of V, each times its weight, adding up to what a token takes."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    weights = att.row(run, "pattern", query)
    shown, rest = att.looked_at(run, query, _SHOWN)
    n = min(_NUMBERS, run.model.config.d_head)
    values = run.trace[f"{att.ATTN}.v"].value[:, att.HEAD, :n]
    weighted = weights[:, None] * values
    as_products = scene.knobs["show"] == "products"
    span = largest((weighted if as_products else values)[shown].ravel())
    rows = []
    for pos in shown:
        if as_products:
            cells = [_shaded(float(x), span) for x in weighted[pos]]
        else:
            cells = att.vector_cells(run, "v", pos, n, span=span)
        label = Cell(short_name(scene, pos))
        rows.append([label, att.weight_cell(run, query, pos), *cells])
    if rest:
        label = quiet(said(scene, "weighted-rows", "others", n=len(rest)))
        sums = weighted[rest].sum(axis=0)
        cells = [_shaded(float(x), span) if as_products else Cell(GAP) for x in sums]
        rows.append([label, att.weights_cell(weights, rest), *cells])
    mix = att.vector_cells(run, "z", query, n, tone="strong")
    label = Cell(said(scene, "weighted-rows", "mix"), tone="strong")
    rows.append([label, number_cell(weights.sum()), *mix])
    header = ["", said(scene, "weighted-rows", "weight"), *(str(i + 1) for i in range(n))]
    key = "of_products" if as_products else "of_values"
    of = said(scene, "weighted-rows", key, token=scene.quoted[query])
    return (Say(of), Table(rows, header, total=True))


def _shaded(x: float, span: float) -> Cell:
    return Cell(number(x), shade=part_of(x, span))


WORKED = (("a", 4.0), ("b", 8.0))


@figure(
    "weighted-worked",
    *(Number(id, default, -20, 20, 0.5) for id, default in WORKED),
    Number("share", WORKED_SHARE, 0, 1, 0.05),
    station="z",
)
def weighted_worked(scene: Scene) -> Figure:
    """Two Values of one number each, mixed."""
    share = float(scene.knobs["share"])
    rows: list[list[Cell]] = []
    mix = 0.0
    for key, part in (("a", share), ("b", 1 - share)):
        value = float(scene.knobs[key])
        mix += part * value
        rows.append(
            [
                Cell(said(scene, "weighted-worked", f"word.{key}")),
                Cell(number(part), knob="share" if key == "a" else "", bar=part),
                Cell(number(value), knob=key),
                Cell(number(part * value)),
            ]
        )
    label = Cell(said(scene, "weighted-number", "mix"), tone="strong")
    rows.append([label, number_cell(1.0), Cell(""), number_cell(mix, tone="strong")])
    keys = ("weight", "value", "product")
    header = ["", *headings(scene, "weighted-worked", keys)]
    return (Table(rows, header, total=True),)
