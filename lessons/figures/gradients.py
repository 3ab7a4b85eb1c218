"""How a sentence's loss hangs on every number of its run, and what one step against that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from engine.adamw import Recipe, is_matrix
from engine.blame import Target
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array, Softmax
from engine.store import Model


@lru_cache(maxsize=6)
def slopes_of_word(experiment: Experiment, word: int) -> Mapping[str, Array]:
    """d surprise / d every number of the run, for the word at a position from 1 on."""
    token = int(experiment.trace["tokens"].value[word])
    with np.errstate(all="ignore"):
        return MappingProxyType(Target("loss", word - 1, token).blame(experiment.trace))


@lru_cache(maxsize=6)
def slopes_of_sentence(experiment: Experiment) -> Mapping[str, Array]:
    """d mean surprise / d every number of the run; the sentence has at least two tokens."""
    trace = experiment.trace
    ids = trace["tokens"].value
    logits = trace["logits"].value
    n = len(ids) - 1
    with np.errstate(all="ignore"):
        seed = Softmax().forward(logits)
        seed[np.arange(n), ids[1:]] -= 1.0
        seed[n:] = 0.0
        return MappingProxyType(trace.backward({"logits": seed / n}))


def steepest(slopes: Array, n: int) -> list[tuple[int, ...]]:
    """The places of the n steepest slopes, the steepest first; numbers that are none come last."""
    sizes = np.abs(slopes).reshape(-1)
    sizes = np.where(np.isnan(sizes), -1.0, sizes)
    n = min(n, sizes.size)
    best = np.argpartition(-sizes, n - 1)[:n]
    best = best[np.argsort(-sizes[best], kind="stable")]
    return [tuple(int(i) for i in np.unravel_index(place, slopes.shape)) for place in best]


@lru_cache(maxsize=64)
def nudged(experiment: Experiment, ref: Ref, by: float, word: int) -> float:
    """What a word's surprise becomes when one number of the run is moved, all else recomputed.

    Raises EngineError where the number cannot be moved.
    """
    token = int(experiment.trace["tokens"].value[word])
    moved = experiment.trace.force({ref: experiment.trace.value(ref) + by})
    return Target("loss", word - 1, token).value(moved)


# --- One step of AdamW ---------------------------------------------------------------------------


def recipe_of(model: Model) -> Recipe:
    """The settings that the model was trained with, as far as they are known."""
    told = model.training.get("recipe")
    plain = Recipe(steps=1, learning_rate=0.001)
    if not isinstance(told, dict):
        return plain
    names = {field.name for field in fields(Recipe)} - {"steps", "learning_rate"}
    known = {name: value for name, value in told.items() if name in names and _is_number(value)}
    return replace(plain, **known)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@lru_cache(maxsize=8)
def all_moved(experiment: Experiment, rate: float) -> Experiment:
    """The sentence read by the model after one AdamW step of all its weights on that sentence.

    The step is the first of a training; nothing is set by hand. The sentence has at least two
    tokens.
    """
    model = experiment.model
    bare = experiment.with_forced(()) if experiment.forced else experiment
    slopes, recipe = slopes_of_sentence(bare), recipe_of(model)
    moved: dict[str, Array] = {}
    with np.errstate(all="ignore"):
        for name, x in model.parameters.items():
            slope = slopes.get(name)
            if slope is None:
                moved[name] = x
                continue
            direction = slope / (np.abs(slope) + recipe.eps)  # the first step: m̂ / (√v̂ + ε)
            decay = recipe.weight_decay * x if is_matrix(name) else 0.0
            moved[name] = x - rate * (direction + decay)
    return Experiment(replace(model, parameters=moved), experiment.text)
