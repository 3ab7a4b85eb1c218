"""The feed-forward network: one word's vector in, neurons, vector out, and no word mixed in."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.model import ACTIVATIONS
from engine.ops import Array
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.one_attention import name as short_name
from lessons.figures.parts import Beside, Cell, Curve, Drawing, Figure, Plot, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.run_parts import (
    candidate_cells,
    changed,
    moved,
    number_cells,
    within_one,
)
from lessons.figures.vector_parts import length
from lessons.scene import Scene
from lessons.words import number

N_NUMBERS = 6
NEURONS_A_LINE = 64
MOST_NEURONS = 256
N_STRONGEST = 5
N_TOKENS = 7
N_CANDIDATES = 5
OFF, MARKS = "·", "▂▄▆█"

TOKEN = Place("token", "token")
BLOCK = Place("block", "block", 0)


def _place(scene: Scene) -> tuple[str, int]:
    """The block's name in the trace, and the token."""
    block = scene.at("block", scene.experiment.model.config.n_layers)
    return f"blocks.{block}", scene.at("token", scene.n)


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
        [Cell(said(scene, "mlp-flow", "widen", **sizes), tone="quiet")],
        *[marks[i : i + NEURONS_A_LINE] for i in range(0, shown, NEURONS_A_LINE)],
        [Cell(said(scene, "mlp-flow", "narrow", **sizes), tone="quiet")],
        [Cell(said(scene, "mlp-flow", "out", **sizes), tone="strong")],
        _few(scene, f"{block}.mlp_out", at),
    ]
    on = int((neurons > 0).sum())
    counted = said(scene, "mlp-flow", "on", n=on, token=scene.quoted[at], **sizes)
    parts: Figure = (Drawing(lines), Say(counted))
    if shown < config.d_mlp:
        parts += (Say(said(scene, "mlp-flow", "cropped", n=shown, **sizes), "quiet"),)
    return parts


def _mark(x: float, largest: float) -> str:
    """A neuron as a sign: off, or a block as tall as it is strong beside the strongest."""
    if not x > 0:
        return OFF
    height = within_one(x / largest) if np.isfinite(largest) else 1.0
    return MARKS[min(int(height * len(MARKS)), len(MARKS) - 1)]


def _few(scene: Scene, name: str, at: int) -> list[Cell]:
    """The first numbers of a token's vector, in one line."""
    n = min(scene.experiment.trace[name].value.shape[1], N_NUMBERS)
    cells: list[Cell] = []
    for cell in number_cells(scene.experiment, name, [(at, i) for i in range(n)]):
        cells += [Cell("  "), cell]
    return [*cells, Cell("  …", tone="quiet")]


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
    best = np.argsort(-neurons[at], kind="stable")[:N_STRONGEST].tolist()
    written = {i: length(neurons[at, i] * w_out[i]) for i in best}
    largest = max(written.values())
    rows = []
    for i in best:
        numbers = [
            number_cells(scene.experiment, f"{block}.mlp.{step}", [(at, i)])[0]
            for step in ("pre", "post")
        ]
        bar = within_one(written[i] / largest) if largest else 0.0
        on = int((neurons[:, i] > 0).sum())
        others = said(scene, "strongest-neurons", "on", n=on, total=scene.n)
        rows.append([Cell(str(i + 1)), *numbers, Cell(number(written[i]), bar=bar), Cell(others)])
    header = [
        said(scene, "strongest-neurons", f"header.{key}")
        for key in ("neuron", "before", "after", "writes", "where")
    ]
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
    shown = _around(scene.n, at)
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
    header = ["", *(said(scene, "no-mixing", f"header.{key}") for key in ("attn", "mlp"))]
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
        return Cell(said(scene, "no-mixing", "same"), tone="quiet")
    return Cell(said(scene, "no-mixing", "changed", size=number(size)))


def _around(n: int, at: int) -> range:
    """Some of the places of a sentence, with a word in the middle where there is room."""
    start = max(0, min(at - N_TOKENS // 2, n - N_TOKENS))
    return range(start, min(n, start + N_TOKENS))


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
    columns = [
        candidate_cells(scene, run, at, N_CANDIDATES, i)
        for i, run in enumerate((scene.experiment, without))
    ]
    rows = [left + right for left, right in zip(*columns, strict=True)]
    header = [said(scene, "part-off", "header.with"), "", said(scene, "part-off", "header.without")]
    title = said(scene, "part-off", "after", token=scene.quoted[at])
    return (Table(rows, [*header, ""], title, align="lrlr"),)
