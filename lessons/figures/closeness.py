"""Which rows of the table of a model are close to which: the cosine, which lesson 9 explains.

1 for rows that point the same way, 0 for rows that have nothing to do with each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from lessons.figures.common_words import word_ids


@lru_cache(maxsize=4)
def lengths(experiment: Experiment, kept: int | None = None) -> Array:
    """The length of every row of W_E, or of its first `kept` numbers."""
    with np.errstate(all="ignore"):  # numbers forced by hand may be giants
        found: Array = np.linalg.norm(experiment.trace["W_E"].value[:, :kept], axis=1)
    return found


def direction(experiment: Experiment, ids: Sequence[int], kept: int | None = None) -> Array:
    """The row of a token at length 1; of a word in several tokens, that of their average.

    What has no length, or no finite one, has no direction: 0. kept: how many numbers of the row
    are looked at; all of them if left out.
    """
    with np.errstate(all="ignore"):
        average = experiment.trace["W_E"].value[list(ids), :kept].mean(axis=0)
        unit: Array = average / np.linalg.norm(average)
    return np.nan_to_num(unit, nan=0.0, posinf=0.0, neginf=0.0)


def closeness(experiment: Experiment, first: Sequence[int], second: Sequence[int]) -> float:
    """How close two words are, from -1 to 1."""
    return float(np.dot(direction(experiment, first), direction(experiment, second)))


@lru_cache(maxsize=16)
def closest(
    experiment: Experiment, id: int, n: int, kept: int | None = None
) -> tuple[tuple[int, float], ...]:
    """The n tokens whose rows are closest to that of a token, and how close, the closest first.

    Only words and beginnings of words are looked at, where the vocabulary has enough of them:
    bytes and single letters were seen too seldom to have found a place. Of equals the first.
    kept: how many numbers of each row are looked at; all of them if left out.
    """
    among = word_ids(experiment.model)
    if len(among) <= n + 1:
        among = np.arange(experiment.model.config.d_vocab)
    among = among[among != id]
    with np.errstate(all="ignore"):
        table = experiment.trace["W_E"].value[:, :kept]
        along = table @ direction(experiment, (id,), kept)
        found = np.nan_to_num(along / lengths(experiment, kept), nan=0.0, posinf=0.0, neginf=0.0)[
            among
        ]
    best = np.argsort(-found, kind="stable")[:n]
    return tuple((int(among[i]), float(found[i])) for i in best)
