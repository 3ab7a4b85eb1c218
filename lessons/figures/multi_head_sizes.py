"""Why 512 / 8 = 64, and that the vector which the heads read is not cut into pieces."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.cells import quiet, step_cells
from lessons.figures.knobs import DIM, TOKEN, Number
from lessons.figures.multi_head import heads_in_view
from lessons.figures.one_attention import ATTN, entering
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.published import PAPER
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed
from lessons.scene import Scene
from lessons.words import number, whole

Q = f"{ATTN}.q"


def nudged(scene: Scene) -> tuple[Experiment]:
    """The run in which one number of the vector that the heads read is larger by 1."""
    at = scene.at("token", scene.n)
    dim = scene.at("dim", scene.experiment.model.config.d_model)
    place = Ref(entering(scene.experiment), (at, dim))
    value = scene.experiment.trace.value(place) + 1
    return (changed(scene.experiment, f"{place}={value!r}") or scene.experiment,)


@figure("whole-vector", DIM, TOKEN, station="q", runs=nudged)
def whole_vector(scene: Scene) -> Figure:
    """One number of a vector is changed: whose queries change, and whose would if it were cut."""
    config, (after,) = scene.experiment.model.config, nudged(scene)
    at, dim = scene.at("token", scene.n), scene.at("dim", config.d_model)
    n = min(2, config.d_head)
    slices = np.array_split(np.arange(config.d_model), config.n_heads)
    q, new_q = (run.trace[Q].value[at] for run in (scene.experiment, after))
    touched = [bool((q[head] != new_q[head]).any()) for head in range(config.n_heads)]
    rows = []
    for head in heads_in_view(scene):
        places = [(at, head, i) for i in range(n)]
        rows.append(
            [
                Cell(said(scene, "whole-vector", "head", n=head + 1)),
                *step_cells(scene.experiment, Q, places),
                *step_cells(after, Q, places, 1),
                Cell(_yes_no(scene, touched[head]), tone="strong" if touched[head] else ""),
                quiet(_yes_no(scene, dim in slices[head])),
            ]
        )
    word = "whole-vector"
    keys = [f"{when}{i + 1}" for when in ("before", "after") for i in range(n)]
    header = ["", *headings(scene, word, (*keys, "changes", "cut"))]
    names = {"n": dim + 1, "d_model": config.d_model, "token": scene.quoted[at]}
    return (
        Say(said(scene, word, "nudge", **names)),
        Table(rows, header),
        Say(said(scene, word, "count", n=sum(touched), total=config.n_heads)),
    )


def _yes_no(scene: Scene, yes: bool) -> str:
    return said(scene, "whole-vector", "yes" if yes else "no")


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
    columns = (_sizes(scene, d_model, heads, d_model // heads), _sizes(scene, *mine))
    knobs = {"vector": "d_model", "heads": "heads"}
    rows = [
        [
            Cell(said(scene, "head-sizes", f"row.{name}")),
            Cell(columns[0][name], knob=knobs.get(name, "")),
            Cell(columns[1][name]),
        ]
        for name in columns[0]
    ]
    header = ["", said(scene, "head-sizes", "chosen"), said(scene, "head-sizes", "mine")]
    parts: Figure = (Table(rows, header),)
    if d_model % heads:
        quotient = {"d_model": d_model, "heads": heads, "quotient": number(d_model / heads)}
        joined = heads * (d_model // heads)
        text = said(scene, "head-sizes", "uneven", joined=joined, **quotient)
        parts += (Say(text, "bad"),)
    return parts


def _sizes(scene: Scene, d_model: int, heads: int, d_head: int) -> dict[str, str]:
    """The column of a model: the numbers that its vector, its heads and their matrices have."""
    quotient = f"{whole(d_model)} / {heads} = " if d_model == heads * d_head else ""
    return {
        "vector": whole(d_model),
        "heads": str(heads),
        "each": f"{quotient}{whole(d_head)}",
        "matrix": _product(scene, d_model, d_head),
        "all": _product(scene, heads, d_model * d_head),
        "single": _product(scene, d_model, d_model),
        "joined": _product(scene, heads, d_head),
    }


def _product(scene: Scene, a: int, b: int) -> str:
    whole = scene.words.whole
    return f"{whole(a)} × {whole(b)} = {whole(a * b)}"
