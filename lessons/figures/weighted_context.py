"""What a word receives depends on the words around it: the same word in two sentences."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.store import Model
from lessons.figures import one_attention as att
from lessons.figures.excerpts import ranked
from lessons.figures.knobs import Choice
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.runs import changed
from lessons.scene import Scene

_NUMBERS = 6
_OTHER_WORDS = {
    "dog": ("perro", "dog"),
    "fish": ("pez", "fish"),
    "house": ("casa", "house"),
    "eats": ("come", "eats"),
}


def _other_word(model: Model, key: str) -> int | None:
    """The token of a word in the language that the model has learned; None if it has none."""
    for text in _OTHER_WORDS[key]:
        pieces = model.tokenizer.pieces(text)
        if len(pieces) == 1:
            return int(pieces[0][0])
    return None


def replaced_place(experiment: Experiment) -> int | None:
    """Which word gives way to another: the one that the last looks at most, itself apart."""
    last = len(experiment.pieces) - 1
    others = [pos for pos in att.seen(experiment, last) if 0 < pos < last]
    return ranked(att.row(experiment, "pattern", last), others)[0] if others else None


def _with_other_word(scene: Scene) -> tuple[Experiment, ...]:
    """The run of the sentence in which that word is another one."""
    run = scene.experiment
    place = replaced_place(run)
    id = _other_word(run.model, str(scene.knobs["other"]))
    if place is None or id is None:
        return (run,)
    return (changed(run, f"tokens[{place}]={id}") or run,)


@figure(
    "weighted-context",
    Choice("other", "dog", tuple(_OTHER_WORDS)),
    station="z",
    runs=_with_other_word,
)
def weighted_context(scene: Scene) -> Figure:
    """The last word in two sentences that differ in another word: its own Value, and its mix."""
    before, (after,) = scene.experiment, _with_other_word(scene)
    place = replaced_place(before)
    if place is None:
        return (Say(said(scene, "weighted-context", "alone")),)
    if after is before:
        return (Say(said(scene, "weighted-context", "unknown")),)
    last = scene.n - 1
    new = scene.about(after)
    n = min(_NUMBERS, before.model.config.d_head)
    rows = []
    for vector in ("v", "z"):
        for nth, run in enumerate((before, after)):
            label = said(scene, "weighted-context", f"{vector}_{nth}")
            cells = att.vector_cells(run, vector, last, n, nth)
            rows.append([Cell(label, tone="strong" if vector == "z" else ""), *cells])
    tokens = {"old": scene.quoted[place], "new": new.quoted[place], "token": scene.quoted[last]}
    found = []
    for vector in ("v", "z"):
        old, its = (att.vector(run, vector, last) for run in (before, after))
        same = np.array_equal(old, its, equal_nan=True)
        found.append(said(scene, "weighted-context", f"{vector}_{'same' if same else 'differ'}"))
    return (
        Say(said(scene, "weighted-context", "of", **tokens)),
        Table(rows, ["", *(str(i + 1) for i in range(n))]),
        Say(" ".join(found), "strong"),
    )
