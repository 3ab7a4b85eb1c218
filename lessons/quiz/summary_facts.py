"""Claims on the whole run that may or may not be true: what is most often got wrong."""

from __future__ import annotations

from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.late import candidates, first_that_holds, truth_question, where
from lessons.quiz.question import Question
from lessons.quiz.registry import generator
from lessons.quiz.summary import LESSON
from lessons.scene import Scene
from lessons.words import number, weight

ID = "summary-facts"


@generator(ID, LESSON)
def summary_facts(scene: Scene, rng: Random) -> Question | None:
    """Something on the whole run that may or may not be so."""
    return first_that_holds(scene, rng, (_largest, _heads, _position, _mask, _ids, _proof))


def _largest_weight(scene: Scene, rng: Random) -> tuple[int, int, int, float] | None:
    """Block, head, key and weight of the word that the asked one looks at most in some head."""
    config, pos = scene.experiment.model.config, scene.experiment.asked
    block, head = rng.randrange(config.n_layers), rng.randrange(config.n_heads)
    row = scene.experiment.trace[f"blocks.{block}.attn.pattern"].value[head, pos]
    if not np.isfinite(row).all():
        return None
    key = int(row.argmax())
    return (block, head, key, float(row[key])) if row[key] < 0.98 else None


def _largest(scene: Scene, rng: Random) -> Question | None:
    found = _largest_weight(scene, rng)
    if found is None:
        return None
    block, head, key, largest = found
    query, claim = scene.experiment.asked, rng.choice(("mix", "alone"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "largest",
        claim,
        claim == "mix",
        Ref(f"blocks.{block}.attn.pattern", (head, query, key)),
        {"block": block, "head": head, "query": query, "key": key},
        "largest-is-all",
        block=block + 1,
        head=head + 1,
        query=scene.quoted[query],
        key=scene.quoted[key],
        weight=weight(largest),
        rest=weight(1 - largest),
    )


def _heads(scene: Scene, rng: Random) -> Question | None:
    config = scene.experiment.model.config
    if config.n_heads < 2 or config.d_model % config.n_heads:
        return None
    part, block = config.d_model // config.n_heads, rng.randrange(config.n_layers)
    claim = rng.choice(("whole", "piece"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "heads",
        claim,
        claim == "whole",
        about={"block": block},
        mistake="heads-cut",
        block=block + 1,
        n_heads=config.n_heads,
        d_model=config.d_model,
        d_head=config.d_head,
        part=part,
    )


def _position(scene: Scene, rng: Random) -> Question | None:
    config, trace = scene.experiment.model.config, scene.experiment.trace
    if config.positions == "none":
        return None
    pos, dim = scene.experiment.asked, rng.randrange(config.d_model)
    embed = "embed_scaled" if config.scale_embed else "embed"
    one = float(trace[embed].value[pos, dim])
    other = float(trace["pos_embed"].value[pos, dim])
    if not np.isfinite([one, other]).all() or abs(one + other - one * other) < 0.05:
        return None
    claim = rng.choice(("added", "multiplied"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "position",
        claim,
        claim == "added",
        Ref("blocks.0.resid_pre", (pos, dim)),
        {"pos": pos, "dim": dim},
        "positions-multiplied",
        token=scene.quoted[pos],
        dim=dim + 1,
        embed=number(one),
        position=number(other),
        added=f"+ {number(other)}" if other >= 0 else f"− {number(-other)}",
        sum=number(one + other),
        product=number(one * other),
    )


def _mask(scene: Scene, rng: Random) -> Question | None:
    config = scene.experiment.model.config
    if scene.n < 3:
        return None
    early, late = sorted(rng.sample(range(1, scene.n), 2))
    claim = rng.choice(("forward", "back"))
    query, key = (early, late) if claim == "forward" else (late, early)
    return truth_question(
        scene,
        ID,
        LESSON,
        "mask" if config.causal else "no-mask",
        "looks",
        claim == "back" or not config.causal,
        Ref("blocks.0.attn.pattern", (0, query, key)),
        {"query": query, "key": key},
        "past-the-mask" if config.causal and claim == "forward" else "",
        query=scene.quoted[query],
        key=scene.quoted[key],
        early=scene.quoted[early],
        late=scene.quoted[late],
    )


def _ids(scene: Scene, rng: Random) -> Question | None:
    places = [pos for pos in range(1, scene.n) if scene.ids.index(scene.ids[pos]) == pos]
    if len(places) < 2:
        return None
    one, other = rng.sample(places, 2)
    claim = rng.choice(("number", "label"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "ids",
        claim,
        claim == "label",
        Ref("tokens", (one,)),
        {"one": one, "other": other},
        "id-is-size",
        one=scene.quoted[one],
        other=scene.quoted[other],
        one_id=scene.ids[one],
        other_id=scene.ids[other],
    )


def _proof(scene: Scene, rng: Random) -> Question | None:
    found, best = _largest_weight(scene, rng), candidates(scene, 1)
    if found is None or not best:
        return None
    block, head, key, largest = found
    query, claim = scene.experiment.asked, rng.choice(("proves", "change"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "proof",
        claim,
        claim == "change",
        Ref(f"blocks.{block}.attn.pattern", (head, query, key)),
        {"block": block, "head": head, "query": query, "key": key},
        block=block + 1,
        head=head + 1,
        query=scene.quoted[query],
        key=scene.quoted[key],
        weight=weight(largest),
        where=where(scene),
        top=best[0].name,
    )
