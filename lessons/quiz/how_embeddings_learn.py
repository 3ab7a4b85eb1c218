"""Questions on how the vectors of words learn."""

from __future__ import annotations

import math
from random import Random

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.closeness import closest
from lessons.figures.training_moments import experiment_at, student, surprises
from lessons.labels import visible
from lessons.quiz.build import number_question, pick_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.quiz.vector_forms import (
    Claim,
    all_question,
    order_question,
    retold,
    truth_question,
    two_words,
)
from lessons.scene import Scene
from lessons.words import number

LESSON = "how-embeddings-learn"
MOST_LOSSES = 5
ALIKE = 1.3
"""Shares are told apart when one is so many times the other."""


@generator("learning-order", LESSON)
def learning_order(scene: Scene, rng: Random) -> Question | None:
    """The steps of one correction."""
    if scene.n < 3:
        return None
    pos = rng.randrange(1, scene.n - 1)
    return order_question(
        scene,
        rng,
        "learning-order",
        LESSON,
        5,
        None,
        {"pos": pos},
        word=scene.quoted[pos],
        next=scene.quoted[pos + 1],
    )


@generator("learning-moves", LESSON)
def learning_moves(scene: Scene, rng: Random) -> Question | None:
    """What a correction can change, and what it never does."""
    if scene.n < 3:
        return None
    config = scene.experiment.model.config
    pos, i = rng.randrange(1, scene.n - 1), rng.randrange(config.d_model)
    id = scene.ids[pos]
    value = scene.experiment.trace["W_E"].value[id, i]
    if not math.isfinite(value):
        return None
    values = {
        "word": scene.quoted[pos],
        "next": scene.quoted[pos + 1],
        "i": i + 1,
        "now": number(float(value)),
        "token": id,
        "rows": scene.words.whole(config.d_vocab),
        "length": config.d_model,
    }

    def option(key: str) -> str:
        return said(scene, "learning-moves", key, **values)

    outside = ["matrices", "loss", *(["bet"] if config.causal else [])]
    right = ["row", *rng.sample(outside, rng.choice((1, 2)))]
    wrong = rng.choice(("rows", "length", "words"))
    return all_question(
        scene,
        rng,
        "learning-moves",
        LESSON,
        [option(key) for key in right],
        {"id-is-size": option("id"), f"-{wrong}": option(wrong)},
        Ref("W_E", (id, i)),
        {"pos": pos, "i": i, "right": ",".join(right), "wrong": wrong},
        **values,
    )


@generator("learning-highest-loss", LESSON)
def learning_highest_loss(scene: Scene, rng: Random) -> Question | None:
    """Of some words of the sentence, that one with the highest loss, from the shares they got."""
    if not scene.experiment.model.config.causal or scene.n < 4:
        return None
    starts = range(1, max(2, scene.n - 3))
    found = (_lowest(scene, start) for start in rng.sample(starts, len(starts)))
    told = next((x for x in found if x is not None), None)
    if told is None:
        return None
    lowest, shares = told
    places = [*shares]
    start, highest = places[0], max(places, key=lambda pos: shares[pos])
    wrong = {
        "most-expected": scene.quoted[highest],
        "off-by-one": scene.quoted[lowest - 1] if lowest - 1 in shares else "",
        **{f"-{pos}": scene.quoted[pos] for pos in places if pos != lowest},
    }
    right = scene.quoted[lowest]
    before = scene.quoted[lowest - 1]
    bets = ", ".join(f"{scene.quoted[pos]} {scene.words.share(shares[pos])}" for pos in places)
    return pick_question(
        scene,
        rng,
        "learning-highest-loss",
        LESSON,
        right,
        wrong,
        Ref("probs", (lowest - 1, scene.ids[lowest])),
        {"start": start, "n": len(places)},
        {"off-by-one": said(scene, "learning-highest-loss", "off-by-one", word=before, came=right)},
        bets=bets,
        share=scene.words.share(shares[lowest]),
    )


def _lowest(scene: Scene, start: int) -> tuple[int, dict[int, float]] | None:
    """Of four tokens, that one with the smallest share, and the shares of all by position.

    None where two of them are as small, or read as if they were.
    """
    shares = {pos: _share(scene, pos) for pos in range(start, min(start + 4, scene.n))}
    lowest, *others = sorted(shares, key=lambda pos: shares[pos])
    alike = any(shares[pos] <= ALIKE * shares[lowest] for pos in others)
    written = scene.words.share
    if alike or any(written(shares[pos]) == written(shares[lowest]) for pos in others):
        return None
    return lowest, shares


def _share(scene: Scene, pos: int) -> float:
    """The share that the token at a position got from the bet after the one before it."""
    return float(scene.experiment.trace["probs"].value[pos - 1, scene.ids[pos]])


@generator("learning-average", LESSON)
def learning_average(scene: Scene, rng: Random) -> Question | None:
    """The loss of the sentence up to some word, from the losses of its words."""
    if not scene.experiment.model.config.causal or scene.n < 3:
        return None
    n = rng.randint(2, min(MOST_LOSSES, scene.n - 1))
    losses = surprises(scene.experiment)[:n]
    total = sum(losses)
    values = {
        "losses": ", ".join(
            f"{word} {number(loss)}" for word, loss in zip(scene.quoted[1:], losses, strict=False)
        ),
        "last": scene.quoted[n],
        "n": n,
        "start": scene.words.start,
        "sum": number(total),
        "wrong": n + 1,
    }
    question = number_question(
        scene,
        "learning-average",
        LESSON,
        total / n,
        {"off-by-one": total / (n + 1)},
        None,
        {"n": n},
        **values,
    )
    return retold(scene, question, "off-by-one", **values)


@generator("learning-truth", LESSON)
def learning_truth(scene: Scene, rng: Random) -> Question | None:
    """Who decides which words are alike, and what training moves."""
    wanted, pair = rng.random() < 0.5, two_words(scene, rng)
    if pair is None:
        return None
    a, b = pair
    claims: list[Claim] = [_labels_move(scene, a, b)]
    claims += _finished(scene, a)
    claims += _untrained(scene, a)
    if scene.experiment.model.config.causal:
        claims += _compared(scene, a, b)
    return truth_question(scene, rng, "learning-truth", LESSON, wanted, claims)


def _labels_move(scene: Scene, a: int, b: int) -> Claim:
    values = {
        "a": scene.quoted[a],
        "b": scene.quoted[b],
        "id_a": scene.ids[a],
        "id_b": scene.ids[b],
    }
    return Claim("labels", False, values, {"a": a, "b": b}, "id-is-size")


def _finished(scene: Scene, pos: int) -> list[Claim]:
    """Why the closest word is the closest."""
    near = _closest(scene, scene.experiment, pos)
    if not near:
        return []
    values = {"word": scene.quoted[pos], "near": near}
    about = {"pos": pos}
    return [
        Claim("nobody", True, values, about),
        Claim("list", False, values, about),
        Claim("person", False, values, about),
    ]


def _untrained(scene: Scene, pos: int) -> list[Claim]:
    """What is close before any training, where the learner's own model kept that moment."""
    school = student(scene)
    if not school.own:
        return []
    near = _closest(scene, experiment_at(scene, 0.0), pos)
    values, about = {"word": scene.quoted[pos], "near": near}, {"pos": pos}
    return [Claim("chance", True, values, about), Claim("knew", False, values, about)]


def _compared(scene: Scene, a: int, b: int) -> list[Claim]:
    """In which of two words the loss is higher."""
    one, two = _share(scene, a), _share(scene, b)
    if not (one > ALIKE * two or two > ALIKE * one):
        return []
    if scene.words.share(one) == scene.words.share(two):  # both are too small to be written
        return []
    values = {
        "a": scene.quoted[a],
        "b": scene.quoted[b],
        "share_a": scene.words.share(one),
        "share_b": scene.words.share(two),
        "lower": scene.quoted[a if one < two else b],
    }
    return [Claim("compared", one < two, values, {"a": a, "b": b})]


def _closest(scene: Scene, run: Experiment, pos: int) -> str:
    """The word closest to a token in the table of a run, quoted; empty if there is no other."""
    found = closest(run, scene.ids[pos], 1)
    return scene.words.token(visible(run.model.tokenizer.piece(found[0][0]))) if found else ""
