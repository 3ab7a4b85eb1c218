"""Why 512 / 8 = 64, and that the vector which the heads read is not cut into pieces."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.knobs import Number, Place
from lessons.figures.multi_head import N_HEADS_SHOWN
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.published import PAPER
from lessons.figures.registry import figure, said
from lessons.figures.run_parts import changed, number_cells
from lessons.scene import Scene
from lessons.words import number

Q = "blocks.0.attn.q"


def _read_by_heads(scene: Scene) -> str:
    """The step that every head of the first block multiplies by its matrices."""
    return scene.experiment.trace[Q].inputs[0]


def nudged(scene: Scene) -> tuple[Experiment]:
    """The run in which one number of the vector that the heads read is larger by 1."""
    at = scene.at("token", scene.n)
    dim = scene.at("dim", scene.experiment.model.config.d_model)
    place = Ref(_read_by_heads(scene), (at, dim))
    value = scene.experiment.trace.value(place) + 1
    return (changed(scene.experiment, f"{place}={value!r}") or scene.experiment,)


@figure("whole-vector", Place("dim", "dim", 0), Place("token", "token"), station="q", runs=nudged)
def whole_vector(scene: Scene) -> Figure:
    """One number of a vector is changed: whose queries change, and whose would if it were cut."""
    config, (after,) = scene.experiment.model.config, nudged(scene)
    at, dim = scene.at("token", scene.n), scene.at("dim", config.d_model)
    n = min(2, config.d_head)
    slices = np.array_split(np.arange(config.d_model), config.n_heads)
    q, new_q = (run.trace[Q].value[at] for run in (scene.experiment, after))
    touched = [bool((q[head] != new_q[head]).any()) for head in range(config.n_heads)]
    rows = []
    for head in range(min(config.n_heads, N_HEADS_SHOWN)):
        places = [(at, head, i) for i in range(n)]
        rows.append(
            [
                Cell(said(scene, "whole-vector", "head", n=head + 1)),
                *number_cells(scene.experiment, Q, places),
                *number_cells(after, Q, places, 1),
                _yes_no(scene, touched[head]),
                _yes_no(scene, dim in slices[head], "quiet"),
            ]
        )
    word = "whole-vector"
    header = ["", *(said(scene, word, f"header.before{i + 1}") for i in range(n))]
    header += [said(scene, word, f"header.after{i + 1}") for i in range(n)]
    header += [said(scene, word, "header.changes"), said(scene, word, "header.cut")]
    names = {"n": dim + 1, "d_model": config.d_model, "token": scene.quoted[at]}
    return (
        Say(said(scene, word, "nudge", **names)),
        Table(rows, header),
        Say(said(scene, word, "count", n=sum(touched), total=config.n_heads)),
    )


def _yes_no(scene: Scene, yes: bool, tone: str = "") -> Cell:
    text = said(scene, "whole-vector", "yes" if yes else "no")
    return Cell(text, tone="quiet" if tone == "quiet" else "strong" if yes else "")


@figure(
    "head-sizes",
    Number("d_model", PAPER.d_model, 1, 16384, 8, integer=True),
    Number("heads", PAPER.n_heads, 1, 128, integer=True),
    station="joined",
)
def head_sizes(scene: Scene) -> Figure:
    """How many numbers go where, for a width and a number of heads, and in the learner's model."""
    config = scene.experiment.model.config
    d_model, heads = int(scene.knobs["d_model"]), int(scene.knobs["heads"])
    mine = (config.d_model, config.n_heads, config.d_head)
    columns = [_sizes(scene, d_model, heads, d_model // heads), _sizes(scene, *mine)]
    names = ("vector", "heads", "each", "matrix", "all", "single", "joined")
    rows = []
    for i, name in enumerate(names):
        cells = [Cell(column[i]) for column in columns]
        if name in ("vector", "heads"):
            knob = "d_model" if name == "vector" else "heads"
            cells[0] = Cell(columns[0][i], knob=knob)
        rows.append([Cell(said(scene, "head-sizes", f"row.{name}")), *cells])
    header = ["", said(scene, "head-sizes", "chosen"), said(scene, "head-sizes", "mine")]
    parts: Figure = (Table(rows, header),)
    if d_model % heads:
        quotient = {"d_model": d_model, "heads": heads, "quotient": number(d_model / heads)}
        joined = heads * (d_model // heads)
        text = said(scene, "head-sizes", "uneven", joined=joined, **quotient)
        parts += (Say(text, "bad"),)
    return parts


def _sizes(scene: Scene, d_model: int, heads: int, d_head: int) -> list[str]:
    """The column of a model: the numbers that its vector, its heads and their matrices have."""
    quotient = f"{d_model} / {heads} = " if d_model == heads * d_head else ""
    return [
        _count(scene, d_model),
        str(heads),
        f"{quotient}{d_head}",
        f"{d_model} × {d_head} = {_count(scene, d_model * d_head)}",
        f"{heads} × {_count(scene, d_model * d_head)} = {_count(scene, heads * d_model * d_head)}",
        f"{d_model} × {d_model} = {_count(scene, d_model * d_model)}",
        f"{heads} × {d_head} = {heads * d_head}",
    ]


def _count(scene: Scene, n: int) -> str:
    """A whole number, its thousands apart as the language writes them."""
    return f"{n:,}".replace(",", said(scene, "head-sizes", "thousands"))
