"""Which word comes next: from logits to probabilities, from probabilities to one token.

The model says how well each token would fit; choosing one of them is no part of it. What can
be set is how bold the choice is, and how many tokens are admitted to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from engine.errors import EngineError
from engine.model import run
from engine.ops import Array
from engine.store import Model


def distribution(
    logits: Array,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Array:
    """The probability of each token [d_vocab], float64, from its logits [d_vocab].

        p_i = e^{x_i / T} / Σ_j e^{x_j / T}

    temperature: T. Below 1 the likely become likelier; 0 takes the likeliest (of equals the
    first) for certain.
    top_k: only the k likeliest are admitted (Fan et al. 2018, section 5.4).
    top_p: only the fewest likeliest whose probabilities reach p together are admitted
    (Holtzman et al. 2020, section 3.1).
    Both are applied after the temperature, top_k first; what is left is divided by its sum.
    Raises EngineError for a setting that cannot be used or logits that have no softmax.
    """
    _check(temperature, top_k, top_p)
    logits = np.asarray(logits, np.float64)
    largest = logits.max()
    if not math.isfinite(largest):
        raise EngineError("no_likeliest", largest=float(largest))
    if temperature == 0:
        certain = np.zeros(logits.shape)
        certain[np.argmax(logits)] = 1.0
        return certain
    with np.errstate(over="ignore"):  # a temperature next to 0 makes differences infinite: e^-∞ = 0
        probabilities = _normalised(np.exp((logits - largest) / temperature))
    if top_k is not None:
        probabilities = _likeliest(probabilities, logits, top_k)
    if top_p is not None and top_p < 1:
        reached = np.cumsum(np.sort(probabilities)[::-1])
        n = 1 + int(np.searchsorted(reached, top_p))
        probabilities = _likeliest(probabilities, logits, n)
    return probabilities


def choose(probabilities: Array, rng: np.random.Generator) -> int:
    """One token id, each as often as its probability says; one with probability 0 never.

    A number between 0 and 1 is drawn, and the probabilities are laid end to end: the token on
    whose stretch it falls is chosen.
    """
    ends = np.cumsum(probabilities)
    return int(np.searchsorted(ends / ends[-1], rng.random(), side="right"))


def generate(
    model: Model,
    ids: Sequence[int],
    n: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Iterator[int]:
    """Continues `ids` by up to `n` tokens, one after the other; yields the new ids only.

    Each is chosen from the last position's logits and joins the sentence, and the whole
    sentence is run again. It stops where the model predicts the start token, which is also the
    end of a text, and where the sentence has n_ctx tokens: nothing is pushed out at the front.
    Raises EngineError for a bad setting at once, and otherwise as `run` and `distribution` do.
    """
    _check(temperature, top_k, top_p)

    def new_ids() -> Iterator[int]:
        sentence = list(ids)
        for _ in range(n):
            if len(sentence) == model.config.n_ctx:
                return
            logits = run(model.config, model.parameters, sentence)["logits"].value[-1]
            chosen = choose(distribution(logits, temperature, top_k, top_p), rng)
            if chosen == model.tokenizer.start_id:
                return
            sentence.append(chosen)
            yield chosen

    return new_ids()


def _check(temperature: float, top_k: int | None, top_p: float | None) -> None:
    if not (math.isfinite(temperature) and temperature >= 0):
        raise EngineError("bad_setting", name="temperature", value=temperature)
    if top_k is not None and top_k < 1:
        raise EngineError("bad_setting", name="top_k", value=top_k)
    if top_p is not None and not 0 < top_p <= 1:
        raise EngineError("bad_setting", name="top_p", value=top_p)


def _normalised(weights: Array) -> Array:
    shares: Array = weights / weights.sum()
    return shares


def likeliest(values: Array, n: int) -> Array:
    """The ids of the `n` largest logits or probabilities [d_vocab], the largest first.

    Of equals the first in the vocabulary, so that the order never depends on chance.
    """
    ids: Array = np.argsort(-values, kind="stable")[:n]
    return ids


def _likeliest(probabilities: Array, logits: Array, n: int) -> Array:
    """Only those of the `n` largest logits, of equals the first, divided by their sum.

    Logits that differ may have probabilities that rounding made equal, so it is they that rank.
    """
    kept = likeliest(logits, n)
    admitted = np.zeros_like(probabilities)
    admitted[kept] = probabilities[kept]
    return _normalised(admitted)
