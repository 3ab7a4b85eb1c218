"""Attention of all words as one table, the mask that covers what comes later, and who needs none.

One head of the first block stands for all of them; the lessons about heads and blocks come later.
"""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.one_attention import name as short_name
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.run_parts import changed, heat, moved, share_cell, window
from lessons.labels import read_labels
from lessons.scene import Scene
from lessons.words import number, weight

ATTN = "blocks.0.attn"
N_SHOWN = 8
NO_MASK = "mask=0"
HEADER = ("word", "score", "mask", "sum", "power")

TOKEN = Place("token", "token")
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
        heat(scene, experiment, "blocks.0.pattern", shown, run=run, row=at),
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
    shown = _around(scene.n, at)
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
            x = float(experiment.trace[name].value[index])
            cells.append(Cell(number(x), Ref(name, index), run))
        cells.append(Cell(number(float(powers[key]))))
        cells.append(share_cell(experiment, f"{ATTN}.pattern", (0, at, key), run))
        rows.append(cells)
    weights = experiment.trace[f"{ATTN}.pattern"].value[0, at]
    if len(shown) < scene.n:
        rest = np.setdiff1d(np.arange(scene.n), shown)
        rows.append(_sums(said(scene, "mask-row", "others", n=rest.size), powers, weights, rest))
    everything = np.arange(scene.n)
    rows.append(_sums(said(scene, "mask-row", "sum"), powers, weights, everything))
    header = [said(scene, "mask-row", f"header.{key}") for key in HEADER]
    title = said(scene, "mask-row", "looks", token=scene.quoted[at])
    return (Table(rows, [*header, "softmax"], title, total=True),)


def _sums(name: str, powers: Array, weights: Array, which: Array) -> list[Cell]:
    with np.errstate(all="ignore"):
        total = number(float(powers[which].sum()))
    share = number(float(weights[which].sum()))
    return [Cell(name, tone="quiet"), Cell(""), Cell(""), Cell(""), Cell(total), Cell(share)]


def _around(n: int, at: int) -> list[int]:
    """The places of a long sentence that matter to a word: those just before it and after it."""
    if n <= N_SHOWN:
        return list(range(n))
    start = min(max(0, at - N_SHOWN // 2), n - N_SHOWN)
    return list(range(start, start + N_SHOWN))


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
    last = scene.experiment.trace["logits"].inputs[0]
    vectors = [run.trace[last].value for run in runs]
    rows = []
    for pos in _around(scene.n, at):
        cells = [Cell(short_name(scene, pos), tone="strong" if pos == at else "")]
        for before, after in ((0, 1), (2, 3)):
            cells.append(_change(scene, moved(vectors[after][pos], vectors[before][pos])))
        rows.append(cells)
    (label,) = read_labels(
        scene.experiment.model.tokenizer, [another_id(scene, at)], scene.words.marks
    )
    new = scene.words.token(label)
    header = ["", *(said(scene, "peek", f"header.{key}") for key in ("with", "without"))]
    parts: Figure = (
        Table(rows, header, said(scene, "peek", "swap", old=scene.quoted[at], new=new)),
        Say(said(scene, "peek", "meaning"), "quiet"),
    )
    if not scene.experiment.model.config.causal:
        parts += (Say(said(scene, "peek", "no_mask"), "quiet"),)
    return parts


def _change(scene: Scene, size: float) -> Cell:
    if size == 0:
        return Cell(said(scene, "peek", "same"), tone="quiet")
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
    header = [said(scene, words, f"header.{key}") for key in ("task", "recurrent", "transformer")]
    return (Table(rows, header), Say(said(scene, words, "because"), "quiet"))
