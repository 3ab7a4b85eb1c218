"""Why a score is divided by √d_k: an experiment with drawn numbers, and the learner's own row."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array, Softmax
from lessons.figures import one_attention as att
from lessons.figures.excerpts import highest
from lessons.figures.knobs import WORD, Choice, Number
from lessons.figures.parts import Cell, Figure, Part, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import number, root, weight

SIZES = (4, 8, 16, 32, 64, 128, 256, 512)
N_DRAWN = 1000
N_WORDS = 4
_SHOWN = 7
_NAMES = ("a", "b", "c", "d")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Dot products of vectors drawn at random, every component with variance 1, for each d_k.

    products [size, draw, word]: a Query with each of four Keys; a longer pair of vectors begins
    with the numbers of the shorter one.
    """

    products: Array

    def variance(self, size: int) -> float:
        """The measured variance of the dot products at a place of SIZES."""
        return float(self.products[size].var())

    def weights(self, size: int, divided: bool) -> Array:
        """Softmax of each draw's four dot products, divided by √d_k or not."""
        scores = self.products[size]
        found: Array = Softmax().forward(scores / math.sqrt(SIZES[size]) if divided else scores)
        return found


@lru_cache(maxsize=8)
def drawn(seed: int) -> Drawn:
    """The dot products of one experiment; the same seed always gives the same."""
    rng = np.random.default_rng(seed)
    # Each Query has four Keys, so that one experiment serves the variance and the weights.
    queries = rng.standard_normal((N_DRAWN // N_WORDS, 1, SIZES[-1]), np.float32)
    keys = rng.standard_normal((N_DRAWN // N_WORDS, N_WORDS, SIZES[-1]), np.float32)
    ends = np.cumsum(queries * keys, axis=-1, dtype=np.float64)[..., np.array(SIZES) - 1]
    return Drawn(np.moveaxis(ends, -1, 0))


SEED = 8
_SEED = Number("seed", SEED, 0, 999, integer=True)
_D_K = tuple(str(size) for size in SIZES)


@figure("scaling-variance", _SEED, station="attn_scores")
def scaling_variance(scene: Scene) -> Figure:
    """The variance of dot products of drawn vectors, measured for each d_k."""
    experiment = drawn(int(scene.knobs["seed"]))
    rows = []
    for i, d_k in enumerate(SIZES):
        variance = experiment.variance(i)
        rows.append(
            [
                Cell(str(d_k)),
                Cell(number(variance, 1)),
                Cell(number(math.sqrt(variance)), bar=math.sqrt(variance / SIZES[-1]) / 1.2),
                Cell(number(math.sqrt(d_k))),
                Cell(number(variance / d_k), tone="strong"),
            ]
        )
    keys = ("variance", "size", "root", "divided")
    header = ["d_k", *headings(scene, "scaling-variance", keys)]
    label = said(scene, "scaling-variance", "label", n=N_DRAWN, seed=int(scene.knobs["seed"]))
    return (Say(label, "quiet"), Table(rows, header, align="rrrrr"))


@figure("scaling-saturation", _SEED, station="pattern")
def scaling_saturation(scene: Scene) -> Figure:
    """The largest of four weights, on average, for each d_k, without dividing and with."""
    experiment = drawn(int(scene.knobs["seed"]))
    rows = []
    for i, d_k in enumerate(SIZES):
        cells = []
        for divided in (False, True):
            share = float(experiment.weights(i, divided).max(axis=-1).mean())
            cells.append(Cell(scene.words.share(share), bar=share))
        rows.append([Cell(str(d_k)), *cells])
    keys = ("raw", "divided")
    header = ["d_k", *headings(scene, "scaling-saturation", keys)]
    seed = int(scene.knobs["seed"])
    label = said(scene, "scaling-saturation", "label", n=N_DRAWN // N_WORDS, seed=seed)
    return (Say(label, "quiet"), Table(rows, header, align="rrr"))


@figure("scaling-sandbox", Choice("d_k", "64", _D_K), _SEED, station="scaled")
def scaling_sandbox(scene: Scene) -> Figure:
    """Four scores drawn at random, and the weights they give without dividing and with."""
    seed = int(scene.knobs["seed"])
    size = _D_K.index(str(scene.knobs["d_k"]))
    experiment = drawn(seed)
    scores = experiment.products[size, 0]
    plain, divided = (experiment.weights(size, with_root)[0] for with_root in (False, True))
    d_k = SIZES[size]
    rows = [
        [
            Cell(said(scene, "scaling-sandbox", f"word.{name}")),
            Cell(number(float(score))),
            Cell(weight(float(w)), bar=float(w)),
            Cell(number(float(score) / math.sqrt(d_k))),
            Cell(weight(float(w_divided)), bar=float(w_divided)),
        ]
        for name, score, w, w_divided in zip(_NAMES, scores, plain, divided, strict=True)
    ]
    keys = ("word", "score", "weight", "divided", "weight_divided")
    header = headings(scene, "scaling-sandbox", keys, root=root(d_k, math.sqrt(d_k)))
    label = said(scene, "scaling-sandbox", "label", d_k=d_k, seed=seed)
    return (Say(label, "quiet"), Table(rows, header))


def _undivided(scene: Scene) -> tuple[Experiment, ...]:
    """The learner's run in which every score is divided by 1: not at all."""
    return (changed(scene.experiment, "sqrt_d_head=1") or scene.experiment,)


@figure("scaling-own", WORD, station="scaled", runs=_undivided)
def scaling_own(scene: Scene) -> Figure:
    """A row of the run: its scores, divided, and the weights with and without it."""
    query = scene.at("word", scene.n)
    run, (undivided,) = scene.experiment, _undivided(scene)
    places = att.seen(run, query)
    shown = highest(att.row(run, "attn_scores", query), places, _SHOWN)
    if not shown:
        return (Say(said(scene, "scaling-own", "none", token=scene.quoted[query])),)
    rows = [
        [
            Cell(short_name(scene, pos)),
            att.pair_cell(run, "attn_scores", query, pos),
            att.pair_cell(run, "attn_scores_scaled", query, pos),
            att.weight_cell(run, query, pos),
            att.weight_cell(undivided, query, pos, 1),
        ]
        for pos in shown
    ]
    divisor = float(run.trace["sqrt_d_head"].value)
    by = root(run.model.config.d_head, divisor)
    keys = ("score", "scaled", "weight", "undivided")
    header = ["", *headings(scene, "scaling-own", keys)]
    of = said(scene, "scaling-own", "of", token=scene.quoted[query], root=by)
    parts: list[Part] = [Say(of), Table(rows, header)]
    if len(shown) < len(places):
        left = said(scene, "scaling-own", "left_out", shown=len(shown), all=len(places))
        parts.append(Say(left, "quiet"))
    return tuple(parts)


WORKED = (0.2, 4.1, 1.5, 3.8)
_WORKED_KNOBS = tuple(
    Number(name, score, -50, 50, 0.1) for name, score in zip(_NAMES, WORKED, strict=True)
)


@figure("scaling-worked", *_WORKED_KNOBS, Choice("d_k", "64", _D_K), station="scaled")
def scaling_worked(scene: Scene) -> Figure:
    """Four scores to be set, divided by √d_k; beside it, what dividing by d_k would leave."""
    d_k = int(scene.knobs["d_k"])
    divisor = math.sqrt(d_k)
    rows = []
    for name in _NAMES:
        score = float(scene.knobs[name])
        rows.append(
            [
                Cell(said(scene, "scaling-sandbox", f"word.{name}")),
                Cell(number(score), knob=name),
                Cell(number(score / divisor, 4), tone="strong"),
                Cell(number(score / d_k, 4), tone="quiet"),
            ]
        )
    values = {"root": root(d_k, divisor), "d_k": d_k}
    keys = ("word", "score", "divided", "whole")
    header = headings(scene, "scaling-worked", keys, **values)
    return (Table(rows, header), Say(said(scene, "scaling-worked", "note", d_k=d_k), "quiet"))
