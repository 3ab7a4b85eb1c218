"""Questions on the block: its parts, their order, and what one block hands to the next."""

from __future__ import annotations

import math
from random import Random

from engine.expr import Ref
from lessons.figures.stream import after_block
from lessons.quiz.build import number_question, pick_question
from lessons.quiz.late import first_that_holds, truth_question
from lessons.quiz.late_forms import order_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "the-block"
ORDERS = {
    "post": ("attn", "sum1", "ln1", "mlp", "sum2", "ln2"),
    "pre": ("ln1", "attn", "sum1", "ln2", "mlp", "sum2"),
}


@generator("block-order", LESSON)
def block_order(scene: Scene, rng: Random) -> Question | None:
    """The parts of this model's block, in order."""
    config = scene.experiment.model.config
    block, pos = rng.randrange(config.n_layers), rng.randrange(scene.n)
    names, other = ORDERS[config.norm], "pre" if config.norm == "post" else "post"
    values = {
        "norm": config.norm,
        "token": scene.quoted[pos],
        "block": block + 1,
        "place": said(scene, "block-order", config.norm),
    }
    return order_question(
        scene,
        rng,
        "block-order",
        LESSON,
        {name: said(scene, "block-order", name) for name in names},
        values,
        Ref(f"blocks.{block}.resid_post", (pos, 0)),
        {"block": block, "pos": pos},
        {"norm-elsewhere": ORDERS[other]},
    )


@generator("block-second-sum", LESSON)
def block_second_sum(scene: Scene, rng: Random) -> Question | None:
    """One number after the second sum of a block."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    block, pos = rng.randrange(config.n_layers), rng.randrange(scene.n)
    dim = rng.randrange(config.d_model)

    def at(step: str, block: int = block) -> float:
        return float(trace[f"blocks.{block}.{step}"].value[pos, dim])

    mid, norm, mlp = at("resid_mid"), at("normalized_resid_mid"), at("mlp_out")
    if not all(map(math.isfinite, (mid, norm, mlp))) or abs(mlp) < 0.02:
        return None
    if abs(at("resid_post")) < 0.05:
        return None
    road, copy = (norm, mid) if config.norm == "post" else (mid, norm)
    mistakes = {"norm-elsewhere": copy + mlp, "replaced-not-added": mlp}
    if config.n_layers > 1:
        other = rng.choice([i for i in range(config.n_layers) if i != block])
        mistakes["wrong-block"] = at("resid_post", other)
    return number_question(
        scene,
        "block-second-sum",
        LESSON,
        at("resid_post"),
        mistakes,
        Ref(f"blocks.{block}.resid_post", (pos, dim)),
        {"block": block, "pos": pos, "dim": dim},
        norm=config.norm,
        block=block + 1,
        dim=dim + 1,
        token=scene.quoted[pos],
        mid=number(mid),
        mlp=number(mlp),
        added=f"+ {number(mlp)}" if mlp > 0 else f"− {number(-mlp)}",
        road=number(road),
        after=said(scene, "block-second-sum", config.norm, x=number(norm)),
        which=said(scene, "block-second-sum", f"{config.norm}_road"),
    )


@generator("block-handover", LESSON)
def block_handover(scene: Scene, rng: Random) -> Question | None:
    """What leaves a block is what enters the next one."""
    config, trace = scene.experiment.model.config, scene.experiment.trace
    if config.n_layers < 2:
        return None
    block, pos = rng.randrange(config.n_layers - 1), rng.randrange(scene.n)
    dim = rng.randrange(config.d_model)
    before = float(trace[after_block(config, block)].value[pos, dim])
    mlp = float(trace[f"blocks.{block}.mlp_out"].value[pos, dim])
    out = float(trace[after_block(config, block + 1)].value[pos, dim])
    if not all(map(math.isfinite, (before, mlp, out))):
        return None
    wrong = {"wrong-block": before, "replaced-not-added": mlp, "-twice": before + out}
    return pick_question(
        scene,
        rng,
        "block-handover",
        LESSON,
        number(out),
        {name: number(x) for name, x in wrong.items()},
        Ref(f"blocks.{block + 1}.resid_pre", (pos, dim)),
        {"block": block, "pos": pos, "dim": dim},
        {
            "wrong-block": said(
                scene, "block-handover", "as-wrong-block", x=number(before), block=block + 1
            ),
            "replaced-not-added": said(
                scene, "block-handover", "as-replaced-not-added", x=number(mlp)
            ),
        },
        block=block + 1,
        next=block + 2,
        dim=dim + 1,
        token=scene.quoted[pos],
        before=number(before),
        mlp=number(mlp),
        out=number(out),
    )


# --- True or false --------------------------------------------------------------------------------


@generator("block-facts", LESSON)
def block_facts(scene: Scene, rng: Random) -> Question | None:
    """Something on this model's blocks that may or may not be so."""
    return first_that_holds(scene, rng, (_norm, _talks, _matrices, _size))


def _norm(scene: Scene, rng: Random) -> Question | None:
    norm = scene.experiment.model.config.norm
    claim = rng.choice(("post", "pre"))
    return truth_question(
        scene,
        "block-facts",
        LESSON,
        "norm",
        claim,
        claim == norm,
        mistake="norm-elsewhere",
        norm=norm,
        place=said(scene, "block-facts-norm", f"place_{norm}"),
    )


def _talks(scene: Scene, rng: Random) -> Question | None:
    config = scene.experiment.model.config
    if scene.n < 3:
        return None
    block = rng.randrange(config.n_layers)
    key, query = sorted(rng.sample(range(1, scene.n), 2))
    pattern = scene.experiment.trace[f"blocks.{block}.attn.pattern"].value
    if not (pattern[:, query, key] > 0).all():
        return None
    claim = rng.choice(("attention", "mlp"))
    return truth_question(
        scene,
        "block-facts",
        LESSON,
        "talks",
        claim,
        claim == "attention",
        Ref(f"blocks.{block}.attn.pattern", (0, query, key)),
        {"block": block, "query": query, "key": key},
        "feed-forward-mixes" if claim == "mlp" else "",
        block=block + 1,
        query=scene.quoted[query],
        key=scene.quoted[key],
    )


def _matrices(scene: Scene, rng: Random) -> Question | None:
    n = scene.experiment.model.config.n_layers
    if n < 2:
        return None
    claim = rng.choice(("own", "shared"))
    return truth_question(
        scene, "block-facts", LESSON, "matrices", claim, claim == "own", n=n, last=n
    )


def _size(scene: Scene, rng: Random) -> Question | None:
    config = scene.experiment.model.config
    block, pos = rng.randrange(config.n_layers), rng.randrange(scene.n)
    said_size = rng.choice((config.d_model, config.d_mlp))
    if config.d_model == config.d_mlp:
        return None
    return truth_question(
        scene,
        "block-facts",
        LESSON,
        "size",
        "leaves",
        said_size == config.d_model,
        about={"block": block, "pos": pos, "size": said_size},
        block=block + 1,
        token=scene.quoted[pos],
        d_model=config.d_model,
        d_mlp=config.d_mlp,
        size=said_size,
    )
