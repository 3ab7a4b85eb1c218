"""One correction after the other, on the learner's own sentence."""

from __future__ import annotations

from engine.store import n_parameters
from lessons.figures.cells import number_cell
from lessons.figures.how_embeddings_learn import moment_line
from lessons.figures.knobs import WORD, Number
from lessons.figures.parts import Cell, Figure, Say
from lessons.figures.registry import figure, said
from lessons.figures.tokens import labels_of, short
from lessons.figures.training_moments import MOMENT, corrected, experiment_at, moment_of, student
from lessons.figures.vectors import PER_LINE, bands
from lessons.scene import Scene
from lessons.words import number, signed

_TIMES = Number("times", 1, 0, 10, integer=True)


@figure("learning-step", _TIMES, WORD, MOMENT, station="lookup")
def learning_step(scene: Scene) -> Figure:
    """Some corrections on this sentence alone: a word's numbers before and after, and the loss."""
    moment, times = moment_of(scene), int(scene.knobs["times"])
    school, now = student(scene), experiment_at(scene, moment)
    ids = tuple(piece.id for piece in now.pieces)
    if len(ids) < 2:
        return (*moment_line(scene), Say(said(scene, "learning-guesses", "too_short")))
    before, after = corrected(now.model, ids, 0), corrected(now.model, ids, times)
    id = ids[scene.at("word", len(ids))]
    old, new = (x.parameters["W_E"][id][:PER_LINE] for x in (before, after))
    rows = [
        [number_cell(x) for x in old],
        [number_cell(y) for y in new],
        [Cell(signed(float(y - x)), tone="strong") for x, y in zip(old, new, strict=True)],
    ]
    (label,) = labels_of(scene, [id], school.model)
    word = scene.words.token(short(label, 20))
    names = [Cell(said(scene, "learning-step", key)) for key in ("before", "after", "change")]
    d_model = school.model.config.d_model
    (table,) = bands(names, rows)
    line = said(scene, "learning-step", "row", word=word, n=len(old), d_model=d_model)
    loss = said(
        scene, "learning-step", "loss", before=number(before.loss), after=number(after.loss)
    )
    parts = [*moment_line(scene), Say(line), table, Say(loss, "strong")]
    if times:
        moved, total = after.moved, n_parameters(school.model.config)
        key = "moved" if after.moved else "stuck"
        parts.append(Say(said(scene, "learning-step", key, moved=moved, total=total)))
    return tuple(parts)
