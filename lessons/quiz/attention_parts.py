"""What the questions on one attention share: its tables, its pairs of words, and how they read.

As the lessons do, they ask about the model's first attention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from engine.ops import Array, Softmax
from lessons.figures import one_attention as att
from lessons.quiz.question import Cell
from lessons.scene import Scene
from lessons.words import number

ATTN, HEAD, BLOCK = att.ATTN, att.HEAD, 0
BEYOND_PENCIL = 8.0
"""A score whose e^x nobody wants to work out."""
WIDEST = 16
"""How many tokens a sentence may have for somebody to search a table of their pairs."""

NO_BREAK = "\u00a0"
"""A blank at which no line ends, and which stays where several follow each other."""

_TABLES = ("q", "k", "v", "attn_scores", "attn_scores_scaled", "pattern", "z")


@dataclass(frozen=True, slots=True, eq=False)
class Attention:
    """The first attention of a run.

    q, k, v, z [pos, d_head]. scores, scaled, weights [query, key]. seen: for each token, those
    that it may look at. d_k, root: how many numbers a Query has, and their square root.
    """

    q: Array
    k: Array
    v: Array
    z: Array
    scores: Array
    scaled: Array
    weights: Array
    seen: tuple[tuple[int, ...], ...]
    d_k: int
    root: float

    @property
    def n(self) -> int:
        """How many tokens there are."""
        return len(self.seen)


def attention(scene: Scene) -> Attention | None:
    """The attention that is asked about; None where some of it was set by hand or is no number."""
    trace = scene.experiment.trace
    names = [f"{ATTN}.{x}" for x in _TABLES]
    d_k = scene.experiment.model.config.d_head
    root = float(trace["sqrt_d_head"].value)
    untouched = all(trace[x].forced is None for x in (*names, f"{ATTN}.attn_scores_masked", "mask"))
    if not untouched or not np.isclose(root * root, d_k):
        return None
    vectors = {x: trace[f"{ATTN}.{x}"].value[:, HEAD] for x in "qkvz"}
    scores, scaled, weights = (
        trace[f"{ATTN}.{x}"].value[HEAD] for x in ("attn_scores", "attn_scores_scaled", "pattern")
    )
    if not all(np.isfinite(x).all() for x in (*vectors.values(), scores, scaled, weights)):
        return None
    seen = tuple(tuple(att.seen(scene.experiment, i)) for i in range(scene.n))
    if not all(seen):
        return None
    return Attention(
        **vectors, scores=scores, scaled=scaled, weights=weights, seen=seen, d_k=d_k, root=root
    )


def word_places(scene: Scene) -> list[int]:
    """The places of the tokens that have a letter; the start mark is none of them."""
    start = scene.experiment.model.tokenizer.start_id
    labels = enumerate(scene.labels)
    return [i for i, x in labels if scene.ids[i] != start and any(c.isalpha() for c in x)]


def pairs(
    scene: Scene, one: Attention, least: float = 0.0, most: float = 1.0
) -> list[tuple[int, int]]:
    """Who looks at whom, with weights between these; of words if there are such pairs.

    Nobody looks at itself or at the start mark here.
    """
    found = [
        (looker, other)
        for looker in range(1, one.n)
        for other in one.seen[looker]
        if other not in (0, looker) and least <= one.weights[looker, other] <= most
    ]
    words = set(word_places(scene))
    return [pair for pair in found if words.issuperset(pair)] or found


def some_words(scene: Scene, rng: Random, n: int) -> list[int] | None:
    """The places of a few words, in the order of the sentence; None if there are too few."""
    places = word_places(scene)
    if len(places) < n:
        places = list(range(scene.n))
    return sorted(rng.sample(places, n)) if len(places) >= n else None


def neighbour(one: Attention, pos: int, *taken: int) -> int:
    """A token beside another one, none of those taken; −1 if there is none."""
    return next((i for i in (pos - 1, pos + 1) if 0 <= i < one.n and i not in taken), -1)


def softmax(scores: Sequence[float] | Array) -> Array:
    """Parts of 1, each by e to its score."""
    return Softmax().forward(np.asarray(scores, float))


def by_columns(one: Attention) -> Array:
    """What sharing out along columns would give; NaN where nobody may look."""
    powers = np.full((one.n, one.n), np.nan)
    for query, seen in enumerate(one.seen):
        powers[query, list(seen)] = one.scaled[query, list(seen)]
    powers = np.exp(powers - np.nanmax(powers, axis=0))
    found: Array = powers / np.nansum(powers, axis=0)
    return found


def column_best(table: Array, pos: int) -> Cell:
    """Where a column of pairs is largest, as somebody sees it who takes it for the row.

    Outside the table if that is the token itself.
    """
    found = int(table[:, pos].argmax())
    return (found, pos) if found != pos else (-1, -1)


def share(x: float) -> str:
    """A part of 1 with two decimals, where "0.00" would say that there is nothing."""
    if x == round(x):
        return str(int(x))
    if 0 < x < 0.005:
        return "<0.01"
    return ">0.99" if 0.995 <= x < 1 else number(x)


def factor(text: str) -> str:
    """A number inside a sum or a product: in brackets if it is negative."""
    return f"({text})" if text.startswith("−") else text


def listed(scene: Scene, places: Sequence[int], numbers: Sequence[float] | Array) -> str:
    """Tokens, each with its number."""
    of = zip(places, numbers, strict=True)
    return ", ".join(f"{scene.quoted[i]}{NO_BREAK}{number(float(x))}" for i, x in of)


def listed_shares(scene: Scene, places: Sequence[int], shares: Sequence[float] | Array) -> str:
    """Tokens, each with its part of 1."""
    of = zip(places, shares, strict=True)
    return ", ".join(f"{scene.quoted[i]}{NO_BREAK}{share(float(x))}" for i, x in of)
