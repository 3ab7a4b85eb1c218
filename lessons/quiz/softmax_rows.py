"""Rows of weights as the usual mistakes on softmax make them, to choose among."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from engine.ops import Array
from lessons.quiz.attention_parts import (
    ATTN,
    BEYOND_PENCIL,
    HEAD,
    Attention,
    attention,
    by_columns,
    listed,
    share,
)
from lessons.quiz.attention_parts import softmax as shares
from lessons.quiz.build import pick_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, root

LESSON = "softmax"
_APART = 0.06
"""How far apart two rows of weights must be somewhere, to be two choices."""


@generator("softmax-which-row", LESSON)
def softmax_which_row(scene: Scene, rng: Random) -> Question | None:
    """Which weights come of a row of scores, among those that the usual mistakes would give."""
    id = "softmax-which-row"
    one = attention(scene)
    if one is None:
        return None
    queries = [i for i in range(one.n) if 3 <= len(one.seen[i]) <= 5]
    for query in rng.sample(queries, len(queries)):
        seen = list(one.seen[query])
        right = one.weights[query, seen]
        wrong = _wrong_rows(one, query, right, rng)
        scaled = one.scaled[query, seen]
        if right.max() > 0.97 or len(wrong) < 2 or np.abs(scaled).max() > BEYOND_PENCIL:
            continue
        powers = np.exp(scaled)
        values = {
            "looker": scene.quoted[query],
            "scores": listed(scene, seen, one.scores[query, seen]),
            "d_k": one.d_k,
            "root": root(one.d_k, one.root),
            "scaled": _numbers(scaled),
            "powers": _numbers(powers, 3),
            "sum": number(float(powers.sum()), 3),
        }
        return pick_question(
            scene,
            rng,
            id,
            LESSON,
            _row(right),
            {name: _row(row) for name, row in wrong.items()},
            Ref(f"{ATTN}.pattern", (HEAD, query, seen[int(right.argmax())])),
            {"query": query},
            feedback={name: said(scene, id, name, looker=scene.quoted[query]) for name in wrong},
            **values,
        )
    return None


def _wrong_rows(one: Attention, query: int, right: Array, rng: Random) -> dict[str, Array]:
    """What three mistakes make of a row, those left out that cannot be told from another."""
    seen = list(one.seen[query])
    scaled = one.scaled[query, seen]
    with np.errstate(all="ignore"):
        rows = {
            "forgot-root": shares(one.scores[query, seen]),
            "forgot-exp": scaled / scaled.sum(),
            "columns-not-rows": by_columns(one)[query, seen],
        }
    if len(seen) < one.n:
        rows["past-the-mask"] = shares(one.scaled[query])[seen]
    kept: dict[str, Array] = {}
    for name in rng.sample(sorted(rows), len(rows)):
        row = rows[name]
        apart = all(np.abs(row - x).max() > _APART for x in (right, *kept.values()))
        if apart and np.isfinite(row).all() and np.abs(row).max() < BEYOND_PENCIL:
            kept[name] = row
    return dict(list(kept.items())[:3])


def _row(weights: Array) -> str:
    """Weights side by side."""
    return " · ".join(share(float(x)) for x in weights)


def _numbers(numbers: Array, decimals: int = 2) -> str:
    """Numbers side by side."""
    return " · ".join(number(float(x), decimals) for x in numbers)
