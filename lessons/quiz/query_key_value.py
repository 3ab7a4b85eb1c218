"""Questions on the Query, the Key and the Value of the learner's own words."""

from __future__ import annotations

from random import Random

from engine.expr import Ref
from lessons.quiz.attention_kinds import point_question, truth_question
from lessons.quiz.attention_parts import ATTN, HEAD, attention, neighbour, pairs
from lessons.quiz.build import hints, pick_question
from lessons.quiz.question import Mistake, Option, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "query-key-value"


@generator("qkv-compared", LESSON)
def qkv_compared(scene: Scene, rng: Random) -> Question | None:
    """Which two vectors tell how well one word matches another."""
    id = "qkv-compared"
    one = attention(scene)
    found = one and pairs(scene, one)
    if not found:
        return None
    looker, other = rng.choice(found)
    tokens = {"looker": scene.quoted[looker], "other": scene.quoted[other]}
    wrong = {"swapped-query-key": "swapped", "key-for-value": "value", "-queries": "queries"}
    return pick_question(
        scene,
        rng,
        id,
        LESSON,
        said(scene, id, "right", **tokens),
        {name: said(scene, id, key, **tokens) for name, key in wrong.items()},
        Ref(f"{ATTN}.attn_scores", (HEAD, looker, other)),
        {"looker": looker, "other": other},
        feedback={
            name: said(scene, id, f"{key}_feedback", **tokens)
            for name, key in wrong.items()
            if not name.startswith("-")
        },
        **tokens,
    )


@generator("qkv-partner", LESSON)
def qkv_partner(scene: Scene, rng: Random) -> Question | None:
    """The number of a Key that a number of a Query is multiplied by, or the other way round."""
    one = attention(scene)
    found = one and pairs(scene, one)
    if one is None or not found:
        return None
    looker, other = rng.choice(found)
    column = rng.randrange(one.d_k)
    which = rng.choice("qk")
    row, wrong_row = (looker, other) if which == "q" else (other, looker)
    table, given = (one.q, one.k[other]) if which == "q" else (one.k, one.q[looker])
    tokens = {"looker": scene.quoted[looker], "other": scene.quoted[other]}
    swapped = said(
        scene,
        "qkv-partner",
        f"swapped_{which}",
        value=number(float(table[wrong_row, column])),
        **tokens,
    )
    beside = column + 1 if column + 1 < one.d_k else column - 1
    return point_question(
        scene,
        "qkv-partner",
        LESSON,
        which,
        (row, column),
        {
            "swapped-query-key": (wrong_row, column),
            "off-by-one": (neighbour(one, row, wrong_row), column),
            "wrong-cell": (row, beside),
        },
        {"looker": looker, "other": other, "column": column, "which": which},
        {"swapped-query-key": swapped},
        f"prompt_{which}",
        number=column + 1,
        given=number(float(given[column])),
        row=scene.quoted[row],
        d_k=one.d_k,
        **tokens,
    )


@generator("qkv-erased", LESSON)
def qkv_erased(scene: Scene, rng: Random) -> Question | None:
    """What changes for who looks, when a Key or a Value is set to 0."""
    id = "qkv-erased"
    one = attention(scene)
    found = one and pairs(scene, one, 0.02, 0.98)
    if not found:
        return None
    looker, other = rng.choice(found)
    which = rng.choice("kv")
    tokens = {"looker": scene.quoted[looker], "other": scene.quoted[other]}
    names = {"query": "swapped-query-key", "own_value": "key-for-value"}
    if which == "v":
        names = {"weight": "key-for-value"}
    changed = {"mix"} if which == "v" else {"weight", "mix"}
    keys = rng.sample(("weight", "mix", "query", "own_value"), 4)
    mistakes = tuple(
        Mistake(names[key], place, said(scene, id, f"{key}_{which}", **tokens))
        for place, key in enumerate(keys)
        if key in names
    )
    ref = Ref(f"{ATTN}.pattern", (HEAD, looker, other))
    return Question(
        id,
        LESSON,
        "all",
        said(scene, id, f"prompt_{which}", **tokens),
        tuple(place for place, key in enumerate(keys) if key in changed),
        hints(scene, id, **tokens),
        said(scene, id, f"worked_{which}", **tokens),
        choices=tuple(Option(said(scene, id, key, **tokens), names.get(key, "")) for key in keys),
        mistakes=mistakes,
        ref=ref if which == "k" else Ref(f"{ATTN}.z", (looker, HEAD, 0)),
        about={"looker": looker, "other": other, "which": which},
    )


_CLAIMS = {
    "same_source": (True, ""),
    "same_matrix": (True, ""),
    "sizes": (True, ""),
    "own_matrix": (False, ""),
    "value_compared": (False, "key-for-value"),
    "same_numbers": (False, "swapped-query-key"),
}


@generator("qkv-truth", LESSON)
def qkv_truth(scene: Scene, rng: Random) -> Question | None:
    """Where the three vectors of a word come from, and what each is for."""
    one = attention(scene)
    found = one and pairs(scene, one)
    if one is None or not found:
        return None
    (looker, other), claim = rng.choice([(pair, claim) for pair in found for claim in _CLAIMS])
    answer, mistake = _CLAIMS[claim]
    return truth_question(
        scene,
        "qkv-truth",
        LESSON,
        claim,
        answer,
        None,
        {"looker": looker, "other": other},
        mistake,
        looker=scene.quoted[looker],
        other=scene.quoted[other],
        d_k=one.d_k,
    )
