"""A sentence through the training of its model: what each kept moment makes of it.

All of it is computed at once, moment by moment; for a long sentence that takes as long as a few key
presses, so it is for a moment that nobody waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from engine.store import Model
from lessons.figures.closeness import closest
from lessons.figures.common_words import Known, known_words
from lessons.figures.runs import read_by
from lessons.figures.training_moments import mean_surprise
from lessons.moments import Moments, finished_run, moments, read_at

N_NEAREST = 5
N_PREDICTED = 5
ON_MAP = ("animal", "food", "person", "place")
PER_KIND = 4
OWN_ON_MAP = 8


@dataclass(frozen=True, eq=False)
class Then:
    """What one moment makes of the sentence.

    loss: the mean surprise at its tokens; NaN where there is nothing to be told, or nobody tells.
    predicted: the likeliest tokens where it is asked, each with its share.
    patterns [block, head, query, key]: who looks at whom, and how much.
    """

    loss: float
    predicted: tuple[tuple[int, float], ...]
    patterns: Array


@dataclass(frozen=True, eq=False)
class OverTime:
    """A run through the training of its model; the changes by hand of the run hold throughout.

    run: the finished model's. then: what each moment of `moments` makes of it.
    """

    run: Experiment
    moments: Moments
    then: tuple[Then, ...]

    @cached_property
    def ids(self) -> tuple[int, ...]:
        """The tokens of the sentence, start token first."""
        return tuple(int(i) for i in self.run.trace["tokens"].value)

    @property
    def losses(self) -> tuple[float, ...]:
        """The loss on the sentence at every moment."""
        return tuple(one.loss for one in self.then)

    def nearest(self, place: int, id: int, n: int = N_NEAREST) -> tuple[tuple[int, float], ...]:
        """The n tokens whose vectors were closest to a token's at a moment, and how close."""
        return closest(read_by(self.moments.model(place), ""), id, n)


def over_time(experiment: Experiment) -> OverTime:
    """A run, of whichever moment, through the whole training.

    Raises EngineError for weights that cannot be read.
    """
    run = finished_run(experiment)
    kept = moments(run.model)
    runs = (read_at(run, model) for model in kept.models())
    return OverTime(run, kept, tuple(map(_then, runs)))


def _then(run: Experiment) -> Then:
    config, trace = run.model.config, run.trace
    row = trace["probs"].value[run.asked]
    best = np.argsort(-row, kind="stable")[:N_PREDICTED]
    patterns = [trace[f"blocks.{i}.attn.pattern"].value for i in range(config.n_layers)]
    return Then(
        mean_surprise(run) if config.causal else float("nan"),
        tuple((int(i), float(row[i])) for i in best),
        np.stack(patterns),
    )


# --- The map -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class WordMap:
    """Some words on the plane of the finished model, at every moment.

    ids, kinds: the words; a kind is "own" for those of the sentence, else that of `Known`.
    places [moment, word, 2]: where each was. kept: how much of the spread in the finished model
    the plane shows, from 0 to 1.
    """

    ids: tuple[int, ...]
    kinds: tuple[str, ...]
    places: Array
    kept: float


def word_map(over: OverTime) -> WordMap:
    """The last words of the sentence and some nouns, on two axes that hold for every moment.

    The axes are the directions along which the vectors of these words differ most in the finished
    model (principal components); of each direction's two signs, the one that makes its largest
    number positive.
    """
    model = over.run.model
    own = tuple(dict.fromkeys(reversed(over.ids[1:])))[:OWN_ON_MAP]
    nouns = [word for word in nouns_of(model) if word.id not in own]
    ids = (*reversed(own), *(word.id for word in nouns)) or over.ids[:1]
    kinds = ("own",) * len(own) + tuple(word.kind for word in nouns) or ("own",)
    tables = np.stack([one.parameters["W_E"][list(ids)] for one in over.moments.models()])
    middle, axes, kept = _plane(tables[-1])
    places = (tables - middle) @ axes.T
    return WordMap(ids, kinds, places, kept)


def nouns_of(model: Model) -> list[Known]:
    """The nouns of the map, kind by kind, that a model has as tokens."""
    known = known_words(model)
    return [word for kind in ON_MAP for word in [w for w in known if w.kind == kind][:PER_KIND]]


def _plane(rows: Array) -> tuple[Array, Array, float]:
    """The middle of some vectors, the two directions of most spread [2, d], and their share."""
    middle = rows.mean(axis=0)
    _, sizes, directions = np.linalg.svd(rows - middle, full_matrices=False)
    axes = np.zeros((2, rows.shape[1]))
    for axis, direction in zip(axes, directions, strict=False):
        axis[:] = direction * (1.0 if direction[np.abs(direction).argmax()] >= 0 else -1.0)
    total = float(np.square(sizes).sum())
    return middle, axes, float(np.square(sizes[:2]).sum()) / total if total > 0 else 1.0
