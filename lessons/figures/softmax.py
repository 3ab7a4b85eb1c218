"""Softmax: with scores of one's own, beside the division that does not work, and on the run."""

from __future__ import annotations

import math

import numpy as np

from engine.ops import Array, Softmax
from lessons.figures import one_attention as att
from lessons.figures.cells import number_cell, quiet
from lessons.figures.excerpts import highest
from lessons.figures.knobs import WORD, Number
from lessons.figures.parts import Beside, Cell, Curve, Figure, Plot, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.tokens import short_name
from lessons.scene import Scene
from lessons.words import number, weight

_NAMES = ("a", "b", "c", "d")
SCORES = (-3.0, 5.0, -1.0, 2.0)
GAP = 2.0
_KNOBS = tuple(
    Number(name, score, -20, 20, 0.5) for name, score in zip(_NAMES, SCORES, strict=True)
)
_COLUMNS = ("word", "score", "naive", "power", "softmax")
_SHOWN = 6


def power(x: float) -> float:
    """e^x; infinity where it is beyond every number."""
    with np.errstate(over="ignore"):
        return float(np.exp(x))


def shares(scores: Array) -> Array:
    """Each score over their sum: what softmax is not. Infinity or NaN where the sum is 0."""
    with np.errstate(all="ignore"):
        found: Array = scores / scores.sum()
    return found


@figure("softmax-naive", *_KNOBS, station="pattern")
def softmax_naive(scene: Scene) -> Figure:
    """Four scores, and what dividing by their sum gives."""
    return _sandbox(scene, 3)


@figure("softmax", *_KNOBS, station="pattern")
def softmax(scene: Scene) -> Figure:
    """Four scores; what dividing by their sum gives, and what softmax gives."""
    return _sandbox(scene, len(_COLUMNS))


def _sandbox(scene: Scene, n_columns: int) -> Figure:
    """The first columns of the table with four scores to be set."""
    scores = np.array([float(scene.knobs[name]) for name in _NAMES])
    powers = [power(score) for score in scores]
    weights = Softmax().forward(scores)
    rows = [
        [
            Cell(said(scene, "softmax", f"word.{name}")),
            Cell(number(float(score), _decimals(float(score))), knob=name),
            _quotient(scene, float(share)),
            Cell(number(e)),
            Cell(weight(float(w)), bar=float(w)),
        ]
        for name, score, share, e, w in zip(
            _NAMES, scores, shares(scores), powers, weights, strict=True
        )
    ]
    total = float(scores.sum())
    sums = [number(total, _decimals(total)), number(1.0) if total else "—"]
    sums += [number(sum(powers)), number(1.0)]
    rows.append([quiet(said(scene, "softmax", "sum")), *map(Cell, sums)])
    header = headings(scene, "softmax", _COLUMNS[:n_columns])
    return (Table([row[:n_columns] for row in rows], header, total=True),)


def _decimals(x: float) -> int:
    """As many decimals as a typed score has, from two to four."""
    return next((n for n in (2, 3) if math.isclose(round(x, n), x, abs_tol=1e-9)), 4)


def _quotient(scene: Scene, share: float) -> Cell:
    """A score over the sum, as a share; what cannot be one is marked in words too."""
    if not math.isfinite(share):
        return Cell(said(scene, "softmax", "no_quotient"), tone="bad")
    mark = " < 0" if share < 0 else " > 1" if share > 1 else ""
    return Cell(number(share) + mark, tone="bad" if mark else "")


_EXPONENTS = (-5, -3, -1, 0, 1, 2, 5)
_CURVE = [i / 2 for i in range(-8, 9)]


@figure("softmax-power", Number("x", -3, -10, 10, 0.5), station="pattern")
def softmax_power(scene: Scene) -> Figure:
    """e^x for some x, one of them to be set, and its curve."""
    x = float(scene.knobs["x"])
    chosen = [Cell(number(x), knob="x", tone="strong"), Cell(number(power(x)), tone="strong")]
    rows = [[Cell(number(float(e))), Cell(number(power(e)))] for e in _EXPONENTS if e != x]
    nearest = min(range(len(_CURVE)), key=lambda i: abs(_CURVE[i] - x))
    curve = Curve("e^x", [power(x) for x in _CURVE])
    table = Table([chosen, *rows], ["x", "e^x"], align="rr")
    plot = Plot([curve], xs=_CURVE, x_name="x", y_name="e^x", mark=nearest)
    return (Beside((table, plot)), Say(said(scene, "softmax-power", "note"), "quiet"))


@figure(
    "softmax-gap",
    Number("low", 2, -10, 10, 0.5),
    Number("gap", GAP, 0, 10, 0.5),
    station="pattern",
)
def softmax_gap(scene: Scene) -> Figure:
    """Two scores some way apart: how many times more the higher one gets."""
    low, gap = float(scene.knobs["low"]), float(scene.knobs["gap"])
    scores = np.array([low, low + gap])
    weights = Softmax().forward(scores)
    rows = [
        [
            Cell(said(scene, "softmax-gap", f"word.{name}")),
            Cell(number(float(score)), knob="low" if name == "low" else ""),
            _quotient(scene, float(share)),
            Cell(number(power(float(score)))),
            Cell(weight(float(w)), bar=float(w)),
        ]
        for name, score, share, w in zip(
            ("low", "high"), scores, shares(scores), weights, strict=True
        )
    ]
    header = headings(scene, "softmax", _COLUMNS)
    values = {"gap": f"{gap:g}", "times": number(power(gap))}
    return (Table(rows, header), Say(said(scene, "softmax-gap", "times", **values), "strong"))


@figure("softmax-row", WORD, station="pattern")
def softmax_row(scene: Scene) -> Figure:
    """A row of the run: its scores, e to each of them, and the weights."""
    query = scene.at("word", scene.n)
    run = scene.experiment
    scores = att.row(run, "attn_scores_masked", query)
    weights = att.row(run, "pattern", query)
    places = att.seen(run, query)
    covered = [pos for pos in range(scene.n) if pos not in places]
    shown = highest(weights, places, _SHOWN - bool(covered))
    rows = [
        [
            Cell(short_name(scene, pos)),
            att.pair_cell(run, "attn_scores_masked", query, pos),
            Cell(number(power(float(scores[pos])))),
            att.weight_cell(run, query, pos),
        ]
        for pos in shown
    ]
    if rest := [pos for pos in places if pos not in shown]:
        label = quiet(said(scene, "softmax-row", "others", n=len(rest)))
        e = number_cell(sum(power(float(scores[pos])) for pos in rest))
        rows.append([label, Cell(""), e, att.weights_cell(weights, rest)])
    if covered:
        label = quiet(said(scene, "softmax-row", "covered", n=len(covered)))
        rows.append([label, Cell("−∞"), Cell("0"), att.weights_cell(weights, covered)])
    e = number_cell(sum(power(float(scores[pos])) for pos in places))
    rows.append([quiet(said(scene, "softmax", "sum")), Cell(""), e, number_cell(weights.sum())])
    keys = ("word", "scaled", "power", "weight")
    header = headings(scene, "softmax-row", keys)
    of = Say(said(scene, "softmax-row", "of", token=scene.quoted[query]))
    if not covered:
        return (of, Table(rows, header, total=True))
    note = Say(said(scene, "softmax-row", "note"), "quiet")
    return (of, Table(rows, header, total=True), note)
