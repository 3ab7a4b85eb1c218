"""A map of some words while their vectors are being learned, which must not jump about.

Each map has axes of its own, the two directions in which the words lie furthest apart. Their signs
and their order are free, so every map is turned and mirrored to lie as close as it can to the one
before (orthogonal Procrustes: Schönemann 1966).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.ops import Array
from engine.store import Model
from lessons.figures.common_words import known_words, word_ids

KINDS = ("animal", "food", "person", "place")
PER_KIND = 4
MOST_OWN = 5
FEWEST = 12
_SHRINKS = 0.98
"""Of its reach a map keeps so much from one time to the next where less would do."""


@dataclass(frozen=True)
class MapWords:
    """The words of a map: token ids, and of each "own" (the learner's), "animal" ... or ""."""

    ids: tuple[int, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class LiveMap:
    """Where the words are: places [word, 2], around 0; reach: half the side of the map."""

    words: MapWords
    places: Array
    reach: float


def map_words(model: Model, own: Sequence[int]) -> MapWords:
    """The last words of a learner's sentence, and usual ones that the model has as whole tokens.

    The first of them say most.
    """
    special = {model.tokenizer.start_id, model.tokenizer.blank_id}
    pieces = model.tokenizer.piece
    mine = [i for i in dict.fromkeys(reversed(own)) if i not in special and pieces(i).strip()]
    kinds = dict.fromkeys(mine[:MOST_OWN], "own")
    usual = [[one for one in known_words(model) if one.kind == kind] for kind in KINDS]
    for nth in range(PER_KIND):  # one of each kind in turn: where there is little room few remain
        for words in usual:
            if nth < len(words):
                kinds.setdefault(words[nth].id, words[nth].kind)
    for id in word_ids(model).tolist():
        if len(kinds) >= FEWEST:
            break
        kinds.setdefault(int(id), "")
    return MapWords(tuple(kinds), tuple(kinds.values()))


def live_map(words: MapWords, table: Array, before: LiveMap | None = None) -> LiveMap:
    """The map of the words in a table [d_vocab, d_model], laid as the one before was."""
    rows = np.asarray(table[list(words.ids)], np.float64)
    places = np.zeros((len(rows), 2))
    if len(rows) and np.isfinite(rows).all():
        rows = rows - rows.mean(axis=0)
        axes = np.linalg.svd(rows, full_matrices=False)[2][:2]
        places[:, : len(axes)] = rows @ axes.T
        if before is not None and before.words == words:
            u, _, v = np.linalg.svd(places.T @ before.places)
            places = places @ (u @ v)
    reach = float(np.abs(places).max(initial=1e-9))
    if before is not None and before.words == words:
        reach = max(reach, _SHRINKS * before.reach)
    return LiveMap(words, places, reach)
