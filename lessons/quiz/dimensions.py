"""Questions on how many numbers the vector of a word has."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

from engine.expr import Ref
from lessons.figures.published import PUBLISHED
from lessons.quiz.arranged import with_mistakes
from lessons.quiz.build import hints, number_question, pick_question, plain
from lessons.quiz.question import Option, Question
from lessons.quiz.registry import generator, said
from lessons.quiz.vector_forms import Claim, retold, truth_question, two_words
from lessons.scene import Scene
from lessons.words import number

LESSON = "dimensions"
WIDTHS = (5, 8, 10, 20, 30, 50, 100)
DECIDERS = ("person", "training", "sentence")


@generator("dimensions-count", LESSON)
def dimensions_count(scene: Scene, rng: Random) -> Question | None:
    """How many numbers the vectors of the sentence have together, at another d_model."""
    if scene.n < 3:
        return None
    width = rng.choice(WIDTHS)
    values = {"n": scene.n, "width": width, "start": scene.words.start, "words": scene.n - 1}
    total = scene.n * width
    question = number_question(
        scene,
        "dimensions-count",
        LESSON,
        float(total),
        {"off-by-one": float(total - width), "sum-not-product": float(scene.n + width)},
        None,
        {"width": width},
        total=scene.words.whole(total),
        **values,
    )
    question = retold(scene, question, "off-by-one", "sum-not-product", **values)
    return None if question is None else replace(question, tolerance=0.5)


@generator("dimensions-table", LESSON)
def dimensions_table(scene: Scene, rng: Random) -> Question | None:
    """How many numbers W_E would have with wider vectors."""
    config = scene.experiment.model.config
    rows, width, times = config.d_vocab, config.d_model, rng.choice((2, 3, 4))
    wide, total = width * times, rows * width
    added, fourfold = scene.words.whole(total + wide - width), scene.words.whole(total * times**2)
    return pick_question(
        scene,
        rng,
        "dimensions-table",
        LESSON,
        scene.words.whole(rows * wide),
        {"sum-not-product": added, "-four": fourfold, "-same": scene.words.whole(total)},
        None,
        {"times": times},
        {
            "sum-not-product": said(
                scene,
                "dimensions-table",
                "sum-not-product",
                value=added,
                more=scene.words.whole(wide - width),
                rows=scene.words.whole(rows),
            )
        },
        rows=scene.words.whole(rows),
        width=width,
        wide=wide,
        times=times,
        total=scene.words.whole(total),
    )


@generator("dimensions-who", LESSON)
def dimensions_who(scene: Scene, rng: Random) -> Question | None:
    """Which numbers a person chooses, which ones training finds, and which the sentence gives."""
    if scene.n < 2:
        return None
    config = scene.experiment.model.config
    pos, i = rng.randrange(1, scene.n), rng.randrange(config.d_model)
    value = float(scene.experiment.trace["W_E"].value[scene.ids[pos], i])
    if not math.isfinite(value):
        return None
    sentence = rng.choice(("vectors", "row"))
    values = {
        "word": scene.quoted[pos],
        "d_model": config.d_model,
        "i": i + 1,
        "value": number(value),
        "n": scene.n,
        "row": scene.ids[-1],
    }
    asked = rng.sample(DECIDERS, 3)
    shuffled = rng.sample(DECIDERS, 3)
    keys = {"person": "width", "training": "number", "sentence": sentence}
    question = Question(
        "dimensions-who",
        LESSON,
        "match",
        said(scene, "dimensions-who", "prompt"),
        tuple(shuffled.index(who) for who in asked),
        hints(scene, "dimensions-who"),
        said(scene, "dimensions-who", "worked", **values),
        choices=tuple(Option(said(scene, "dimensions-who", who)) for who in shuffled),
        left=tuple(said(scene, "dimensions-who", keys[who], **values) for who in asked),
        ref=Ref("W_E", (scene.ids[pos], i)),
        about={"pos": pos, "i": i, "asked": ",".join(asked)},
    )
    return with_mistakes(scene, question)


@generator("dimensions-truth", LESSON)
def dimensions_truth(scene: Scene, rng: Random) -> Question | None:
    """What d_model is, and what no number of a vector says."""
    wanted, pair = rng.random() < 0.5, two_words(scene, rng)
    if pair is None:
        return None
    config = scene.experiment.model.config
    a, b = pair
    i = rng.randrange(config.d_model)
    table = scene.experiment.trace["W_E"].value
    x, y = (float(table[scene.ids[pos], i]) for pos in pair)
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    if len(scene.labels[a]) < len(scene.labels[b]):
        a, b, x, y = b, a, y, x
    both_words = all(scene.labels[pos].isalpha() for pos in pair)
    values = {
        "a": scene.quoted[a],
        "b": scene.quoted[b],
        "i": i + 1,
        "x": number(x),
        "y": number(y),
        "d_model": config.d_model,
        "row": scene.ids[a],
        "rows": scene.words.whole(config.d_vocab),
        "twice": 2 * config.d_model,
    }
    about = {"a": a, "b": b, "i": i}
    ref = Ref("W_E", (scene.ids[a], i))
    claims = [
        Claim("alone", False, values, about, ref=ref),
        Claim("whole", True, values, about, ref=ref),
        Claim("equal", True, values, about),
        Claim("free", True, values, about),
        Claim("found", False, values, about),
        Claim("place", False, values, about, "id-is-size", ref),
    ]
    if both_words and len(scene.labels[a]) > len(scene.labels[b]):
        claims.append(Claim("letters", False, values, about))
    claims.append(_published(scene, rng))
    return truth_question(scene, rng, "dimensions-truth", LESSON, wanted, claims)


def _published(scene: Scene, rng: Random) -> Claim:
    """Whether wider vectors mean more parameters: of two published models that deny it."""
    denied = [
        (wide, narrow)
        for wide in PUBLISHED
        for narrow in PUBLISHED
        if wide.d_model > narrow.d_model and wide.millions < narrow.millions
    ]
    wide, narrow = rng.choice(denied)
    values = {
        "wide": wide.name,
        "narrow": narrow.name,
        "wide_width": scene.words.whole(wide.d_model),
        "narrow_width": scene.words.whole(narrow.d_model),
        "wide_size": plain(wide.millions / 1000),
        "narrow_size": plain(narrow.millions / 1000),
    }
    return Claim("published", False, values, {"wide": wide.name, "narrow": narrow.name})
