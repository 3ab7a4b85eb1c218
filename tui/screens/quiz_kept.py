"""A sitting that was left before its end, as the settings of the progress file keep it. Pure.

    {"exam": {"text": ..., "model": ..., "seed": ..., "replies": [{"question", "said", "hints"}]}}

Questions come out of the run and the seed, so that only what was said to them is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.experiment import Experiment
from lessons.progress.record import Reply
from lessons.quiz.question import Answer, Question
from tui.screens.quiz_draw import Wish
from tui.screens.quiz_state import Outcome, Sitting, answered, begun, gone_on, ticked

SETTING = "sittings"
Json = Mapping[str, Any]


def as_reply(question: Question, outcome: Outcome) -> Reply:
    """What became of a question, as the progress file keeps it."""
    mistake = outcome.grade.mistake if outcome.result == "wrong" else ""
    return Reply(question.id, question.lesson, outcome.result, mistake, outcome.hints)


def left_of(settings: Json, wish: Wish, run: Experiment) -> Json:
    """What is kept of the sitting that a wish begins; empty where it was not left, or elsewhere.

    A review is never taken up: what was answered in it is no longer due.
    """
    found = settings.get(SETTING)
    one = found.get(_name(wish)) if isinstance(found, Mapping) else None
    if wish.kind == "review" or not isinstance(one, Mapping):
        return {}
    same = all(one.get(key) == value for key, value in _run(run).items())
    return one if same and type(one.get("seed")) is int else {}


def with_left(settings: Json, wish: Wish, run: Experiment, sitting: Sitting) -> dict[str, Any]:
    """The kept sittings with this one, or without it where it has not begun or is over."""
    found = settings.get(SETTING)
    kept = dict(found) if isinstance(found, Mapping) else {}
    kept.pop(_name(wish), None)
    n = len(sitting.outcomes)
    if wish.kind != "review" and 0 < n < len(sitting.questions):
        pairs = zip(sitting.questions, sitting.outcomes, strict=False)
        replies = [_reply(question, outcome) for question, outcome in pairs]
        kept[_name(wish)] = {**_run(run), "seed": wish.seed, "replies": replies}
    return kept


def _name(wish: Wish) -> str:
    return f"{wish.kind}:{wish.lesson}" if wish.lesson else wish.kind


def _run(run: Experiment) -> dict[str, Any]:
    return {"text": run.text, "model": run.model.name, "step": run.model.step}


def _reply(question: Question, outcome: Outcome) -> dict[str, Any]:
    kept = {"question": question.id, "said": outcome.reply, "hints": outcome.hints}
    return kept if not outcome.ticked else {**kept, "ticked": sorted(outcome.ticked)}


def taken_up(questions: tuple[Question, ...], left: Json) -> Sitting:
    """The sitting at the first question that was not answered; from the first where none fits.

    Anything may stand in a file that people can write into: what is no answer ends it.
    """
    sitting = begun(questions)
    replies = left.get("replies")
    for one in replies if isinstance(replies, Sequence) else ():
        if sitting.over or not isinstance(one, Mapping):
            break
        question = sitting.question
        said, hints = _said(question, one.get("said")), one.get("hints")
        skipped = one.get("said") is None
        if one.get("question") != question.id or type(hints) is not int:
            break
        if said is None and not skipped:
            break
        sitting = answered(replace(sitting, hints=hints), said)
        for point in one.get("ticked") or ():
            if type(point) is int and 0 <= point < len(question.points):
                sitting = ticked(sitting, point)
        outcomes = (*sitting.outcomes[:-1], replace(sitting.outcomes[-1], kept=True))
        sitting = gone_on(replace(sitting, outcomes=outcomes))
    return begun(questions) if sitting.over else sitting


def _said(question: Question, kept: Any) -> Answer | None:
    """An answer of the kind of the question; None for what is none."""
    if question.kind in ("all", "order", "match", "point"):
        whole = isinstance(kept, list) and all(type(x) is int and x >= 0 for x in kept)
        return tuple(kept) if whole and _fits(question, kept) else None
    if question.kind == "pick":
        return kept if type(kept) is int and 0 <= kept < len(question.choices) else None
    if question.kind == "number":
        return float(kept) if type(kept) in (int, float) else None
    if question.kind == "truth":
        return kept if isinstance(kept, bool) else None
    return kept if isinstance(kept, str) else None


def _fits(question: Question, places: list[int]) -> bool:
    """Whether there are as many as there should be, of those that there are."""
    if question.kind == "point":
        return len(places) == 2
    n = {"order": len(question.choices), "match": len(question.left)}.get(question.kind)
    return n in (None, len(places)) and all(x < len(question.choices) for x in places)
