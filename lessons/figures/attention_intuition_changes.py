"""What changes at the end of a sentence when a word is replaced, or may not be looked at.

Weights say where a word looks. Whether it matters is seen only by changing something.
"""

from __future__ import annotations

import math

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from lessons.figures.attention_intuition import clearest
from lessons.figures.candidates import candidates, candidates_beside, share_cell
from lessons.figures.excerpts import excerpt, with_gaps
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.parts import Cell, Drawing, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, said
from lessons.figures.runs import changed
from lessons.figures.tokens import whole_word, word_cells
from lessons.scene import Scene

COVERED = -1e9  # stands for the −∞ of a mask: so low that the computer rounds its weight to 0
_MOST_WORDS = 12
_RANK = Number("rank", 1, 1, 12, integer=True)
_NEW_WORDS = ("mouse", "bird", "boy", "cat")


def covering(experiment: Experiment, word: int) -> Experiment | None:
    """The run in which the last word cannot look at a word, in none of its looks."""
    last = len(experiment.pieces) - 1
    return changed(experiment, f"mask[{last},{word}]={COVERED}")


def shift(before: Array, after: Array) -> float:
    """How much confidence has changed hands: from 0, nothing, to 1, all of it."""
    with np.errstate(all="ignore"):
        return float(np.abs(before - after).sum() / 2)


def last_probs(experiment: Experiment) -> Array:
    """The bets after the last word."""
    found: Array = experiment.trace["probs"].value[-1]
    return found


def swapped(scene: Scene) -> tuple[str, Experiment | None]:
    """The new word of the knob `into`, and the run in which it stands at the knob `word`.

    None where the model has the word only in pieces, or nothing is to be replaced.
    """
    into = str(scene.knobs["into"])
    new, ids = whole_word(scene.experiment.model, said(scene, "swap-word", f"word.{into}"))
    pos = scene.at("word", scene.n)
    if pos == 0 or len(ids) != 1:
        return new, None
    return new, changed(scene.experiment, f"tokens[{pos}]={ids[0]}")


def _other_run(run: Experiment | None) -> tuple[Experiment, ...]:
    return () if run is None else (run,)


@figure(
    "swap-word",
    Place("word", "token", 2),
    Choice("into", _NEW_WORDS[0], _NEW_WORDS),
    station="choice",
    runs=lambda scene: _other_run(swapped(scene)[1]),
)
def swap_word(scene: Scene) -> Figure:
    """One word replaced by another, and what the model bets on at the end of both sentences."""
    pos = scene.at("word", scene.n)
    new, run = swapped(scene)
    if pos == 0:
        return (Say(said(scene, "swap-word", "start")),)
    if run is None:
        return (Say(said(scene, "swap-word", "in_pieces", word=new)),)
    places = excerpt(scene.n, _MOST_WORDS, keep=(pos, scene.n - 1))
    cells = word_cells(scene)
    cells[pos] = Cell(f"{cells[pos].text} → {new}", tone="strong")
    before, after = (said(scene, "swap-word", "with", word=x) for x in (scene.labels[pos], new))
    sides = ((before, scene.experiment, scene.n - 1, 0), (after, run, scene.n - 1, 1))
    moved = scene.words.share(shift(last_probs(scene.experiment), last_probs(run)))
    return (
        Sentence(with_gaps(places, cells)),
        candidates_beside(scene, sides, 4),
        Say(said(scene, "swap-word", "moved", share=moved)),
    )


def most_looked_at(experiment: Experiment) -> list[int]:
    """The words that the last one looks at, those that it looks at hardest first.

    What counts is the largest weight in any of the model's looks. The word itself and the start
    token are left out; where there is no other word, the start token is the only one.
    """
    last = len(experiment.pieces) - 1
    first = clearest(experiment, last).at
    others = [i for i in range(1, last) if i != first]
    ranked = sorted(others, key=lambda i: -max(_weights_on(experiment, last, i), default=0.0))
    return ([] if first is None else [first]) + ranked or [0]


def covered(scene: Scene) -> tuple[int, Experiment | None]:
    """The word that is covered, by the knob `rank`, and the run in which it is."""
    ranked = most_looked_at(scene.experiment)
    pos = ranked[min(int(scene.knobs["rank"]), len(ranked)) - 1]
    return pos, covering(scene.experiment, pos) if scene.n > 1 else None


@figure("cover", _RANK, station="choice", runs=lambda scene: _other_run(covered(scene)[1]))
def cover(scene: Scene) -> Figure:
    """What the model bets on if its last word cannot look at one of the words."""
    pos, run = covered(scene)
    if run is None:
        return (Say(said(scene, "cover", "empty")),)
    last, name = scene.quoted[-1], scene.quoted[pos]
    rank = min(int(scene.knobs["rank"]), len(most_looked_at(scene.experiment)))
    hardest = max(_weights_on(scene.experiment, scene.n - 1, pos), default=0.0)
    bets: dict[int, str] = {}
    for one in (scene.experiment, run):
        bets |= dict(candidates(scene, one, scene.n - 1, 3))
    rows = [
        [
            Cell(scene.words.token(label)),
            share_cell(scene, scene.experiment, scene.n - 1, id),
            share_cell(scene, run, scene.n - 1, id, 1),
        ]
        for id, label in bets.items()
    ]
    header = [said(scene, "cover", key, word=name) for key in ("bet", "free", "covered")]
    moved = shift(last_probs(scene.experiment), last_probs(run))
    share, hardest_share = scene.words.share(moved), scene.words.share(hardest)
    knob = [
        Cell(said(scene, "cover", "covers")),
        Cell(str(rank), knob="rank"),
        Cell(f": {name}"),
    ]
    return (
        Drawing([knob]),
        Say(said(scene, "cover", "looked", last=last, word=name, share=hardest_share)),
        Table(rows, header),
        Say(said(scene, "cover", "moved", share=share)),
        Say(said(scene, "cover", "how"), "quiet"),
    )


def _weights_on(experiment: Experiment, word: int, at: int) -> list[float]:
    """The weight that a word gives to another, in each of the model's looks."""
    config, trace = experiment.model.config, experiment.trace
    weights = [
        float(x)
        for block in range(config.n_layers)
        for x in trace[f"blocks.{block}.attn.pattern"].value[:, word, at]
    ]
    return [x for x in weights if math.isfinite(x)]
