"""Dot products: of two vectors of one's own, of two words, of a word with all the others."""

from __future__ import annotations

import math

import numpy as np

from engine.ops import Array
from lessons.figures.cells import blank, largest, number_cell, part_of, quiet
from lessons.figures.knobs import WORD, Number, Place
from lessons.figures.parts import Beside, Cell, Figure, Part, Point, Say, Scatter, Table
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short
from lessons.figures.vectors import MOST, bands, cosine, degrees, dot, length, vector_cells
from lessons.scene import Scene
from lessons.words import number

_ROWS = 8
_SQUARE = 1e-9  # a cosine this close to 0 is a right angle


def sense(scene: Scene, cos: float) -> str:
    """How two vectors point, in words."""
    if math.isnan(cos):
        key = "nowhere"
    elif abs(cos) < _SQUARE:
        key = "square"
    else:
        key = "alike" if cos > 0 else "against"
    return said(scene, "dot-sandbox", key)


@figure(
    "dot-sandbox",
    Number("a1", 3, -9, 9, 0.5),
    Number("a2", 1, -9, 9, 0.5),
    Number("b1", 2, -9, 9, 0.5),
    Number("b2", 2, -9, 9, 0.5),
    station="attn_scores",
)
def dot_sandbox(scene: Scene) -> Figure:
    """Two vectors of two numbers each: their products, the sum, and where they point."""
    a = np.array([float(scene.knobs["a1"]), float(scene.knobs["a2"])])
    b = np.array([float(scene.knobs["b1"]), float(scene.knobs["b2"])])
    rows = [
        [
            Cell(str(i + 1)),
            Cell(number(a[i]), knob=f"a{i + 1}"),
            Cell(number(b[i]), knob=f"b{i + 1}"),
            number_cell(a[i] * b[i]),
        ]
        for i in range(2)
    ]
    total = number_cell(dot(a, b), tone="strong")
    rows.append([quiet(said(scene, "dot-sandbox", "sum")), *blank(2), total])
    header = [said(scene, "dot-sandbox", "place"), "a", "b", "a × b"]
    points = [
        Point(float(a[0]), float(a[1]), "a", "first"),
        Point(float(b[0]), float(b[1]), "b", "second"),
        Point(0.0, 0.0, "0", "quiet"),
    ]
    cos = cosine(a, b)
    line = sense(scene, cos)
    if not math.isnan(cos):
        line = f"{line} {said(scene, 'dot-sandbox', 'angle', angle=round(degrees(cos)))}"
    lengths = said(scene, "dot-sandbox", "lengths", a=number(length(a)), b=number(length(b)))
    map_of_both = Scatter(
        points, x_name=said(scene, "dot-sandbox", "x"), y_name=said(scene, "dot-sandbox", "y")
    )
    return (Beside([Table(rows, header, total=True), map_of_both]), Say(f"{line} {lengths}"))


@figure("dot-words", Place("a", "token", 2), Place("b", "token"), station="embed")
def dot_words(scene: Scene) -> Figure:
    """The vectors of two words, their products one by one, the sum and the angle."""
    table: Array = scene.experiment.trace["embed"].value
    d_model = table.shape[1]
    p, q = scene.at("a", scene.n), scene.at("b", scene.n)
    a, b = table[p], table[q]
    n = min(MOST, d_model)
    with np.errstate(all="ignore"):
        products = [float(x) for x in a * b]
    span = largest(products)
    names = [Cell(short(scene.labels[p], 9)), Cell(short(scene.labels[q], 9)), Cell("×")]
    rows = [
        vector_cells(scene.experiment, "embed", [(p, i) for i in range(n)]),
        vector_cells(scene.experiment, "embed", [(q, i) for i in range(n)]),
        [Cell(number(x), shade=part_of(x, span), tone="strong") for x in products[:n]],
    ]
    parts: list[Part] = [*bands(names, rows)]
    if n < d_model:
        rest = dot(a[n:], b[n:])
        line = said(scene, "dot-words", "rest", n=d_model - n, sum=number(rest))
        parts.append(Say(line))
    result = said(scene, "dot-words", "sum", n=d_model, sum=number(dot(a, b)))
    parts.append(Say(result, "strong"))
    cos = cosine(a, b)
    if math.isnan(cos):
        return (*parts, Say(sense(scene, cos)))
    line = said(
        scene,
        "dot-words",
        "cosine",
        a=number(length(a)),
        b=number(length(b)),
        cosine=number(cos),
        angle=round(degrees(cos)),
    )
    return (*parts, Say(line))


@figure("dot-row", WORD, station="embed")
def dot_row(scene: Scene) -> Figure:
    """The dot product of one word of the sentence with every other."""
    table: Array = scene.experiment.trace["embed"].value
    at = scene.at("word", scene.n)
    others = [p for p in range(scene.n) if p != at]
    shown = others[-_ROWS:]
    products = {p: dot(table[at], table[p]) for p in others}
    span = largest(products.values())
    rows = [
        [
            Cell(short(scene.quoted[p], 26)),
            number_cell(products[p], span=span),
            number_cell(cosine(table[at], table[p])),
        ]
        for p in shown
    ]
    title = said(scene, "dot-row", "of", word=short(scene.quoted[at], 30))
    if not rows:
        return (Say(said(scene, "dot-row", "alone", word=scene.quoted[at])),)
    header = ["", said(scene, "dot-row", "product"), said(scene, "dot-row", "cosine")]
    parts: list[Part] = [Table(rows, header, title)]
    if len(shown) < len(others):
        parts.append(Say(said(scene, "dot-row", "some", n=len(shown)), "quiet"))
    itself = number(dot(table[at], table[at]))
    return (*parts, Say(said(scene, "dot-row", "itself", sum=itself), "quiet"))
