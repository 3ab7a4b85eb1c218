"""One correction after the other, on the learner's own sentence."""

from __future__ import annotations

from lessons.figures.how_embeddings_learn import moment_line, pieces_label
from lessons.figures.knobs import Number, Place
from lessons.figures.parts import Cell, Figure, Say
from lessons.figures.registry import figure, said
from lessons.figures.training_moments import (
    MOMENT,
    corrected,
    experiment_at,
    moment_of,
    student,
    total_parameters,
)
from lessons.figures.vector_parts import PER_LINE, bands, whole
from lessons.scene import Scene
from lessons.words import number, signed

_TIMES = Number("times", 1, 0, 10, integer=True)


@figure("learning-step", _TIMES, Place("word", "token"), MOMENT, station="lookup")
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
        [Cell(number(float(x))) for x in old],
        [Cell(number(float(y))) for y in new],
        [Cell(signed(float(y - x)), tone="strong") for x, y in zip(old, new, strict=True)],
    ]
    is_start = id == school.model.tokenizer.start_id
    label = scene.words.start if is_start else scene.words.token(pieces_label(school, id))
    names = [Cell(said(scene, "learning-step", key)) for key in ("before", "after", "change")]
    d_model = school.model.config.d_model
    (table,) = bands(names, rows)
    line = said(
        scene,
        "learning-step",
        "row",
        word=label,
        n=len(old),
        d_model=d_model,
    )
    loss = said(
        scene, "learning-step", "loss", before=number(before.loss), after=number(after.loss)
    )
    parts = [*moment_line(scene), Say(line), table, Say(loss, "strong")]
    if times:
        moved, total = whole(after.moved), whole(total_parameters(school.model))
        key = "moved" if after.moved else "stuck"
        parts.append(Say(said(scene, "learning-step", key, moved=moved, total=total)))
    return tuple(parts)
