"""The residual sum: what was there plus what is new, and what is left without it."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.trace import Trace
from lessons.figures.candidates import candidates_beside
from lessons.figures.cells import number_cell, run_cell
from lessons.figures.knobs import BLOCK, TOKEN, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed
from lessons.figures.stream import block_of, final_vector
from lessons.figures.vectors import cosine, length
from lessons.scene import Scene
from lessons.words import number

N_NUMBERS = 6
N_CANDIDATES = 5
N_SUMS = 12
SUMS = {"attn": "resid_mid", "mlp": "resid_post"}


@figure("residual-sum", TOKEN, Choice("which", "attn", ("attn", "mlp")), BLOCK, station="resid_mid")
def residual_sum(scene: Scene) -> Figure:
    """Number by number: what was there, what is added, what there is then."""
    at, trace = scene.at("token", scene.n), scene.experiment.trace
    name = f"blocks.{block_of(scene)}.{SUMS[str(scene.knobs['which'])]}"
    names = (*trace[name].inputs, name)
    rows = [
        [
            Cell(said(scene, "residual-sum", "place", n=i + 1)),
            *(run_cell(scene.experiment, Ref(step, (at, i))) for step in names),
        ]
        for i in range(min(scene.experiment.model.config.d_model, N_NUMBERS))
    ]
    was, added, is_now = (number(length(trace[step].value[at])) for step in names)
    sizes = said(scene, "residual-sum", "sizes", was=was, added=added, now=is_now)
    header = ["", *headings(scene, "residual-sum", ("was", "added", "is"))]
    title = said(scene, "residual-sum", "of", token=scene.quoted[at])
    return (Table(rows, header, title), Say(sizes, "quiet"))


def switched(scene: Scene) -> tuple[Experiment, Experiment]:
    """The run with the part times a number, added to what was there, and in its place."""
    which, times = str(scene.knobs["which"]), float(scene.knobs["times"])
    blocks = range(scene.experiment.model.config.n_layers) if which == "all" else [block_of(scene)]
    scaled, alone = [], []
    for block in blocks:
        for part in SUMS if which == "all" else (which,):
            out = f"blocks.{block}.{part}_out"
            scaled.append(f"{out}={out}*{times!r}")
            alone.append(f"blocks.{block}.{SUMS[part]}={out}")
    kept = changed(scene.experiment, *scaled) if times != 1 else scene.experiment
    dropped = changed(scene.experiment, *(scaled if times != 1 else []), *alone)
    return kept or scene.experiment, dropped or scene.experiment


@figure(
    "residual-switch",
    Choice("which", "attn", ("attn", "mlp", "all")),
    BLOCK,
    Number("times", 1.0, 0, 3, 0.5),
    station="choice",
    runs=switched,
)
def residual_switch(scene: Scene) -> Figure:
    """What is expected next with the residual sum, and with the part alone in its place."""
    kept, dropped = switched(scene)
    last = scene.n - 1
    names = headings(scene, "residual-switch", ("with", "without"))
    sides = ((names[0], kept, last, 1), (names[1], dropped, last, 2))
    title = said(scene, "residual-switch", "after", token=scene.quoted[last])
    same = all_alike(dropped.trace)
    key = "alike" if same and scene.n > 1 else "apart"
    return (
        candidates_beside(scene, sides, N_CANDIDATES, title),
        Say(said(scene, "residual-switch", key), "bad" if key == "alike" else "quiet"),
    )


def all_alike(trace: Trace) -> bool:
    """Whether every position of a run ends with one and the same vector."""
    vectors = trace[final_vector(trace)].value
    return bool(np.allclose(vectors, vectors[:1], rtol=0, atol=1e-9, equal_nan=True))


@figure("where-signal-goes", TOKEN, station="resid_post")
def where_signal_goes(scene: Scene) -> Figure:
    """Every sum on a word's way: how large what was there is, what is added, and how much stays."""
    at, trace = scene.at("token", scene.n), scene.experiment.trace
    rows = []
    steps = [
        (block, part, f"blocks.{block}.{step}")
        for block in range(scene.experiment.model.config.n_layers)
        for part, step in SUMS.items()
    ]
    for block, part, name in steps[:N_SUMS]:
        was, added, is_now = (trace[x].value[at] for x in (*trace[name].inputs, name))
        rows.append(
            [
                Cell(said(scene, "where-signal-goes", part, n=block + 1)),
                *(number_cell(length(x)) for x in (was, added, is_now)),
                number_cell(cosine(was, is_now), span=1.0),
            ]
        )
    word = "where-signal-goes"
    header = ["", *headings(scene, word, ("was", "added", "is", "alike"))]
    title = said(scene, word, "of", token=scene.quoted[at])
    parts: Figure = (Table(rows, header, title), Say(said(scene, word, "meaning"), "quiet"))
    if scene.experiment.model.config.norm == "post":
        parts += (Say(said(scene, word, "rescaled"), "quiet"),)
    if len(steps) > N_SUMS:
        parts += (Say(said(scene, word, "cropped", n=N_SUMS, total=len(steps)), "quiet"),)
    return parts
