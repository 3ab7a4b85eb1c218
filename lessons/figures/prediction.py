"""From the last vector to probabilities, and what the way out would say after each block."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array, Softmax
from engine.sampling import likeliest
from lessons.figures.knobs import Choice, Number, Place
from lessons.figures.late import (
    dial,
    final_vector,
    model_language,
    numbered,
    quiet,
    seen_after,
    size_bar,
    spread,
    unembedding,
    unembedding_name,
    unembedding_ref,
)
from lessons.figures.parts import Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, said
from lessons.figures.run_parts import within_one
from lessons.figures.vector_parts import short
from lessons.scene import Scene
from lessons.words import number

_PRODUCTS = 5
_CANDIDATES = 7

SUBJECTS = ("cat", "dog", "girl", "bird", "cow")
SUBJECT = Choice("subject", "cat", SUBJECTS)
VERB = Choice("verb", "eats", ("eats", "drinks"))


@figure(
    "unembedding", Number("rank", 1, 1, 40, integer=True), Place("token", "token"), station="logits"
)
def unembed(scene: Scene) -> Figure:
    """One logit as a dot product: the last vector and the candidate's own numbers."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos = scene.at("token", scene.n)
    logits = trace["logits"].value[pos]
    rank = min(int(scene.knobs["rank"]), config.d_vocab)
    candidate = int(likeliest(logits, rank)[-1])
    (label,) = scene.predicted([candidate])
    name, table = final_vector(config), unembedding_name(config)
    x, row = trace[name].value[pos], unembedding(config, trace)[candidate]
    with np.errstate(all="ignore"):
        products = x * row
    order = [int(d) for d in likeliest(np.abs(products), _PRODUCTS)]
    largest = float(np.abs(products[order[0]]))
    rows = [
        [
            Cell(said(scene, "unembedding", "dim", dim=d + 1)),
            numbered(x[d], Ref(name, (pos, d)), 3),
            numbered(row[d], unembedding_ref(config, candidate, d), 3),
            Cell(number(float(products[d]), 3), bar=size_bar(float(products[d]), largest)),
        ]
        for d in order
    ]
    if rest := config.d_model - len(order):
        with np.errstate(all="ignore"):
            others = products.sum() - products[order].sum()
        label_of_rest = quiet(said(scene, "unembedding", "rest", n=rest))
        rows.append([label_of_rest, Cell(""), Cell(""), numbered(others, decimals=3)])
    total = Cell(number(float(logits[candidate]), 3), Ref("logits", (pos, candidate)))
    rows.append([Cell("logit", tone="strong"), Cell(""), Cell(""), total])
    places = {
        "token": short(scene.quoted[pos], 20),
        "candidate": short(scene.words.token(label)),
        "table": table,
    }
    header = ["", *(said(scene, "unembedding", f"head.{key}", **places) for key in ("x", "row"))]
    header.append(said(scene, "unembedding", "head.product"))
    title = said(scene, "unembedding", "of", rank=rank, **places)
    note = said(scene, "unembedding", "tied" if config.tied else "untied", table=table)
    return (Table(rows, header, title, total=True), Say(note, "quiet"))


@figure("logits-to-probs", Place("token", "token"), Number("shift", 0, -10, 10, 1), station="probs")
def logits_to_probs(scene: Scene) -> Figure:
    """The likeliest candidates: logit, e^logit, probability; all logits may be moved together."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos, shift = scene.at("token", scene.n), float(scene.knobs["shift"])
    logits, probs = trace["logits"].value[pos], trace["probs"].value[pos]
    best = [int(i) for i in likeliest(logits, _CANDIDATES)]
    with np.errstate(all="ignore"):
        powers = np.exp(logits + shift)
        shares = Softmax().forward(logits + shift) if shift else probs
        rest = (powers.sum() - powers[best].sum(), shares.sum() - shares[best].sum())
        sums = (powers.sum(), shares.sum())
    rows = []
    for label, i in zip(scene.predicted(best), best, strict=True):
        row = [Cell(short(label)), numbered(logits[i], Ref("logits", (pos, i)))]
        if shift:
            row.append(numbered(logits[i] + shift))
        row.append(_power(powers[i]))
        share = float(shares[i])
        ref = None if shift else Ref("probs", (pos, i))
        rows.append([*row, Cell(scene.words.share(share), ref, bar=within_one(share))])
    empty = [Cell("")] * (2 if shift else 1)
    if n := config.d_vocab - len(best):
        label_of_rest = quiet(said(scene, "logits-to-probs", "rest", n=n))
        share_of_rest = Cell(scene.words.share(min(max(float(rest[1]), 0.0), 1.0)))
        rows.append([label_of_rest, *empty, _power(rest[0]), share_of_rest])
    all_of_it = scene.words.share(round(float(sums[1]), 9))
    rows.append(
        [quiet(said(scene, "logits-to-probs", "sum")), *empty, _power(sums[0]), Cell(all_of_it)]
    )
    header = ["", "logit", "e^logit", said(scene, "logits-to-probs", "probability")]
    if shift:
        plus = said(scene, "logits-to-probs", "shifted", shift=number(shift))
        header[2:3] = [plus, f"e^({plus})"]
    title = said(scene, "logits-to-probs", "after", token=scene.quoted[pos])
    return (Table(rows, header, title, total=True),)


def _power(x: float) -> Cell:
    """A power of e, without decimals where it is large."""
    return numbered(x, decimals=2 if abs(x) < 100 else 0)


def gap_sentence(scene: Scene) -> str:
    """The sentence with a gap at its end, in the model's language, for the knobs' words."""
    lang = model_language(scene)
    words = [said(scene, "blank", f"{lang}.{dial(scene, knob)}") for knob in (SUBJECT, VERB)]
    return " ".join(words)


@lru_cache(maxsize=32)
def gap_run(experiment: Experiment, text: str) -> Experiment:
    """A sentence of the figure read by the learner's model."""
    return Experiment(experiment.model, text)


def _gap_runs(scene: Scene) -> tuple[Experiment, ...]:
    return (gap_run(scene.experiment, gap_sentence(scene)),)


@figure("blank", SUBJECT, VERB, station="probs", runs=_gap_runs)
def blank(scene: Scene) -> Figure:
    """What the model puts in the gap of a short sentence."""
    (run,) = _gap_runs(scene)
    other = replace(scene, experiment=run)
    probs = run.trace["probs"].value[-1]
    best = [int(i) for i in likeliest(run.trace["logits"].value[-1], _CANDIDATES)]
    rows = []
    for label, i in zip(scene.predicted(best), best, strict=True):
        share, ref = float(probs[i]), Ref("probs", (other.n - 1, i))
        rows.append(
            [Cell(short(label)), Cell(scene.words.share(share), ref, 1, bar=within_one(share))]
        )
    words = [Cell(label) for label in other.labels[1:]]
    header = ["", said(scene, "blank", "probability")]
    return (
        Sentence([*words, Cell("___", tone="strong")]),
        Table(rows, header),
        Say(said(scene, "blank", "note"), "quiet"),
    )


_GUESSES = 3
_MOST_ROWS = 8


@figure("logit-lens", Place("token", "token"), station="logits")
def logit_lens(scene: Scene) -> Figure:
    """The three likeliest candidates after each block, seen through the model's own way out."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos = scene.at("token", scene.n)
    winner = int(likeliest(trace["logits"].value[pos], 1)[0])
    kept = spread(config.n_layers + 1, _MOST_ROWS)
    rows = []
    for i in kept:
        probs = seen_after(scene.experiment, i, pos)
        rows.append([_depth(scene, i), *_guesses(scene, probs, i, pos), *_of(scene, probs, winner)])
    (label,) = scene.predicted([winner])
    header = ["", *(said(scene, "logit-lens", f"head.{k}") for k in range(1, _GUESSES + 1))]
    header += [short(scene.words.token(label)), said(scene, "logit-lens", "head.place")]
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
    best = [int(v) for v in likeliest(probs, _GUESSES)]
    return [
        Cell(
            f"{short(label, 9)} {scene.words.share(float(probs[v]))}",
            Ref("probs", (pos, v)) if real else None,
        )
        for label, v in zip(scene.predicted(best), best, strict=True)
    ]


def _of(scene: Scene, probs: Array, winner: int) -> list[Cell]:
    """The share of the candidate that wins in the end, and its place."""
    share = float(probs[winner])
    with np.errstate(all="ignore"):
        place = 1 + int((probs > share).sum())
    return [Cell(scene.words.share(share)), Cell(str(place))]
