"""A training, moment by moment: guesses, loss, the map of words, their neighbours."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from engine.store import Model
from lessons.figures.candidates import candidate_cells, share_cell
from lessons.figures.cells import number_cell
from lessons.figures.closeness import closest
from lessons.figures.common_words import Known, known_words
from lessons.figures.knobs import WORD
from lessons.figures.parts import (
    Beside,
    Cell,
    Curve,
    Figure,
    Part,
    Plot,
    Point,
    Say,
    Scatter,
    Table,
    Tone,
)
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import read_by
from lessons.figures.tokens import labels_of, short
from lessons.figures.training_moments import (
    MOMENT,
    Student,
    experiment_at,
    losses,
    mean_surprise,
    moment_of,
    student,
    surprises,
)
from lessons.scene import Scene
from lessons.words import number

_WORD = WORD
ON_MAP = ("animal", "food", "action")
_PER_KIND = 6
_OWN_WORDS = 3
_ROWS = 8
_N_NEIGHBOURS = 6


def moment_line(scene: Scene) -> list[Part]:
    """Which moment is shown, and of which model where it is not the learner's own."""
    school, moment = student(scene), moment_of(scene)
    step, last = school.step(moment), school.steps[-1]
    key = "start" if step == 0 else "end" if step == last else "between"
    line = said(scene, "learning-guesses", f"moment.{key}", step=step, last=last)
    if school.own:
        return [Say(line, "quiet")]
    other = said(scene, "learning-guesses", "other_model", model=school.model.name)
    return [Say(f"{line} {other}", "quiet")]


@figure("learning-guesses", MOMENT, station="probs", runs=lambda scene: (_now(scene),))
def learning_guesses(scene: Scene) -> Figure:
    """After each word, the share that the model gave to the word that came, and the loss."""
    now = _now(scene)
    then = scene.about(now)
    if then.n < 2:
        return (*moment_line(scene), Say(said(scene, "learning-guesses", "too_short")))
    ids, found = then.ids, surprises(now)
    places = range(max(0, then.n - 1 - _ROWS), then.n - 1)
    rows = [
        [
            Cell(short(then.quoted[pos], 22)),
            Cell(short(then.quoted[pos + 1], 22)),
            share_cell(scene, now, pos, ids[pos + 1], 1),
            number_cell(found[pos]),
        ]
        for pos in places
    ]
    keys = ("after", "came", "share", "surprise")
    header = headings(scene, "learning-guesses", keys)
    parts: list[Part] = [*moment_line(scene), Table(rows, header, align="llrr")]
    if len(places) < then.n - 1:
        parts.append(Say(said(scene, "learning-guesses", "only_last", n=len(places)), "quiet"))
    loss = number(mean_surprise(now))
    parts.append(Say(said(scene, "learning-guesses", "loss", loss=loss), "strong"))
    return tuple(parts)


@figure("learning-loss", MOMENT, station="probs", runs=lambda scene: (_now(scene),))
def learning_loss(scene: Scene) -> Figure:
    """The loss on the sentence over the training, and what is predicted after it now."""
    school, moment = student(scene), moment_of(scene)
    now = _now(scene)
    guesses = candidate_cells(scene, now, len(now.pieces) - 1, 4, 1)
    table = Table(guesses, title=said(scene, "learning-loss", "next"))
    curve = losses(school, scene.experiment.text)
    if not np.isfinite(curve).all():
        return (*moment_line(scene), Say(said(scene, "learning-guesses", "too_short")), table)
    here = school.place(moment)
    plot = Plot(
        [Curve(said(scene, "learning-loss", "curve"), curve)],
        xs=[float(step) for step in school.steps],
        x_name=said(scene, "learning-loss", "x"),
        mark=here,
    )
    line = said(scene, "learning-loss", "loss", now=number(curve[here]), first=number(curve[0]))
    return (*moment_line(scene), Beside([plot, table]), Say(line))


@figure("learning-map", MOMENT, station="lookup")
def learning_map(scene: Scene) -> Figure:
    """The vectors of some words as a map, whose axes are those of the finished model."""
    school, moment = student(scene), moment_of(scene)
    table = school.at(moment).parameters["W_E"]
    words = _on_map(school.model)
    if len(words) < 4:
        return (*moment_line(scene), Say(said(scene, "learning-map", "no_words")))
    own = _own_words(scene, school, {word.id for word in words})
    middle, axes = map_axes(school.model)
    tones: dict[str, Tone] = {"animal": "first", "food": "second", "action": "third"}
    points = []
    for word in (*words, *own):
        x, y = axes @ (table[word.id] - middle)
        points.append(Point(float(x), float(y), short(word.word), tones.get(word.kind, "strong")))
    same, other = kind_distances(table, words)
    line = said(scene, "learning-map", "distances", same=number(same), other=number(other))
    return (*moment_line(scene), Scatter(points), Say(line))


def kind_distances(table: Array, words: tuple[Known, ...]) -> tuple[float, float]:
    """The average distance between two words of the same kind, and of different kinds."""
    rows = table[[word.id for word in words]]
    distances = np.linalg.norm(rows[:, None] - rows[None], axis=-1)
    kinds = np.array([word.kind for word in words])
    alike = kinds[:, None] == kinds[None]
    pairs = ~np.eye(len(words), dtype=bool)
    return float(distances[alike & pairs].mean()), float(distances[~alike].mean())


@lru_cache(maxsize=16)
def map_axes(model: Model) -> tuple[Array, Array]:
    """The middle of the map's words in a finished model, and the two directions in which they
    lie furthest apart [2, d_model] (principal components). A direction's sign is free: its
    largest number is made positive.
    """
    rows = model.parameters["W_E"][[word.id for word in _on_map(model)]]
    middle = rows.mean(axis=0)
    axes = np.linalg.svd(rows - middle, full_matrices=False)[2][:2]
    signs = [np.sign(axis[np.abs(axis).argmax()]) or 1.0 for axis in axes]
    flat = np.zeros((2, rows.shape[1]))
    flat[: len(axes)] = axes * np.array(signs)[:, None]
    return middle, flat


@lru_cache(maxsize=16)
def _on_map(model: Model) -> tuple[Known, ...]:
    words = known_words(model)
    return tuple(
        word for kind in ON_MAP for word in [one for one in words if one.kind == kind][:_PER_KIND]
    )


def _own_words(scene: Scene, school: Student, known: set[int]) -> list[Known]:
    """The last words of the sentence that are not on the map yet."""
    ids = [piece.id for piece in read_by(school.model, scene.experiment.text).pieces[1:]]
    new = [id for id in dict.fromkeys(reversed(ids)) if id not in known][:_OWN_WORDS]
    labels = labels_of(scene, new, school.model)
    return [Known(label, id, "own") for label, id in zip(labels, new, strict=True)]


@figure("learning-neighbours", MOMENT, _WORD, station="lookup")
def learning_neighbours(scene: Scene) -> Figure:
    """The words closest to one of the sentence: at the start, at a moment, at the end."""
    school, moment = student(scene), moment_of(scene)
    pieces = read_by(school.model, scene.experiment.text).pieces
    id = pieces[scene.at("word", len(pieces))].id
    finished = float(MOMENT.default)
    columns = [_closest(scene, one, id) for one in (0.0, moment, finished)]
    rows = [
        [cell for label, near in line for cell in (Cell(label), number_cell(near))]
        for line in zip(*columns, strict=True)
    ]
    moments = [said(scene, "learning-neighbours", key) for key in ("first", "now", "end")]
    header = [text for moment_name in moments for text in (moment_name, "")]
    (label,) = labels_of(scene, [id], school.model)
    title = said(scene, "learning-neighbours", "of", word=scene.words.token(short(label, 20)))
    note = Say(said(scene, "learning-neighbours", "note"), "quiet")
    return (*moment_line(scene), Table(rows, header, title, "lrlrlr"), note)


def _closest(scene: Scene, moment: float, id: int) -> list[tuple[str, float]]:
    run = experiment_at(scene, moment)
    ids, near = zip(*closest(run, id, _N_NEIGHBOURS), strict=True)
    labels = labels_of(scene, ids, run.model)
    return [(short(label, 14), x) for label, x in zip(labels, near, strict=True)]


def _now(scene: Scene) -> Experiment:
    return experiment_at(scene, moment_of(scene))
