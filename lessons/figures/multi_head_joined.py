"""What each head brings: side by side in one row, and mixed by W_O."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.cells import largest, number_cell, quiet, run_cell, step_cells
from lessons.figures.excerpts import GAP
from lessons.figures.knobs import BLOCK, DIM, TOKEN
from lessons.figures.multi_head import heads_in_view, not_all_heads
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.stream import block_of
from lessons.scene import Scene

N_NUMBERS = 4


@figure("joined", TOKEN, BLOCK, station="joined")
def joined(scene: Scene) -> Figure:
    """What each head brings for one word, and where in the joined row it stands."""
    config, at = scene.experiment.model.config, scene.at("token", scene.n)
    name = f"blocks.{block_of(scene)}.attn.z"
    n = min(config.d_head, N_NUMBERS)
    rows = []
    for head in heads_in_view(scene):
        ends = head * config.d_head + 1, (head + 1) * config.d_head
        numbers = step_cells(scene.experiment, name, [(at, head, i) for i in range(n)])
        dots = quiet(GAP if n < config.d_head else "")
        places = said(scene, "joined", "places", first=ends[0], last=ends[1])
        name_of_head = Cell(said(scene, "joined", "head", n=head + 1))
        rows.append([name_of_head, *numbers, dots, Cell(places)])
    sizes = {"heads": config.n_heads, "each": config.d_head}
    total = said(scene, "joined", "all", total=config.n_heads * config.d_head, **sizes)
    header = ["", *(str(i + 1) for i in range(n)), "", said(scene, "joined", "header")]
    title = said(scene, "joined", "of", token=scene.quoted[at], n=n)
    return (Table(rows, header, title), Say(total), *not_all_heads(scene))


def head_parts(experiment: Experiment, block: int, at: int) -> Array:
    """What each head adds to attn_out at a position [head, d_model]: its z times its W_O."""
    z = experiment.trace[f"blocks.{block}.attn.z"].value[at]
    w_o = experiment.trace[f"blocks.{block}.attn.W_O"].value
    with np.errstate(all="ignore"):
        parts: Array = np.einsum("hk,hkd->hd", z, w_o)
    return parts


@figure("w-o", TOKEN, DIM, BLOCK, station="attn_out")
def w_o(scene: Scene) -> Figure:
    """One number that leaves attention: how much of it each head brought, through W_O."""
    config, at, block = scene.experiment.model.config, scene.at("token", scene.n), block_of(scene)
    dim = scene.at("dim", config.d_model)
    parts = head_parts(scene.experiment, block, at)[:, dim]
    span = largest(parts)
    rows = []
    for head in heads_in_view(scene):
        alone = dim - head * config.d_head
        z = Ref(f"blocks.{block}.attn.z", (at, head, alone))
        here = run_cell(scene.experiment, z) if 0 <= alone < config.d_head else quiet("—")
        name = Cell(said(scene, "w-o", "head", n=head + 1))
        rows.append([name, number_cell(parts[head], span=span), here])
    if len(rows) < config.n_heads:
        rest = number_cell(parts[len(rows) :].sum())
        rows.append([Cell(said(scene, "w-o", "others")), rest, Cell("")])
    bias = Ref(f"blocks.{block}.attn.b_O", (dim,))
    out = Ref(f"blocks.{block}.attn_out", (at, dim))
    for key, ref in (("bias", bias), ("total", out)):
        rows.append([Cell(said(scene, "w-o", key)), run_cell(scene.experiment, ref), Cell("")])
    header = ["", *headings(scene, "w-o", ("with", "without"))]
    title = said(scene, "w-o", "of", n=dim + 1, token=scene.quoted[at])
    return (Table(rows, header, title, total=True),)
