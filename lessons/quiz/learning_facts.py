"""Claims on learning that may or may not be true."""

from __future__ import annotations

import math
from random import Random

from engine.expr import Ref
from engine.store import n_parameters
from lessons.quiz.late import first_that_holds, truth_question
from lessons.quiz.learning_in_full import LESSON, exact, tokens_that_came
from lessons.quiz.learning_steps import steep
from lessons.quiz.question import Question
from lessons.quiz.registry import generator
from lessons.scene import Scene
from lessons.words import number

ID = "learning-facts"


@generator(ID, LESSON)
def learning_facts(scene: Scene, rng: Random) -> Question | None:
    """Something on the surprise at this sentence, or on its correction, that may or may not be."""
    return first_that_holds(scene, rng, (_way, _which, _half, _moves))


def _way(scene: Scene, rng: Random) -> Question | None:
    gains = steep(scene, "w", 0.02)
    if not gains:
        return None
    gain, claim = rng.choice(gains), rng.choice(("up", "down"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "way",
        claim,
        (claim == "up") == (gain.slope < 0),
        Ref(gain.name, (gain.dim,)),
        {"dim": gain.dim},
        "uphill",
        dim=gain.dim + 1,
        weight=number(gain.weight),
        slope=number(gain.slope),
    )


def _which(scene: Scene, rng: Random) -> Question | None:
    came = [one for one in tokens_that_came(scene) if one.prob > 0.001]
    if len(came) < 2:
        return None
    one, other = rng.sample(came, 2)
    if abs(one.surprise - other.surprise) < 0.2:
        return None
    return truth_question(
        scene,
        ID,
        LESSON,
        "which",
        "more",
        one.prob < other.prob,
        Ref("probs", (one.row, one.id)),
        {"one": one.row, "other": other.row},
        one=one.name,
        prob=exact(one.prob),
        other=other.name,
        other_prob=exact(other.prob),
        surprise=number(one.surprise),
        other_surprise=number(other.surprise),
    )


def _half(scene: Scene, rng: Random) -> Question | None:
    # Where the surprise is itself about log 2, twice as much and log 2 more are the same.
    came = [one for one in tokens_that_came(scene) if 0.01 < one.prob < 0.95]
    came = [one for one in came if abs(one.surprise - math.log(2)) > 0.1]
    if not came:
        return None
    one, claim = rng.choice(came), rng.choice(("twice", "adds"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "half",
        claim,
        claim == "adds",
        Ref("probs", (one.row, one.id)),
        {"row": one.row},
        word=one.name,
        prob=exact(one.prob),
        surprise=number(one.surprise),
        half=number(one.prob / 2, 4),
        more=number(one.surprise + math.log(2)),
        log2=number(math.log(2)),
    )


def _moves(scene: Scene, rng: Random) -> Question | None:
    config, claim = scene.experiment.model.config, rng.choice(("all", "table", "probs"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "moves",
        claim,
        claim == "all",
        n=scene.words.whole(n_parameters(config)),
        table=scene.words.whole(config.d_vocab * config.d_model),
    )
