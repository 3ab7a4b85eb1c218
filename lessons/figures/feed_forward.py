"""The feed-forward network: one word's vector in, neurons, vector out, and no word mixed in."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.model import ACTIVATIONS
from engine.ops import Array
from lessons.figures.candidates import candidates_beside
from lessons.figures.cells import largest, number_cell, part_of, quiet, run_cell, step_cells
from lessons.figures.excerpts import GAP, around, ranked
from lessons.figures.knobs import BLOCK, TOKEN, Choice, Number
from lessons.figures.parts import Beside, Cell, Curve, Drawing, Figure, Plot, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed
from lessons.figures.stream import block_of
from lessons.figures.tokens import short_name
from lessons.figures.vectors import length, moved
from lessons.scene import Scene
from lessons.words import number

N_NUMBERS = 6
NEURONS_A_LINE = 64
MOST_NEURONS = 256
N_STRONGEST = 5
N_TOKENS = 7
N_CANDIDATES = 5
OFF, MARKS = "·", "▂▄▆█"


def _place(scene: Scene) -> tuple[str, int]:
    """The block's name in the trace, and the token."""
    return f"blocks.{block_of(scene)}", scene.at("token", scene.n)


@figure("mlp-flow", TOKEN, BLOCK, station="mlp_out")
def mlp_flow(scene: Scene) -> Figure:
    """One word through the network: its vector, which neurons are on, the vector that comes out."""
    config, (block, at) = scene.experiment.model.config, _place(scene)
    trace, name = scene.experiment.trace, f"{block}.mlp.post"
    entering = trace[f"{block}.mlp.pre"].inputs[0]
    neurons = trace[name].value[at]
    shown = min(config.d_mlp, MOST_NEURONS)
    marks = [
        Cell(_mark(float(x), float(neurons.max())), Ref(name, (at, i)))
        for i, x in enumerate(neurons[:shown])
    ]
    sizes = {"d_model": config.d_model, "d_mlp": config.d_mlp}
    lines = [
        [Cell(said(scene, "mlp-flow", "in", **sizes), tone="strong")],
        _few(scene, entering, at),
        [quiet(said(scene, "mlp-flow", "widen", **sizes))],
        *[marks[i : i + NEURONS_A_LINE] for i in range(0, shown, NEURONS_A_LINE)],
        [quiet(said(scene, "mlp-flow", "narrow", **sizes))],
        [Cell(said(scene, "mlp-flow", "out", **sizes), tone="strong")],
        _few(scene, f"{block}.mlp_out", at),
    ]
    on = int((neurons > 0).sum())
    counted = said(scene, "mlp-flow", "on", n=on, token=scene.quoted[at], **sizes)
    parts: Figure = (Drawing(lines), Say(counted))
    if shown < config.d_mlp:
        parts += (Say(said(scene, "mlp-flow", "cropped", n=shown, **sizes), "quiet"),)
    return parts


def _mark(x: float, most: float) -> str:
    """A neuron as a sign: off, or a block as tall as it is strong beside the strongest."""
    if not x > 0:
        return OFF
    height = part_of(x, most) or 1.0  # beside an infinite one
    return MARKS[min(int(height * len(MARKS)), len(MARKS) - 1)]


def _few(scene: Scene, name: str, at: int) -> list[Cell]:
    """The first numbers of a token's vector, in one line."""
    n = min(scene.experiment.trace[name].value.shape[1], N_NUMBERS)
    cells: list[Cell] = []
    for cell in step_cells(scene.experiment, name, [(at, i) for i in range(n)]):
        cells += [Cell("  "), cell]
    return [*cells, quiet(f"  {GAP}")]


@figure("relu", Number("x", -1.5, -3, 3, 0.5), station="activation")
def relu(scene: Scene) -> Figure:
    """What the activation makes of a number, as a curve; how many it silences in the sentence."""
    config, x = scene.experiment.model.config, float(scene.knobs["x"])
    activation = ACTIVATIONS[config.act_fn]
    xs = np.round(np.arange(-3, 3.01, 0.25), 2)
    ys = activation.forward(xs)
    y = float(activation.forward(np.array([x]))[0])
    name = said(scene, "relu", f"name.{config.act_fn}")
    curves = (
        Curve(name, ys.tolist()),
        Curve(said(scene, "relu", "without"), xs.tolist(), "quiet"),
    )
    pre = scene.experiment.trace["blocks.0.mlp.pre"].value[-1]
    negative = int((pre < 0).sum())
    token = scene.quoted[-1]
    table = Table(
        [
            [Cell(said(scene, "relu", "enters")), Cell(number(x), knob="x")],
            [Cell(said(scene, "relu", "leaves", activation=name)), Cell(number(y), tone="strong")],
        ]
    )
    return (
        Beside([table, Plot(curves, xs=xs.tolist(), mark=int(np.argmin(np.abs(xs - x))))]),
        Say(said(scene, "relu", "negative", n=negative, total=pre.size, token=token)),
    )


@figure("strongest-neurons", TOKEN, BLOCK, station="activation")
def strongest_neurons(scene: Scene) -> Figure:
    """The neurons of a word that are furthest on, how much they write, where else they are on."""
    block, at = _place(scene)
    trace = scene.experiment.trace
    neurons = trace[f"{block}.mlp.post"].value
    w_out = trace[f"{block}.mlp.W_out"].value
    best = ranked(neurons[at], range(neurons.shape[1]))[:N_STRONGEST]
    written = {i: length(neurons[at, i] * w_out[i]) for i in best}
    span = largest(written.values())
    rows = []
    for i in best:
        refs = (Ref(f"{block}.mlp.{step}", (at, i)) for step in ("pre", "post"))
        numbers = [run_cell(scene.experiment, ref) for ref in refs]
        on = int((neurons[:, i] > 0).sum())
        others = said(scene, "strongest-neurons", "on", n=on, total=scene.n)
        writes = number_cell(written[i], span=span)
        rows.append([Cell(str(i + 1)), *numbers, writes, Cell(others)])
    keys = ("neuron", "before", "after", "writes", "where")
    header = headings(scene, "strongest-neurons", keys)
    title = said(scene, "strongest-neurons", "of", token=scene.quoted[at])
    return (Table(rows, header, title),)


def doubled(scene: Scene) -> tuple[Experiment, Experiment]:
    """The runs in which one word's vector is doubled where attention, or the network, reads it."""
    block, at = _place(scene)
    runs = []
    for step in ("attn.v", "mlp.pre"):
        name = scene.experiment.trace[f"{block}.{step}"].inputs[0]
        run = changed(scene.experiment, f"{name}[{at},*]={name}[{at},*]*2")
        runs.append(run or scene.experiment)
    return runs[0], runs[1]


@figure("no-mixing", TOKEN, BLOCK, station="mlp_out", runs=doubled)
def no_mixing(scene: Scene) -> Figure:
    """One word's vector is doubled: in which words attention notices, and in which the network."""
    block, at = _place(scene)
    shown = around(scene.n, at, N_TOKENS)
    columns = [
        _changes(scene.experiment, run, f"{block}.{out}")
        for run, out in zip(doubled(scene), ("attn_out", "mlp_out"), strict=True)
    ]
    rows = [
        [
            Cell(short_name(scene, pos), tone="strong" if pos == at else ""),
            *(_change(scene, float(column[pos])) for column in columns),
        ]
        for pos in shown
    ]
    header = ["", *headings(scene, "no-mixing", ("attn", "mlp"))]
    title = said(scene, "no-mixing", "doubled", token=scene.quoted[at])
    counts = [int(np.count_nonzero(column)) for column in columns]
    told = said(scene, "no-mixing", "count", attn=counts[0], mlp=counts[1], total=scene.n)
    return (Table(rows, header, title), Say(told))


def _changes(before: Experiment, after: Experiment, name: str) -> Array:
    """How far each token's vector in a step has moved from one run to the other."""
    pairs = zip(after.trace[name].value, before.trace[name].value, strict=True)
    return np.array([moved(new, old) for new, old in pairs])


def _change(scene: Scene, size: float) -> Cell:
    if size == 0:
        return quiet(said(scene, "no-mixing", "same"))
    return Cell(said(scene, "no-mixing", "changed", size=number(size)))


def silenced(scene: Scene) -> tuple[Experiment]:
    """The run in which one part of a block contributes nothing."""
    block, _ = _place(scene)
    return (changed(scene.experiment, f"{block}.{scene.knobs['part']}_out=0") or scene.experiment,)


@figure(
    "part-off",
    Choice("part", "mlp", ("mlp", "attn")),
    BLOCK,
    TOKEN,
    station="choice",
    runs=silenced,
)
def part_off(scene: Scene) -> Figure:
    """What is expected after a word, with a part of a block and without it."""
    _, at = _place(scene)
    (without,) = silenced(scene)
    names = headings(scene, "part-off", ("with", "without"))
    sides = ((names[0], scene.experiment, at, 0), (names[1], without, at, 1))
    title = said(scene, "part-off", "after", token=scene.quoted[at])
    return (candidates_beside(scene, sides, N_CANDIDATES, title),)
