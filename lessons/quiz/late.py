"""What the quizzes of the last lessons share: candidates, and questions on claims.

A true-or-false question takes its sentences from the table <generator>-<fact>: one for each claim
that can be made, `why`, and two hints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from engine.expr import Ref
from engine.sampling import likeliest
from lessons.figures.tokens import short
from lessons.quiz.beliefs import believing
from lessons.quiz.build import hints, plain
from lessons.quiz.question import About, Mistake, Question
from lessons.quiz.registry import said
from lessons.scene import Scene

Fact = Callable[[Scene, Random], Question | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that the model predicts where it is asked. name: as it is written in a sentence."""

    id: int
    name: str
    logit: float
    prob: float


def candidates(scene: Scene, n: int) -> list[Candidate]:
    """The n likeliest tokens, the likeliest first.

    Empty where there are not so many, where their numbers are none, or where two read the same.
    """
    trace, pos = scene.experiment.trace, scene.experiment.asked
    logits, probs = trace["logits"].value[pos], trace["probs"].value[pos]
    best = [int(i) for i in likeliest(logits, n)]
    names = [short(scene.words.token(label), 20) for label in scene.predicted(best)]
    sound = bool(np.isfinite(logits[best]).all() and np.isfinite(probs[best]).all())
    if not sound or len(set(names)) < n:
        return []
    return [
        Candidate(i, name, float(logits[i]), float(probs[i]))
        for i, name in zip(best, names, strict=True)
    ]


def where(scene: Scene) -> str:
    """The words that begin a sentence on what the model predicts: "After «fish»"."""
    key = "after" if scene.experiment.model.config.causal else "instead"
    return said(scene, "where-it-predicts", key, token=scene.quoted[scene.experiment.asked])


def listed(scene: Scene, texts: Sequence[str]) -> str:
    """A list such as: a, b and c; where there are commas within, only semicolons between."""
    if len(texts) == 1 or any("," in text for text in texts):
        return "; ".join(texts)
    return ", ".join(texts[:-1]) + said(scene, "where-it-predicts", "and", last=texts[-1])


def retold(
    scene: Scene, question: Question | None, names: Sequence[str], **values: object
) -> Question | None:
    """The question with its generator's own feedback for some mistakes: the sentence "as-..."."""
    if question is None:
        return None
    kept = tuple(
        replace(
            one,
            feedback=said(
                scene,
                question.id,
                f"as-{one.name}",
                value=plain(one.number, scene.words),
                **values,
            ),
        )
        if one.name in names
        else one
        for one in question.mistakes
    )
    return replace(question, mistakes=kept)


def first_that_holds(scene: Scene, rng: Random, facts: Sequence[Fact]) -> Question | None:
    """A question on one of some facts, the first in a random order that the run can be asked."""
    for fact in rng.sample(facts, len(facts)):
        question = fact(scene, rng)
        if question is not None:
            return question
    return None


def truth_question(
    scene: Scene,
    id: str,
    lesson: str,
    fact: str,
    claim: str,
    true: bool,
    ref: Ref | None = None,
    about: About | None = None,
    mistake: str = "",
    **values: object,
) -> Question:
    """Whether a claim about the run is true. mistake: whose it is to answer wrongly."""
    table = f"{id}-{fact}"
    why = said(scene, table, "why", **values)
    question = Question(
        id,
        lesson,
        "truth",
        said(scene, id, "prompt", statement=said(scene, table, claim, **values)),
        true,
        hints(scene, table, **values),
        said(scene, "where-it-predicts", "true" if true else "false", why=why),
        mistakes=(Mistake(mistake, not true, why),) if mistake else (),
        ref=ref,
        about={"fact": fact, "claim": claim, **(about or {})},
    )
    return believing(scene, question, fact)
