"""What several exhibits need of a run: runs with a change, matrices cut to size, candidates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.sampling import likeliest
from engine.whatif import Force
from lessons.exhibits import exhibit
from lessons.figures.parts import Cell, Heat
from lessons.figures.vector_parts import length as length
from lessons.scene import Scene
from lessons.stages import stages, with_parts
from lessons.words import number, weight


@lru_cache(maxsize=24)
def changed(experiment: Experiment, *changes: str) -> Experiment | None:
    """The run with changes, each written as `Force.parse` reads it.

    None where the run cannot be so changed, as when what is to be copied is infinite.
    """
    try:
        new = experiment.force(*map(Force.parse, changes))
        new.trace  # noqa: B018 (to see whether it can be)
    except EngineError:
        return None
    return new


def within_one(x: float) -> float:
    """A number as a shade or the length of a bar: cut to −1 … 1; 0 for what is no number."""
    return 0.0 if math.isnan(x) else min(max(x, -1.0), 1.0)


def moved(new: Array, old: Array) -> float:
    """How far a vector has moved: the length of the difference; exactly 0 where nothing changed."""
    with np.errstate(all="ignore"):
        difference = new - old
    return length(np.where(new == old, 0.0, difference))  # equal infinities have not moved


def window(n: int, at: int, most: int) -> range:
    """At most so many of n things: the first ones, or the ones that end at `at`."""
    start = max(0, min(at, n - 1) - most + 1)
    return range(start, min(n, start + most))


def most_looked_at(patterns: Array, at: int, most: int) -> list[int]:
    """At most so many places: a word, and those that it looks at most in some patterns [.., q, k].

    In the order of the sentence.
    """
    weights = patterns.reshape(-1, *patterns.shape[-2:])[:, at].max(axis=0)
    best = [int(i) for i in np.argsort(-weights, kind="stable") if i != at]
    return sorted([at, *best[: most - 1]])


def heat(
    scene: Scene,
    experiment: Experiment,
    stage: str,
    places: Sequence[int],
    *,
    head: int = 0,
    title: str = "",
    run: int = 0,
    row: int | None = None,
    narrow: bool = False,
) -> Heat:
    """A matrix of pairs of tokens, only these of them.

    row: the token whose row is pointed at. narrow: the first letters above the columns, since the
    rows have the whole words, so that two matrices stand side by side.
    """
    every = with_parts(stages(experiment.model.config))
    whole = exhibit(
        next(one for one in every if one.id == stage), experiment, head, marks=scene.words.marks
    )
    some = np.ix_(places, places)
    part = replace(
        whole,
        values=whole.values[some],
        places=whole.places[some],
        rows=tuple(whole.rows[i] for i in places),
        cols=tuple(whole.cols[i][:3] if narrow else whole.cols[i] for i in places),
    )
    return Heat(part, title, run, None if row is None else (places.index(row), -1))


def candidates(scene: Scene, experiment: Experiment, pos: int, n: int) -> list[tuple[int, str]]:
    """The ids and labels of the tokens that a run finds likeliest after a position."""
    ids = [int(i) for i in likeliest(experiment.trace["probs"].value[pos], n)]
    return list(zip(ids, replace(scene, experiment=experiment).predicted(ids), strict=True))


def candidate_cells(
    scene: Scene, experiment: Experiment | None, pos: int, n: int, run: int
) -> list[list[Cell]]:
    """The likeliest tokens and their shares, a pair of cells each; empty ones without a run."""
    if experiment is None:
        return [[Cell("—", tone="quiet"), Cell("")] for _ in range(n)]
    probs = experiment.trace["probs"].value[pos]
    return [
        [
            Cell(scene.words.token(label)),
            Cell(
                scene.words.share(float(probs[id])),
                Ref("probs", (pos, id)),
                run,
                bar=within_one(float(probs[id])),
            ),
        ]
        for id, label in candidates(scene, experiment, pos, n)
    ]


def number_cells(
    experiment: Experiment, name: str, rows: Sequence[tuple[int, ...]], run: int = 0
) -> list[Cell]:
    """Numbers of one step of a run, each with its address."""
    values = experiment.trace[name].value
    return [Cell(number(float(values[index])), Ref(name, index), run) for index in rows]


def share_cell(experiment: Experiment, name: str, index: tuple[int, ...], run: int = 0) -> Cell:
    """A number of the run that is a part of 1, shaded by its size."""
    x = float(experiment.trace[name].value[index])
    return Cell(weight(x), Ref(name, index), run, shade=within_one(x))
