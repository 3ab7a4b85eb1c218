"""Which embeddings are close to which: pairs of nouns, nearest neighbours, a map."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from lessons.figures.cells import number_cell, quiet
from lessons.figures.closeness import closeness, closest
from lessons.figures.knobs import Choice, Place
from lessons.figures.one_hot import distance, one_hot
from lessons.figures.parts import Cell, Figure, Point, Say, Scatter, Table, Tone
from lessons.figures.registry import figure, said
from lessons.figures.tokens import labels_of, short, whole_word
from lessons.scene import Scene
from lessons.words import number

NOUNS = ("cat", "dog", "bird", "tree", "bread", "democracy", "freedom")
_MOST_OWN = 8
_N_NEIGHBOURS = 6
_N_ON_MAP = 4

Noun = tuple[str, tuple[int, ...]]


def noun(scene: Scene, key: str) -> Noun:
    """A noun in the language that the model has it whole in, and its tokens."""
    return whole_word(scene.experiment.model, said(scene, "near-and-far", f"noun.{key}"))


@figure("near-and-far", Choice("of", "cat", NOUNS), station="lookup")
def near_and_far(scene: Scene) -> Figure:
    """How close a noun is to others in the table, beside how far apart one-hot holds them."""
    chosen = str(scene.knobs["of"])
    word, ids = noun(scene, chosen)
    others = [noun(scene, key) for key in NOUNS if key != chosen]
    found = [(closeness(scene.experiment, ids, other), name, other) for name, other in others]
    cut = any(len(one) > 1 for one in (ids, *(other for _, other in others)))
    apart = number(distance(one_hot(0, 2), one_hot(1, 2)))  # of any two, as the last lesson saw
    rows = [
        [Cell(name), number_cell(near, span=1.0), quiet(apart)]
        for near, name, _ in sorted(found, key=lambda one: -one[0])
    ]
    header = [
        said(scene, "near-and-far", "with", word=word),
        said(scene, "near-and-far", "closeness"),
        said(scene, "near-and-far", "one_hot"),
    ]
    knob = [[Cell(said(scene, "near-and-far", "of")), Cell(word, knob="of")]]
    parts = [Table(knob), Table(rows, header)]
    note = said(scene, "near-and-far", "scale") + (
        " " + said(scene, "near-and-far", "in_pieces") if cut else ""
    )
    return (*parts, Say(note, "quiet"))


@figure("neighbours", Place("word", "token", 2), station="lookup")
def neighbours(scene: Scene) -> Figure:
    """The tokens whose rows are closest to that of a token of the sentence."""
    pos = scene.at("word", scene.n)
    found = closest(scene.experiment, scene.ids[pos], _N_NEIGHBOURS)
    labels = labels_of(scene, [id for id, _ in found])
    rows = [
        [
            Cell(str(i + 1)),
            Cell(short(label, 16)),
            number_cell(near, span=1.0),
            Cell(str(id)),
        ]
        for i, (label, (id, near)) in enumerate(zip(labels, found, strict=True))
    ]
    header = [
        "",
        said(scene, "neighbours", "near", word=scene.quoted[pos]),
        said(scene, "near-and-far", "closeness"),
        said(scene, "neighbours", "number"),
    ]
    said_id = said(scene, "neighbours", "id", word=scene.quoted[pos], id=str(scene.ids[pos]))
    return (Table(rows, header, align="rlrr"), Say(said_id, "quiet"))


@figure("embedding-map", Place("word", "token", 2), station="embed")
def embedding_map(scene: Scene) -> Figure:
    """The rows of the sentence's words, of one word's neighbours and of some nouns, on a plane."""
    pos = scene.at("word", scene.n)
    id = scene.ids[pos]
    own = [*dict.fromkeys([id, *(scene.ids[1:] or scene.ids)])][:_MOST_OWN]
    near = [i for i, _ in closest(scene.experiment, id, _N_ON_MAP)]
    nouns = [ids[0] for _, ids in (noun(scene, key) for key in NOUNS) if len(ids) == 1]
    ids = tuple(dict.fromkeys([*own, *near, *nouns]))
    places, kept = plane(scene.experiment, ids)
    points = [
        Point(float(x), float(y), *_named(scene, i, label, own, near))
        for i, label, (x, y) in zip(ids, labels_of(scene, ids), places, strict=True)
    ]
    names = {"word": scene.quoted[pos], "share": scene.words.share(kept)}
    return (Scatter(points), Say(said(scene, "embedding-map", "legend", **names), "quiet"))


def _named(scene: Scene, id: int, label: str, own: list[int], near: list[int]) -> tuple[str, Tone]:
    """The name of a point and its colour: the sentence's words are in quotation marks."""
    if id in own:
        return scene.words.token(short(label)), "strong" if id == own[0] else "first"
    return short(label), "second" if id in near else "third"


@lru_cache(maxsize=4)
def plane(experiment: Experiment, ids: tuple[int, ...]) -> tuple[Array, float]:
    """Two coordinates for each of some rows of W_E, and how much of their spread these keep.

    The two directions are those along which the rows differ most (principal components, from the
    singular value decomposition of the centred rows); of the two signs that a direction may have,
    the one that makes its largest number positive.
    """
    rows = np.nan_to_num(experiment.trace["W_E"].value[list(ids)], posinf=0.0, neginf=0.0)
    rows = rows / (np.abs(rows).max() or 1.0)  # so that no square of a forced giant overflows
    centred = rows - rows.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centred, full_matrices=False)
    total = float(np.square(sizes).sum())
    flat = np.zeros((len(ids), 2))
    for i, direction in enumerate(directions[:2]):
        sign = 1.0 if direction[np.abs(direction).argmax()] >= 0 else -1.0
        flat[:, i] = sign * (centred @ direction)
    kept = float(np.square(sizes[:2]).sum()) / total if total > 0 else 1.0
    return flat, kept
