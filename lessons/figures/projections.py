"""A vector times a matrix: by hand, one number at a time, and through three matrices."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.errors import EngineError
from engine.expr import Ref
from engine.store import Model, weight_history
from lessons.figures.cells import blank, largest, number_cell, part_of, quiet, run_cell
from lessons.figures.knobs import WORD, Number
from lessons.figures.one_attention import ATTN, HEAD, entering
from lessons.figures.parts import Cell, Curve, Figure, Part, Plot, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short
from lessons.figures.training_moments import student
from lessons.figures.vectors import MOST, PER_LINE, bands, vector_cells
from lessons.scene import Scene
from lessons.words import number

_COLUMN = Number("column", 1, 1, 8, integer=True)


def _entry(name: str, default: float) -> Number:
    return Number(name, default, -9, 9, 0.5)


_SANDBOX = {"x1": 2, "x2": 1, "w11": 1, "w12": 0, "w21": 3, "w22": -1}


@figure("projection-sandbox", *(_entry(name, x) for name, x in _SANDBOX.items()), station="q")
def projection_sandbox(scene: Scene) -> Figure:
    """Two numbers times a matrix of two columns."""
    x = np.array([float(scene.knobs[f"x{i}"]) for i in (1, 2)])
    w = np.array([[float(scene.knobs[f"w{i}{j}"]) for j in (1, 2)] for i in (1, 2)])
    products = x[:, None] * w
    rows = [
        [
            Cell(said(scene, "projection-sandbox", "row", i=i + 1)),
            Cell(number(x[i]), knob=f"x{i + 1}"),
            *(
                cell
                for j in range(2)
                for cell in (
                    Cell(number(w[i, j]), knob=f"w{i + 1}{j + 1}"),
                    number_cell(products[i, j], tone="quiet"),
                )
            ),
        ]
        for i in range(2)
    ]
    sums = [number_cell(total, tone="strong") for total in products.sum(axis=0)]
    result = quiet(said(scene, "projection-sandbox", "result"))
    rows.append([result, *blank(2), sums[0], Cell(""), sums[1]])
    column = [said(scene, "projection-sandbox", "column", j=j) for j in (1, 2)]
    header = ["", "x", column[0], "x × W", column[1], "x × W"]
    return (Table(rows, header, total=True),)


@figure("projection-cell", WORD, _COLUMN, station="q")
def projection_cell(scene: Scene) -> Figure:
    """One number of x·W: every product on the way, and the running sum."""
    experiment, config = scene.experiment, scene.experiment.model.config
    trace, pos = experiment.trace, scene.at("word", scene.n)
    column = min(int(scene.knobs["column"]), config.d_head) - 1
    name = entering(experiment)
    x = trace[name].value[pos]
    w = trace[f"{ATTN}.W_Q"].value[HEAD, :, column]
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        products = [float(one) for one in x * w]
        running = [float(one) for one in np.cumsum(products)]
    n = min(MOST, config.d_model)
    span = largest(products)
    names = [
        Cell(short(scene.labels[pos], 9)),
        Cell(said(scene, "projection-cell", "weights")),
        Cell("×"),
        quiet(said(scene, "projection-cell", "running")),
    ]
    rows = [
        vector_cells(experiment, name, [(pos, i) for i in range(n)]),
        vector_cells(experiment, f"{ATTN}.W_Q", [(HEAD, i, column) for i in range(n)]),
        [Cell(number(one), shade=part_of(one, span)) for one in products[:n]],
        [number_cell(one, tone="quiet") for one in running[:n]],
    ]
    parts: list[Part] = [*bands(names, rows)]
    if n < config.d_model:
        with np.errstate(all="ignore"):
            rest = number(float(np.sum(products[n:])))
        parts.append(Say(said(scene, "projection-cell", "rest", n=config.d_model - n, sum=rest)))
    result = Ref(f"{ATTN}.q", (pos, HEAD, column))
    bias = Ref(f"{ATTN}.b_Q", (HEAD, column))
    end = [
        number_cell(running[-1]),
        run_cell(experiment, bias),
        run_cell(experiment, result, tone="strong"),
    ]
    header = [
        said(scene, "projection-cell", "sum"),
        said(scene, "projection-cell", "bias"),
        said(scene, "projection-cell", "result", column=column + 1),
    ]
    parts.append(Table([end], header, align="rrr"))
    step = trace[f"{ATTN}.q"]
    if step.forced is not None and step.forced[result.index]:
        parts.append(Say(said(scene, "projection-cell", "forced")))
    return (*parts, Say(said(scene, "projection-cell", "rounded"), "quiet"))


@figure("projection-three", WORD, station="q")
def projection_three(scene: Scene) -> Figure:
    """The same vector through three matrices: three vectors."""
    experiment, config = scene.experiment, scene.experiment.model.config
    pos, name = scene.at("word", scene.n), entering(scene.experiment)
    n, m = min(PER_LINE, config.d_model), min(PER_LINE, config.d_head)
    word = Cell(short(scene.labels[pos], 9))
    (source,) = bands([word], [vector_cells(experiment, name, [(pos, i) for i in range(n)])])
    names = [Cell(f"x·W_{letter}") for letter in "QKV"]
    rows = [
        vector_cells(experiment, f"{ATTN}.{letter}", [(pos, HEAD, i) for i in range(m)])
        for letter in "qkv"
    ]
    (results,) = bands(names, rows)
    goes_in = said(scene, "projection-three", "in", n=n, d_model=config.d_model)
    comes_out = said(scene, "projection-three", "out", n=m, d_head=config.d_head)
    sizes = said(
        scene,
        "projection-three",
        "sizes",
        rows=config.d_model,
        columns=config.d_head,
        numbers=config.d_model * config.d_head,
    )
    return (Say(goes_in, "quiet"), source, Say(comes_out, "quiet"), results, Say(sizes))


@figure(
    "projection-learned",
    Number("row", 1, 1, 16, integer=True),
    _COLUMN,
    station="q",
)
def projection_learned(scene: Scene) -> Figure:
    """One number of the matrix through the training."""
    school = student(scene)
    config = school.model.config
    row = min(int(scene.knobs["row"]), config.d_model) - 1
    column = min(int(scene.knobs["column"]), config.d_head) - 1
    parts: list[Part] = []
    if not school.own:
        name = school.model.name
        parts.append(Say(said(scene, "projection-learned", "other_model", model=name), "quiet"))
    history = _history(school.model, row, column)
    if not history:
        return (*parts, Say(said(scene, "projection-learned", "none")))
    values = [value for _, value in history]
    curve = Curve(
        said(scene, "projection-learned", "curve", row=row + 1, column=column + 1), values
    )
    plot = Plot(
        [curve],
        xs=[float(step) for step, _ in history],
        x_name=said(scene, "projection-learned", "x"),
        mark=len(history) - 1,
    )
    line = said(
        scene, "projection-learned", "line", first=number(values[0]), last=number(values[-1])
    )
    return (*parts, plot, Say(line))


@lru_cache(maxsize=64)
def _history(model: Model, row: int, column: int) -> tuple[tuple[int, float], ...]:
    try:
        return tuple(weight_history(model, f"{ATTN}.W_Q", (HEAD, row, column)))
    except EngineError:
        return ()
