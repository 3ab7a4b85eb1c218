"""The attention that lessons 11 to 15 look at: the model's first one, word by word.

A model has several attentions. Until the learner has met them, these lessons show this one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.parts import Part
from engine.whatif import Force
from lessons.figures.parts import Cell, Tone
from lessons.scene import Scene
from lessons.words import number, weight

ATTN = "blocks.0.attn"
HEAD = 0
_LONGEST_NAME = 14

Forces = tuple[tuple[Part, float], ...]


def vector(experiment: Experiment, name: str, pos: int) -> Array:
    """The numbers of a token's "q", "k", "v" or "z"."""
    found: Array = experiment.trace[f"{ATTN}.{name}"].value[pos, HEAD]
    return found


def row(experiment: Experiment, name: str, query: int) -> Array:
    """What a table of pairs ("attn_scores", "pattern" ...) has for one token that looks."""
    found: Array = experiment.trace[f"{ATTN}.{name}"].value[HEAD, query]
    return found


def vector_cell(
    scene: Scene, name: str, pos: int, i: int, *, run: int = 0, span: float = 0, tone: Tone = ""
) -> Cell:
    """One number of a token's vector of the learner's run; shaded where a span is given."""
    x = float(vector(scene.experiment, name, pos)[i])
    ref = Ref(f"{ATTN}.{name}", (pos, HEAD, i))
    return Cell(number(x), ref, run, tone=tone, shade=part_of(x, span) if span else None)


def pair_cell(
    experiment: Experiment,
    name: str,
    query: int,
    key: int,
    *,
    run: int = 0,
    write: Callable[[float], str] = number,
    bar: bool = False,
    tone: Tone = "",
) -> Cell:
    """What a token that looks has for another one. bar: a bar as long as the number, of 1."""
    x = float(row(experiment, name, query)[key])
    ref = Ref(f"{ATTN}.{name}", (HEAD, query, key))
    return Cell(write(x), ref, run, tone=tone, bar=part_of(x, 1.0) if bar else None)


def weight_cell(
    experiment: Experiment, query: int, key: int, *, run: int = 0, bar: bool = True
) -> Cell:
    """The weight that a token gives to another one, with its bar."""
    return pair_cell(experiment, "pattern", query, key, run=run, write=weight, bar=bar)


def part_of(x: float, span: float) -> float | None:
    """A number as a part of the largest, from -1 to 1; None for what is no number."""
    if not math.isfinite(x) or not math.isfinite(span) or span <= 0:
        return None
    return min(max(x / span, -1.0), 1.0)


def largest(values: Iterable[float]) -> float:
    """The largest size among finite numbers; 1 where there is none but 0."""
    return max((abs(float(x)) for x in values if math.isfinite(x)), default=0.0) or 1.0


def seen(experiment: Experiment, query: int) -> list[int]:
    """The tokens that a token may look at: all whose score is not covered."""
    masked = row(experiment, "attn_scores_masked", query)
    return [int(i) for i in np.flatnonzero(~np.isneginf(masked))]


def most(values: Sequence[float] | Array, among: Iterable[int], n: int) -> list[int]:
    """The `n` of some places with the largest values, in the order of the sentence."""
    return sorted(ranked(values, among)[:n])


def ranked(values: Sequence[float] | Array, among: Iterable[int]) -> list[int]:
    """Places by their values, the largest first; of equals the first; NaN last."""
    return sorted(among, key=lambda i: math.inf if math.isnan(values[i]) else -float(values[i]))


def name(scene: Scene, pos: int) -> str:
    """A token as a short name for a table; where its label comes twice, with its position."""
    label = scene.labels[pos]
    if len(label) > _LONGEST_NAME:
        label = f"{label[: _LONGEST_NAME - 1]}…"
    return f"{label} ({pos})" if Counter(scene.labels)[scene.labels[pos]] > 1 else label


@lru_cache(maxsize=64)
def changed(experiment: Experiment, forces: Forces) -> Experiment:
    """The run with some of its numbers set; the run itself where they cannot be."""
    try:
        new = experiment.force(*(Force(part, value) for part, value in forces))
        new.trace  # noqa: B018 (to see whether it can be)
    except EngineError:
        return experiment
    return new


def token_vector(name: str, pos: int) -> Part:
    """All numbers of a token's "q", "k" or "v"."""
    return Part(f"{ATTN}.{name}", (pos, HEAD, None))
