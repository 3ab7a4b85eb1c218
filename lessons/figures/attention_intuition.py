"""Which words a word looks at: arcs, shares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.figures.cells import part_of, run_cell
from lessons.figures.excerpts import highest, on_a_line, ranked, with_gaps
from lessons.figures.knobs import WORD, Choice
from lessons.figures.parts import Arc, Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short
from lessons.scene import Scene
from lessons.words import weight

_MOST_WORDS = 12
_MOST_ROWS = 8
_FAINTEST_ARC = 0.1
_LEAST_SHARE = 0.01  # what gets less is shown only where there is room


@dataclass(frozen=True, slots=True)
class Look:
    """How a word looks at the others in one of the model's looks: of all, the one where it looks
    hardest at a single other word.

    row: the weight for every token. at: the token that gets most, the start token and the word
    itself left out; None where there is no other. number: which of the model's looks, from 1.
    """

    block: int
    head: int
    word: int
    row: Array
    at: int | None
    number: int

    @property
    def weight(self) -> float:
        """What the word looked at most gets."""
        return 0.0 if self.at is None else float(self.row[self.at])

    def ref(self, key: int) -> Ref:
        """The address of a weight."""
        return Ref(f"blocks.{self.block}.attn.pattern", (self.head, self.word, key))


def clearest(experiment: Experiment, word: int) -> Look:
    """The look of a word that is hardest on one other word; of equals the first."""
    config, trace = experiment.model.config, experiment.trace
    best: Look | None = None
    for block in range(config.n_layers):
        pattern = trace[f"blocks.{block}.attn.pattern"].value[:, word]
        for head, row in enumerate(pattern):
            at = _most_looked_at(row, word)
            look = Look(block, head, word, row, at, block * config.n_heads + head + 1)
            if best is None or look.weight > best.weight:
                best = look
    assert best is not None  # a model has a block and a head
    return best


def _most_looked_at(row: Array, word: int) -> int | None:
    others = np.nan_to_num(row, nan=0.0)
    others[[0, word]] = 0.0
    at = int(others.argmax())
    return at if others[at] > 0 else None


@figure("who-is-it", Choice("ending", "fear", ("fear", "nests")), station="pattern")
def who_is_it(scene: Scene) -> Figure:
    """A sentence with two endings, and whom a person takes the same word for in each of them."""
    ending = str(scene.knobs["ending"])
    words = said(scene, "who-is-it", f"sentence.{ending}").split()
    asker, meant = (words.index(said(scene, "who-is-it", f"{k}.{ending}")) for k in ("it", "who"))
    cells = [
        Cell(word, tone="strong" if i in (asker, meant) else "") for i, word in enumerate(words)
    ]
    names = {"it": words[asker], "who": words[meant]}
    return (
        Sentence(cells, [Arc(asker, meant, 1.0)]),
        Say(said(scene, "who-is-it", "reader", **names)),
        Say(said(scene, "who-is-it", "by_a_person"), "quiet"),
    )


@figure("looks", WORD, station="pattern")
def looks(scene: Scene) -> Figure:
    """The sentence with the arcs of one word's clearest look, each word with its share."""
    word = scene.at("word", scene.n)
    look = clearest(scene.experiment, word)
    every = ranked(look.row, range(scene.n))
    seen = [i for i in every if look.row[i] >= _LEAST_SHARE and i != word]
    words = [_word_cell(scene, look, i) for i in range(scene.n)]
    below = [_share_cell(scene, look, i) for i in range(scene.n)]
    widths = [max(len(a.text), len(b.text)) for a, b in zip(words, below, strict=True)]
    places = on_a_line(widths, _MOST_WORDS, keep=[word, *seen])
    cells, shares = with_gaps(places, words), with_gaps(places, below)
    arcs = [
        Arc(places.index(word), places.index(i), part_of(look.row[i]) or 0.0)
        for i in seen
        if i in places and look.row[i] >= _FAINTEST_ARC
    ]
    return (Sentence(cells, arcs, shares), *_told(scene, look, len(places) < scene.n))


def _word_cell(scene: Scene, look: Look, i: int) -> Cell:
    shade = part_of(look.row[i])
    return Cell(short(scene.labels[i]), tone="strong" if i == look.word else "", shade=shade)


def _share_cell(scene: Scene, look: Look, i: int) -> Cell:
    share = float(look.row[i])
    text = (
        scene.words.percent.format(number="<1")
        if 0 < share < _LEAST_SHARE
        else scene.words.share(share)
    )
    return Cell(text, look.ref(i), tone="quiet")


def _told(scene: Scene, look: Look, cut: bool) -> Figure:
    """What the figure says in words: the look itself, which of how many it is, what may be seen."""
    config = scene.experiment.model.config
    name = scene.quoted[look.word]
    if look.at is None:
        key = "none" if look.word else "none_start"
        said_of = said(scene, "looks", key, word=name)
    else:
        share = scene.words.share(look.weight)
        said_of = said(scene, "looks", "look", word=name, at=scene.quoted[look.at], share=share)
    of = config.n_layers * config.n_heads
    notes = said(scene, "looks", "which", number=look.number, of=of)
    parts = [Say(said_of), Say(f"{notes} {direction(scene)}", "quiet")]
    if cut:
        parts.append(Say(said(scene, "looks", "cut", n=scene.n), "quiet"))
    return tuple(parts)


def direction(scene: Scene) -> str:
    """Whether words look only back in this model, or to both sides, as a sentence."""
    causal = scene.experiment.model.config.causal
    return said(scene, "looks", "back" if causal else "both")


@figure("look-shares", WORD, station="pattern")
def look_shares(scene: Scene) -> Figure:
    """One word's clearest look as a table: a weight for each word, and their sum."""
    word = scene.at("word", scene.n)
    look = clearest(scene.experiment, word)
    shown = highest(look.row, range(scene.n), _MOST_ROWS)
    rest = [i for i in range(scene.n) if i not in shown]
    rows = [
        [
            Cell(scene.quoted[i] + (said(scene, "look-shares", "self") if i == word else "")),
            run_cell(scene.experiment, look.ref(i), write=weight),
            Cell(scene.words.share(look.row[i]), bar=part_of(look.row[i])),
        ]
        for i in shown
    ]
    # Rounded, so that a last digit lost in adding up does not make 99.99 % of all.
    sums = [(said(scene, "look-shares", "sum"), round(float(look.row.sum()), 9))]
    if rest:
        name = said(scene, "look-shares", "rest", n=len(rest))
        sums.insert(0, (name, float(look.row[rest].sum())))
    rows += [[Cell(name), Cell(weight(x)), Cell(scene.words.share(x))] for name, x in sums]
    header = [
        said(scene, "look-shares", "word", word=scene.quoted[word]),
        *(said(scene, "look-shares", key) for key in ("weight", "share")),
    ]
    return (Table(rows, header, total=True),)
