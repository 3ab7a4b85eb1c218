"""Kinds of questions that the lessons on attention share: cells to point at, claims, room to round.

They ask about the model's first attention, as those lessons do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.expr import Ref
from lessons.exhibits import exhibit
from lessons.quiz.attention_parts import BLOCK, HEAD
from lessons.quiz.beliefs import believing
from lessons.quiz.build import hints
from lessons.quiz.question import About, Cell, Mistake, Pointed, Question
from lessons.quiz.registry import said
from lessons.scene import Scene
from lessons.station_figure import station
from lessons.words import number


def told(question: Question | None, feedback: Mapping[str, str]) -> Question | None:
    """The question with sentences of its own for some of its mistakes."""
    if question is None:
        return None
    said_of = (replace(x, feedback=feedback.get(x.name, x.feedback)) for x in question.mistakes)
    return replace(question, mistakes=tuple(said_of))


def with_room(question: Question | None, error: float) -> Question | None:
    """The question with room for the rounding of the numbers that it gives.

    error: how far the answer may be off because of them. Declines where no mistake can then be
    told from the answer.
    """
    if question is None:
        return None
    room = max(question.tolerance, error + 0.006)
    kept: list[Mistake] = []
    for mistake in question.mistakes:
        others = (question.value, *(one.number for one in kept))
        if all(abs(mistake.number - x) > 2 * room for x in others):
            kept.append(mistake)
    return replace(question, tolerance=room, mistakes=tuple(kept)) if kept else None


def point_question(
    scene: Scene,
    id: str,
    lesson: str,
    key: str,
    answer: Cell,
    mistakes: Mapping[str, Cell],
    about: About,
    feedback: Mapping[str, str] | None = None,
    prompt: str = "prompt",
    **values: object,
) -> Question | None:
    """A question that is answered by pointing at a cell of a station; None without that station.

    mistakes: where each known mistake would point; those outside the table, at the answer, or at
    what another one points at are left out. feedback: sentences in place of the table's own.
    """
    stage = station(scene.experiment.model.config, key, BLOCK)
    if stage is None:
        return None
    shown = exhibit(stage, scene.experiment, HEAD, marks=scene.words.marks)
    kept: list[Mistake] = []
    for name, cell in mistakes.items():
        if shown.ref(*cell) is not None and cell not in (answer, *(one.value for one in kept)):
            value = number(float(shown.values[cell]))
            told = (feedback or {}).get(name) or said(scene, name, "feedback", value=value)
            kept.append(Mistake(name, cell, told))
    values["answer"] = number(float(shown.values[answer]))
    return Question(
        id,
        lesson,
        "point",
        said(scene, id, prompt, **values),
        answer,
        hints(scene, id, **values),
        said(scene, id, "worked", **values),
        mistakes=tuple(kept),
        ref=shown.ref(*answer),
        pointed=Pointed(key, BLOCK, HEAD),
        about=about,
    )


def truth_question(
    scene: Scene,
    id: str,
    lesson: str,
    claim: str,
    answer: bool,
    ref: Ref | None,
    about: About,
    mistake: str = "",
    **values: object,
) -> Question:
    """A claim that is true or false.

    It stands under claim_<claim>, its second hint under hint_<claim>, its reason under
    worked_<claim>. mistake: whose mistake it is to answer the other way; what is said of it stands
    under mistake_<claim>.
    """
    known: tuple[Mistake, ...] = ()
    if mistake:
        known = (Mistake(mistake, not answer, said(scene, id, f"mistake_{claim}", **values)),)
    question = Question(
        id,
        lesson,
        "truth",
        said(scene, id, "prompt", claim=said(scene, id, f"claim_{claim}", **values)),
        answer,
        (said(scene, id, "hint_1", **values), said(scene, id, f"hint_{claim}", **values)),
        said(scene, id, f"worked_{claim}", **values),
        mistakes=known,
        ref=ref,
        about={"claim": claim, **about},
    )
    return believing(scene, question, claim)
