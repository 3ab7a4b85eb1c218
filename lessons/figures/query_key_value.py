"""Query, Key and Value of the learner's own words."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from lessons.figures import one_attention as att
from lessons.figures.cells import blank, largest, step_cells
from lessons.figures.excerpts import highest, ranked
from lessons.figures.knobs import WORD, Choice
from lessons.figures.parts import Cell, Figure, Say, Table, Tone
from lessons.figures.registry import figure, said
from lessons.figures.runs import changed
from lessons.figures.tokens import short_name
from lessons.scene import Scene

_NUMBERS = 6  # of a vector in view
_FEW = 3  # of each where two vectors share a line
_WORDS = 5


@figure("three-vectors", WORD, station="q")
def three_vectors(scene: Scene) -> Figure:
    """One token's vector, and the three that three matrices make of it."""
    pos = scene.at("word", scene.n)
    run, config = scene.experiment, scene.experiment.model.config
    shown, some = min(_NUMBERS, config.d_head), min(_NUMBERS, config.d_head, config.d_model)
    first = step_cells(run, att.entering(run), [(pos, i) for i in range(some)])
    rows = [[Cell(said(scene, "three-vectors", "in")), *first, *blank(shown - some)]]
    for which in "qkv":
        span = largest(att.vector(run, which, pos))
        cells = att.vector_cells(run, which, pos, shown, span=span)
        rows.append([Cell(said(scene, "three-vectors", which), tone="strong"), *cells])
    header = ["", *(str(i + 1) for i in range(shown))]
    more = {"shown": shown, "d_head": config.d_head, "d_model": config.d_model}
    return (
        Say(said(scene, "three-vectors", "of", token=scene.quoted[pos])),
        Table(rows, header),
        Say(said(scene, "three-vectors", "sizes", **more), "quiet"),
    )


@figure("dictionary", WORD, station="v")
def dictionary(scene: Scene) -> Figure:
    """The Query of one token beside the Keys it is compared with, and the Values behind them."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    fits = att.row(run, "attn_scores", query)
    places = att.seen(run, query)
    if not places:
        return (Say(said(scene, "dictionary", "none", token=scene.quoted[query])),)
    best = ranked(fits, places)[0]
    shown = highest(fits, places, _WORDS)
    few = min(_FEW, run.model.config.d_head)
    asks = said(scene, "dictionary", "asks", token=scene.words.token(short_name(scene, query)))
    queries = att.vector_cells(run, "q", query, few)
    rows = [[Cell(asks, tone="strong"), *queries, *blank(1 + few)]]
    for pos in shown:
        tone: Tone = "strong" if pos == best else ""
        keys, values = (att.vector_cells(run, x, pos, few) for x in "kv")
        mark = "→ " if pos == best else "  "
        fit = att.pair_cell(run, "attn_scores", query, pos, tone=tone)
        rows.append([Cell(mark + short_name(scene, pos), tone=tone), *keys, fit, *values])
    header = ["", *(f"K{i + 1}" for i in range(few)), said(scene, "dictionary", "fit")]
    header += [f"V{i + 1}" for i in range(few)]
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
    erased = _most_looked_at(scene.experiment, query)
    run = changed(scene.experiment, f"{att.ATTN}.{which}[{erased},{att.HEAD},*]=0")
    return (run or scene.experiment,)


def _most_looked_at(experiment: Experiment, query: int) -> int:
    return ranked(att.row(experiment, "pattern", query), range(len(experiment.pieces)))[0]


@figure(
    "key-or-value",
    Choice("erased", "value", ("value", "key")),
    WORD,
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
    shown = highest(weights, att.seen(before, query) or [erased], _WORDS - 1)
    rows = [
        [
            Cell(short_name(scene, pos), tone="strong" if pos == erased else ""),
            att.weight_cell(before, query, pos),
            att.weight_cell(after, query, pos, 1),
        ]
        for pos in shown
    ]
    header = ["", said(scene, "key-or-value", "weight"), said(scene, "key-or-value", "weight_new")]
    n = min(_NUMBERS, before.model.config.d_head)
    mixes = [
        [Cell(said(scene, "key-or-value", key)), *att.vector_cells(run, "z", query, n, nth)]
        for nth, (run, key) in enumerate(((before, "mix"), (after, "mix_new")))
    ]
    key = f"erased_{scene.knobs['erased']}"
    tokens = {"token": scene.quoted[query], "erased": scene.quoted[erased]}
    found = [_verdict(scene, "weights", weights, att.row(after, "pattern", query))]
    old, new = (att.vector(run, "z", query) for run in (before, after))
    found.append(_verdict(scene, "mixes", old, new))
    return (
        Say(said(scene, "key-or-value", key, **tokens)),
        Table(rows, header),
        Table(mixes, ["", *(str(i + 1) for i in range(n))]),
        Say(" ".join(found), "strong"),
    )


def _verdict(scene: Scene, what: str, before: Array, after: Array) -> str:
    same = np.array_equal(before, after, equal_nan=True)
    return said(scene, "key-or-value", f"{what}_{'same' if same else 'differ'}")
