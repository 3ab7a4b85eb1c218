"""Choosing the next token: the loop, the draw, temperature, and who is admitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.sampling import choose, distribution
from lessons.figures.candidates import likeliest_tokens
from lessons.figures.cells import number_cell, part_of, quiet
from lessons.figures.generation_loop import Turn, loop
from lessons.figures.knobs import Number
from lessons.figures.parts import Cell, Figure, Say, Sentence, Table
from lessons.figures.registry import figure, headings, said
from lessons.figures.tokens import short
from lessons.scene import Scene
from lessons.words import number

TEMPERATURE = Number("temperature", 1, 0, 3, 0.1)
TOP_K = Number("top_k", 0, 0, 50, integer=True)
TOP_P = Number("top_p", 1, 0.05, 1, 0.05)
SEED = Number("seed", 2, 0, 999, integer=True)
STEPS = Number("steps", 5, 1, 8, integer=True)

_SHOWN = 3
_BEFORE = 6
_ROWS = 7
N_DRAWS = 100


def shares_of(
    scene: Scene, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> Array | None:
    """The probabilities after the last token under a setting; None where there are none.

    Without a setting they are the run's own, what was set by hand included.
    """
    trace = scene.experiment.trace
    if temperature == 1 and top_k is None and top_p is None:
        own: Array = trace["probs"].value[-1]
        return own if np.isfinite(own).all() else None
    try:
        return distribution(trace["logits"].value[-1], temperature, top_k, top_p)
    except EngineError:
        return None


def _no_shares(scene: Scene) -> Figure:
    return (Say(said(scene, "generation-loop", "no_shares")),)


def _turns(scene: Scene) -> list[Turn]:
    temperature, top_p = (float(scene.knobs[key]) for key in ("temperature", "top_p"))
    top_k, seed, steps = (int(scene.knobs[key]) for key in ("top_k", "seed", "steps"))
    return loop(scene.experiment, temperature, top_k or None, top_p, seed, steps)


def _runs(scene: Scene) -> tuple[Experiment, ...]:
    return tuple(turn.experiment for turn in _turns(scene)[1:])


@figure("generation-loop", TEMPERATURE, TOP_K, TOP_P, SEED, STEPS, station="choice", runs=_runs)
def generation_loop(scene: Scene) -> Figure:
    """The sentence continued token by token: candidates, the number drawn, the token chosen."""
    turns = _turns(scene)
    if not turns and scene.n == scene.experiment.model.config.n_ctx:
        return (Say(said(scene, "generation-loop", "full")),)
    if not turns:
        return _no_shares(scene)
    temperature = float(scene.knobs["temperature"])
    open_to_all = not scene.knobs["top_k"] and scene.knobs["top_p"] == 1
    plain = temperature == 0 or (temperature == 1 and open_to_all)
    rows = []
    for k, turn in enumerate(turns):
        row = [Cell(str(k + 1))]
        for id, label in likeliest_tokens(scene, turn.shares, _SHOWN):
            share = float(turn.shares[id])
            text = f"{short(label, 9)} {scene.words.share(share)}" if share else "—"
            ref = Ref("probs", (turn.n - 1, id)) if plain and turn.own else None
            row.append(Cell(text, ref, k, tone="strong" if id == turn.chosen else ""))
        (chosen,) = scene.predicted([turn.chosen])
        drawn = number(turn.drawn) if temperature else "—"
        rows.append([*row, Cell(drawn), Cell(short(chosen), tone="strong")])
    header = ["", *headings(scene, "generation-loop", range(1, _SHOWN + 1))]
    header += headings(scene, "generation-loop", ("drawn", "chosen"))
    return (
        Table(rows, header, align="llllrl"),
        _written(scene, turns),
        Say(said(scene, "generation-loop", _note(scene, turns)), "quiet"),
    )


def _written(scene: Scene, turns: list[Turn]) -> Sentence:
    """The end of the sentence and what was added to it."""
    words = [quiet("…")] if scene.n > _BEFORE else []
    words += [Cell(short(label)) for label in scene.labels[-_BEFORE:]]
    added = scene.predicted([turn.chosen for turn in turns])
    return Sentence([*words, *(Cell(short(label), tone="strong") for label in added)])


def _note(scene: Scene, turns: list[Turn]) -> str:
    """What is worth saying: why it stopped, or how the choice is made."""
    model = scene.experiment.model
    if not model.config.causal:
        return "bidirectional"
    if turns[-1].chosen == model.tokenizer.start_id:
        return "ended"
    if turns[-1].n + 1 == model.config.n_ctx:
        return "full"
    if scene.experiment.forced:
        return "forced"
    return "drawn" if scene.knobs["temperature"] else "greedy"


@figure("draw-many", TEMPERATURE, SEED, station="probs")
def draw_many(scene: Scene) -> Figure:
    """A hundred draws of the next token, beside the probabilities."""
    shares = shares_of(scene, float(scene.knobs["temperature"]))
    if shares is None:
        return _no_shares(scene)
    rng = np.random.default_rng(int(scene.knobs["seed"]))
    drawn = [choose(shares, rng) for _ in range(N_DRAWS)]
    best = likeliest_tokens(scene, scene.experiment.trace["logits"].value[-1], _ROWS)
    shown = [id for id, _ in best]
    plain = scene.knobs["temperature"] == 1
    rows = []
    for id, label in best:
        share, times = float(shares[id]), drawn.count(id)
        ref = Ref("probs", (scene.n - 1, id)) if plain else None
        rows.append(
            [
                Cell(short(label)),
                Cell(scene.words.share(share), ref, bar=part_of(share)),
                Cell(str(times), bar=part_of(times, N_DRAWS)),
            ]
        )
    others = [i for i in drawn if i not in shown]
    rest = float(shares.sum() - shares[shown].sum())
    rows.append(
        [
            quiet(said(scene, "draw-many", "rest")),
            Cell(scene.words.share(min(max(rest, 0.0), 1.0))),
            Cell(str(len(others))),
        ]
    )
    header = ["", *headings(scene, "draw-many", ("share", "n"), n=N_DRAWS)]
    title = said(scene, "draw-many", "after", token=scene.quoted[-1])
    return (
        Table(rows, header, title),
        Say(said(scene, "draw-many", "note", different=len(set(drawn))), "quiet"),
    )


FIXED = (0.5, 1.0, 2.0)


@figure("temperature-bars", replace(TEMPERATURE, default=3), station="probs")
def temperature_bars(scene: Scene) -> Figure:
    """The same candidates at several temperatures: the order never changes."""
    chosen = float(scene.knobs["temperature"])
    columns = [shares_of(scene, t) for t in (*FIXED, chosen)]
    if any(column is None for column in columns):
        return _no_shares(scene)
    logits = scene.experiment.trace["logits"].value[-1]
    rows = []
    for place, (id, label) in enumerate(likeliest_tokens(scene, logits, _ROWS), 1):
        row = [Cell(str(place)), Cell(short(label))]
        row.append(number_cell(logits[id], Ref("logits", (scene.n - 1, id))))
        for t, column in zip((*FIXED, chosen), columns, strict=True):
            assert column is not None
            share = float(column[id])
            ref = Ref("probs", (scene.n - 1, id)) if t == 1 else None
            row.append(Cell(scene.words.share(share), ref))
        last = row.pop()
        rows.append([*row, replace(last, bar=part_of(share))])
    header = ["", said(scene, "temperature-bars", "candidate"), "logit"]
    header += [f"T = {t:g}" for t in FIXED]
    header.append(said(scene, "temperature-bars", "yours", t=f"{chosen:.1f}"))
    note = "greedy" if chosen == 0 else "note"
    return (
        Table(rows, header, align="llrrrrr"),
        Say(said(scene, "temperature-bars", note), "quiet"),
    )


@figure(
    "admitted",
    replace(TOP_K, default=5),
    replace(TOP_P, default=0.9),
    TEMPERATURE,
    station="probs",
)
def admitted(scene: Scene) -> Figure:
    """Who takes part in the draw under top-k and top-p."""
    temperature = float(scene.knobs["temperature"])
    top_k, top_p = int(scene.knobs["top_k"]) or None, float(scene.knobs["top_p"])
    before = shares_of(scene, temperature)
    after_k = shares_of(scene, temperature, top_k)
    after_p = shares_of(scene, temperature, top_k, top_p)
    if before is None or after_k is None or after_p is None:
        return _no_shares(scene)
    logits = scene.experiment.trace["logits"].value[-1]
    best = likeliest_tokens(scene, logits, _ROWS + 1)
    added = np.cumsum([after_k[id] for id, _ in best])
    rows = []
    for place, (id, label) in enumerate(best):
        ref = Ref("probs", (scene.n - 1, id)) if temperature == 1 else None
        share = scene.words.share
        into = float(after_p[id])
        rows.append(
            [
                Cell(short(label)),
                Cell(share(float(before[id])), ref),
                Cell(share(float(after_k[id])) if after_k[id] else "—"),
                Cell(share(min(float(added[place]), 1.0)) if after_k[id] else ""),
                Cell(share(into) if into else "—", bar=part_of(into) if into else None),
            ]
        )
    keys = ("before", "top_k", "added", "top_p")
    settings = {"k": top_k or said(scene, "admitted", "all"), "p": number(top_p)}
    header = ["", *headings(scene, "admitted", keys, **settings)]
    n = int(np.count_nonzero(after_p))
    return (
        Table(rows, header),
        Say(said(scene, "admitted", "note", n=n, total=len(after_p)), "quiet"),
    )
