"""Claims on generation that may or may not be true."""

from __future__ import annotations

from random import Random

from engine.expr import Ref
from lessons.quiz.generation import LESSON, TEMPERATURES
from lessons.quiz.late import candidates, first_that_holds, truth_question, where
from lessons.quiz.question import Question
from lessons.quiz.registry import generator
from lessons.scene import Scene
from lessons.words import number

ID = "generation-facts"


@generator(ID, LESSON)
def generation_facts(scene: Scene, rng: Random) -> Question | None:
    """Something on choosing the next token that may or may not be so."""
    return first_that_holds(scene, rng, (_greedy, _overtakes, _evens, _runs))


def _greedy(scene: Scene, rng: Random) -> Question | None:
    best = candidates(scene, 1)
    if not best or not scene.experiment.model.config.causal:
        return None
    claim = rng.choice(("same", "differ"))
    return truth_question(
        scene, ID, LESSON, "greedy", claim, claim == "same", last=scene.quoted[-1]
    )


def _overtakes(scene: Scene, rng: Random) -> Question | None:
    best = candidates(scene, 2)
    if not best or best[0].logit - best[1].logit < 0.02:
        return None
    temperature, claim = rng.choice(TEMPERATURES), rng.choice(("ahead", "overtakes"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "overtakes",
        claim,
        claim == "ahead",
        Ref("logits", (scene.experiment.asked, best[1].id)),
        {"first": best[0].id, "second": best[1].id, "temperature": temperature},
        "temperature-orders",
        where=where(scene),
        first=best[0].name,
        second=best[1].name,
        logit=number(best[0].logit),
        other_logit=number(best[1].logit),
        temperature=f"{temperature:g}",
    )


def _evens(scene: Scene, rng: Random) -> Question | None:
    best = candidates(scene, 2)
    if not best or not 0.02 < best[0].prob < 0.98 or best[0].logit - best[1].logit < 0.02:
        return None
    temperature, claim = rng.choice(TEMPERATURES), rng.choice(("rises", "falls"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "evens",
        claim,
        (claim == "rises") == (temperature < 1),
        Ref("probs", (scene.experiment.asked, best[0].id)),
        {"first": best[0].id, "temperature": temperature},
        where=where(scene),
        first=best[0].name,
        prob=number(best[0].prob),
        temperature=f"{temperature:g}",
    )


def _runs(scene: Scene, rng: Random) -> Question | None:
    if not scene.experiment.model.config.causal:
        return None
    n, claim = rng.randrange(3, 10), rng.choice(("one", "each"))
    return truth_question(
        scene,
        ID,
        LESSON,
        "runs",
        claim,
        claim == "each",
        about={"n": n},
        n=n,
        last=scene.quoted[-1],
    )
