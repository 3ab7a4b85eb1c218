"""The loop of generation: run, choose, join, and run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.model import run
from engine.ops import Array
from engine.sampling import choose, distribution
from engine.store import Model


@dataclass(frozen=True, eq=False)
class Turn:
    """One time around.

    shares [d_vocab]: the probabilities after temperature, top-k and top-p; where nothing is drawn,
    the model's own. n: how many tokens were read. drawn: the number between 0 and 1 that was
    drawn. chosen: the token's id.
    experiment: the run as one can walk through it; own: whether it is exactly the run meant,
    since a text made of tokens may be cut into tokens in another way.
    """

    shares: Array
    n: int
    drawn: float
    chosen: int
    experiment: Experiment
    own: bool


def loop(
    experiment: Experiment,
    temperature: float,
    top_k: int | None,
    top_p: float | None,
    seed: int,
    steps: int,
    may_end: bool = True,
) -> list[Turn]:
    """Up to `steps` times around, as `engine.sampling.generate` does it with the same seed.

    may_end: whether the end mark can be chosen. What was set by hand counts in the first run only.
    Empty where no token can be chosen.
    """
    rng, watched = np.random.default_rng(seed), np.random.default_rng(seed)
    model = experiment.model
    ids = [int(i) for i in experiment.trace["tokens"].value]
    here, own = experiment, True
    turns: list[Turn] = []
    while len(turns) < steps and len(ids) < model.config.n_ctx:
        logits = logits_of(here, own, tuple(ids))[-1]
        if not may_end:
            logits = np.where(np.arange(logits.size) == model.tokenizer.start_id, -np.inf, logits)
        try:
            shares = distribution(logits, temperature, top_k, top_p)
        except EngineError:
            break
        drawn, chosen = float(watched.random()), choose(shares, rng)
        shown = shares if temperature else distribution(logits)
        turns.append(Turn(shown, len(ids), drawn, chosen, here, own))
        if chosen == model.tokenizer.start_id:
            break
        ids.append(chosen)
        here = reading(model, tuple(ids))
        own = reads(here, ids)
    return turns


@lru_cache(maxsize=24)
def reading(model: Model, ids: tuple[int, ...]) -> Experiment:
    """The text of some tokens, the start token first, read by the model."""
    return Experiment(model, model.tokenizer.decode(list(ids[1:])))


def reads(experiment: Experiment, ids: Sequence[int]) -> bool:
    """Whether a run is about exactly these tokens."""
    return [piece.id for piece in experiment.pieces] == [*ids]


def logits_of(experiment: Experiment, own: bool, ids: tuple[int, ...]) -> Array:
    """The logits [pos, d_vocab] of some tokens: those of the run, if it is theirs."""
    logits: Array = experiment.trace["logits"].value if own else _logits(experiment.model, ids)
    return logits


@lru_cache(maxsize=24)
def _logits(model: Model, ids: tuple[int, ...]) -> Array:
    logits: Array = run(model.config, model.parameters, list(ids))["logits"].value
    return logits
