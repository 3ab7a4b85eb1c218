"""From words to numbers: a list of five words, the real vocabulary, and what its order is worth."""

from __future__ import annotations

from engine.expr import Ref
from lessons.figures.closeness import closest
from lessons.figures.excerpts import excerpt, with_gaps
from lessons.figures.knobs import WORD, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, said
from lessons.figures.tokens import labels_of, short, word_cells
from lessons.scene import Scene
from lessons.spelling import spelled_words

N_BYTES = 256
TOY = ("the", "cat", "eats", "a", "fish")
"""The words of the source's list, in its order: a word's number is its place here."""
_PLACES = ("first", "second", "third", "fourth", "fifth")
_SLOTS = tuple(Choice(place, word, TOY) for place, word in zip(_PLACES, TOY, strict=True))
_MOST_PIECES = 16


def toy_words(scene: Scene) -> list[str]:
    """The five words in this language, in the order of their numbers."""
    return [said(scene, "toy-index", f"word.{word}") for word in TOY]


@figure("toy-index", *_SLOTS, station="ids")
def toy_index(scene: Scene) -> Figure:
    """A sentence of five words of one's choice, and their numbers in a list of five."""
    words = toy_words(scene)
    chosen = [TOY.index(str(scene.knobs[place])) for place in _PLACES]
    sentence = Table(
        [
            [
                Cell(said(scene, "toy-index", "sentence")),
                *(Cell(words[i], knob=place) for place, i in zip(_PLACES, chosen, strict=True)),
            ],
            [Cell(said(scene, "toy-index", "numbers")), *(Cell(str(i)) for i in chosen)],
        ],
        title=said(scene, "toy-index", "yours"),
    )
    rows = [[Cell(str(i)), Cell(word)] for i, word in enumerate(words)]
    header = [said(scene, "toy-index", key) for key in ("number", "each")]
    return (sentence, Table(rows, header, said(scene, "toy-index", "list"), align="rl"))


@figure("index-illusion", WORD, station="ids")
def index_illusion(scene: Scene) -> Figure:
    """Which words have the next numbers, which ones are used alike, and what a sum of ids is."""
    pos = scene.at("word", scene.n)
    id = scene.ids[pos]
    n = scene.experiment.model.config.d_vocab
    by_number = [i for i in range(id - 2, id + 3) if 0 <= i < n and i != id]
    by_use = [i for i, _ in closest(scene.experiment, id, len(by_number))]
    names = labels_of(scene, by_number), labels_of(scene, by_use)
    rows = [
        [Cell(short(a)), Cell(str(i)), Cell(short(b)), Cell(str(j))]
        for a, i, b, j in zip(names[0], by_number, names[1], by_use, strict=False)
    ]
    header = [said(scene, "index-illusion", key) for key in ("by_number", "id", "by_use", "id")]
    first = min(1, scene.n - 1)
    total = scene.ids[first] + id
    key = "sum" if total < n else "no_sum"
    result = labels_of(scene, [total])[0] if total < n else ""
    return (
        Say(said(scene, "index-illusion", "word", word=scene.quoted[pos], id=str(id))),
        Table(rows, header, align="lrlr"),
        Say(
            said(
                scene,
                "index-illusion",
                key,
                a=scene.quoted[first],
                b=scene.quoted[pos],
                x=str(scene.ids[first]),
                y=str(id),
                total=str(total),
                result=scene.words.token(result),
                last=str(n - 1),
            )
        ),
        Say(said(scene, "index-illusion", "how"), "quiet"),
    )


@figure("vocabulary", Number("from", 1860, 0, 999_999, integer=True), station="ids")
def vocabulary(scene: Scene) -> Figure:
    """A stretch of the model's list of tokens, from a number of one's choice."""
    n = scene.experiment.model.config.d_vocab
    start = min(int(scene.knobs["from"]), n - 1)
    ids = [*range(max(min(start, n - 14), 0), n)][:14]
    cells = [
        (Cell(str(id), tone="strong" if id == start else ""), Cell(short(label, 16)))
        for id, label in zip(ids, labels_of(scene, ids), strict=True)
    ]
    half = -(-len(cells) // 2)
    empty = (Cell(""), Cell(""))
    rows = [
        [*cells[i], *(cells[i + half] if i + half < len(cells) else empty)] for i in range(half)
    ]
    pair = [said(scene, "vocabulary", key) for key in ("number", "piece")]
    n_whole = max(n - N_BYTES - 1, 0)
    counts = said(scene, "vocabulary", "counts", n=n, bytes=N_BYTES, made=n_whole, last=str(n - 1))
    knob = [[Cell(said(scene, "vocabulary", "from")), Cell(str(start), knob="from")]]
    return (Table(knob), Table(rows, [*pair, *pair], align="rlrl"), Say(counts, "quiet"))


@figure("road", WORD, station="pieces")
def road(scene: Scene) -> Figure:
    """The sentence in its tokens, their numbers below; one word read as a row of the list."""
    pos = scene.at("word", scene.n)
    places = excerpt(scene.n, _MOST_PIECES, keep=(0, pos))
    words = word_cells(scene)
    words[pos] = Cell(words[pos].text, tone="strong")
    ids = [Cell(str(id), Ref("tokens", (i,))) for i, id in enumerate(scene.ids)]
    parts: list[Say | Sentence] = [
        Sentence(with_gaps(places, words), below=with_gaps(places, ids)),
        Say(said(scene, "road", "one", word=scene.quoted[pos], id=str(scene.ids[pos]))),
        Say(said(scene, "road", "count", n=scene.n, typed=scene.n - 1)),
    ]
    if None in places:
        parts.append(Say(said(scene, "road", "cut"), "quiet"))
    if scene.experiment.cut_at is not None:
        n_ctx = scene.experiment.model.config.n_ctx
        parts.append(Say(said(scene, "road", "too_long", n=n_ctx), "quiet"))
    unknown = spelled_words(scene.experiment)
    key = "in_pieces" if unknown else "all_whole"
    listed = ", ".join(scene.words.token(short(word, 20)) for word in unknown[:4])
    listed += ", …" if len(unknown) > 4 else ""
    parts.append(Say(said(scene, "road", key, words=listed)))
    return tuple(parts)
