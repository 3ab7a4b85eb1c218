"""The attention that lessons 11 to 15 look at: the model's first one, word by word.

A model has several attentions. Until the learner has met them, these lessons show this one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.cells import part_of, run_cell
from lessons.figures.excerpts import highest
from lessons.figures.parts import Cell, Tone
from lessons.words import weight

ATTN = "blocks.0.attn"
HEAD = 0


def entering(experiment: Experiment) -> str:
    """The step whose vectors the three matrices multiply."""
    return experiment.trace[f"{ATTN}.q"].inputs[0]


def vector(experiment: Experiment, name: str, pos: int) -> Array:
    """The numbers of a token's "q", "k", "v" or "z"."""
    found: Array = experiment.trace[f"{ATTN}.{name}"].value[pos, HEAD]
    return found


def row(experiment: Experiment, name: str, query: int) -> Array:
    """What a table of pairs ("attn_scores", "pattern" ...) has for one token that looks."""
    found: Array = experiment.trace[f"{ATTN}.{name}"].value[HEAD, query]
    return found


def seen(experiment: Experiment, query: int) -> list[int]:
    """The tokens that a token may look at: all whose score is not covered."""
    masked = row(experiment, "attn_scores_masked", query)
    return [int(i) for i in np.flatnonzero(~np.isneginf(masked))]


def looked_at(experiment: Experiment, query: int, most: int) -> tuple[list[int], list[int]]:
    """The tokens to which a token gives most weight, and the others that it may look at."""
    places = seen(experiment, query)
    shown = highest(row(experiment, "pattern", query), places, most)
    return shown, [pos for pos in places if pos not in shown]


def vector_cell(
    experiment: Experiment,
    name: str,
    pos: int,
    i: int,
    run: int = 0,
    *,
    span: float = 0.0,
    tone: Tone = "",
) -> Cell:
    """One number of a token's vector; shaded where a span is given."""
    ref = Ref(f"{ATTN}.{name}", (pos, HEAD, i))
    return run_cell(experiment, ref, run, tone=tone, span=span)


def vector_cells(
    experiment: Experiment,
    name: str,
    pos: int,
    n: int,
    run: int = 0,
    *,
    span: float = 0.0,
    tone: Tone = "",
) -> list[Cell]:
    """The first numbers of a token's vector."""
    return [vector_cell(experiment, name, pos, i, run, span=span, tone=tone) for i in range(n)]


def pair_cell(
    experiment: Experiment, name: str, query: int, key: int, run: int = 0, *, tone: Tone = ""
) -> Cell:
    """What a token that looks has for another one."""
    return run_cell(experiment, Ref(f"{ATTN}.{name}", (HEAD, query, key)), run, tone=tone)


def weight_cell(
    experiment: Experiment, query: int, key: int, run: int = 0, *, bar: bool = True
) -> Cell:
    """The weight that a token gives to another one, with its bar."""
    ref = Ref(f"{ATTN}.pattern", (HEAD, query, key))
    return run_cell(experiment, ref, run, write=weight, bar=bar)


def weights_cell(weights: Array, places: Sequence[int], *, bar: bool = True) -> Cell:
    """The weight of several tokens together, with its bar."""
    x = float(weights[places].sum())
    return Cell(weight(x), bar=part_of(x) if bar else None)
