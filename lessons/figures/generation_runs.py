"""What can be done at once and what cannot: reading a sentence, and writing one."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.candidates import likeliest_token
from lessons.figures.excerpts import evenly
from lessons.figures.generation_loop import Turn, logits_of, loop, reading, reads
from lessons.figures.knobs import Choice
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short
from lessons.scene import Scene
from lessons.words import number

_NAME = "one-after-another"
_ROWS = 7
_STEPS = 5
_DECIMALS = 9


def _prefixes(scene: Scene) -> list[tuple[int, ...]]:
    """Beginnings of the sentence, the whole of it last."""
    return [tuple(scene.ids[: i + 1]) for i in evenly(scene.n, _ROWS)]


def _runs(scene: Scene) -> tuple[Experiment, ...]:
    if scene.knobs["what"] == "read":
        return tuple(reading(scene.experiment.model, ids) for ids in _prefixes(scene))
    return tuple(turn.experiment for turn in _written(scene)[1:])


def _written(scene: Scene) -> list[Turn]:
    return loop(scene.experiment, 0.0, None, None, 0, _STEPS, may_end=False)


@figure(_NAME, Choice("what", "read", ("read", "write")), station="choice", runs=_runs)
def one_after_another(scene: Scene) -> Figure:
    """Reading takes one run for all tokens; writing takes one run a token, each after another."""
    return _reading(scene) if scene.knobs["what"] == "read" else _writing(scene)


def _reading(scene: Scene) -> Figure:
    """What one run says after each token, beside runs that stop at that token."""
    logits = scene.experiment.trace["logits"].value
    rows, differences = [], []
    for k, (ids, run) in enumerate(zip(_prefixes(scene), _runs(scene), strict=True), 1):
        at = len(ids) - 1
        own = reads(run, ids)
        alone = logits_of(run, own, ids)[-1]
        with np.errstate(all="ignore"):
            differences.append(float(np.abs(alone - logits[at]).max()))
        cells = [Cell(short(scene.quoted[at], 20))]
        for row, its_run in ((logits[at], 0), (alone, k)):
            best, label = likeliest_token(scene, row)
            ref = Ref("logits", (at, best)) if own or not its_run else None
            cells.append(Cell(f"{short(label)} {number(float(row[best]))}", ref, its_run))
        rows.append([*cells, Cell(number(round(differences[-1], _DECIMALS)))])
    keys = ("at", "together", "alone", "difference")
    parts: Figure = (Table(rows, [said(scene, _NAME, f"read.{key}") for key in keys]),)
    if scene.experiment.forced:
        return (*parts, Say(said(scene, _NAME, "read.forced"), "quiet"))
    same = max(differences) < 10.0**-_DECIMALS
    note = "read.same" if same and scene.experiment.model.config.causal else "read.different"
    return (*parts, Say(said(scene, _NAME, note, n=scene.n), "quiet"))


def _writing(scene: Scene) -> Figure:
    """The runs that it takes to write some tokens, and what each has to wait for."""
    turns = _written(scene)
    if not turns:
        full = scene.n == scene.experiment.model.config.n_ctx
        return (Say(said(scene, "generation-loop", "full" if full else "no_shares")),)
    labels = scene.predicted([turn.chosen for turn in turns])
    rows = []
    for k, (turn, label) in enumerate(zip(turns, labels, strict=True)):
        before = short(scene.words.token(labels[k - 1])) if k else ""
        key = "write.waits" if k else "write.ready"
        waits = said(scene, _NAME, key, token=before, run=k)
        best = Ref("logits", (turn.n - 1, turn.chosen)) if turn.own else None
        chosen = Cell(short(scene.words.token(label)), best, k, tone="strong")
        rows.append([Cell(str(k + 1)), Cell(waits), Cell(str(turn.n)), chosen])
    header = [said(scene, _NAME, f"write.{key}") for key in ("run", "needs", "reads", "gives")]
    return (
        Table(rows, header, align="llrl"),
        Say(said(scene, _NAME, "write.note", n=len(turns)), "quiet"),
    )
