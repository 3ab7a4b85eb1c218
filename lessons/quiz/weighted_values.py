"""Questions on mixing Values by their weights."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from engine.expr import Ref
from lessons.figures.excerpts import ranked
from lessons.quiz.attention_kinds import point_question, told, with_room
from lessons.quiz.attention_parts import (
    ATTN,
    HEAD,
    Attention,
    attention,
    factor,
    neighbour,
    pairs,
    some_words,
    word_places,
)
from lessons.quiz.build import hints, number_question
from lessons.quiz.question import Mistake, Option, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, weight, whole

LESSON = "weighted-values"
_SHARES = (60, 70, 75, 80, 90)
_MOST_CHOICES = 5


@generator("values-mix", LESSON)
def values_mix(scene: Scene, rng: Random) -> Question | None:
    """One number of what a word receives, of the two heaviest Values and the rest."""
    one = attention(scene)
    if one is None:
        return None
    places = [
        (looker, column)
        for looker in word_places(scene)
        if len(one.seen[looker]) > 1 and one.weights[looker].max() < 0.9
        for column in range(one.d_k)
    ]
    for looker, column in rng.sample(places, len(places)):
        question = _mix(scene, one, looker, column)
        if question is not None and len(question.mistakes) == 2:
            return question
    return None


def _mix(scene: Scene, one: Attention, looker: int, column: int) -> Question | None:
    id = "values-mix"
    first, second = ranked(one.weights[looker], one.seen[looker])[:2]
    w, k, v = (
        [float(x[i]) for i in (first, second)]
        for x in (one.weights[looker], one.k[:, column], one.v[:, column])
    )
    answer = float(one.z[looker, column])
    rest = answer - w[0] * v[0] - w[1] * v[1]
    items = "; ".join(
        said(
            scene,
            id,
            "item",
            token=scene.quoted[pos],
            weight=weight(w[i]),
            key=number(k[i]),
            value=number(v[i]),
        )
        for i, pos in enumerate((first, second))
    )
    others = len(one.seen[looker]) > 2
    adds = others and abs(rest) >= 0.005
    key = "others" if adds else "hardly" if others else "nobody"
    question = number_question(
        scene,
        id,
        LESSON,
        answer,
        {"key-for-value": w[0] * k[0] + w[1] * k[1] + rest, "largest-is-all": v[0]},
        Ref(f"{ATTN}.z", (looker, HEAD, column)),
        {"looker": looker, "column": column},
        items=items,
        rest=said(scene, id, key, rest=number(rest)),
        number=column + 1,
        products=_products(w, v) + (f" + {factor(number(rest))}" if adds else ""),
        looker=scene.quoted[looker],
    )
    return with_room(question, 0.005 * (abs(v[0]) + abs(v[1]) + 2))


def _products(weights: Sequence[float], values: Sequence[float]) -> str:
    pairs = zip(weights, values, strict=True)
    return " + ".join(f"{weight(w)} × {factor(number(v))}" for w, v in pairs)


@generator("values-by-hand", LESSON)
def values_by_hand(scene: Scene, rng: Random) -> Question | None:
    """A mix of two Values of one number each, where the Keys are there too."""
    words = some_words(scene, rng, 3)
    if words is None:
        return None
    id = "values-by-hand"
    first, second, looker = words
    while True:
        part = rng.choice(_SHARES)
        k1, v1, k2, v2 = rng.sample((-6, -4, -2, 2, 4, 5, 6, 8, 10, 12), 4)
        results = {
            "": part * v1 + (100 - part) * v2,
            "key-for-value": part * k1 + (100 - part) * k2,
            "largest-is-all": 100 * v1,
            "sum-not-product": 100 * (v1 + v2),
        }
        if len(set(results.values())) == len(results):
            break
    answer = results.pop("") / 100
    shares = {
        "part": scene.words.share(part / 100),
        "rest": scene.words.share((100 - part) / 100),
    }
    numbers = {"k1": k1, "v1": v1, "k2": k2, "v2": v2}
    tokens = {"first": scene.quoted[first], "looker": scene.quoted[looker]}
    question = number_question(
        scene,
        id,
        LESSON,
        answer,
        {name: x / 100 for name, x in results.items()},
        None,
        {"part": part, **numbers},
        second=scene.quoted[second],
        w1=number(part / 100),
        w2=number(1 - part / 100),
        f1=factor(whole(v1)),
        f2=factor(whole(v2)),
        **{name: whole(x) for name, x in numbers.items()},
        **tokens,
        **shares,
    )
    return told(question, {"sum-not-product": said(scene, id, "sum", value=whole(v1 + v2))})


@generator("values-partner", LESSON)
def values_partner(scene: Scene, rng: Random) -> Question | None:
    """The number of a Value that a weight is multiplied by."""
    one = attention(scene)
    found = one and pairs(scene, one, 0.05)
    if one is None or not found:
        return None
    looker, other = rng.choice(found)
    column = rng.randrange(one.d_k)
    tokens = {"looker": scene.quoted[looker], "other": scene.quoted[other]}
    own = number(float(one.v[looker, column]))
    return point_question(
        scene,
        "values-partner",
        LESSON,
        "v",
        (other, column),
        {
            "wrong-cell": (looker, column),
            "off-by-one": (neighbour(one, other, looker), column),
        },
        {"looker": looker, "other": other, "column": column},
        {"wrong-cell": said(scene, "values-partner", "own", value=own, **tokens)},
        weight=weight(float(one.weights[looker, other])),
        number=column + 1,
        **tokens,
    )


@generator("values-whose", LESSON)
def values_whose(scene: Scene, rng: Random) -> Question | None:
    """Whose Values go into what a word receives, where it may look only back."""
    id = "values-whose"
    one = attention(scene)
    if one is None or not scene.experiment.model.config.causal:
        return None
    words = word_places(scene)
    lookers = [pos for pos in words if any(i < pos for i in words) and any(i > pos for i in words)]
    if not lookers or len(words) < 3:
        return None
    looker = rng.choice(lookers)
    # The word itself, one before it and one after it at least.
    before, after = ([i for i in words if i < looker], [i for i in words if i > looker])
    some = [looker, rng.choice(before), rng.choice(after)]
    more = [i for i in words if i not in some]
    some += rng.sample(more, min(len(more), _MOST_CHOICES - len(some)))
    rng.shuffle(some)
    seen = one.seen[looker]
    mistakes = tuple(
        Mistake(
            "past-the-mask",
            place,
            said(scene, id, "later", looker=scene.quoted[looker]),
        )
        for place, pos in enumerate(some)
        if pos not in seen
    )
    best = max(seen, key=lambda i: float(one.weights[looker, i]))
    return Question(
        id,
        LESSON,
        "all",
        said(scene, id, "prompt", looker=scene.quoted[looker]),
        tuple(place for place, pos in enumerate(some) if pos in seen),
        hints(scene, id, looker=scene.quoted[looker]),
        said(scene, id, "worked", looker=scene.quoted[looker], best=scene.quoted[best]),
        choices=tuple(
            Option(scene.quoted[pos], "" if pos in seen else "past-the-mask") for pos in some
        ),
        mistakes=mistakes,
        ref=Ref(f"{ATTN}.z", (looker, HEAD, 0)),
        about={"looker": looker},
    )
