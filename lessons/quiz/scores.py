"""Questions on scores: one by hand, one from the run, and the table of them all."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.attention_kinds import point_question, told, with_room
from lessons.quiz.attention_parts import (
    ATTN,
    HEAD,
    WIDEST,
    attention,
    column_best,
    factor,
    neighbour,
    pairs,
    some_words,
)
from lessons.quiz.build import number_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, whole

LESSON = "scores"
_SMALL = (-3, -2, -1, 1, 2, 3, 4)
_TRIES = 50


@generator("scores-by-hand", LESSON)
def scores_by_hand(scene: Scene, rng: Random) -> Question | None:
    """A score from a Query and a Key of two numbers, when those of the other word are there too."""
    words = some_words(scene, rng, 2)
    if words is None:
        return None
    other, looker = words
    for _ in range(_TRIES):
        drawn = [(rng.choice(_SMALL), rng.choice(_SMALL)) for _ in range(4)]
        (q1, q2), own_key, other_query, (k1, k2) = drawn
        results = {
            "": q1 * k1 + q2 * k2,
            "swapped-query-key": own_key[0] * other_query[0] + own_key[1] * other_query[1],
            "wrong-cell": q1 * own_key[0] + q2 * own_key[1],
            "sum-not-product": q1 + q2 + k1 + k2,
        }
        if len(set(results.values())) == len(results):
            break
    answer = results.pop("")
    names = ("q", "own_key", "other_query", "k")
    texts = {name: f"({whole(a)}, {whole(b)})" for name, (a, b) in zip(names, drawn, strict=True)}
    f1, g1, f2, g2 = (factor(whole(n)) for n in (q1, k1, q2, k2))
    id = "scores-by-hand"
    tokens = {"looker": scene.quoted[looker], "other": scene.quoted[other]}
    question = number_question(
        scene,
        id,
        LESSON,
        answer,
        results,
        None,
        {"q1": q1, "q2": q2, "k1": k1, "k2": k2},
        products=f"{f1} × {g1} + {f2} × {g2}",
        result=whole(answer),
        **tokens,
        **texts,
    )
    keys = {"swapped-query-key": "swapped", "wrong-cell": "own", "sum-not-product": "sum"}
    return told(
        question,
        {
            name: said(scene, id, key, value=whole(results[name]), **tokens)
            for name, key in keys.items()
        },
    )


@generator("scores-last-product", LESSON)
def scores_last_product(scene: Scene, rng: Random) -> Question | None:
    """A score of the run, of which all products but one are added up already."""
    id = "scores-last-product"
    one = attention(scene)
    found = one and pairs(scene, one)
    if one is None or not found or one.d_k < 2:
        return None
    for looker, other in rng.sample(found, len(found)):
        # A product that may be left out unnoticed would ask for nothing.
        least = max(0.3, 0.03 * abs(float(one.scores[looker, other])))
        for column in rng.sample(range(one.d_k), one.d_k):
            q, k, v = (
                float(x)
                for x in (one.q[looker, column], one.k[other, column], one.v[other, column])
            )
            if max(abs(q), abs(k), abs(v)) > 3 or abs(q * k) < least:
                continue
            answer = float(one.scores[looker, other])
            rest = answer - q * k
            question = number_question(
                scene,
                id,
                LESSON,
                answer,
                {"sum-not-product": rest + q + k, "key-for-value": rest + q * v},
                Ref(f"{ATTN}.attn_scores", (HEAD, looker, other)),
                {"looker": looker, "other": other, "column": column},
                looker=scene.quoted[looker],
                other=scene.quoted[other],
                d_k=one.d_k,
                others=one.d_k - 1,
                number=column + 1,
                rest=number(rest),
                q=number(q),
                k=number(k),
                v=number(v),
                product=number(q * k),
                factors=f"{factor(number(q))} × {factor(number(k))}",
            )
            mistaken = said(
                scene,
                id,
                "value",
                value=number(rest + q * v),
                other=scene.quoted[other],
            )
            question = told(
                with_room(question, 0.005 * (1 + abs(q) + abs(k))), {"key-for-value": mistaken}
            )
            if question is not None and len(question.mistakes) == 2:
                return question
    return None


@generator("scores-cell", LESSON)
def scores_cell(scene: Scene, rng: Random) -> Question | None:
    """The score of one word with another in the table: a row, and a column."""
    one = attention(scene)
    found = one and pairs(scene, one)
    if one is None or not found or one.n > WIDEST:
        return None
    looker, other = rng.choice(found)
    return point_question(
        scene,
        "scores-cell",
        LESSON,
        "attn_scores",
        (looker, other),
        {
            "swapped-query-key": (other, looker),
            "off-by-one": (looker, neighbour(one, other, looker)),
            "wrong-cell": (looker, looker),
        },
        {"looker": looker, "other": other},
        prompt=rng.choice(("prompt_looks", "prompt_found")),
        looker=scene.quoted[looker],
        other=scene.quoted[other],
    )


@generator("scores-row-largest", LESSON)
def scores_row_largest(scene: Scene, rng: Random) -> Question | None:
    """The highest score of a row, where a column and the whole table have others."""
    one = attention(scene)
    if one is None or not 3 <= one.n <= WIDEST:
        return None
    question = None
    for looker in rng.sample(range(1, one.n), one.n - 1):
        row = one.scores[looker]
        second, best = (int(i) for i in np.argsort(row, kind="stable")[-2:])
        if row[best] - row[second] < 0.02:
            continue
        highest = np.unravel_index(int(one.scores.argmax()), one.scores.shape)
        question = point_question(
            scene,
            "scores-row-largest",
            LESSON,
            "attn_scores",
            (looker, best),
            {
                "swapped-query-key": column_best(one.scores, looker),
                "wrong-cell": (int(highest[0]), int(highest[1])),
            },
            {"looker": looker},
            looker=scene.quoted[looker],
            best=scene.quoted[best],
        )
        if question is not None and any(
            mistake.name == "swapped-query-key" for mistake in question.mistakes
        ):
            break
    return question
