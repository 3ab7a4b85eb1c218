"""All of attention for one word, and what the usual mistakes would make of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.ops import Array, Softmax
from lessons.figures import one_attention as att
from lessons.figures.cells import blank, number_cell, part_of, quiet
from lessons.figures.excerpts import GAP
from lessons.figures.knobs import WORD, Choice
from lessons.figures.parts import Cell, Figure, Say, Table, Tone
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import number, weight

_SHOWN = 6
_FEW = 3
_NUMBERS = 6
MISTAKES = ("no_root", "no_power", "swapped", "key_for_value", "largest")


@figure("attention-path", WORD, station="z")
def attention_path(scene: Scene) -> Figure:
    """One word's attention from its scores to its mix, in one table."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    weights = att.row(run, "pattern", query)
    shown, rest = att.looked_at(run, query, _SHOWN)
    few = min(_FEW, run.model.config.d_head)
    rows = []
    for pos in shown:
        steps = (att.pair_cell(run, f"attn_scores{x}", query, pos) for x in ("", "_scaled"))
        values = att.vector_cells(run, "v", pos, few)
        label = Cell(short_name(scene, pos))
        rows.append([label, *steps, att.weight_cell(run, query, pos), *values])
    if rest:
        label = quiet(said(scene, "attention-path", "others", n=len(rest)))
        rows.append([label, *blank(2), att.weights_cell(weights, rest), *[Cell(GAP)] * few])
    mix = att.vector_cells(run, "z", query, few, tone="strong")
    label = Cell(said(scene, "attention-path", "mix"), tone="strong")
    rows.append([label, *blank(2), number_cell(weights.sum()), *mix])
    header = ["", "Q · K", "÷ √d_k", said(scene, "attention-path", "weight")]
    header += [f"V{i + 1}" for i in range(few)]
    of = said(scene, "attention-path", "of", token=scene.quoted[query])
    return (Say(of), Table(rows, header, total=True))


@dataclass(frozen=True, slots=True, eq=False)
class Mistaken:
    """What a mistake makes of a row: the weights [key] and the mix [d_head]."""

    weights: Array
    mix: Array


def mistaken(scene: Scene, query: int, mistake: str) -> Mistaken:
    """The row of one word computed with a mistake; what is covered stays at 0."""
    run = scene.experiment
    q, k, v = (run.trace[f"{att.ATTN}.{x}"].value[:, att.HEAD] for x in "qkv")
    places = att.seen(run, query)
    weights = np.zeros(scene.n)
    if not places:
        return Mistaken(weights, weights @ v)
    root = float(run.trace["sqrt_d_head"].value)
    with np.errstate(all="ignore"):  # a number forced by hand may be anything
        scores = (k[query] @ q.T if mistake == "swapped" else q[query] @ k.T)[places]
        scaled = scores if mistake == "no_root" else scores / root
        if mistake == "no_power":
            weights[places] = scaled / scaled.sum()
        elif mistake == "largest":
            weights[places[int(np.argmax(scaled))]] = 1.0
        else:
            weights[places] = Softmax().forward(scaled)
        return Mistaken(weights, weights @ (k if mistake == "key_for_value" else v))


@figure(
    "attention-mistake",
    Choice("mistake", "no_power", MISTAKES),
    WORD,
    station="pattern",
)
def attention_mistake(scene: Scene) -> Figure:
    """The weights and the mix of one word, right, and with a usual mistake."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    mistake = str(scene.knobs["mistake"])
    wrong = mistaken(scene, query, mistake)
    weights = att.row(run, "pattern", query)
    shown, rest = att.looked_at(run, query, _SHOWN - 1)
    rows = [
        [
            Cell(short_name(scene, pos)),
            att.weight_cell(run, query, pos),
            _weight_of_any_size(float(wrong.weights[pos])),
        ]
        for pos in shown
    ]
    if rest:
        label = quiet(said(scene, "attention-path", "others", n=len(rest)))
        with np.errstate(all="ignore"):
            theirs = _weight_of_any_size(float(wrong.weights[rest].sum()))
        rows.append([label, att.weights_cell(weights, rest), theirs])
    header = ["", *(said(scene, "attention-mistake", key) for key in ("right", "wrong"))]
    n = min(_NUMBERS, run.model.config.d_head)
    mixes = [
        [
            Cell(said(scene, "attention-mistake", "mix")),
            *att.vector_cells(run, "z", query, n),
        ],
        [
            Cell(said(scene, "attention-mistake", "mix_wrong")),
            *(number_cell(x, tone="bad") for x in wrong.mix[:n]),
        ],
    ]
    note = said(scene, "attention-mistake", f"note.{mistake}", token=scene.quoted[query])
    return (
        Say(note),
        Table(rows, header),
        Table(mixes, ["", *(str(i + 1) for i in range(n))]),
    )


def _weight_of_any_size(x: float) -> Cell:
    """What a mistake gives for a weight: it may be negative, more than 1, or no number."""
    tone: Tone = "" if math.isfinite(x) and 0 <= x <= 1 else "bad"
    mark = " < 0" if x < 0 else " > 1" if x > 1 else ""
    return Cell(number(x) + mark if tone else weight(x), tone=tone, bar=part_of(x))
