"""Questions on one-hot vectors: where the 1 goes, how much is 0, how far apart they are."""

from __future__ import annotations

from random import Random

from lessons.figures.one_hot import distance
from lessons.figures.one_hot import one_hot as vector_of
from lessons.quiz.build import pick_question
from lessons.quiz.early import truth_question, typed_question
from lessons.quiz.own_words import different_words, one_of, token, tokens
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "one-hot"
_FEWEST_WORDS, _MOST_WORDS = 3, 6  # of a vocabulary made of the sentence's own words
_SIZES = (10, 20, 30, 40, 50, 100)
_MOST_PIECES = 16


def _written(places: list[int]) -> str:
    return f"[{', '.join(map(str, places))}]"


@generator("one-hot-write", LESSON)
def one_hot_write(scene: Scene, rng: Random) -> Question | None:
    """The vector of a word, in a vocabulary of some words of the sentence."""
    words = different_words(scene)[:_MOST_WORDS]
    n = len(words)
    if n < _FEWEST_WORDS:
        return None
    index = rng.randrange(1, n)
    right = [0] * n
    right[index] = 1
    before = [0] * n
    before[index - 1] = 1
    sized = [index * x for x in right]
    values = {"words": tokens(scene, words), "word": token(scene, words[index]), "index": index}
    return pick_question(
        scene,
        rng,
        "one-hot-write",
        LESSON,
        _written(right),
        {
            "off-by-one": _written(before),
            "id-is-size": _written(sized),
            "-all": _written([index] * n),
            "-upside-down": _written([1 - x for x in right]),
        },
        None,
        {"word": words[index], "index": index, "n": n},
        {
            name: said(scene, "one-hot-write", name, **values)
            for name in ("off-by-one", "id-is-size")
        },
        **values,
    )


@generator("one-hot-zeros", LESSON)
def one_hot_zeros(scene: Scene, rng: Random) -> Question | None:
    """How many zeros the vector of a word has, altogether or on one side of its 1."""
    words = different_words(scene)
    if not words:
        return None
    pos = rng.choice(words)
    index, size = scene.ids[pos], scene.experiment.model.config.d_vocab
    asked = one_of(scene, rng, ("all", "before", "after"))
    answer, wrong = {
        "all": (size - 1, [("off-by-one", size), ("id-is-size", index)]),
        "before": (index, [("off-by-one", index - 1), ("off-by-one", index + 1)]),
        "after": (size - 1 - index, [("off-by-one", size - index), ("id-is-size", index)]),
    }[asked]
    values = {"word": token(scene, pos), "index": index, "size": size, "last": size - 1}
    return typed_question(
        scene,
        "one-hot-zeros",
        LESSON,
        answer,
        wrong,
        None,
        {"word": pos, "asked": asked},
        **values,
        asked=said(scene, "one-hot-zeros", asked, **values),
        way=said(scene, "one-hot-zeros", f"{asked}_way", **values),
    )


@generator("one-hot-total", LESSON)
def one_hot_total(scene: Scene, rng: Random) -> Question | None:
    """How many zeros the vectors of the whole sentence have, in a small vocabulary."""
    n = scene.n
    if not _FEWEST_WORDS <= n <= _MOST_PIECES:
        return None
    size = rng.choice([size for size in _SIZES if size > n])
    zeros = size - 1
    return typed_question(
        scene,
        "one-hot-total",
        LESSON,
        n * zeros,
        [("off-by-one", n * size), ("sum-not-product", n + zeros)],
        None,
        {"size": size},
        n=n,
        size=size,
        zeros=zeros,
        start=scene.words.start,
    )


@generator("one-hot-claim", LESSON)
def one_hot_claim(scene: Scene, rng: Random) -> Question | None:
    """Whether something can be said of the vectors of three words, whose ids are given."""
    words = different_words(scene)
    if len(words) < 3:
        return None
    a, b, c = rng.sample(words, 3)
    ids = scene.ids
    if abs(ids[a] - ids[b]) > abs(ids[a] - ids[c]):
        b, c = c, b  # b is the one with the nearer number
    claim = one_of(scene, rng, ("near", "equal", "greater", "apart", "by_index", "equal"))
    answer = claim in ("equal", "apart")
    apart = distance(vector_of(0, 3), vector_of(1, 3))  # of any two
    return truth_question(
        scene,
        "one-hot-claim",
        LESSON,
        claim,
        answer,
        "" if answer else "id-is-size",
        {"claim": claim, "a": a, "b": b, "c": c},
        a=token(scene, a),
        b=token(scene, b),
        c=token(scene, c),
        id_a=ids[a],
        id_b=ids[b],
        id_c=ids[c],
        larger=token(scene, max(a, b, key=lambda pos: ids[pos])),
        smaller=token(scene, min(a, b, key=lambda pos: ids[pos])),
        apart=number(apart),
        gap=abs(ids[a] - ids[b]),
    )
