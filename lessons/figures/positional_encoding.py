"""Two sentences of the same words, with and without positions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.ops import Array
from engine.whatif import Force
from lessons.figures.cells import quiet
from lessons.figures.knobs import WORD, Choice, Place
from lessons.figures.parts import Cell, Figure, Part, Say, Sentence, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.stream import final_vector
from lessons.figures.tokens import short
from lessons.figures.vectors import MOST, bands, length, vector_cells
from lessons.scene import Scene
from lessons.words import number

_ROWS = 7
_SAME = 1e-9
"""Vectors count as the same when they differ by less than this part of their length: rounding."""

_WAYS = {"with": (), "without": ("pos_embed=0",), "unordered": ("pos_embed=0", "mask=0")}


class Pair(NamedTuple):
    """The sentence, the same with two tokens swapped, and where each token of it stands there."""

    one: Experiment
    two: Experiment
    places: tuple[int, ...]


@lru_cache(maxsize=16)
def twins(experiment: Experiment, a: int, b: int, way: str) -> Pair | None:
    """Both sentences, read with positions, without them, or without them and without a mask.

    Of what was changed by hand only the tokens are kept. None where it cannot be computed.
    """
    tokens = [force for force in experiment.forced if force.part.name == "tokens"]
    has_positions = experiment.model.config.positions != "none"
    steps = [step for step in _WAYS[way] if has_positions or not step.startswith("pos_embed")]
    changes = [*tokens, *map(Force.parse, steps)]
    n = len(experiment.pieces)
    places = list(range(n))
    places[a], places[b] = b, a
    try:
        one = experiment.with_forced(tuple(changes))
        ids = [int(i) for i in one.trace["tokens"].value]
        swap = [Force.parse(f"tokens[{p}]={ids[places[p]]}") for p in {a, b}]
        two = experiment.with_forced((*changes, *swap))
        two.trace  # noqa: B018 (to see whether it can be)
    except EngineError:
        return None
    return Pair(one, two, tuple(places))


def entering(experiment: Experiment) -> Array:
    """The vectors with which attention begins [pos, d_model]."""
    value: Array = experiment.trace["blocks.0.resid_pre"].value
    return value


def leaving(experiment: Experiment) -> Array:
    """The vectors with which the model ends, from which it predicts [pos, d_model]."""
    value: Array = experiment.trace[final_vector(experiment.trace)].value
    return value


def apart(x: Array, y: Array) -> float:
    """The distance of two vectors; exactly 0 where it is only rounding."""
    distance = length(x - y)
    return 0.0 if distance <= _SAME * max(length(x), length(y)) else distance


def partner(ids: Sequence[int], a: int, b: int) -> int:
    """The position to swap with a: b, or where both hold the same token the nearest to b that
    holds another. The start token is taken only where it was chosen; with no other, b stays.
    """
    if ids[a] != ids[b]:
        return b
    others = [pos for pos in range(1, len(ids)) if ids[pos] != ids[a]]
    return min(others, key=lambda pos: abs(pos - b)) if a and others else b


@figure(
    "twin-sentences",
    Place("a", "token", 2),
    Place("b", "token"),
    Choice("positions", "with", tuple(_WAYS)),
    station="sum",
)
def twin_sentences(scene: Scene) -> Figure:
    """The sentence and its twin with two tokens swapped: which vectors differ, and by how much."""
    a, chosen = scene.at("a", scene.n), scene.at("b", scene.n)
    b = partner(scene.ids, a, chosen)
    pair = twins(scene.experiment, a, b, str(scene.knobs["positions"]))
    if pair is None:
        return (Say(said(scene, "twin-sentences", "impossible")),)
    if scene.ids[a] == scene.ids[b]:
        key = "equal" if scene.n > 2 else "too_short"
        return (Say(said(scene, "twin-sentences", key)),)
    parts: list[Part] = []
    if b != chosen:
        other = said(scene, "twin-sentences", "other", word=short(scene.quoted[b], 14))
        parts.append(Say(other, "quiet"))
    if scene.experiment.model.config.positions == "none":
        parts.append(Say(said(scene, "twin-sentences", "none"), "quiet"))
    start = max(0, min(a, b, scene.n - _ROWS))
    shown = range(start, min(scene.n, start + _ROWS))
    for key, order in (("one", range(scene.n)), ("two", pair.places)):
        words = [
            Cell(short(scene.labels[order[p]], 14), tone="strong" if p in (a, b) else "")
            for p in shown
        ]
        parts.append(Sentence(words, title=said(scene, "twin-sentences", key)))
    enter = (entering(pair.one), entering(pair.two))
    leave = (leaving(pair.one), leaving(pair.two))
    gaps = [
        (apart(enter[0][p], enter[1][q]), apart(leave[0][p], leave[1][q]))
        for p, q in enumerate(pair.places)
    ]
    rows = [
        [
            Cell(short(scene.labels[p], 14), tone="strong" if p in (a, b) else ""),
            Cell(f"{p} → {pair.places[p]}" if p in (a, b) else str(p)),
            *(_gap(scene, gap) for gap in gaps[p]),
        ]
        for p in shown
    ]
    header = headings(scene, "twin-sentences", ("word", "place", "entering", "leaving"))
    parts.append(Table(rows, header))
    if len(shown) < scene.n:
        parts.append(Say(said(scene, "twin-sentences", "some", n=len(shown)), "quiet"))
    n_same = sum(out == 0 for _, out in gaps)
    key = "all_same" if n_same == scene.n else "told_apart"
    verdict = said(scene, "twin-sentences", key, same=n_same, n=scene.n)
    return (*parts, Say(verdict, "strong"))


def _gap(scene: Scene, gap: float) -> Cell:
    if gap == 0:
        return quiet(said(scene, "twin-sentences", "same"))
    return Cell(said(scene, "twin-sentences", "differs", distance=number(gap)))


@figure("position-added", WORD, station="sum")
def position_added(scene: Scene) -> Figure:
    """A token's vector, its position's, and their sum, number by number."""
    config, pos = scene.experiment.model.config, scene.at("word", scene.n)
    places = [(pos, i) for i in range(min(MOST, config.d_model))]
    embed = "embed_scaled" if config.scale_embed else "embed"
    word = Cell(short(scene.labels[pos], 9))
    if config.positions == "none":
        (first, *_) = bands([word], [vector_cells(scene.experiment, embed, places)])
        return (Say(said(scene, "position-added", "none")), first)
    names = [
        word,
        Cell(said(scene, "position-added", "position", pos=pos)),
        Cell(said(scene, "position-added", "sum")),
    ]
    steps = (embed, "pos_embed", "blocks.0.resid_pre")
    rows = [vector_cells(scene.experiment, step, places) for step in steps]
    parts: list[Part] = [*bands(names, rows, total=True)]
    key = "some" if len(places) < config.d_model else "rounded"
    note = said(scene, "position-added", key, n=len(places), d_model=config.d_model)
    return (*parts, Say(note, "quiet"))
