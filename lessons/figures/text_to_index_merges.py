"""How a word is cut: from its bytes, merge after merge, to the pieces of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpe import Pair, first_merge, join, show, to_symbols
from engine.experiment import Experiment
from engine.words import split
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.tokens import short
from lessons.labels import visible
from lessons.scene import Scene
from lessons.spelling import spelled_words

_MOST_ROWS = 8
_MOST_OWN = 3
_EXAMPLES = ("invented", "surname", "mistake", "emoji")
_SPACE = "␠"


@dataclass(frozen=True, slots=True)
class Merged:
    """A moment of the cutting: the pieces, and the merge that led here, None before the first.

    rank: how many merges were learned before that one.
    """

    pieces: tuple[str, ...]
    pair: tuple[str, str] | None = None
    rank: int = -1


def merges_of(ranks: Mapping[Pair, int], word: str) -> list[Merged]:
    """The merges of one word exactly as it stands in a text, its space included.

    What `Tokenizer.replay` does, but it would put a space before a word that has none, such as a
    comma.
    """
    symbols = to_symbols(word)
    steps = [Merged(tuple(map(show, symbols)))]
    while pair := first_merge(symbols, ranks):
        symbols = join(pair, symbols)
        pieces, joined = tuple(map(show, symbols)), (show(pair[0]), show(pair[1]))
        steps.append(Merged(pieces, joined, ranks[pair]))
    return steps


def word_at(experiment: Experiment, pos: int) -> str:
    """The word of the text that a token belongs to, with its space; "" for the start token."""
    tokens = experiment.model.tokenizer.tokens
    if pos == 0 or pos >= len(experiment.pieces):
        return ""
    before = sum(len(tokens[piece.id]) for piece in experiment.pieces[1:pos])
    for word in split(experiment.normal_text.rstrip(" ")):
        size = len(word.encode())
        if before < size:
            return word
        before -= size
    return ""


def piece_text(piece: str) -> str:
    """A piece with its space made visible: "␠gat"."""
    if piece.startswith(" ") and piece != " ":
        return _SPACE + visible(piece[1:])
    return visible(piece)


@figure(
    "merges",
    Choice("of", "mine", ("mine", "invented")),
    Place("word", "token", 2),
    Number("step", 0, 0, 64, integer=True),
    station="pieces",
)
def merges(scene: Scene) -> Figure:
    """A word from its smallest pieces on, a merge a row, up to the step of the knob."""
    if scene.knobs["of"] == "invented":
        word = " " + said(scene, "merges", "invented")
    else:
        word = word_at(scene.experiment, scene.at("word", scene.n))
    if not word:
        return (Say(said(scene, "merges", "start", start=scene.words.start)),)
    steps = merges_of(scene.experiment.model.tokenizer.ranks, word)
    here = min(int(scene.knobs["step"]), len(steps) - 1)
    first = max(0, here - _MOST_ROWS + 1)
    rows = [_row(scene, i, steps[i], i == here) for i in range(first, here + 1)]
    header = headings(scene, "merges", ("step", "joined", "order", "word"))
    pieces = steps[here].pieces
    done = here == len(steps) - 1
    values = {"n": len(pieces), "left": len(steps) - 1 - here, "word": visible(word)}
    key = ("whole" if len(pieces) == 1 else "in_pieces") if done else "more"
    of = said(scene, "merges", "of", n=len(steps) - 1)
    knob = [[Cell(said(scene, "merges", "at")), Cell(str(here), knob="step"), Cell(of)]]
    return (
        Table(knob),
        Table(rows, header, align="rlrl"),
        Say(said(scene, "merges", key, **values)),
    )


def _row(scene: Scene, i: int, step: Merged, here: bool) -> list[Cell]:
    joined = rank = ""
    if step.pair is not None:
        joined, rank = " + ".join(map(piece_text, step.pair)), str(step.rank + 1)
    pieces = "  ".join(map(piece_text, step.pieces))
    return [Cell(str(i)), Cell(joined), Cell(rank), Cell(pieces, tone="strong" if here else "")]


@figure("cut-words", station="pieces")
def cut_words(scene: Scene) -> Figure:
    """Words of the sentence and some that no vocabulary has, each with the pieces it is read in."""
    mine = list(spelled_words(scene.experiment)[:_MOST_OWN])
    for word in split(scene.experiment.normal_text):
        if len(mine) < _MOST_OWN and word.strip().isalnum() and word.strip() not in mine:
            mine.append(word.strip())
    words = [("mine", word) for word in mine]
    words += [(f"example_{key}", said(scene, "cut-words", key)) for key in _EXAMPLES]
    rows = []
    for key, word in words:
        pieces = merges_of(scene.experiment.model.tokenizer.ranks, f" {word}")[-1].pieces
        text = short("  ".join(map(piece_text, pieces)), 40)
        name = Cell(said(scene, "cut-words", key), tone="quiet")
        rows.append([name, Cell(short(visible(word), 16)), Cell(text), Cell(str(len(pieces)))])
    header = [said(scene, "cut-words", key) for key in ("whose", "word", "pieces", "count")]
    return (Table(rows, header, align="lllr"), Say(said(scene, "cut-words", "marks"), "quiet"))
