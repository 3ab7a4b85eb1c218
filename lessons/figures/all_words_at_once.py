"""Attention of all words as one table, the mask that covers what comes later, and who needs none.

One head of the first block stands for all of them; the lessons about heads and blocks come later.
"""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.cells import blank, number_cell, quiet, run_cell
from lessons.figures.excerpts import around, window
from lessons.figures.heats import pattern_heat
from lessons.figures.knobs import TOKEN, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import changed
from lessons.figures.stream import final_vector
from lessons.figures.tokens import labels_of, short_name
from lessons.figures.vectors import moved
from lessons.scene import Scene
from lessons.words import number, weight

ATTN = "blocks.0.attn"
N_SHOWN = 8
NO_MASK = "mask=0"
HEADER = ("word", "score", "mask", "sum", "power")

MASK = Choice("mask", "with", ("with", "without"))


def masked_or_not(scene: Scene) -> tuple[Experiment, int]:
    """The run that the knob `mask` asks for, and which of the figure's runs it is."""
    if scene.knobs["mask"] == "with":
        return scene.experiment, 0
    return unmasked(scene)[0], 1


def unmasked(scene: Scene) -> tuple[Experiment]:
    """The run in which the mask adds 0 everywhere, so that nothing is covered."""
    return (changed(scene.experiment, NO_MASK) or scene.experiment,)


@figure("pattern-table", TOKEN, MASK, station="pattern", runs=unmasked)
def pattern_table(scene: Scene) -> Figure:
    """All weights of a head: a row for each word that looks; one row is added up."""
    experiment, run = masked_or_not(scene)
    at = scene.at("token", scene.n)
    pattern = experiment.trace[f"{ATTN}.pattern"].value[0]
    shown = window(scene.n, at, N_SHOWN)
    covered = run == 0 and scene.experiment.model.config.causal
    terms = _terms(pattern[at, : at + 1] if covered else pattern[at])
    row, col = (number(float(line.sum())) for line in (pattern[at], pattern[:, at]))
    who = scene.quoted[at]
    return (
        pattern_heat(scene, experiment, 0, 0, shown, at, run=run),
        Say(said(scene, "pattern-table", "row", token=who, terms=terms, total=row)),
        Say(said(scene, "pattern-table", "col", token=who, total=col), "quiet"),
        *_cropped(scene, len(shown)),
    )


def _terms(weights: Array, most: int = 6) -> str:
    """Weights as a sum; of many only the last."""
    dots = "… + " if weights.size > most else ""
    return dots + " + ".join(weight(float(x)) for x in weights[-most:])


def _cropped(scene: Scene, n_shown: int) -> Figure:
    """What is said where not all words of a long sentence are shown."""
    if n_shown == scene.n:
        return ()
    return (Say(said(scene, "pattern-table", "cropped", n=n_shown, total=scene.n), "quiet"),)


@figure("mask-row", TOKEN, MASK, station="masked", runs=unmasked)
def mask_row(scene: Scene) -> Figure:
    """One word's scores, what the mask adds to them, e to that power, and the weights."""
    experiment, run = masked_or_not(scene)
    at = scene.at("token", scene.n)
    shown = around(scene.n, at, N_SHOWN)
    masked = experiment.trace[f"{ATTN}.attn_scores_masked"].value[0, at]
    with np.errstate(all="ignore"):  # a forced score may be beyond every power
        powers = np.exp(masked)
    steps = [f"{ATTN}.attn_scores_scaled", "mask", f"{ATTN}.attn_scores_masked"]
    rows = []
    for key in shown:
        hidden = bool(np.isneginf(masked[key]))
        cells = [Cell(short_name(scene, key), tone="quiet" if hidden else "")]
        for name in steps:
            index = (at, key) if name == "mask" else (0, at, key)
            cells.append(run_cell(experiment, Ref(name, index), run))
        share = Ref(f"{ATTN}.pattern", (0, at, key))
        shaded = run_cell(experiment, share, run, write=weight, span=1.0)
        rows.append([*cells, number_cell(powers[key]), shaded])
    weights = experiment.trace[f"{ATTN}.pattern"].value[0, at]
    if len(shown) < scene.n:
        rest = np.setdiff1d(np.arange(scene.n), shown)
        rows.append(_sums(said(scene, "mask-row", "others", n=rest.size), powers, weights, rest))
    everything = np.arange(scene.n)
    rows.append(_sums(said(scene, "mask-row", "sum"), powers, weights, everything))
    header = headings(scene, "mask-row", HEADER)
    title = said(scene, "mask-row", "looks", token=scene.quoted[at])
    return (Table(rows, [*header, "softmax"], title, total=True),)


def _sums(name: str, powers: Array, weights: Array, which: Array) -> list[Cell]:
    with np.errstate(all="ignore"):
        total = number(float(powers[which].sum()))
    return [quiet(name), *blank(3), Cell(total), number_cell(weights[which].sum())]


def another_id(scene: Scene, at: int) -> int:
    """A token to put in the place of one: another word of the sentence, or else the vocabulary's
    first that differs.
    """
    others = [i for i in scene.ids[1:] if i != scene.ids[at]]
    return others[0] if others else int(scene.ids[at] == 0)


def swapped(scene: Scene) -> tuple[Experiment, ...]:
    """The run with another word in one place; the unmasked run; and the two together."""
    at = scene.at("token", scene.n)
    swap = f"tokens[{at}]={another_id(scene, at)}"
    made = [changed(scene.experiment, *some) for some in ((swap,), (NO_MASK,), (swap, NO_MASK))]
    return tuple(one or scene.experiment for one in made)


@figure("peek", TOKEN, station="masked", runs=swapped)
def peek(scene: Scene) -> Figure:
    """One word is put in the place of another: whose last vector changes, with and without mask."""
    at = scene.at("token", scene.n)
    runs = (scene.experiment, *swapped(scene))
    last = final_vector(scene.experiment.trace)
    vectors = [run.trace[last].value for run in runs]
    rows = []
    for pos in around(scene.n, at, N_SHOWN):
        cells = [Cell(short_name(scene, pos), tone="strong" if pos == at else "")]
        for before, after in ((0, 1), (2, 3)):
            cells.append(_change(scene, moved(vectors[after][pos], vectors[before][pos])))
        rows.append(cells)
    (label,) = labels_of(scene, [another_id(scene, at)])
    new = scene.words.token(label)
    header = ["", *headings(scene, "peek", ("with", "without"))]
    parts: Figure = (
        Table(rows, header, said(scene, "peek", "swap", old=scene.quoted[at], new=new)),
        Say(said(scene, "peek", "meaning"), "quiet"),
    )
    if not scene.experiment.model.config.causal:
        parts += (Say(said(scene, "peek", "no_mask"), "quiet"),)
    return parts


def _change(scene: Scene, size: float) -> Cell:
    if size == 0:
        return quiet(said(scene, "peek", "same"))
    return Cell(said(scene, "peek", "changed", size=number(size)), tone="bad")


@figure("one-pass", Number("new", 4, 1, 30, integer=True), station="pattern")
def one_pass(scene: Scene) -> Figure:
    """How many times everything must be computed to read, to learn, and to write."""
    new = int(scene.knobs["new"])
    read, words = scene.n, "one-pass"
    rows = [
        [Cell(said(scene, words, "read", n=read)), Cell(str(read)), Cell("1", tone="good")],
        [Cell(said(scene, words, "learn", n=read)), Cell(str(read)), Cell("1", tone="good")],
        [
            Cell(said(scene, words, "write", n=new)),
            Cell(str(new)),
            Cell(str(new), tone="bad", knob="new"),
        ],
    ]
    header = headings(scene, words, ("task", "recurrent", "transformer"))
    return (Table(rows, header), Say(said(scene, words, "because"), "quiet"))
