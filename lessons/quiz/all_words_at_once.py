"""Questions on all words at once: the pattern, and what the mask covers."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.build import number_question
from lessons.quiz.inside import (
    BLOCK,
    HEAD,
    agrees,
    all_question,
    looks_back,
    plain,
    point_question,
    recognising,
    truth_question,
    whole,
    written,
)
from lessons.quiz.question import Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, weight

LESSON = "all-words-at-once"
PATTERN = f"blocks.{BLOCK}.attn.pattern"

MOST_PIECES = 8
MOST_CHOICES = 6
FURTHEST = 9
MOST_SEEN = 4
LARGEST_SCORE = 5.0
CLEARLY = 0.03  # what the covered pieces would take away


@generator("pattern-open-cells", LESSON)
def open_cells(scene: Scene, rng: Random) -> Question | None:
    """How many cells of a pattern the mask leaves open."""
    if scene.n < 3 or not looks_back(scene):
        return None
    n = rng.randint(3, min(scene.n, MOST_PIECES))
    answer = sum(range(1, n + 1))
    values = {
        "n": n,
        "start": scene.quoted[0],
        "last": scene.quoted[n - 1],
        "rows": " + ".join(str(i) for i in range(1, n + 1)),
        "total": answer,
    }
    question = number_question(
        scene, "pattern-open-cells", LESSON, answer, {}, None, {"n": n}, **values
    )
    wrong = [("past-the-mask", n * n), ("off-by-one", answer - n)]
    return recognising(scene, question, wrong, ("past-the-mask", "off-by-one"), whole, n=n)


@generator("pattern-who-may-look", LESSON)
def who_may_look(scene: Scene, rng: Random) -> Question | None:
    """At which pieces one may look, itself included."""
    if scene.n < 3 or not looks_back(scene):
        return None
    query = rng.randint(1, scene.n - 2)
    before = rng.sample(range(query), min(query, rng.randint(1, 3)))
    after = range(query + 1, scene.n)
    later = rng.sample(after, min(len(after), MOST_CHOICES - 1 - len(before), rng.randint(1, 3)))
    return all_question(
        scene,
        rng,
        "pattern-who-may-look",
        LESSON,
        [scene.quoted[i] for i in (query, *before)],
        [("past-the-mask", scene.quoted[i]) for i in later],
        {"query": query},
        query=scene.quoted[query],
    )


@generator("pattern-masked-cell", LESSON)
def masked_cell(scene: Scene, rng: Random) -> Question | None:
    """The cell with which a piece would look at a later one."""
    if scene.n < 3 or not looks_back(scene):
        return None
    query = rng.randint(0, min(scene.n - 2, FURTHEST))
    key = rng.randint(query + 1, min(scene.n - 1, query + 4))
    return point_question(
        scene,
        "pattern-masked-cell",
        LESSON,
        Pointed("pattern", BLOCK, HEAD),
        (query, key),
        [("swapped-query-key", (key, query)), ("off-by-one", (query, key - 1))],
        {"query": query, "key": key},
        Ref(PATTERN, (HEAD, query, key)),
        query=scene.quoted[query],
        key=scene.quoted[key],
        before=scene.quoted[key - 1],
    )


@generator("pattern-sums", LESSON)
def sums(scene: Scene, rng: Random) -> Question | None:
    """Whether the weights of a row, or of a column, add up to 1."""
    pattern = scene.experiment.trace[PATTERN].value[HEAD]
    if scene.n < 2 or not np.isfinite(pattern).all():
        return None
    axis = rng.choice(("row", "column"))
    pos = rng.randrange(scene.n)
    total = float((pattern[pos] if axis == "row" else pattern[:, pos]).sum())
    if (axis == "row") != (abs(total - 1) < 0.02):
        return None
    return truth_question(
        scene,
        "pattern-sums",
        LESSON,
        axis == "row",
        {"axis": axis, "pos": pos},
        "columns-not-rows",
        None,
        f"worked_{axis}",
        line=said(scene, "pattern-sums", axis, piece=scene.quoted[pos]),
        piece=scene.quoted[pos],
        total=whole(total),
    )


@generator("pattern-masked-weight", LESSON)
def masked_weight(scene: Scene, rng: Random) -> Question | None:
    """A weight from scores among which some are covered."""
    if scene.n < 3 or not looks_back(scene):
        return None
    queries = range(1, min(scene.n - 1, MOST_SEEN))
    pairs = [(query, key) for query in queries for key in range(query + 1)]
    for query, key in rng.sample(pairs, len(pairs)):
        question = _masked_weight(scene, query, key)
        if question is not None:
            return question
    return None


def _masked_weight(scene: Scene, query: int, key: int) -> Question | None:
    listed = range(min(scene.n, query + 3))
    trace = scene.experiment.trace
    row = trace[f"blocks.{BLOCK}.attn.attn_scores_scaled"].value[HEAD, query, listed]
    answer = float(trace[PATTERN].value[HEAD, query, key])
    if not plain(*row.tolist()) or np.abs(row).max() > LARGEST_SCORE:
        return None
    scores = np.array([written(float(x)) for x in row])
    powers = np.exp(scores)
    seen = powers[: query + 1].sum()
    counted = float(powers[key] / powers.sum())
    if not agrees(answer, written(powers[key]) / written(seen)) or answer - counted < CLEARLY:
        return None
    total = float(scores[: query + 1].sum())
    wrong = [
        ("past-the-mask", counted),
        ("forgot-exp", float(scores[key]) / total if total else float("inf")),
    ]
    question = number_question(
        scene,
        "pattern-masked-weight",
        LESSON,
        answer,
        {},
        Ref(PATTERN, (HEAD, query, key)),
        {"query": query, "key": key},
        query=scene.quoted[query],
        key=scene.quoted[key],
        scores=", ".join(
            f"{scene.quoted[i]} {number(float(x))}" for i, x in zip(listed, row, strict=True)
        ),
        seen=", ".join(scene.quoted[: query + 1]),
        power=number(float(powers[key])),
        sum=number(float(seen)),
        weight=weight(answer),
    )
    return recognising(scene, question, wrong)
