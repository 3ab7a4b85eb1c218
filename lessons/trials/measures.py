"""What experiments measure in a model besides its loss. All from runs of the model itself."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import numpy as np

from engine.batches import Rows, pack
from engine.config import Config
from engine.model import forward
from engine.ops import Array, Softmax
from engine.train import Batch, loss_and_gradients
from engine.training import Training

_SHUFFLED = 96
_READ = 64


def _batch(training: Training) -> Batch:
    """Some of the texts that were held out, each next token asked."""
    return pack(_held_out(training)[:_READ])


def _held_out(training: Training) -> Rows:
    return training.plan.source.exams(_SHUFFLED, training.plan.config.n_ctx)["own"].rows


def order_matters(before: Training, after: Training) -> Mapping[str, float]:
    """order: how far the prediction for the last word moves when those before it are shuffled.

    For a model that fills in blanks: the last word is blanked. The mean, over held-out texts, of
    half the sum of the differences of all probabilities: 0 if nothing changes, 1 if nothing of the
    old prediction is left.
    """
    rng, blank = Random(0), after.plan.tokenizer.blank_id
    assert blank is not None
    moved = []
    for row in _held_out(after):
        start, *words = [int(i) for i in row[:-2]]
        if len(set(words)) < 2:
            continue
        shuffled = words
        while shuffled == words:
            shuffled = rng.sample(words, len(words))
        one, two = (_last_probs(after, [start, *order, blank]) for order in (words, shuffled))
        moved.append(float(np.abs(one - two).sum() / 2))
    return {"order": float(np.mean(moved))}


def _last_probs(training: Training, ids: list[int]) -> Array:
    tape = forward(training.plan.config, training.parameters, np.array([ids]))
    logits: Array = tape.steps["logits"].value[0, -1:]
    probs: Array = Softmax().forward(logits)[0]
    return probs


def saturation(before: Training, after: Training) -> Mapping[str, float]:
    """How sure the first block's softmax is of one word before any learning, and how far it gives.

    Over rows that may look at four words or more. largest: the mean of a row's largest weight.
    give: the mean of 1 - Σ p², the sum of the slopes p·(1 - p) of all weights by their own scores:
    where it is 0, no score moves any weight, and nothing can be learned through it.
    """
    config, batch = before.plan.config, _batch(before)
    tape = forward(config, before.parameters, batch.ids)
    pattern = tape.steps["blocks.0.attn.pattern"].value[:, :, 3:]
    largest, give = pattern.max(axis=-1), 1 - np.square(pattern).sum(axis=-1)
    there = np.broadcast_to((batch.weights > 0)[:, None, 3:], largest.shape)
    return {"largest": float(largest[there].mean()), "give": float(give[there].mean())}


def gradient_by_depth(before: Training, after: Training) -> Mapping[str, float]:
    """first, last: the root mean square of the gradient of W_in in the first and the last block,
    before any learning."""
    last = before.plan.config.n_layers - 1
    return {
        name: _rms(_gradient(before, f"blocks.{i}.mlp.W_in"))
        for name, i in (("first", 0), ("last", last))
    }


def _gradient(training: Training, name: str) -> Array:
    config: Config = training.plan.config
    _, gradients = loss_and_gradients(config, training.parameters, _batch(training))
    return gradients[name]


def _rms(x: Array) -> float:
    return float(np.sqrt(np.mean(np.square(x, dtype=np.float64))))
