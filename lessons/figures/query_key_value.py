"""Query, Key and Value of the learner's own words."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures import one_attention as att
from lessons.figures.knobs import Choice, Place
from lessons.figures.parts import Cell, Figure, Say, Table, Tone
from lessons.figures.registry import figure, said
from lessons.scene import Scene
from lessons.words import number

_NUMBERS = 6  # of a vector in view
_FEW = 3  # of each where two vectors share a line
_WORDS = 5


@figure("three-vectors", Place("word", "token"), station="q")
def three_vectors(scene: Scene) -> Figure:
    """One token's vector, and the three that three matrices make of it."""
    pos = scene.at("word", scene.n)
    trace = scene.experiment.trace
    entering = trace[trace[f"{att.ATTN}.q"].inputs[0]]
    d_head = scene.experiment.model.config.d_head
    shown = min(_NUMBERS, d_head)
    x = entering.value[pos][:shown]
    first = [Cell(number(float(n)), Ref(entering.name, (pos, i))) for i, n in enumerate(x)]
    rows = [_padded([Cell(said(scene, "three-vectors", "in")), *first], shown)]
    for which in "qkv":
        span = att.largest(att.vector(scene.experiment, which, pos))
        cells = [att.vector_cell(scene, which, pos, i, span=span) for i in range(shown)]
        rows.append([Cell(said(scene, "three-vectors", which), tone="strong"), *cells])
    header = ["", *(str(i + 1) for i in range(shown))]
    more = {"shown": shown, "d_head": d_head, "d_model": entering.value.shape[-1]}
    return (
        Say(said(scene, "three-vectors", "of", token=scene.quoted[pos])),
        Table(rows, header),
        Say(said(scene, "three-vectors", "sizes", **more), "quiet"),
    )


def _padded(cells: list[Cell], numbers: int) -> list[Cell]:
    """A line with as many cells as the others, whatever the vector's length."""
    return cells + [Cell("")] * (1 + numbers - len(cells))


@figure("dictionary", Place("word", "token"), station="v")
def dictionary(scene: Scene) -> Figure:
    """The Query of one token beside the Keys it is compared with, and the Values behind them."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    fits = att.row(run, "attn_scores", query)
    places = att.seen(run, query)
    if not places:
        return (Say(said(scene, "dictionary", "none", token=scene.quoted[query])),)
    best = att.ranked(fits, places)[0]
    shown = att.most(fits, places, _WORDS)
    few = range(min(_FEW, run.model.config.d_head))
    asks = said(scene, "dictionary", "asks", token=scene.words.token(att.name(scene, query)))
    queries = [att.vector_cell(scene, "q", query, i) for i in few]
    rows = [[Cell(asks, tone="strong"), *queries, Cell(""), *(Cell("") for _ in few)]]
    for pos in shown:
        tone: Tone = "strong" if pos == best else ""
        keys = [att.vector_cell(scene, "k", pos, i) for i in few]
        values = [att.vector_cell(scene, "v", pos, i) for i in few]
        mark = "→ " if pos == best else "  "
        fit = att.pair_cell(run, "attn_scores", query, pos, tone=tone)
        rows.append([Cell(mark + att.name(scene, pos), tone=tone), *keys, fit, *values])
    header = ["", *(f"K{i + 1}" for i in few), said(scene, "dictionary", "fit")]
    header += [f"V{i + 1}" for i in few]
    parts: list[Say | Table] = [Table(rows, header)]
    if len(shown) < len(places):
        left = said(scene, "dictionary", "left_out", shown=len(shown), all=len(places))
        parts.append(Say(left, "quiet"))
    entry = said(scene, "dictionary", "entry", token=scene.quoted[query], best=scene.quoted[best])
    return (*parts, Say(entry))


def _with_part_erased(scene: Scene) -> tuple[Experiment, ...]:
    """The run in which the most looked-at token has a Key, or a Value, of zeros."""
    query = scene.at("word", scene.n)
    which = "k" if scene.knobs["erased"] == "key" else "v"
    part = att.token_vector(which, _most_looked_at(scene.experiment, query))
    return (att.changed(scene.experiment, ((part, 0.0),)),)


def _most_looked_at(experiment: Experiment, query: int) -> int:
    return att.ranked(att.row(experiment, "pattern", query), range(len(experiment.pieces)))[0]


@figure(
    "key-or-value",
    Choice("erased", "value", ("value", "key")),
    Place("word", "token"),
    station="z",
    runs=_with_part_erased,
)
def key_or_value(scene: Scene) -> Figure:
    """What erasing a token's Key changes, and what erasing its Value does."""
    query = scene.at("word", scene.n)
    before = scene.experiment
    (after,) = _with_part_erased(scene)
    erased = _most_looked_at(before, query)
    weights = att.row(before, "pattern", query)
    shown = att.most(weights, att.seen(before, query) or [erased], _WORDS - 1)
    rows = [
        [
            Cell(att.name(scene, pos), tone="strong" if pos == erased else ""),
            att.weight_cell(before, query, pos),
            att.weight_cell(after, query, pos, run=1),
        ]
        for pos in shown
    ]
    header = ["", said(scene, "key-or-value", "weight"), said(scene, "key-or-value", "weight_new")]
    mixes = [_mix(scene, before, query, 0, "mix"), _mix(scene, after, query, 1, "mix_new")]
    key = f"erased_{scene.knobs['erased']}"
    tokens = {"token": scene.quoted[query], "erased": scene.quoted[erased]}
    found = [_verdict(scene, "weights", weights, att.row(after, "pattern", query))]
    old, new = (att.vector(run, "z", query) for run in (before, after))
    found.append(_verdict(scene, "mixes", old, new))
    return (
        Say(said(scene, "key-or-value", key, **tokens)),
        Table(rows, header),
        Table(mixes, ["", *(str(i + 1) for i in range(len(mixes[0]) - 1))]),
        Say(" ".join(found), "strong"),
    )


def _mix(scene: Scene, run: Experiment, query: int, number_of_run: int, key: str) -> list[Cell]:
    """The first numbers of what a token takes in a run."""
    z = att.vector(run, "z", query)[:_NUMBERS]
    refs = (Ref(f"{att.ATTN}.z", (query, att.HEAD, i)) for i in range(len(z)))
    cells = [Cell(number(float(x)), ref, number_of_run) for x, ref in zip(z, refs, strict=True)]
    return [Cell(said(scene, "key-or-value", key)), *cells]


def _verdict(scene: Scene, what: str, before: np.ndarray, after: np.ndarray) -> str:
    same = np.array_equal(before, after, equal_nan=True)
    return said(scene, "key-or-value", f"{what}_{'same' if same else 'differ'}")
