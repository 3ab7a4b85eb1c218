"""Questions on several attentions at once: what a head reads, and what becomes of it."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from lessons.figures.multi_head_joined import head_parts
from lessons.quiz.build import number_question, pick_question
from lessons.quiz.inside import (
    BLOCK,
    agrees,
    feedback,
    first_of,
    order_question,
    plain,
    point_question,
    recognising,
    whole,
    written,
)
from lessons.quiz.question import Pointed, Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number, weight

LESSON = "multi-head"
PATTERN = f"blocks.{BLOCK}.attn.pattern"
STEPS = ("project", "weigh", "mix", "join", "w_o")

HEADS = (2, 4, 6, 8, 12, 16)
HEAD_SIZES = (16, 32, 64, 96, 128)
CLEARLY = 0.02
MOST_HEADS = 4
FURTHEST = 9


@generator("heads-size", LESSON)
def size(scene: Scene, rng: Random) -> Question | None:
    """The rows or the columns of one head's matrix."""
    heads, each = rng.choice(HEADS), rng.choice(HEAD_SIZES)
    axis = rng.choice(("rows", "columns"))
    d_model = heads * each
    question = number_question(
        scene,
        "heads-size",
        LESSON,
        d_model if axis == "rows" else each,
        {},
        None,
        {"heads": heads, "d_model": d_model, "axis": axis},
        heads=heads,
        d_model=d_model,
        each=each,
        asked=said(scene, "heads-size", axis),
        why=said(scene, "heads-size", f"why_{axis}", heads=heads, d_model=d_model, each=each),
    )
    # Who asks for columns and is told rows; the other way round, the input was cut into pieces.
    wrong = [("heads-cut", each)] if axis == "rows" else [("wrong-cell", d_model)]
    return recognising(scene, question, wrong, ("heads-cut", "wrong-cell"), whole, d_model=d_model)


@generator("heads-whole", LESSON)
def whole_vector(scene: Scene, rng: Random) -> Question | None:
    """Which heads notice that one number of the vector has changed."""
    config, id = scene.experiment.model.config, "heads-whole"
    if config.n_heads < 2 or config.n_heads * config.d_head != config.d_model:
        return None
    pos, dim = rng.randrange(scene.n), rng.randrange(config.d_model)
    w_q = scene.experiment.trace[f"blocks.{BLOCK}.attn.W_Q"].value[:, dim]
    if not np.abs(w_q).max(axis=1).all():
        return None
    own = dim // config.d_head
    other = rng.choice([head for head in range(config.n_heads) if head != own])
    values = {"dim": dim + 1, "head": own + 1, "heads": config.n_heads}
    return pick_question(
        scene,
        rng,
        id,
        LESSON,
        said(scene, id, "all"),
        {
            "heads-cut": said(scene, id, "one", head=own + 1),
            "-other": said(scene, id, "one", head=other + 1),
            "-none": said(scene, id, "none"),
        },
        Ref(f"blocks.{BLOCK}.attn.q", (pos, other, 0)),
        {"block": BLOCK, "pos": pos, "dim": dim},
        {"heads-cut": feedback(scene, id, "heads-cut", **values)},
        piece=scene.quoted[pos],
        d_model=config.d_model,
        **values,
    )


@generator("heads-strongest", LESSON)
def strongest(scene: Scene, rng: Random) -> Question | None:
    """At what a piece looks most in one head."""
    return first_of(lambda: _strongest(scene, rng))


def _strongest(scene: Scene, rng: Random) -> Question | None:
    pattern = scene.experiment.trace[PATTERN].value
    n_heads, n, _ = pattern.shape
    if n < 3 or n_heads < 2 or not np.isfinite(pattern).all():
        return None
    head, query = rng.randrange(n_heads), rng.randint(1, min(n - 1, FURTHEST))
    row = pattern[head, query]
    second, key = (int(i) for i in np.argsort(row, kind="stable")[-2:])
    if row[key] - row[second] < CLEARLY:
        return None
    elsewhere = [int(i) for i in pattern[:, query].argmax(axis=1) if i != key]
    wrong = [
        ("swapped-query-key", (key, query)),
        ("columns-not-rows", (int(pattern[head, :, query].argmax()), query)),
        *(("wrong-cell", (query, i)) for i in elsewhere[:1]),
    ]
    return point_question(
        scene,
        "heads-strongest",
        LESSON,
        Pointed("pattern", BLOCK, head),
        (query, key),
        wrong,
        {"head": head, "query": query},
        Ref(PATTERN, (head, query, key)),
        head=head + 1,
        query=scene.quoted[query],
        key=scene.quoted[key],
        weight=weight(float(row[key])),
    )


@generator("heads-order", LESSON)
def order(scene: Scene, rng: Random) -> Question | None:
    """The steps of multi-head attention."""
    pos = rng.randrange(scene.n)
    return order_question(
        scene,
        rng,
        "heads-order",
        LESSON,
        [said(scene, "heads-order", step) for step in STEPS],
        {"pos": pos},
        Ref(f"blocks.{BLOCK}.attn_out", (pos, 0)),
        piece=scene.quoted[pos],
    )


@generator("heads-sum", LESSON)
def head_sum(scene: Scene, rng: Random) -> Question | None:
    """One number that leaves attention: what every head brought, through W_O."""
    return first_of(lambda: _head_sum(scene, rng))


def _head_sum(scene: Scene, rng: Random) -> Question | None:
    config, trace = scene.experiment.model.config, scene.experiment.trace
    pos = rng.randrange(scene.n)
    alone = min(config.n_heads, MOST_HEADS)
    if alone < 2 or config.n_heads * config.d_head != config.d_model:
        return None
    dim = rng.randrange(alone * config.d_head)  # of a head that is listed by itself
    brought = head_parts(scene.experiment, BLOCK, pos)[:, dim].tolist()
    parts = [*brought[:alone], *([sum(brought[alone:])] if alone < config.n_heads else [])]
    bias = trace.value(Ref(f"blocks.{BLOCK}.attn.b_O", (dim,)))
    ref = Ref(f"blocks.{BLOCK}.attn_out", (pos, dim))
    answer = trace.value(ref)
    if not plain(*parts, bias, answer) or not agrees(answer, sum(map(written, [*parts, bias]))):
        return None
    listed = [
        said(scene, "heads-sum", "head", n=head + 1, value=number(x))
        for head, x in enumerate(parts[:alone])
    ]
    if len(parts) > alone:
        listed.append(said(scene, "heads-sum", "rest", value=number(parts[-1])))
    question = number_question(
        scene,
        "heads-sum",
        LESSON,
        answer,
        {},
        ref,
        {"pos": pos, "dim": dim},
        parts="; ".join(listed),
        bias=number(bias),
        dim=dim + 1,
        piece=scene.quoted[pos],
        total=number(answer - bias),
        sum=" + ".join(number(x) if x > 0 else f"({number(x)})" for x in [*parts, bias]),
    )
    own = dim // config.d_head
    wrong = [
        ("heads-cut", brought[own]),
        ("largest-is-all", max(parts, key=abs)),
        ("forgot-bias", answer - bias),
    ]
    said_here = ("heads-cut", "largest-is-all")
    return recognising(scene, question, wrong, said_here, number, head=own + 1, dim=dim + 1)
