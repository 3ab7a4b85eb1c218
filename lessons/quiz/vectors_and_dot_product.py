"""Questions on dot products."""

from __future__ import annotations

import math
from random import Random

from lessons.figures.vectors import cosine, dot
from lessons.quiz.build import number_question, plain
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.quiz.vector_forms import (
    Claim,
    all_question,
    retold,
    truth_question,
    two_words,
    vector,
)
from lessons.scene import Scene
from lessons.words import number

LESSON = "vectors-and-dot-product"
WHOLE_LENGTHS = ((3, 4, 5), (4, 3, 5), (6, 8, 10), (8, 6, 10), (5, 12, 13), (12, 5, 13))
"""Two numbers of a vector, and its length, which is whole as well."""

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def products(a: tuple[float, ...], b: tuple[float, ...]) -> list[float]:
    return [x * y for x, y in zip(a, b, strict=True)]


def written_products(a: tuple[float, ...], b: tuple[float, ...], decimals: int = 0) -> str:
    """The products as they are added up: "3 × 4 + 2 × (−1)"."""

    def one(x: float) -> str:
        text = number(x, decimals) if decimals else plain(x)
        return f"({text})" if x < 0 else text

    return " + ".join(f"{one(x)} × {one(y)}" for x, y in zip(a, b, strict=True))


def whole_numbers(rng: Random, n: int, largest: int = 5) -> tuple[int, ...]:
    """Small whole numbers, none of them 0."""
    return tuple(rng.choice((-1, 1)) * rng.randint(1, largest) for _ in range(n))


@generator("dot-small", LESSON)
def dot_small(scene: Scene, rng: Random) -> Question | None:
    """The dot product of two short vectors."""
    n = rng.choice((2, 3))
    a, b = whole_numbers(rng, n), whole_numbers(rng, n)
    if n == 3 and rng.random() < 0.5:
        b = (*b[:2], 0)
    answer = float(sum(products(a, b)))
    values = {
        "a": vector(a),
        "b": vector(b),
        "products": written_products(a, b),
        "each": ", ".join(map(plain, products(a, b))),
        "total": plain(answer),
    }
    mistakes = {
        "sum-not-product": float(sum(a) + sum(b)),
        "wrong-cell": float(sum(products(a, b[::-1]))),
    }
    about = {"a": ",".join(map(str, a)), "b": ",".join(map(str, b))}
    question = number_question(scene, "dot-small", LESSON, answer, mistakes, None, about, **values)
    return retold(scene, question, "wrong-cell", **values)


@generator("dot-words", LESSON)
def dot_words(scene: Scene, rng: Random) -> Question | None:
    """The dot product of the first numbers of two words' vectors, rounded to one decimal."""
    pair = two_words(scene, rng)
    d_model = scene.experiment.model.config.d_model
    if pair is None or d_model < 3:
        return None
    start = rng.randrange(d_model - 2)
    embed = "embed_scaled" if scene.experiment.model.config.scale_embed else "embed"
    table = scene.experiment.trace[embed].value
    a, b = (tuple(round(float(x), 1) for x in table[pos, start : start + 3]) for pos in pair)
    if sum(x != 0 and math.isfinite(x) for x in products(a, b)) < 2:
        return None
    answer = round(sum(products(a, b)), 2)
    values = {
        "first": scene.quoted[pair[0]],
        "second": scene.quoted[pair[1]],
        "from_": start + 1,
        "to": start + 3,
        "a": _one_decimal(a),
        "b": _one_decimal(b),
        "products": written_products(a, b, 1),
        "each": ", ".join(number(x) for x in products(a, b)),
    }
    mistakes = {
        "sum-not-product": round(sum(a) + sum(b), 1),
        "wrong-cell": round(sum(products(a, b[::-1])), 2),
    }
    about = {"a": pair[0], "b": pair[1], "start": start}
    question = number_question(scene, "dot-words", LESSON, answer, mistakes, None, about, **values)
    return retold(scene, question, "wrong-cell", **values)


def _one_decimal(numbers: tuple[float, ...]) -> str:
    return f"({', '.join(number(x, 1) for x in numbers)})"


@generator("dot-cosine", LESSON)
def dot_cosine(scene: Scene, rng: Random) -> Question | None:
    """The cosine of two arrows, from their dot product and their lengths."""
    (*a, long_a), (*b, long_b) = rng.sample(WHOLE_LENGTHS, 2)
    a, b = ([rng.choice((-1, 1)) * x for x in one] for one in (a, b))
    product = sum(x * y for x, y in zip(a, b, strict=True))
    values = {
        "a": vector(a),
        "b": vector(b),
        "long_a": long_a,
        "long_b": long_b,
        "product": plain(product),
        "products": written_products(tuple(a), tuple(b)),
        "lengths": long_a * long_b,
        "sum": long_a + long_b,
    }
    mistakes = {"sum-not-product": product / (long_a + long_b)}
    about = {"a": ",".join(map(str, a)), "b": ",".join(map(str, b))}
    answer = product / (long_a * long_b)
    question = number_question(scene, "dot-cosine", LESSON, answer, mistakes, None, about, **values)
    return retold(scene, question, "sum-not-product", **values)


@generator("dot-positive", LESSON)
def dot_positive(scene: Scene, rng: Random) -> Question | None:
    """Which pairs of vectors point in similar directions."""
    right: list[Pair] = []
    wrong: dict[str, Pair] = {}
    n_right = rng.choice((1, 2))
    for _ in range(200):
        a, b = whole_numbers(rng, 2, 4), whole_numbers(rng, 2, 4)
        total, added = sum(products(a, b)), sum(a) + sum(b)
        if total > 0 and added < 0 and len(right) < n_right and a != b:
            right.append((a, b))
        elif total < 0 < added and "sum-not-product" not in wrong:
            wrong["sum-not-product"] = (a, b)
        elif total == 0:
            wrong.setdefault("-square", (a, b))
        elif total < 0:
            wrong.setdefault("-against", (a, b))
    names = ["sum-not-product", "-square", "-against"][: 4 - n_right]
    if len(right) < n_right or any(name not in wrong for name in names):
        return None
    return all_question(
        scene,
        rng,
        "dot-positive",
        LESSON,
        [_pair(scene, pair) for pair in right],
        {name: _pair(scene, wrong[name]) for name in names},
        None,
        {"n_right": n_right},
        totals="; ".join(
            f"{_pair(scene, (a, b))}: {plain(sum(products(a, b)))}"
            for a, b in (*right, *(wrong[name] for name in names))
        ),
        added=plain(sum(map(sum, wrong["sum-not-product"]))),
        total=plain(sum(products(*wrong["sum-not-product"]))),
    )


def _pair(scene: Scene, pair: Pair) -> str:
    return said(scene, "dot-positive", "pair", a=vector(pair[0]), b=vector(pair[1]))


@generator("dot-truth", LESSON)
def dot_truth(scene: Scene, rng: Random) -> Question | None:
    """What the sign and the size of a dot product of two words say."""
    wanted, pair = rng.random() < 0.5, two_words(scene, rng)
    if pair is None:
        return None
    table = scene.experiment.trace["embed"].value
    a, b = (table[pos] for pos in pair)
    product, cos = dot(a, b), cosine(a, b)
    if not (math.isfinite(product) and abs(product) > 0.05 and abs(cos) > 0.05):
        return None
    values = {
        "a": scene.quoted[pair[0]],
        "b": scene.quoted[pair[1]],
        "product": number(product),
        "double": number(2 * round(product, 2)),
        "cosine": number(cos),
        "cosine_double": number(2 * round(cos, 2)),
        "itself": number(dot(a, a)),
    }
    about = {"a": pair[0], "b": pair[1]}
    sign = "positive" if product > 0 else "negative"
    claims = [
        Claim(f"{sign}-alike", product > 0, values, about),
        Claim(f"{sign}-against", product < 0, values, about),
        Claim("longer", True, values, about),
        Claim("longer-same", False, values, about),
        Claim("cosine-same", True, values, about),
        Claim("cosine-longer", False, values, about),
        Claim("itself", False, values, about),
        Claim("turned", True, values, about),
    ]
    return truth_question(scene, rng, "dot-truth", LESSON, wanted, claims)
