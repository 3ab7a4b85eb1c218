"""Questions on learning: surprise, the first link of a gradient, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

import numpy as np

from engine.expr import Ref
from lessons.quiz.build import number_question
from lessons.quiz.late import retold
from lessons.quiz.late_forms import order_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "learning-in-full"


@dataclass(frozen=True, slots=True)
class Came:
    """A token of the sentence that the model could have predicted, and what it gave it.

    pos: its position, from 1 on.
    """

    pos: int
    name: str
    before: str
    prob: float
    logit: float

    @property
    def surprise(self) -> float:
        return -math.log(self.prob)


def tokens_that_came(scene: Scene) -> list[Came]:
    """The tokens of the sentence with the probability they had; none where they had no number.

    None either for a model that does not predict what comes next.
    """
    trace = scene.experiment.trace
    probs, logits = trace["probs"].value, trace["logits"].value
    found = []
    if not scene.experiment.model.config.causal:
        return []
    for pos, id in list(enumerate(scene.ids))[1:]:
        prob, logit = float(probs[pos - 1, id]), float(logits[pos - 1, id])
        if prob > 0 and math.isfinite(prob) and math.isfinite(logit):
            found.append(Came(pos, scene.quoted[pos], scene.quoted[pos - 1], prob, logit))
    return found


def exact(prob: float) -> str:
    """A probability with three digits, so that its logarithm comes out right."""
    return number(prob, 3 if prob >= 0.1 else 4)


@generator("learning-surprise", LESSON)
def learning_surprise(scene: Scene, rng: Random) -> Question | None:
    """The surprise at one token, from the probability that it had."""
    came = tokens_that_came(scene)
    usable = [one for one in came if 0.01 <= one.prob <= 0.95]
    if not usable:
        return None
    one = rng.choice(usable)
    next_to_it = [other for other in came if abs(other.pos - one.pos) == 1 and other.prob <= 0.95]
    mistakes = {"logit-as-probability": one.logit}
    if next_to_it:
        mistakes["off-by-one"] = rng.choice(next_to_it).surprise
    question = number_question(
        scene,
        "learning-surprise",
        LESSON,
        one.surprise,
        mistakes,
        Ref("probs", (one.pos - 1, scene.ids[one.pos])),
        {"pos": one.pos},
        word=one.name,
        before=one.before,
        prob=exact(one.prob),
        logit=number(one.logit),
        log=number(math.log(one.prob)),
    )
    names = ("off-by-one", "logit-as-probability")
    return retold(scene, question, names, word=one.name, before=one.before)


@generator("learning-logit-gradient", LESSON)
def learning_logit_gradient(scene: Scene, rng: Random) -> Question | None:
    """The first link of the chain: from the surprise to one logit."""
    usable = [one for one in tokens_that_came(scene) if 0.02 <= one.prob <= 0.98]
    if not usable:
        return None
    one = rng.choice(usable)
    row = scene.experiment.trace["probs"].value[one.pos - 1]
    others = [int(i) for i in np.argsort(-row)[:5] if int(i) != scene.ids[one.pos]]
    others = [i for i in others if 0.02 <= row[i] <= 0.98]
    if not others:
        return None
    other = rng.choice(others)
    name = scene.words.token(scene.predicted([other])[0])
    if name == scene.words.token(scene.labels[one.pos]):
        return None
    prob, of_came = float(row[other]), rng.random() < 0.5
    came, not_came = one.prob - 1, prob
    logit = float(scene.experiment.trace["logits"].value[one.pos - 1, other])
    answer, id = (came, scene.ids[one.pos]) if of_came else (not_came, other)
    mistakes = {
        "wrong-cell": not_came if of_came else came,
        "uphill": -answer,
        "logit-as-probability": one.logit - 1 if of_came else logit,
    }
    key = "worked_came" if of_came else "worked_other"
    question = number_question(
        scene,
        "learning-logit-gradient",
        LESSON,
        answer,
        mistakes,
        Ref("probs", (one.pos - 1, id)),
        {"pos": one.pos, "candidate": id},
        word=one.name,
        before=one.before,
        prob=number(one.prob),
        other=name,
        other_prob=number(prob),
        asked=one.name if of_came else name,
        told=said(scene, "learning-logit-gradient", key, prob=number(one.prob), other=name),
    )
    return retold(scene, question, ("wrong-cell", "uphill", "logit-as-probability"))


@generator("learning-backward", LESSON)
def learning_backward(scene: Scene, rng: Random) -> Question | None:
    """In which order backpropagation passes through the model."""
    n = scene.experiment.model.config.n_layers
    if not tokens_that_came(scene):
        return None
    block = rng.randrange(n)
    names = ["loss", "logits", "mlp", "attention", "embed"]
    if n > 1:
        names.insert(2 if block < n - 1 else 4, "last" if block < n - 1 else "first")
    places = {"block": block + 1, "n": n, "words": scene.n - 1}
    return order_question(
        scene,
        rng,
        "learning-backward",
        LESSON,
        {name: said(scene, "learning-backward", name, **places) for name in names},
        places,
        about={"block": block},
    )
