"""The whole block with its numbers, blocks in a row, and the two places for LayerNorm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.store import Model
from lessons.figures.cells import largest, number_cell, quiet, step_cells
from lessons.figures.excerpts import evenly
from lessons.figures.knobs import BLOCK, DIM, TOKEN, Choice
from lessons.figures.parts import Beside, Cell, Drawing, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import read_by
from lessons.figures.stream import after_block, block_of, final_vector
from lessons.figures.tokens import short
from lessons.figures.vectors import cosine, length, moved
from lessons.scene import Scene
from lessons.words import number

ORDER = Choice("order", "post", ("post", "pre"))

# Each line of the drawing: its sign, what is said there, the step of the vector that is there,
# and whether that vector is on the main road or on a side road.
_POST = (
    ("│   ", "in", "resid_pre", True),
    ("├─╮ ", "attention", "attn_out", False),
    ("+◄╯ ", "sum", "resid_mid", True),
    ("■   ", "norm", "normalized_resid_mid", True),
    ("├─╮ ", "mlp", "mlp_out", False),
    ("+◄╯ ", "sum", "resid_post", True),
    ("■   ", "norm", "normalized_resid_post", True),
)
_PRE = (
    ("│   ", "in", "resid_pre", True),
    ("├─╮ ", "norm_copy", "normalized_resid_pre", False),
    ("│ │ ", "attention", "attn_out", False),
    ("+◄╯ ", "sum", "resid_mid", True),
    ("├─╮ ", "norm_copy", "normalized_resid_mid", False),
    ("│ │ ", "mlp", "mlp_out", False),
    ("+◄╯ ", "sum", "resid_post", True),
)
_WIDE, _COLUMN = 40, 12


@figure(
    "block-drawing",
    TOKEN,
    BLOCK,
    DIM,
    station="resid_post",
)
def block_drawing(scene: Scene) -> Figure:
    """One block from top to bottom, with the size of one token's vector at every step."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos, dim = scene.at("token", scene.n), scene.at("dim", config.d_model)
    block = block_of(scene)
    names = {
        "token": short(scene.quoted[pos], 20),
        "n_heads": config.n_heads,
        "d_mlp": config.d_mlp,
        "block": block + 1,
        "n_blocks": config.n_layers,
    }
    columns = ("number", "length", "moved")
    heads = headings(scene, "block-drawing", columns, dim=dim + 1)
    lines = [[quiet("".ljust(_WIDE) + "".join(head.rjust(_COLUMN) for head in heads))]]
    before: Array | None = None
    for sign, key, step, on_road in _POST if config.norm == "post" else _PRE:
        name = f"blocks.{block}.{step}"
        vector = trace[name].value[pos]
        line = [Cell(sign, tone="strong"), _left(said(scene, "block-drawing", key, **names))]
        line += _right(number(float(vector[dim])), Ref(name, (pos, dim)))
        line += _right(number(length(vector)))
        if on_road:
            line += _right("" if before is None else number(moved(vector, before)))
            before = vector
        lines.append(line)
    where = "out" if block + 1 < config.n_layers else "out_last"
    lines.append([Cell("▼   ", tone="strong"), _left(said(scene, "block-drawing", where, **names))])
    return (Drawing(lines), Say(said(scene, "block-drawing", "legend"), "quiet"))


def _left(text: str) -> Cell:
    return Cell(short(text, _WIDE - 5).ljust(_WIDE - 4))


def _right(text: str, ref: Ref | None = None) -> list[Cell]:
    """A number at the right end of its column."""
    return [Cell(" " * (_COLUMN - len(text))), Cell(text, ref=ref)]


_N_SHOWN = 4
_MOST_ROWS = 9


@figure("blocks-row", TOKEN, station="resid_post")
def blocks_row(scene: Scene) -> Figure:
    """The vector of one token before the first block and after each."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos = scene.at("token", scene.n)
    names = [after_block(config, i) for i in range(config.n_layers + 1)]
    vectors = [trace[name].value[pos] for name in names]
    moves = [moved(after, before) for before, after in pairwise(vectors)]
    n = min(_N_SHOWN, config.d_model)
    kept = evenly(len(names), _MOST_ROWS)
    rows = []
    for i in kept:
        key = "start" if i == 0 else "after"
        row = [Cell(said(scene, "blocks-row", key, block=i))]
        row += step_cells(scene.experiment, names[i], [(pos, d) for d in range(n)])
        row.append(number_cell(moves[i - 1], span=largest(moves)) if i else Cell(""))
        row.append(number_cell(cosine(vectors[0], vectors[i])))
        rows.append(row)
    header = ["", *(str(d + 1) for d in range(n))]
    header += headings(scene, "blocks-row", ("moved", "cosine"))
    title = said(scene, "blocks-row", "of", token=scene.quoted[pos])
    parts: Figure = (Table(rows, header, title), Say(said(scene, "blocks-row", "legend"), "quiet"))
    if len(kept) < len(names):
        parts += (Say(said(scene, "blocks-row", "some", n=config.n_layers), "quiet"),)
    return parts


@lru_cache(maxsize=8)
def in_other_order(model: Model) -> Model:
    """The same parameters with LayerNorm in the other place.

    Nobody trained them for it. Where a last LayerNorm is wanted, it changes nothing but the scale.
    """
    config = replace(model.config, norm="pre" if model.config.norm == "post" else "post")
    parameters = dict(model.parameters)
    parameters.setdefault("ln_final.w", np.ones(config.d_model))
    parameters.setdefault("ln_final.b", np.zeros(config.d_model))
    return replace(model, config=config, parameters=parameters, folder=None)


def _other(scene: Scene) -> tuple[Experiment]:
    return (read_by(in_other_order(scene.experiment.model), scene.experiment.text),)


@figure("block-orders", ORDER, station="resid_post", runs=_other)
def block_orders(scene: Scene) -> Figure:
    """Both orders side by side, and how long the vectors get in the one that is chosen."""
    own, chosen = scene.experiment.model.config.norm, str(scene.knobs["order"])
    drawings = [_order(scene, norm, norm == own) for norm in ("post", "pre")]
    run = scene.experiment if chosen == own else _other(scene)[0]
    config, trace = run.model.config, run.trace
    kept = evenly(config.n_layers + 1, 5)
    lengths = [length(trace[after_block(config, i)].value[-1]) for i in kept]
    lengths.append(length(trace[final_vector(trace)].value[-1]))
    header = [said(scene, "block-orders", "start" if i == 0 else "after", block=i) for i in kept]
    header.append(said(scene, "block-orders", "before_logits"))
    label = said(scene, "block-orders", f"option.{chosen}")
    cells = [Cell(label, tone="strong"), *(number_cell(x) for x in lengths)]
    title = said(scene, "block-orders", "lengths", token=short(scene.quoted[-1], 20))
    note = "own" if chosen == own else "not_own"
    return (
        Beside(drawings),
        Table([cells], [title, *header]),
        Say(said(scene, "block-orders", note), "quiet"),
    )


def _order(scene: Scene, norm: str, own: bool) -> Drawing:
    lines: list[Sequence[Cell]] = []
    for sign, key, _, _ in _POST if norm == "post" else _PRE:
        if key != "in":
            lines.append([Cell(sign), Cell(said(scene, "block-orders", key))])
    if norm == "pre":
        lines.append([Cell("■   "), Cell(said(scene, "block-orders", "final"))])
    title = said(scene, "block-orders", f"option.{norm}")
    if own:
        title = said(scene, "block-orders", "mine", order=title)
    return Drawing(lines, title)
