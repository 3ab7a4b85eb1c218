"""Questions on learning: surprise, the first link of a gradient, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from engine.expr import Ref
from engine.sampling import likeliest
from lessons.quiz.build import number_question
from lessons.quiz.late import candidates, retold
from lessons.quiz.late_forms import order_question
from lessons.quiz.question import Question
from lessons.quiz.registry import generator, said
from lessons.scene import Scene
from lessons.words import number

LESSON = "learning-in-full"


@dataclass(frozen=True, slots=True)
class Came:
    """A token that the model had to predict, and what it gave it.

    row: the position of its prediction. before: the token of the sentence that stands there.
    """

    row: int
    id: int
    name: str
    before: str
    prob: float
    logit: float

    @property
    def surprise(self) -> float:
        return -math.log(self.prob)


def tokens_that_came(scene: Scene) -> list[Came]:
    """The tokens of the sentence that came next, with the probability that they had.

    None where that was no number, and for a model that does not predict what comes next.
    """
    trace = scene.experiment.trace
    probs, logits = trace["probs"].value, trace["logits"].value
    found = []
    if not scene.experiment.model.config.causal:
        return []
    for row, id in enumerate(scene.ids[1:]):
        prob, logit = float(probs[row, id]), float(logits[row, id])
        if prob > 0 and math.isfinite(prob) and math.isfinite(logit):
            name, before = scene.quoted[row + 1], scene.quoted[row]
            found.append(Came(row, id, name, before, prob, logit))
    return found


def tokens_to_predict(scene: Scene) -> list[Came]:
    """The same; for a model that fills in blanks, the candidates for the place that is asked."""
    if scene.experiment.model.config.causal:
        return tokens_that_came(scene)
    row = scene.experiment.asked
    return [
        Came(row, one.id, one.name, scene.quoted[row], one.prob, one.logit)
        for one in candidates(scene, 5)
    ]


def given(scene: Scene, one: Came) -> str:
    """The words that say what came, or what is supposed to belong in a place."""
    key = "came" if scene.experiment.model.config.causal else "supposed"
    return said(scene, "learning-surprise", key, before=one.before, word=one.name)


def exact(prob: float) -> str:
    """A probability with three digits, so that its logarithm comes out right."""
    return number(prob, 3 if prob >= 0.1 else 4)


@generator("learning-surprise", LESSON)
def learning_surprise(scene: Scene, rng: Random) -> Question | None:
    """The surprise at one token, from the probability that it had."""
    found = [one for one in tokens_to_predict(scene) if one.prob <= 0.95]
    usable = [one for one in found if one.prob >= 0.01]
    if not usable:
        return None
    one = rng.choice(usable)
    mistakes = {"logit-as-probability": one.logit}
    near = [other for other in found if abs(other.row - one.row) == 1]
    same = [other for other in found if other.row == one.row and other.id != one.id]
    for name, others in (("off-by-one", near), ("wrong-cell", same)):
        if others:
            mistakes[name] = rng.choice(others).surprise
    question = number_question(
        scene,
        "learning-surprise",
        LESSON,
        one.surprise,
        mistakes,
        Ref("probs", (one.row, one.id)),
        {"row": one.row, "token": one.id},
        given=given(scene, one),
        word=one.name,
        prob=exact(one.prob),
        logit=number(one.logit),
        log=number(math.log(one.prob)),
    )
    return retold(scene, question, list(mistakes), word=one.name, before=one.before)


@generator("learning-logit-gradient", LESSON)
def learning_logit_gradient(scene: Scene, rng: Random) -> Question | None:
    """The first link of the chain: from the surprise to one logit."""
    usable = [one for one in tokens_to_predict(scene) if 0.02 <= one.prob <= 0.98]
    if not usable:
        return None
    one = rng.choice(usable)
    trace = scene.experiment.trace
    probs, logits = trace["probs"].value[one.row], trace["logits"].value[one.row]
    others = [int(i) for i in likeliest(logits, 5) if i != one.id and 0.02 <= probs[i] <= 0.98]
    if not others:
        return None
    other = rng.choice(others)
    name = scene.words.token(scene.predicted([other])[0])
    if name == scene.words.token(scene.predicted([one.id])[0]):
        return None
    of_came, other_prob = rng.random() < 0.5, float(probs[other])
    slopes = (one.prob - 1, other_prob)
    answer = slopes[0] if of_came else slopes[1]
    mistakes = {
        "wrong-cell": slopes[1] if of_came else slopes[0],
        "uphill": -answer,
        "logit-as-probability": one.logit - 1 if of_came else float(logits[other]),
    }
    key = "worked_came" if of_came else "worked_other"
    question = number_question(
        scene,
        "learning-logit-gradient",
        LESSON,
        answer,
        mistakes,
        Ref("probs", (one.row, one.id if of_came else other)),
        {"row": one.row, "came": one.id, "token": one.id if of_came else other},
        given=given(scene, one),
        word=one.name,
        prob=number(one.prob),
        other=name,
        other_prob=number(other_prob),
        asked=one.name if of_came else name,
        told=said(scene, "learning-logit-gradient", key, prob=number(one.prob), other=name),
    )
    return retold(scene, question, list(mistakes), word=one.name)


@generator("learning-backward", LESSON)
def learning_backward(scene: Scene, rng: Random) -> Question | None:
    """In which order backpropagation passes through the model."""
    n = scene.experiment.model.config.n_layers
    if not candidates(scene, 1):
        return None
    block = rng.randrange(n)
    names = ["loss", "logits", "mlp", "attention", "embed"]
    if n > 1:
        names.insert(2 if block < n - 1 else 4, "last" if block < n - 1 else "first")
    places = {"block": block + 1, "n": n}
    return order_question(
        scene,
        rng,
        "learning-backward",
        LESSON,
        {name: said(scene, "learning-backward", name, **places) for name in names},
        places,
        about={"block": block},
    )
