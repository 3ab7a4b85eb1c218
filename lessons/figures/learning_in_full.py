"""The surprise at each word, the gradient of any number, and one gradient followed by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.blame import Target
from engine.errors import EngineError
from engine.expr import Ref
from engine.ops import Array
from engine.sampling import likeliest
from lessons.figures.cells import blank, largest, number_cell, quiet, run_cell
from lessons.figures.gradients import nudged, slopes_of_word, steepest
from lessons.figures.knobs import DIM, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.stream import (
    final_vector,
    last_layer_norm,
    unembedding,
    unembedding_name,
    unembedding_ref,
)
from lessons.figures.tokens import short
from lessons.figures.training_moments import surprises
from lessons.scene import Scene
from lessons.words import number

_ROWS = 7
_STEEPEST = 5


def nothing_told(scene: Scene) -> Figure:
    """What is shown where the sentence has no word that could have been predicted."""
    return (Say(said(scene, "sentence-loss", "too_short")),)


@figure("sentence-loss", station="probs")
def sentence_loss(scene: Scene) -> Figure:
    """How surprised the model was by each word of the sentence, and on average."""
    found = surprises(scene.experiment)
    if not found:
        return nothing_told(scene)
    kept = sorted(word - 1 for word in by_surprise(scene)[:_ROWS])
    most = largest(found)
    rows = []
    for pos in kept:
        token = scene.ids[pos + 1]
        share = float(scene.experiment.trace["probs"].value[pos, token])
        rows.append(
            [
                Cell(short(scene.quoted[pos + 1], 22)),
                Cell(short(scene.quoted[pos], 22)),
                Cell(scene.words.share(share), Ref("probs", (pos, token))),
                number_cell(found[pos], span=most),
            ]
        )
    label = Cell(said(scene, "sentence-loss", "mean", n=len(found)), tone="strong")
    rows.append([label, *blank(2), number_cell(float(np.mean(found)), tone="strong")])
    header = headings(scene, "sentence-loss", ("word", "at", "share", "loss"))
    parts: Figure = (Table(rows, header, align="llrr", total=True),)
    if len(kept) < len(found):
        parts += (Say(said(scene, "sentence-loss", "some", n=len(kept)), "quiet"),)
    return parts


WHERE = Choice("where", "vector", ("logits", "vector", "start", "W_Q", "W_out"))
RANK = Number("rank", 1, 1, 64, integer=True)


def by_surprise(scene: Scene) -> list[int]:
    """The positions of the words that could be predicted, the most surprising first."""
    found = surprises(scene.experiment)
    sizes = np.nan_to_num(np.array(found, float), nan=-1.0, posinf=1e300, neginf=-1.0)
    return [int(i) + 1 for i in np.argsort(-sizes, kind="stable")]


def _word(scene: Scene) -> int:
    """The position of the word whose surprise is looked at."""
    words = by_surprise(scene)
    return words[min(int(scene.knobs["rank"]), len(words)) - 1]


@figure(
    "gradient-nudge",
    RANK,
    WHERE,
    Number("nudge", 0.1, -1, 1, 0.05),
    station="logits",
)
def gradient_nudge(scene: Scene) -> Figure:
    """The steepest numbers of a step: what the gradient promises, and what a nudge does."""
    if scene.n < 2:
        return nothing_told(scene)
    word, by = _word(scene), float(scene.knobs["nudge"])
    trace, name = scene.experiment.trace, _step(scene)
    token = int(trace["tokens"].value[word])
    slopes = slopes_of_word(scene.experiment, word)[name]
    loss = Target("loss", word - 1, token).value(trace)
    rows = []
    for index in steepest(slopes, _STEEPEST):
        ref, slope = Ref(name, index), float(slopes[index])
        try:
            found = number_cell(nudged(scene.experiment, ref, by, word) - loss, decimals=3)
        except EngineError:
            found = Cell("—")
        rows.append(
            [
                Cell(_place(scene, name, index)),
                run_cell(scene.experiment, ref),
                number_cell(slope, decimals=3),
                number_cell(slope * by, decimals=3),
                found,
            ]
        )
    keys = ("value", "slope", "promised", "found")
    header = ["", *headings(scene, "gradient-nudge", keys, by=number(by))]
    title = said(
        scene, "gradient-nudge", "of", word=short(scene.quoted[word], 22), loss=number(loss)
    )
    return (Table(rows, header, title), Say(said(scene, "gradient-nudge", "note"), "quiet"))


def _step(scene: Scene) -> str:
    config, where = scene.experiment.model.config, str(scene.knobs["where"])
    return {
        "logits": "logits",
        "vector": final_vector(scene.experiment.trace),
        "start": "blocks.0.resid_pre",
        "W_Q": "blocks.0.attn.W_Q",
        "W_out": f"blocks.{config.n_layers - 1}.mlp.W_out",
    }[where]


def _place(scene: Scene, name: str, index: Sequence[int]) -> str:
    """Which number of a step: of which token, or in which row and column of a matrix."""
    if name == "logits":
        (label,) = scene.predicted([index[-1]])
        return said(scene, "gradient-nudge", "logit", token=short(scene.words.token(label)))
    if len(index) == 2 and "W_" not in name:
        token = short(scene.quoted[index[0]], 18)
        return said(scene, "gradient-nudge", "cell", token=token, dim=index[1] + 1)
    return place_name(name.rpartition(".")[2], index)


def place_name(name: str, index: Sequence[int]) -> str:
    """A number of a matrix by its row and its column, counted from 1."""
    return f"{name}[{', '.join(str(i + 1) for i in index)}]"


_CANDIDATES = 2


@figure("gradient-chain", RANK, DIM, station="logits")
def gradient_chain(scene: Scene) -> Figure:
    """The gradient of one weight, from the loss back to it, as products that can be checked.

    The weight is one gain of the last LayerNorm: from it to the logits there are two products.
    """
    if scene.n < 2:
        return nothing_told(scene)
    config, trace = scene.experiment.model.config, scene.experiment.trace
    word, dim = _word(scene), scene.at("dim", config.d_model)
    pos, token = word - 1, int(trace["tokens"].value[word])
    norm = last_layer_norm(config)
    _, column, through = chain(scene, word, dim)
    candidates = [token, *(int(i) for i in likeliest(np.abs(through), _CANDIDATES + 1))]
    candidates = list(dict.fromkeys(candidates))[: _CANDIDATES + 1]
    rows = []
    for id, label in zip(candidates, scene.predicted(candidates), strict=True):
        truth = "1" if id == token else "0"
        share = number(float(trace["probs"].value[pos, id]), 4)
        rows.append(
            [
                Cell(short(scene.words.token(label)), tone="strong" if id == token else ""),
                Cell(f"{share} − {truth}", Ref("probs", (pos, id))),
                number_cell(column[id], unembedding_ref(config, id, dim), 4),
                number_cell(through[id], decimals=4),
            ]
        )
    with np.errstate(all="ignore"):
        total = float(through.sum())
        rest = total - float(through[candidates].sum())
    if n := config.d_vocab - len(candidates):
        others = quiet(said(scene, "gradient-chain", "rest", n=n))
        rows.append([others, *blank(2), number_cell(rest, decimals=4)])
    label_of_sum = Cell(said(scene, "gradient-chain", "vector", dim=dim + 1))
    rows.append([label_of_sum, *blank(2), number_cell(total, decimals=4, tone="strong")])
    keys = ("miss", "weight", "product")
    places = {"table": unembedding_name(config)}
    header = ["", *headings(scene, "gradient-chain", keys, **places)]
    title = said(scene, "gradient-chain", "of", word=short(scene.quoted[word], 22))
    return (
        Table(rows, header, title, total=True),
        *_last_link(scene, word, dim, total, f"{norm}.normalized", f"{norm}.w"),
    )


def chain(scene: Scene, word: int, dim: int) -> tuple[Array, Array, Array]:
    """For every candidate [d_vocab]: how far its probability missed, its number in the table of
    the logits, and the product, which is what it hands back to one number of the last vector."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    errors = np.array(trace["probs"].value[word - 1])
    errors[int(trace["tokens"].value[word])] -= 1.0
    column: Array = unembedding(config, trace)[:, dim]
    with np.errstate(all="ignore"):
        return errors, column, errors * column


def _last_link(
    scene: Scene, word: int, dim: int, total: float, normalized: str, gain: str
) -> Figure:
    """From the vector's number to the weight, and what backpropagation says."""
    trace = scene.experiment.trace
    x, w = Ref(normalized, (word - 1, dim)), Ref(gain, (dim,))
    by_hand = total * trace.value(x)
    machine = float(slopes_of_word(scene.experiment, word)[gain][dim])
    rows = [
        [
            number_cell(total, decimals=4),
            Cell("×"),
            number_cell(trace.value(x), x, 4),
            Cell("="),
            number_cell(by_hand, decimals=4, tone="strong"),
            number_cell(machine, decimals=4),
            number_cell(trace.value(w), w, 4),
        ]
    ]
    keys = ("vector_short", "", "normalized", "", "by_hand", "machine", "gain")
    header = [said(scene, "gradient-chain", f"header.{k}", dim=dim + 1) if k else "" for k in keys]
    same = math.isclose(by_hand, machine, rel_tol=1e-6, abs_tol=1e-9)
    note = "same" if same else "forced"
    return (
        Table(rows, header, align="rcrcrrr"),
        Say(said(scene, "gradient-chain", note), "quiet"),
    )
