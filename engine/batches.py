"""From texts to batches of token ids; texts of the small world, as many as asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from engine.corpus.world import World
from engine.errors import EngineError
from engine.ops import Array
from engine.tokenizer import Tokenizer
from engine.train import Batch
from engine.words import BLANK

Rows = Sequence[Sequence[int] | Array]

# So many batches are drawn at once and sorted by length, so that the texts of one batch are
# about equally long and little is computed for the empty places behind the shorter ones.
POOL = 16
BLANKED = 0.2


def encode(tokenizer: Tokenizer, text: str, n_ctx: int) -> list[int]:
    """Start token, the text's tokens, end token; at most n_ctx + 1 of them."""
    ids = [tokenizer.start_id, *tokenizer.encode(text), tokenizer.start_id]
    return ids[: n_ctx + 1]


def pack(rows: Rows) -> Batch:
    """One batch from texts as `encode` gives them: each token is to be told from those before.

    Shorter rows are filled up with id 0 behind their end, where the weight is 0; a causal mask
    keeps every true token from looking there.
    """
    longest = max(map(len, rows))
    ids = np.zeros((len(rows), longest), np.int64)
    weights = np.zeros((len(rows), longest - 1), np.float32)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        weights[i, : len(row) - 1] = 1.0
    return Batch(ids[:, :-1], ids[:, 1:], weights / weights.sum())


def blank_out(rows: Rows, blank: int, rng: np.random.Generator) -> Batch:
    """One batch from the same texts for a model that looks both ways: some tokens are blanked,
    and each of them is to be told from all the others.

    BLANKED of the tokens, and at least one a text; never the start token. The end token is left
    out, and every text is cut to the shortest, so that no text has empty places to look at.
    Source: Devlin et al. 2019, section 3.1; here a chosen token is always blanked.
    """
    shortest = max(min(map(len, rows)) - 1, 2)
    targets = np.array([row[:shortest] for row in rows], np.int64)
    draws = rng.random((len(rows), shortest - 1))
    chosen = (draws < BLANKED) | (draws == draws.min(axis=1, keepdims=True))
    weights = np.zeros(targets.shape, np.float32)
    weights[:, 1:] = chosen
    ids = np.where(weights > 0, blank, targets)
    return Batch(ids, targets, weights / weights.sum())


def tokenizer_of(world: World, blank: bool = False) -> Tokenizer:
    """The tokenizer of a small world: each of its words is one token; so is BLANK, if asked."""
    words = [*world.words(), BLANK] if blank else world.words()
    return Tokenizer.train({}, whole=sorted(words))


@dataclass(frozen=True, slots=True)
class Drawn:
    """The texts of one batch, and where to go on after it.

    rows: token ids as `encode` gives them. place: fits into JSON; whoever drew the batch goes on
    from there as if it had never stopped.
    """

    rows: Rows
    place: Mapping[str, Any]


def endless_rows(
    world: World,
    tokenizer: Tokenizer,
    seed: int,
    batch_size: int,
    n_ctx: int,
    place: Mapping[str, Any] | None = None,
) -> Iterator[Drawn]:
    """Freshly sampled batches, for as long as asked; from the first one, or from a place on.

    place: {"random": the state of Python's generator before the pool was drawn, "batch": how many
    of its batches are used up}.
    Raises EngineError (`bad_place`) for anything else.
    """
    rng = Random(seed)
    used = 0
    if place is not None:
        rng, used = _at(place)
    while True:
        state = list(rng.getstate()[1])
        rows = [encode(tokenizer, world.sample(rng).text, n_ctx) for _ in range(batch_size * POOL)]
        rows.sort(key=len)
        groups = [rows[i : i + batch_size] for i in range(0, len(rows), batch_size)]
        rng.shuffle(groups)
        for i, group in enumerate(groups[used:], start=used + 1):
            yield Drawn(group, {"random": state, "batch": i})
        used = 0


def _at(place: Mapping[str, Any]) -> tuple[Random, int]:
    """Raises EngineError (`bad_place`) for a place that no batch has."""
    rng = Random()
    try:
        rng.setstate((Random.VERSION, tuple(map(int, place["random"])), None))
        used = int(place["batch"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise EngineError("bad_place") from error
    if not 0 <= used <= POOL:
        raise EngineError("bad_place")
    return rng, used
