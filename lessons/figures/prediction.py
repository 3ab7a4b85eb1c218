"""From the last vector to probabilities, and what the way out would say after each block."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array, Softmax
from engine.sampling import likeliest
from lessons.figures.candidates import likeliest_token, likeliest_tokens, share_cell
from lessons.figures.cells import blank, largest, number_cell, part_of, quiet
from lessons.figures.excerpts import evenly
from lessons.figures.knobs import TOKEN, Choice, Number
from lessons.figures.parts import Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.runs import model_language, read_by
from lessons.figures.stream import (
    final_vector,
    seen_after,
    unembedding,
    unembedding_name,
    unembedding_ref,
)
from lessons.figures.tokens import short
from lessons.scene import Scene
from lessons.words import number

_PRODUCTS = 5
_CANDIDATES = 7

SUBJECTS = ("cat", "dog", "girl", "bird", "cow")
SUBJECT = Choice("subject", "cat", SUBJECTS)
VERB = Choice("verb", "eats", ("eats", "drinks"))


@figure("unembedding", Number("rank", 1, 1, 40, integer=True), TOKEN, station="logits")
def unembed(scene: Scene) -> Figure:
    """One logit as a dot product: the last vector and the candidate's own numbers."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos = scene.at("token", scene.n)
    logits = trace["logits"].value[pos]
    rank = min(int(scene.knobs["rank"]), config.d_vocab)
    candidate, label = likeliest_tokens(scene, logits, rank)[-1]
    name, table = final_vector(trace), unembedding_name(config)
    x, row = trace[name].value[pos], unembedding(config, trace)[candidate]
    with np.errstate(all="ignore"):
        products = x * row
    order = [int(d) for d in likeliest(np.abs(products), _PRODUCTS)]
    span = largest(products)
    rows = [
        [
            Cell(said(scene, "unembedding", "dim", dim=d + 1)),
            number_cell(x[d], Ref(name, (pos, d)), 3),
            number_cell(row[d], unembedding_ref(config, candidate, d), 3),
            number_cell(products[d], decimals=3, span=span),
        ]
        for d in order
    ]
    if rest := config.d_model - len(order):
        with np.errstate(all="ignore"):
            others = products.sum() - products[order].sum()
        label_of_rest = quiet(said(scene, "unembedding", "rest", n=rest))
        rows.append([label_of_rest, *blank(2), number_cell(others, decimals=3)])
    total = number_cell(logits[candidate], Ref("logits", (pos, candidate)), 3)
    rows.append([Cell("logit", tone="strong"), *blank(2), total])
    places = {
        "token": short(scene.quoted[pos], 20),
        "candidate": short(scene.words.token(label)),
        "table": table,
    }
    header = ["", *headings(scene, "unembedding", ("x", "row", "product"), **places)]
    title = said(scene, "unembedding", "of", rank=rank, **places)
    note = said(scene, "unembedding", "tied" if config.tied else "untied", table=table)
    return (Table(rows, header, title, total=True), Say(note, "quiet"))


@figure("logits-to-probs", TOKEN, Number("shift", 0, -10, 10, 1), station="probs")
def logits_to_probs(scene: Scene) -> Figure:
    """The likeliest candidates: logit, e^logit, probability; all logits may be moved together."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos, shift = scene.at("token", scene.n), float(scene.knobs["shift"])
    logits, probs = trace["logits"].value[pos], trace["probs"].value[pos]
    candidates = likeliest_tokens(scene, logits, _CANDIDATES)
    best = [id for id, _ in candidates]
    with np.errstate(all="ignore"):
        powers = np.exp(logits + shift)
        shares = Softmax().forward(logits + shift) if shift else probs
        rest = (powers.sum() - powers[best].sum(), shares.sum() - shares[best].sum())
        sums = (powers.sum(), shares.sum())
    rows = []
    for i, label in candidates:
        row = [Cell(short(label)), number_cell(logits[i], Ref("logits", (pos, i)))]
        if shift:
            row.append(number_cell(logits[i] + shift))
        row.append(_power(scene, powers[i]))
        share = float(shares[i])
        ref = None if shift else Ref("probs", (pos, i))
        rows.append([*row, Cell(scene.words.share(share), ref, bar=part_of(share))])
    empty = blank(2 if shift else 1)
    if n := config.d_vocab - len(best):
        label_of_rest = quiet(said(scene, "logits-to-probs", "rest", n=n))
        share_of_rest = Cell(scene.words.share(min(max(float(rest[1]), 0.0), 1.0)))
        rows.append([label_of_rest, *empty, _power(scene, rest[0]), share_of_rest])
    all_of_it = scene.words.share(round(float(sums[1]), 9))
    rows.append(
        [
            quiet(said(scene, "logits-to-probs", "sum")),
            *empty,
            _power(scene, sums[0]),
            Cell(all_of_it),
        ]
    )
    header = ["", "logit", "e^logit", said(scene, "logits-to-probs", "probability")]
    if shift:
        plus = said(scene, "logits-to-probs", "shifted", shift=number(shift))
        header[2:3] = [plus, f"e^({plus})"]
    title = said(scene, "logits-to-probs", "after", token=scene.quoted[pos])
    return (Table(rows, header, title, total=True),)


_LARGE = 1e6  # from here on a power of ten is shorter


def _power(scene: Scene, x: float) -> Cell:
    """A power of e, without decimals where it is large."""
    return Cell(scene.words.whole(x)) if 100 <= x < _LARGE else number_cell(x)


def gap_run(scene: Scene, subject: str = SUBJECT.default, verb: str = VERB.default) -> Experiment:
    """A sentence with a gap at its end, in the language of the learner's model and read by it."""
    lang = model_language(scene)
    text = " ".join(said(scene, "blank", f"{lang}.{word}") for word in (subject, verb))
    return read_by(scene.experiment.model, text)


def _gap_runs(scene: Scene) -> tuple[Experiment]:
    return (gap_run(scene, str(scene.knobs["subject"]), str(scene.knobs["verb"])),)


@figure("blank", SUBJECT, VERB, station="probs", runs=_gap_runs)
def gap(scene: Scene) -> Figure:
    """What the model puts in the gap of a short sentence."""
    (run,) = _gap_runs(scene)
    there = scene.about(run)
    logits = run.trace["logits"].value[-1]
    rows = [
        [Cell(short(label)), share_cell(scene, run, there.n - 1, i, 1)]
        for i, label in likeliest_tokens(there, logits, _CANDIDATES)
    ]
    words = [Cell(label) for label in there.labels[1:]]
    header = ["", said(scene, "blank", "probability")]
    return (
        Sentence([*words, Cell("___", tone="strong")]),
        Table(rows, header),
        Say(said(scene, "blank", "note"), "quiet"),
    )


_GUESSES = 3
_MOST_ROWS = 8


@figure("logit-lens", TOKEN, station="logits")
def logit_lens(scene: Scene) -> Figure:
    """The three likeliest candidates after each block, seen through the model's own way out."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos = scene.at("token", scene.n)
    winner, label = likeliest_token(scene, trace["logits"].value[pos])
    kept = evenly(config.n_layers + 1, _MOST_ROWS)
    rows = []
    for i in kept:
        probs = seen_after(scene.experiment, i, pos)
        rows.append([_depth(scene, i), *_guesses(scene, probs, i, pos), *_of(scene, probs, winner)])
    header = ["", *headings(scene, "logit-lens", range(1, _GUESSES + 1))]
    header += [short(scene.words.token(label)), said(scene, "logit-lens", "header.place")]
    title = said(scene, "logit-lens", "after", token=scene.quoted[pos])
    table = unembedding_name(config)
    how = "pre" if config.norm == "pre" else "post"
    return (
        Table(rows, header, title),
        Say(said(scene, "logit-lens", how, table=table), "quiet"),
    )


def _depth(scene: Scene, i: int) -> Cell:
    n = scene.experiment.model.config.n_layers
    key = "start" if i == 0 else "end" if i == n else "block"
    return Cell(said(scene, "logit-lens", key, block=i), tone="strong" if i == n else "")


def _guesses(scene: Scene, probs: Array, i: int, pos: int) -> list[Cell]:
    """The likeliest candidates; only after the last block are they numbers of the run."""
    real = i == scene.experiment.model.config.n_layers
    return [
        Cell(
            f"{short(label, 9)} {scene.words.share(float(probs[v]))}",
            Ref("probs", (pos, v)) if real else None,
        )
        for v, label in likeliest_tokens(scene, probs, _GUESSES)
    ]


def _of(scene: Scene, probs: Array, winner: int) -> list[Cell]:
    """The share of the candidate that wins in the end, and its place."""
    share = float(probs[winner])
    with np.errstate(all="ignore"):
        place = 1 + int((probs > share).sum())
    return [Cell(scene.words.share(share)), Cell(str(place))]
