"""LayerNorm in its four steps, on four numbers of one's own and on a vector of the run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.expr import Ref
from engine.ops import Affine, Array, Center, Divide, Scale
from engine.trace import Trace
from lessons.figures.cells import number_cell, quiet, run_cell
from lessons.figures.knobs import BLOCK, TOKEN, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.stream import block_of
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import number

NAMES = ("a", "b", "c", "d")
NUMBERS = (3.0, 9.0, 11.0, 17.0)
N_SHOWN = 5
N_TOKENS = 8

WHICH = Choice("which", "ln1", ("ln1", "ln2"))


class Four(NamedTuple):
    """Four numbers through LayerNorm: each step's result, the mean and the typical size."""

    mean: float
    centered: Array
    scale: float
    normalized: Array
    out: Array


def four_steps(xs: Array, gain: float, bias: float, eps: float) -> Four:
    """LayerNorm of some numbers with one gain and one bias for all of them."""
    centered = Center().forward(xs)
    scale = Scale(eps).forward(centered)
    normalized = Divide().forward(centered, scale)
    out = Affine().forward(normalized, np.full(xs.size, gain), np.full(xs.size, bias))
    return Four(float(xs.mean()), centered, float(scale[0]), normalized, out)


@figure(
    "ln-four",
    *(Number(name, x, -50, 50) for name, x in zip(NAMES, NUMBERS, strict=True)),
    Number("gain", 1.0, -3, 3, 0.5),
    Number("bias", 0.0, -3, 3, 0.5),
    Number("upto", 4, 1, 4, integer=True),
    station="ln1",
)
def ln_four(scene: Scene) -> Figure:
    """Four numbers, centred, divided by their size, stretched and shifted: step by step."""
    gain, bias = float(scene.knobs["gain"]), float(scene.knobs["bias"])
    xs = np.array([float(scene.knobs[name]) for name in NAMES])
    done, upto = four_steps(xs, gain, bias, scene.experiment.model.config.eps), scene.knobs["upto"]
    columns = [done.centered, done.centered**2, done.normalized, done.out][: int(upto)]
    rows = [
        [Cell(number(x), knob=name), *(number_cell(column[i]) for column in columns)]
        for i, (name, x) in enumerate(zip(NAMES, xs.tolist(), strict=True))
    ]
    keys = ("number", "centered", "square", "normalized", "out")[: 1 + len(columns)]
    header = headings(scene, "ln-four", keys)
    total = " + ".join(f"({number(x)})" if x < 0 else number(x) for x in xs.tolist())
    mean, scale = number(done.mean), number(done.scale)
    told = [said(scene, "ln-four", "mean", total=total, mean=mean)]
    if len(columns) > 1:
        squares = number(float((done.centered**2).mean()))
        told.append(said(scene, "ln-four", "scale", squares=squares, scale=scale))
    parts: Figure = (Table(rows, header), *(Say(text) for text in told))
    if len(columns) > 3:
        knobs = [
            [
                quiet(said(scene, "ln-four", "gain")),
                Cell(number(gain), knob="gain"),
                quiet(said(scene, "ln-four", "bias")),
                Cell(number(bias), knob="bias"),
            ]
        ]
        parts += (Table(knobs, align="lrlr"),)
    return parts


def out_of(trace: Trace, ln: str) -> str:
    """The step in which a LayerNorm ends: the one made from its normalised numbers."""
    return next(step.name for step in trace if step.inputs[:1] == (f"{ln}.normalized",))


def _ln(scene: Scene) -> str:
    return f"blocks.{block_of(scene)}.{scene.knobs['which']}"


@figure("ln-run", TOKEN, WHICH, BLOCK, station="ln1")
def ln_run(scene: Scene) -> Figure:
    """The first numbers of a word's vector, through each step of a LayerNorm of the model."""
    ln, at, trace = _ln(scene), scene.at("token", scene.n), scene.experiment.trace
    entering = trace[f"{ln}.centered"].inputs[0]
    n = min(N_SHOWN, scene.experiment.model.config.d_model)
    steps = [
        entering,
        f"{ln}.centered",
        f"{ln}.normalized",
        f"{ln}.w",
        f"{ln}.b",
        out_of(trace, ln),
    ]
    rows = []
    for i in range(n):
        cells = [Cell(said(scene, "ln-run", "place", n=i + 1))]
        for step in steps:
            index = (i,) if trace[step].value.ndim == 1 else (at, i)
            cells.append(run_cell(scene.experiment, Ref(step, index)))
        rows.append(cells)
    keys = ("enters", "centered", "normalized", "w", "b", "leaves")
    header = ["", *headings(scene, "ln-run", keys)]
    scale = Ref(f"{ln}.scale", (at, 0))
    with np.errstate(all="ignore"):
        mean = float(trace[entering].value[at].mean())
    two = [
        [
            quiet(said(scene, "ln-run", "mean")),
            number_cell(mean),
            quiet(said(scene, "ln-run", "scale")),
            run_cell(scene.experiment, scale),
        ]
    ]
    title = said(scene, "ln-run", "of", token=scene.quoted[at])
    return (Table(rows, header, title), Table(two, align="lrlr"))


@figure("ln-sizes", WHICH, BLOCK, station="ln1")
def ln_sizes(scene: Scene) -> Figure:
    """The mean and the typical size of each word's numbers, before and after the division."""
    ln, trace = _ln(scene), scene.experiment.trace
    before = trace[trace[f"{ln}.centered"].inputs[0]].value
    after = trace[f"{ln}.normalized"].value
    rows = []
    with np.errstate(all="ignore"):
        for pos in range(min(scene.n, N_TOKENS)):
            done = (float(after[pos].mean()), float(after[pos].std()))
            rows.append(
                [
                    Cell(short_name(scene, pos)),
                    number_cell(before[pos].mean()),
                    run_cell(scene.experiment, Ref(f"{ln}.scale", (pos, 0))),
                    *(number_cell(0.0 if abs(x) < 1e-9 else x) for x in done),
                ]
            )
    keys = ("mean_before", "size_before", "mean_after", "size_after")
    header = ["", *headings(scene, "ln-sizes", keys)]
    parts: Figure = (Table(rows, header),)
    if scene.n > N_TOKENS:
        parts += (Say(said(scene, "ln-sizes", "cropped", n=N_TOKENS, total=scene.n), "quiet"),)
    return parts
