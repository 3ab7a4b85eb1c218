"""How well a model knew texts that it was not taught, at every kept moment of its training."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from engine.batches import tokenizer_of
from engine.exam import Exam, examine
from engine.presets import LANGUAGES
from engine.sources import WorldTexts, world_of
from engine.store import Model
from lessons.moments import Moments, moments

N_TEXTS = 256


@dataclass(frozen=True)
class HeldOut:
    """The losses over a training, in nats a token.

    losses: one for every moment; NaN where nothing is known yet, or at all. floor: the least that
    is possible, on the same texts; None where nobody knows it. n_texts: on so many fresh texts of
    the small world it was measured here; None where the training itself has told it.
    """

    losses: tuple[float, ...]
    floor: float | None
    n_texts: int | None


# Of each model once; forgotten with it.
_known: WeakKeyDictionary[Model, HeldOut] = WeakKeyDictionary()


def measured(model: Model, n_texts: int = N_TEXTS) -> Iterator[HeldOut]:
    """The losses of a model of the small world, one more with each that comes.

    The texts are drawn from the world afresh; no training has them. Where the model is of another
    world, only what its training told comes; nothing where that told nothing, or the model does
    not go on with texts. Takes a while, the first time. Raises EngineError for weights that cannot
    be read.
    """
    kept = moments(model)
    model = kept.finished
    known = _known.get(model)
    if known is not None and known.n_texts in (n_texts, None):
        yield known
        return
    language = world_language(model)
    if not model.config.causal or not kept.kept:
        return
    if language is None:
        if (told := _told(kept)) is not None:
            _known[model] = told
            yield told
        return
    exam = _exam(language, n_texts, model.config.n_ctx)
    losses = [math.nan] * len(kept.steps)
    for place, one in enumerate(kept.models()):
        # Single precision, as in training: half the time, and the digits shown are the same.
        parameters = {name: x.astype(np.float32) for name, x in one.parameters.items()}
        result = examine(one.config, parameters, one.tokenizer, exam)
        losses[place] = result.held_out_loss
        found = HeldOut(tuple(losses), result.entropy_floor, n_texts)
        if place == kept.last:
            _known[model] = found
        yield found


@lru_cache(maxsize=8)
def world_language(model: Model) -> str | None:
    """The language of the small world whose words are the model's tokens; None if of neither."""
    for language in LANGUAGES:
        if model.tokenizer.tokens == tokenizer_of(world_of(language)).tokens:
            return language
    return None


@lru_cache(maxsize=2)
def _exam(language: str, n_texts: int, n_ctx: int) -> Exam:
    return WorldTexts(language).exams(n_texts, n_ctx)["world"]


def _told(kept: Moments) -> HeldOut | None:
    """What training.json says of the examinations on the way: at each moment the last one made."""
    training = kept.finished.training
    made = sorted(_examined(training.get("history")))
    if not made:
        return None
    steps = [step for step, _ in made]
    losses = []
    for step in kept.steps:
        at = bisect_right(steps, step) - 1
        losses.append(made[at][1] if at >= 0 else math.nan)
    floor = training.get("entropy_floor")
    known = isinstance(floor, int | float) and not isinstance(floor, bool)
    return HeldOut(tuple(losses), float(floor) if known and floor is not None else None, None)


def _examined(history: Any) -> Iterator[tuple[int, float]]:
    """Step and loss of every examination that a list holds; what is none is passed over."""
    for entry in history if isinstance(history, list | tuple) else ():
        if not isinstance(entry, Mapping):
            continue
        step, exams = entry.get("step"), entry.get("held_out")
        losses = list(exams.values()) if isinstance(exams, Mapping) else []
        if isinstance(step, int) and losses and isinstance(losses[0], int | float):
            yield step, float(losses[0])
