"""Questions on all of attention at once: its roles, its steps, and who looks at whom."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.arranged import with_mistakes
from lessons.quiz.attention_kinds import point_question
from lessons.quiz.attention_parts import ATTN, HEAD, WIDEST, attention, pairs, word_places
from lessons.quiz.build import hints
from lessons.quiz.question import Cell, Mistake, Option, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, weight

LESSON = "checkpoint-attention"


@generator("checkpoint-explain", LESSON)
def checkpoint_explain(scene: Scene, rng: Random) -> Question | None:
    """The whole of it in the learner's words, about two words of the sentence."""
    id = "checkpoint-explain"
    one = attention(scene)
    found = one and pairs(scene, one, 0.1, 0.9)
    if one is None or not found:
        return None
    looker, other = rng.choice(found)
    values = {
        "looker": scene.quoted[looker],
        "other": scene.quoted[other],
        "weight": weight(float(one.weights[looker, other])),
        "score": number(float(one.scores[looker, other])),
        "scaled": number(float(one.scaled[looker, other])),
    }
    return Question(
        id,
        LESSON,
        "open",
        said(scene, id, "prompt", **values),
        said(scene, id, "answer", **values),
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        ref=Ref(f"{ATTN}.pattern", (HEAD, looker, other)),
        points=tuple(said(scene, id, f"point_{i}", **values) for i in (1, 2, 3, 4)),
        about={"looker": looker, "other": other},
    )


@generator("checkpoint-roles", LESSON)
def checkpoint_roles(scene: Scene, rng: Random) -> Question | None:
    """Query, Key and Value with their jobs."""
    id = "checkpoint-roles"
    words = word_places(scene)
    if not words:
        return None
    token = {"token": scene.quoted[rng.choice(words)]}
    told_by = rng.choice(("job", "use"))
    left, right = (rng.sample("qkv", 3) for _ in range(2))
    answer = tuple(right.index(x) for x in left)
    mixed = {"swapped-query-key": "qk", "key-for-value": "kv"}
    mistakes = []
    for name, pair in mixed.items():
        a, b = pair[0], pair[1]
        other = {a: b, b: a}
        wrong = tuple(right.index(other.get(x, x)) for x in left)
        mistakes.append(Mistake(name, wrong, said(scene, id, f"mixed_{pair}", **token)))
    question = Question(
        id,
        LESSON,
        "match",
        said(scene, id, "prompt", **token),
        answer,
        hints(scene, id, **token),
        said(scene, id, f"worked_{told_by}", **token),
        choices=tuple(Option(said(scene, id, f"{told_by}_{x}", **token)) for x in right),
        left=tuple(said(scene, id, x, **token) for x in left),
        mistakes=tuple(mistakes),
        about={"left": "".join(left)},
    )
    return with_mistakes(scene, question)


_STEPS = ("vectors", "scores", "divide", "power", "sum", "mix")


@generator("checkpoint-order", LESSON)
def checkpoint_order(scene: Scene, rng: Random) -> Question | None:
    """The steps from a vector to what the word receives."""
    id = "checkpoint-order"
    one = attention(scene)
    found = one and pairs(scene, one)
    if not found:
        return None
    looker, other = rng.choice(found)
    tokens = {"looker": scene.quoted[looker], "other": scene.quoted[other]}
    shuffled = rng.sample(_STEPS, len(_STEPS))
    question = Question(
        id,
        LESSON,
        "order",
        said(scene, id, "prompt", **tokens),
        tuple(shuffled.index(x) for x in _STEPS),
        hints(scene, id, **tokens),
        said(scene, id, "worked", **tokens),
        choices=tuple(Option(said(scene, id, x, **tokens)) for x in shuffled),
        about={"looker": looker, "other": other},
    )
    return with_mistakes(scene, question)


@generator("checkpoint-seen-by", LESSON)
def checkpoint_seen_by(scene: Scene, rng: Random) -> Question | None:
    """Who looks most at a word: a column of the table, where a row is usual."""
    one = attention(scene)
    if one is None or not 3 <= one.n <= WIDEST:
        return None
    places = word_places(scene)
    for word in rng.sample(places, len(places)):
        column = one.weights[:, word].copy()
        column[word] = -1
        second, best = (int(i) for i in np.argsort(column, kind="stable")[-2:])
        if column[best] < 0.02 or column[best] - column[second] < 0.02:
            continue
        row = one.weights[word].copy()
        row[word] = -1
        mistakes: dict[str, Cell] = {"swapped-query-key": (word, int(row.argmax()))}
        if one.weights[word, word] > column[best]:
            mistakes["wrong-cell"] = (word, word)
        own = said(scene, "checkpoint-seen-by", "own", token=scene.quoted[word])
        return point_question(
            scene,
            "checkpoint-seen-by",
            LESSON,
            "pattern",
            (best, word),
            mistakes,
            {"word": word},
            {"wrong-cell": own},
            token=scene.quoted[word],
            best=scene.quoted[best],
        )
    return None
