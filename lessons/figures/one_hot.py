"""One-hot vectors: a 1 in a word's own place, how far apart they are, and how much of them is 0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.ops import Array
from lessons.figures.excerpts import GAP, excerpt
from lessons.figures.knobs import WORD, Choice, Number
from lessons.figures.parts import Cell, Drawing, Figure, Say, Table
from lessons.figures.published import GPT2
from lessons.figures.registry import figure, headings, said
from lessons.figures.text_to_index import TOY, toy_words
from lessons.figures.tokens import labels_of, short, whole_word
from lessons.figures.vectors import length
from lessons.scene import Scene
from lessons.words import number, root

_MOST_WORDS = 7
_NOUNS = ("cat", "dog", "democracy")


def one_hot(id: int, n: int) -> Array:
    """A vector of n places with a 1 at `id` and 0 in all the others."""
    vector: Array = np.zeros(n)
    vector[id] = 1.0
    return vector


def distance(a: Array, b: Array) -> float:
    """How far apart two vectors are: the root of the sum of the squared differences."""
    return length(a - b)


@figure("one-hot-toy", Choice("word", "a", TOY), station="lookup")
def one_hot_toy(scene: Scene) -> Figure:
    """The one-hot vectors of the five words of the list, all five; one of them pointed at."""
    chosen = TOY.index(str(scene.knobs["word"]))
    rows = [
        [
            Cell(word, tone="strong" if id == chosen else ""),
            Cell(str(id)),
            *(_place(x, id == chosen) for x in one_hot(id, len(TOY))),
        ]
        for id, word in enumerate(toy_words(scene))
    ]
    header = [said(scene, "one-hot-toy", key) for key in ("each", "number")]
    header += [said(scene, "one-hot-toy", "place", n=i) for i in range(len(TOY))]
    text = said(scene, "one-hot-toy", "one", word=toy_words(scene)[chosen], id=chosen)
    knob = [Cell(said(scene, "one-hot-toy", "look")), Cell(toy_words(scene)[chosen], knob="word")]
    return (Drawing([knob]), Table(rows, header), Say(text))


def _place(x: float, strong: bool) -> Cell:
    """A 0 or 1, the 1 shaded."""
    return Cell(f"{x:.0f}", tone="strong" if strong and x else "", shade=x if x else None)


@figure("one-hot-own", WORD, station="lookup")
def one_hot_own(scene: Scene) -> Figure:
    """The one-hot vector of a token of the sentence: the places around its 1, the rest counted."""
    pos = scene.at("word", scene.n)
    id, n = scene.ids[pos], scene.experiment.model.config.d_vocab
    vector = one_hot(id, n)
    places = excerpt(n, 8, keep=(id, id - 1, id + 1))
    head = [said(scene, "one-hot-own", "place")]
    head += [GAP if i is None else str(i) for i in places]
    row = [Cell(said(scene, "one-hot-own", "vector"))]
    row += [Cell(GAP) if i is None else _place(float(vector[i]), True) for i in places]
    ones = int(np.count_nonzero(vector))
    values = {
        "word": scene.quoted[pos],
        "id": str(id),
        "before": id,
        "after": n - 1 - id,
        "n": n,
        "ones": ones,
        "zeros": n - ones,
        "share": scene.words.share((n - ones) / n),
    }
    return (
        Table([row], head),
        Say(said(scene, "one-hot-own", "around", **values)),
        Say(said(scene, "one-hot-own", "zeros", **values)),
    )


@figure("distance-steps", Choice("a", "cat", TOY), Choice("b", "fish", TOY), station="lookup")
def distance_steps(scene: Scene) -> Figure:
    """The distance of two one-hot vectors, step by step."""
    a, b = (TOY.index(str(scene.knobs[key])) for key in "ab")
    words = toy_words(scene)
    first, second = one_hot(a, len(TOY)), one_hot(b, len(TOY))
    difference = first - second
    squares = np.square(difference)
    rows = [
        [Cell(words[a], knob="a"), *(_place(x, True) for x in first)],
        [Cell(words[b], knob="b"), *(_place(x, True) for x in second)],
        [Cell(said(scene, "distance-steps", "difference")), *map(_whole, difference)],
        [Cell(said(scene, "distance-steps", "squared")), *map(_whole, squares)],
    ]
    header = ["", *(said(scene, "one-hot-toy", "place", n=i) for i in range(len(TOY)))]
    total, far = float(squares.sum()), distance(first, second)
    terms = " + ".join(_whole(x).text for x in squares)
    result = said(scene, "distance-steps", "sum", terms=terms, total=f"{total:.0f}")
    last = said(scene, "distance-steps", "root", root=root(round(total), far))
    return (Table(rows, header), Say(result), Say(last))


def _whole(x: float) -> Cell:
    return Cell(f"{x:.0f}".replace("-0", "0").replace("-", "−"))


@figure("all-distances", Choice("of", "mine", ("mine", "nouns")), station="lookup")
def all_distances(scene: Scene) -> Figure:
    """The distance between the one-hot vectors of all pairs of some words."""
    n = scene.experiment.model.config.d_vocab
    labels, ids = _chosen(scene)
    # Only the places that are not 0 in all of them matter: the others add 0 to every sum.
    places = {id: i for i, id in enumerate(ids)}
    vectors = [one_hot(places[id], len(ids)) for id in ids]
    table = [[distance(a, b) for b in vectors] for a in vectors]
    rows = [
        [Cell(name), *(Cell(number(x), tone="quiet" if x == 0 else "") for x in row)]
        for name, row in zip(labels, table, strict=True)
    ]
    apart = {round(x, 9) for row in table for x in row if x > 0}
    return (Table(rows, ["", *labels]), Say(_verdict(scene, apart, n)))


def _verdict(scene: Scene, apart: set[float], n: int) -> str:
    """What the table shows: one distance for all pairs, or that there is no pair."""
    if not apart:
        return said(scene, "all-distances", "alone")
    return said(scene, "all-distances", "equal", distance=number(min(apart)), n=n)


def _chosen(scene: Scene) -> tuple[list[str], list[int]]:
    """The words of the sentence, each once, or three nouns as far as the model has them whole."""
    if scene.knobs["of"] == "nouns":
        model = scene.experiment.model
        nouns = [whole_word(model, said(scene, "all-distances", f"noun.{key}")) for key in _NOUNS]
        found = {ids[0]: word for word, ids in nouns if len(ids) == 1}
        if found:
            return [*found.values()], [*found]
    own = dict.fromkeys(scene.ids[1:] or scene.ids)
    ids = [i for i in excerpt(len(own), _MOST_WORDS) if i is not None]
    chosen = [[*own][i] for i in ids]
    return [short(label, 8) for label in labels_of(scene, chosen)], chosen


@figure("zeros", Number("size", 50_000, 2, 1_000_000, 1000, integer=True), station="lookup")
def zeros(scene: Scene) -> Figure:
    """How long one-hot vectors are for vocabularies of several sizes, and how much of them is 0."""
    own = scene.experiment.model.config.d_vocab
    size = int(scene.knobs["size"])
    sizes: Sequence[tuple[str, int, str]] = (
        ("toy", len(TOY), ""),
        ("own", own, ""),
        ("gpt2", GPT2.d_vocab, ""),
        ("chosen", size, "size"),
    )
    rows = [
        [
            Cell(said(scene, "zeros", key)),
            Cell(scene.words.whole(n), knob=knob),
            Cell("1"),
            Cell(scene.words.share((n - 1) / n), bar=(n - 1) / n),
            Cell(scene.words.whole(scene.n * n)),
        ]
        for key, n, knob in sizes
    ]
    header = headings(scene, "zeros", ("who", "places", "ones", "zeros"))
    header.append(said(scene, "zeros", "header.sentence", n=scene.n))
    return (Table(rows, header),)
