"""All of attention with the usual mistakes: by hand, and told from the weights they give."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from engine.ops import Array
from lessons.figures.checkpoint_attention import mistaken
from lessons.quiz.attention_kinds import told, with_room
from lessons.quiz.attention_parts import (
    ATTN,
    HEAD,
    Attention,
    attention,
    listed_shares,
    softmax,
    some_words,
    word_places,
)
from lessons.quiz.build import number_question, pick_question, plain
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, whole

LESSON = "checkpoint-attention"

_VALUES = (-4, -2, 2, 4, 6, 8, 10)


@generator("checkpoint-by-hand", LESSON)
def checkpoint_by_hand(scene: Scene, rng: Random) -> Question | None:
    """From two scores to what is received, with chosen numbers."""
    words = some_words(scene, rng, 3)
    if words is None:
        return None
    id = "checkpoint-by-hand"
    first, second, looker = words
    # A lead of 1, divided by a small root: far enough from all for one, and from sharing evenly.
    root, x2 = rng.choice((2, 3)), rng.choice((1, 2, 3))
    x1 = x2 + 1
    s1, s2 = root * x1, root * x2
    v1, v2 = rng.choice([(a, b) for a in _VALUES for b in _VALUES if abs(a - b) > 5])
    w1, w2 = (float(x) for x in softmax((x1, x2)))
    raw = float(softmax((s1, s2))[0])
    mistakes = {
        "forgot-root": raw * v1 + (1 - raw) * v2,
        "forgot-exp": (s1 * v1 + s2 * v2) / (s1 + s2),
        "largest-is-all": float(v1),
    }
    question = number_question(
        scene,
        id,
        LESSON,
        w1 * v1 + w2 * v2,
        mistakes,
        None,
        {"d_k": root * root, "s1": s1, "s2": s2, "v1": v1, "v2": v2},
        looker=scene.quoted[looker],
        first=scene.quoted[first],
        second=scene.quoted[second],
        d_k=root * root,
        root=root,
        s1=s1,
        s2=s2,
        v1=whole(v1),
        v2=whole(v2),
        x1=x1,
        x2=x2,
        p1=number(float(np.exp(x1))),
        p2=number(float(np.exp(x2))),
        w1=number(w1),
        w2=number(w2),
    )
    texts = {
        name: said(scene, id, name, value=plain(mistakes[name]))
        for name in ("forgot-root", "forgot-exp")
    }
    return told(with_room(question, 0.005 * abs(v1 - v2)), texts)


_MADE = ("no_root", "no_power", "swapped")


@generator("checkpoint-diagnose", LESSON)
def checkpoint_diagnose(scene: Scene, rng: Random) -> Question | None:
    """Which mistake somebody made whose weights are not those of the run."""
    id = "checkpoint-diagnose"
    one = attention(scene)
    if one is None:
        return None
    tries = [
        (looker, made)
        for looker in word_places(scene)
        if 3 <= len(one.seen[looker]) <= 5
        for made in _MADE
    ]
    for looker, made in rng.sample(tries, len(tries)):
        wrong = mistaken(scene, looker, made).weights[list(one.seen[looker])]
        if not _tells(scene, one, looker, made, wrong):
            continue
        names = {"no_root": "root", "no_power": "power", "swapped": "swap", "key_for_value": "key"}
        right = names.pop(made)
        seen = one.seen[looker]
        return pick_question(
            scene,
            rng,
            id,
            LESSON,
            said(scene, id, right),
            {f"-{name}": said(scene, id, name) for name in names.values()},
            Ref(f"{ATTN}.pattern", (HEAD, looker, looker)),
            {"looker": looker, "made": made},
            weights=listed_shares(scene, seen, one.weights[looker, list(seen)]),
            wrong_weights=listed_shares(scene, seen, wrong),
            looker=scene.quoted[looker],
            why=said(scene, id, f"why_{right}", looker=scene.quoted[looker]),
        )
    return None


def _tells(scene: Scene, one: Attention, looker: int, made: str, wrong: Array) -> bool:
    """Whether wrong weights show by themselves which mistake made them."""
    seen = list(one.seen[looker])
    right = one.weights[looker, seen]
    if not np.isfinite(wrong).all() or np.abs(wrong).max() > 20:
        return False
    for other in _MADE:
        like = mistaken(scene, looker, other).weights[seen]
        if other != made and np.isfinite(like).all() and np.abs(like - wrong).max() < 0.1:
            return False
    if made == "no_power":
        return bool(wrong.min() < -0.02)
    if made == "no_root":
        return bool(wrong.max() - right.max() > 0.08)
    gap = right.max() - right[int(wrong.argmax())]
    return bool(wrong.argmax() != right.argmax() and gap > 0.1)
