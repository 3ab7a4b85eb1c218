"""Questions on softmax."""

from __future__ import annotations

import math
from random import Random

import numpy as np

from engine.expr import Ref
from engine.ops import Array
from lessons.quiz.attention_kinds import point_question, told, with_room
from lessons.quiz.attention_parts import (
    ATTN,
    BEYOND_PENCIL,
    BLOCK,
    HEAD,
    NO_BREAK,
    WIDEST,
    attention,
    by_columns,
    column_best,
    listed,
    share,
    some_words,
    word_places,
)
from lessons.quiz.attention_parts import softmax as shares
from lessons.quiz.build import number_question, plain
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, whole

LESSON = "softmax"
_LOWS = tuple(
    (low, gap) for low in (-4, -3, -2, -1, 1, 2, 3, 4, 5) for gap in (1, 2, 3) if low + gap
)
"""A lower score, and the lead of a higher one; neither is 0."""


@generator("softmax-weight", LESSON)
def softmax_weight(scene: Scene, rng: Random) -> Question | None:
    """The weight of one word, from the scores of a row."""
    one = attention(scene)
    if one is None:
        return None
    cells = [
        (query, key)
        for query in range(one.n)
        if 2 <= len(one.seen[query]) <= 6
        for key in one.seen[query]
        if 0.03 < one.weights[query, key] < 0.97
        and abs(one.scaled[query, list(one.seen[query])]).max() < BEYOND_PENCIL
    ]
    if not cells:
        return None
    query, key = rng.choice(cells)
    seen = list(one.seen[query])
    place = seen.index(key)
    scores = one.scaled[query, seen]
    total = float(np.exp(scores).sum())
    decimals = 2 if total > 10 else 3 if total > 1 else 4
    with np.errstate(all="ignore"):
        mistakes = {
            "forgot-exp": float(scores[place] / scores.sum()),
            "forgot-root": float(shares(one.scores[query, seen])[place]),
            "past-the-mask": float(shares(one.scaled[query])[key]),
            "columns-not-rows": float(by_columns(one)[query, key]),
        }
    question = number_question(
        scene,
        "softmax-weight",
        LESSON,
        float(one.weights[query, key]),
        mistakes,
        Ref(f"{ATTN}.pattern", (HEAD, query, key)),
        {"block": BLOCK, "head": HEAD, "query": query, "key": key},
        query=scene.quoted[query],
        key=scene.quoted[key],
        scores=listed(scene, seen, scores),
        power=number(float(np.exp(scores[place])), decimals),
        sum=number(total, decimals),
    )
    return with_room(question, 0.01)


@generator("softmax-times", LESSON)
def softmax_times(scene: Scene, rng: Random) -> Question | None:
    """How many times more one word weighs than another, from their chosen scores."""
    words = some_words(scene, rng, 3)
    if words is None:
        return None
    first, second, looker = words
    id = "softmax-times"
    low, gap = rng.choice(_LOWS)
    high = low + gap
    question = number_question(
        scene,
        id,
        LESSON,
        math.exp(gap),
        {"forgot-exp": high / low},
        None,
        {"low": low, "high": high},
        looker=scene.quoted[looker],
        first=scene.quoted[first],
        second=scene.quoted[second],
        low=whole(low),
        high=whole(high),
        gap=gap,
        e=number(math.e, 3),
        powers=" × ".join(["e"] * gap),
    )
    divided = {"value": plain(high / low), "low": whole(low), "high": whole(high)}
    return told(question, {"forgot-exp": said(scene, id, "divided", **divided)})


def _can_be_told(row: Array, key: int) -> bool:
    """Whether a weight can be told from the others of its row, as they are written."""
    others = [float(x) for j, x in enumerate(row) if j != key]
    return bool(0.03 < row[key] < 0.97) and all(share(x)[0] not in "<>" for x in others)


@generator("softmax-missing", LESSON)
def softmax_missing(scene: Scene, rng: Random) -> Question | None:
    """A weight that is missing from a small table of the run."""
    id = "softmax-missing"
    one = attention(scene)
    if one is None or one.n < 3 or any(max(one.seen[row]) > 2 for row in range(3)):
        return None
    table = one.weights[:3, :3]
    cells = [(i, j) for i in (1, 2) for j in one.seen[i] if _can_be_told(table[i], j)]
    names = max(len(scene.quoted[row]) for row in range(3))
    for query, key in rng.sample(cells, len(cells)):
        rows = []
        for row in range(3):
            shown = [share(float(x)) for x in table[row]]
            if row == query:
                shown[key] = "?"
            line = scene.quoted[row].ljust(names) + "".join(f"  {text:>5}" for text in shown)
            rows.append(line.replace(" ", NO_BREAK))
        others = [float(table[query, j]) for j in range(3) if j != key]
        left = 1 - float(table[:, key].sum() - table[query, key])
        question = number_question(
            scene,
            id,
            LESSON,
            float(table[query, key]),
            {"columns-not-rows": left} if left >= 0 else {},
            Ref(f"{ATTN}.pattern", (HEAD, query, key)),
            {"query": query, "key": key},
            query=scene.quoted[query],
            key=said(scene, id, "itself") if query == key else scene.quoted[key],
            rows="\n".join(rows),
            others=" − ".join(share(x) for x in others if x),
            sum=share(sum(others)),
        )
        question = with_room(question, 0.01)
        if question is not None:
            return question
    return None


@generator("softmax-heaviest", LESSON)
def softmax_heaviest(scene: Scene, rng: Random) -> Question | None:
    """Whom a word looks at most, in the table of weights."""
    one = attention(scene)
    if one is None or not 3 <= one.n <= WIDEST:
        return None
    question = None
    words = word_places(scene) or list(range(1, one.n))
    for looker in rng.sample(words, len(words)):
        second, best = (int(i) for i in np.argsort(one.weights[looker], kind="stable")[-2:])
        if one.weights[looker, best] - one.weights[looker, second] < 0.02:
            continue
        above = looker - 1
        question = point_question(
            scene,
            "softmax-heaviest",
            LESSON,
            "pattern",
            (looker, best),
            {
                "swapped-query-key": column_best(one.weights, looker),
                "off-by-one": (above, int(one.weights[above].argmax())),
            },
            {"looker": looker},
            looker=scene.quoted[looker],
            best=scene.quoted[best],
        )
        if question is not None and len(question.mistakes) == 2:
            break
    return question
