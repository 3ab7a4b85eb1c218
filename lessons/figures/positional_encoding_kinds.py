"""Where position vectors come from: waves, a learned table, a rotation."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

import numpy as np

from engine.ops import Array, Sinusoid
from engine.store import Model
from lessons.figures.cells import number_cell
from lessons.figures.heats import cut, matrix_of
from lessons.figures.knobs import DIM, Number
from lessons.figures.parts import (
    Beside,
    Cell,
    Curve,
    Figure,
    Heat,
    Plot,
    Point,
    Say,
    Scatter,
    Table,
)
from lessons.figures.registry import figure, headings, said
from lessons.figures.tokens import short
from lessons.figures.vectors import PER_LINE, length, vector_cells
from lessons.scene import Scene
from lessons.words import number

_LONGEST = 64
_ROWS = 7


@lru_cache(maxsize=16)
def position_table(model: Model) -> Array | None:
    """The vectors of the first positions [pos, d_model]; None where the model has none."""
    config = model.config
    n = min(config.n_ctx, _LONGEST)
    if config.positions == "none":
        return None
    if config.positions == "learned":
        return model.parameters["W_pos"][:n]
    return Sinusoid(config.d_model).forward(np.arange(n, dtype=float))


@lru_cache(maxsize=16)
def most_alike(model: Model) -> tuple[int, int, float] | None:
    """The two positions whose vectors are closest, and their distance; None without vectors."""
    table = position_table(model)
    if table is None or len(table) < 2:
        return None
    gaps = np.linalg.norm(table[:, None] - table[None], axis=-1)
    gaps[np.tri(len(table), dtype=bool)] = np.inf
    p, q = divmod(int(gaps.argmin()), len(table))
    return p, q, float(gaps[p, q])


@figure("position-waves", DIM, station="position")
def position_waves(scene: Scene) -> Figure:
    """Two neighbouring numbers of the position vectors as curves, and the sentence's vectors."""
    model = scene.experiment.model
    table, alike = position_table(model), most_alike(model)
    if table is None:
        return (Say(said(scene, "position-waves", "none")),)
    dim = scene.at("dim", model.config.d_model)
    pair = [i for i in (dim // 2 * 2, dim // 2 * 2 + 1) if i < model.config.d_model]
    curves = [
        Curve(
            said(scene, "position-waves", "number", dim=i + 1),
            [float(x) for x in table[:, i]],
            "second" if i % 2 else "first",
        )
        for i in pair
    ]
    x_name = said(scene, "position-waves", "x")
    plot = Plot(curves, x_name=x_name, mark=min(scene.n - 1, len(table) - 1))
    learned = model.config.positions == "learned"
    made = said(scene, "position-waves", "learned" if learned else "computed")
    line = ""
    if alike:
        p, q, gap = alike
        line = said(scene, "position-waves", "alike", n=len(table), p=p, q=q, distance=number(gap))
    rows = [
        [
            Cell(f"{pos} {short(scene.labels[pos], 9)}"),
            *vector_cells(scene.experiment, "pos_embed", [(pos, i) for i in pair]),
        ]
        for pos in range(min(scene.n, _ROWS))
    ]
    header = ["", *(said(scene, "position-waves", "number", dim=i + 1) for i in pair)]
    return (Beside([plot, Table(rows, header)]), Say(f"{made} {line}".strip()))


@figure("position-rows", DIM, station="position")
def position_rows(scene: Scene) -> Figure:
    """The position vectors of the first tokens: eight of their numbers, the chosen one among them.

    Beside each row stands the token, to see that it does not matter which one it is.
    """
    config = scene.experiment.model.config
    if config.positions == "none":
        return (Say(said(scene, "position-waves", "none")),)
    dim = scene.at("dim", config.d_model)
    start = dim // PER_LINE * PER_LINE
    cols = range(start, min(start + PER_LINE, config.d_model))
    full = matrix_of(scene, scene.experiment, "position")
    part = cut(full, range(min(scene.n, _ROWS)), cols)
    part = replace(part, rows=tuple(short(label, 8) for label in part.rows))
    sizes = said(scene, "position-rows", "sizes", n_ctx=config.n_ctx, d_model=config.d_model)
    return (Heat(part, mark=(-1, dim - start)), Say(sizes, "quiet"))


@figure(
    "position-rope",
    Number("turn", 30, 0, 180, 5),
    Number("x", 3, -9, 9, 0.5),
    Number("y", 1, -9, 9, 0.5),
    station="position",
)
def position_rope(scene: Scene) -> Figure:
    """The same pair of numbers at each position of the sentence, turned a little further each."""
    x, y, turn = (float(scene.knobs[key]) for key in ("x", "y", "turn"))
    n = min(scene.n, _ROWS)
    turned = [rotated(x, y, turn * pos) for pos in range(n)]
    rows = [
        [
            Cell(f"{pos} {short(scene.labels[pos], 9)}"),
            Cell(f"{number(turn * pos, 0) if turn * pos else '0'}°"),
            number_cell(a),
            number_cell(b),
        ]
        for pos, (a, b) in enumerate(turned)
    ]
    rows[0][2:] = [Cell(number(x), knob="x"), Cell(number(y), knob="y")]
    header = headings(scene, "position-rope", ("word", "turned", "x", "y"))
    points = [Point(a, b, short(scene.labels[pos], 8)) for pos, (a, b) in enumerate(turned)]
    points.append(Point(0.0, 0.0, "0", "quiet"))
    size = number(length(np.array([x, y])))
    line = said(scene, "position-rope", "length", length=size)
    return (Beside([Table(rows, header), Scatter(points)]), Say(line))


def rotated(x: float, y: float, degrees: float) -> tuple[float, float]:
    """A pair of numbers, seen as a point, turned around 0 against the clock."""
    angle = math.radians(degrees)
    return (
        x * math.cos(angle) - y * math.sin(angle),
        x * math.sin(angle) + y * math.cos(angle),
    )
