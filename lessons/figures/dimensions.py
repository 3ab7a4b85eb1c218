"""How wide a vector is: what that costs, what it buys, and that no number in it has a name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.config import Config
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.store import n_parameters
from lessons.figures.cells import largest, number_cell, quiet, run_cell
from lessons.figures.closeness import closest
from lessons.figures.common_words import Known, known_words
from lessons.figures.knobs import DIM, WORD, Choice, Number
from lessons.figures.parts import Cell, Figure, Part, Say, Table
from lessons.figures.published import PAPER
from lessons.figures.registry import figure, said
from lessons.figures.runs import read_by
from lessons.figures.tokens import labels_of, short
from lessons.languages import models_of
from lessons.scene import Scene, shipped_model
from lessons.words import number

BYTES = 4  # a number as models are usually stored while they are trained
WIDTHS = (2, 4, 8, 16, 32, 64, 128, 256, 512, 768, 1024, 2048, 4096, 8192, 12288, 16384)
N_NEIGHBOURS = 6
_EACH_END = 5


# --- What it costs -------------------------------------------------------------------------------


def widened(config: Config, d_model: int) -> Config:
    """The settings with another d_model, and the other inner sizes in proportion."""
    times = d_model / config.d_model
    return replace(
        config,
        d_model=d_model,
        d_head=max(1, round(config.d_head * times)),
        d_mlp=max(1, round(config.d_mlp * times)),
    )


@figure(
    "dimensions-cost",
    Choice("d_model", str(PAPER.d_model), tuple(map(str, WIDTHS))),
    station="lookup",
)
def dimensions_cost(scene: Scene) -> Figure:
    """What the learner's model would need with another d_model."""
    config = scene.experiment.model.config
    other = widened(config, int(scene.knobs["d_model"]))

    def row(key: str, mine: int, theirs: int) -> list[Cell]:
        return [
            Cell(said(scene, "dimensions-cost", f"row.{key}")),
            Cell(scene.words.whole(mine)),
            Cell(scene.words.whole(theirs), tone="strong"),
            quiet(f"× {number(theirs / mine)}"),
        ]

    rows = [
        row("vector", config.d_model, other.d_model),
        row("sentence", scene.n * config.d_model, scene.n * other.d_model),
        row("table", config.d_vocab * config.d_model, config.d_vocab * other.d_model),
        row("all", n_parameters(config), n_parameters(other)),
    ]
    memory = [
        Cell(said(scene, "dimensions-cost", "row.memory")),
        Cell(in_bytes(BYTES * n_parameters(config))),
        Cell(in_bytes(BYTES * n_parameters(other)), tone="strong"),
        Cell(""),
    ]
    wide = f"d_model {scene.words.whole(other.d_model)}"
    header = ["", said(scene, "dimensions-cost", "mine"), wide, ""]
    paper = said(
        scene,
        "dimensions-cost",
        "paper",
        vocabulary=PAPER.d_vocab,
        width=PAPER.d_model,
        numbers=PAPER.d_vocab * PAPER.d_model,
    )
    note = said(scene, "dimensions-cost", "note", d_vocab=config.d_vocab)
    return (Table([*rows, memory], header), Say(note, "quiet"), Say(paper))


def in_bytes(n: int) -> str:
    """An amount of memory: "186 kB", "1.6 GB"."""
    size, units = float(n), iter(("B", "kB", "MB", "GB", "TB", "PB"))
    unit = next(units)
    while size >= 1000:
        size, unit = size / 1000, next(units)
    return f"{size:.3g} {unit}"


# --- What it buys --------------------------------------------------------------------------------


@figure(
    "dimensions-kept",
    Number("kept", 2, 2, 64, integer=True),
    WORD,
    station="lookup",
)
def dimensions_kept(scene: Scene) -> Figure:
    """The neighbours of a word with all numbers, and with only the first few."""
    model = scene.experiment.model
    id = scene.ids[scene.at("word", scene.n)]
    kept = min(int(scene.knobs["kept"]), model.config.d_model)
    full, few = (closest(scene.experiment, id, N_NEIGHBOURS, n) for n in (None, kept))
    still = {one for one, _ in full}
    rows = []
    labels = [
        [short(label, 16) for label in labels_of(scene, [id for id, _ in found])]
        for found in (full, few)
    ]
    for (_, far), (right, near), left_label, right_label in zip(full, few, *labels, strict=True):
        same = right in still
        mark = said(scene, "dimensions-kept", "same") if same else ""
        rows.append(
            [
                Cell(left_label),
                number_cell(far),
                Cell(right_label, tone="good" if same else ""),
                number_cell(near),
                Cell(mark, tone="good"),
            ]
        )
    header = [said(scene, "dimensions-kept", "all", n=model.config.d_model), ""]
    header += [said(scene, "dimensions-kept", "only", n=kept), "", ""]
    label = scene.quoted[scene.at("word", scene.n)]
    title = said(scene, "dimensions-kept", "of", word=short(label, 30))
    n = sum(one in still for one, _ in few)
    line = said(scene, "dimensions-kept", "still", n=n, of=len(few), kept=kept)
    note = Say(said(scene, "dimensions-kept", "note"), "quiet")
    return (Table(rows, header, title, "lrlrl"), Say(line), note)


# --- No number has a name ------------------------------------------------------------------------


def _shown(scene: Scene) -> tuple[Experiment, int]:
    """The learner's run, or a mini's if their model lacks the words of the list; and its number."""
    words = known_words(scene.experiment.model)
    kinds = {word.kind for word in words}
    if len(words) >= 2 * _EACH_END and "animal" in kinds and len(kinds) > 1:
        return scene.experiment, 0
    return read_by(shipped_model(f"mini-{models_of(scene.lang)}"), scene.experiment.text), 1


@figure(
    "dimensions-one",
    DIM,
    station="embed",
    runs=lambda scene: (_shown(scene)[0],),
)
def dimensions_one(scene: Scene) -> Figure:
    """The words that have most and least of one number, and how well it tells animals."""
    shown, run = _shown(scene)
    model = shown.model
    dim = scene.at("dim", model.config.d_model)
    table: Array = shown.trace["W_E"].value
    words = known_words(model)
    order = sorted(words, key=lambda word: -float(table[word.id, dim]))
    span = largest(table[word.id, dim] for word in words)

    def cells(word: Known) -> list[Cell]:
        value = run_cell(shown, Ref("W_E", (word.id, dim)), run, span=span)
        kind = said(scene, "dimensions-one", f"kind.{word.kind}")
        return [Cell(word.word), quiet(kind), value]

    ends = zip(order[:_EACH_END], order[-_EACH_END:][::-1], strict=True)
    rows = [[*cells(high), *cells(low)] for high, low in ends]
    header = [said(scene, "dimensions-one", "high"), "", ""]
    header += [said(scene, "dimensions-one", "low"), "", ""]
    title = said(scene, "dimensions-one", "of", dim=dim + 1, n=len(words))
    alone, best, together = animal_mistakes(table, words, dim)
    line = said(
        scene,
        "dimensions-one",
        "mistakes",
        dim=dim + 1,
        alone=alone,
        n=len(words),
        best=best,
        together=together,
        d_model=model.config.d_model,
    )
    parts: list[Part] = [Table(rows, header, title, "llrllr"), Say(line)]
    if run:
        other = said(scene, "dimensions-one", "other_model", model=model.name)
        parts.append(Say(other, "quiet"))
    return tuple(parts)


def animal_mistakes(table: Array, words: tuple[Known, ...], dim: int) -> tuple[int, int, int]:
    """How many words are wrongly told to be an animal or not, by the best cut.

    By one number alone; by that one of all numbers that does it best; and by all of them together,
    along the line from the middle of the other words to the middle of the animals.
    """
    rows = table[[word.id for word in words]]
    animal = np.array([word.kind == "animal" for word in words])
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        line = rows[animal].mean(axis=0) - rows[~animal].mean(axis=0)
        alone = [_mistakes(rows[:, i], animal) for i in range(rows.shape[1])]
        return alone[dim], min(alone), _mistakes(rows @ line, animal)


def _mistakes(values: Array, animal: Array) -> int:
    """The fewest words on the wrong side of a cut, with the animals above it or below it."""
    inside = animal[np.argsort(values, kind="stable")]
    # Cut after the first i words: the animals among them, and the others among the rest.
    below = np.concatenate([[0], np.cumsum(inside)])
    above = np.concatenate([[0], np.cumsum(~inside)])
    high = below + (above[-1] - above)
    low = above + (below[-1] - below)
    return int(min(high.min(), low.min()))
