"""A sheet of questions as data for another program."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lessons.quiz.arranged import letter
from lessons.quiz.question import Question


def sheet_json(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as JSON holds them; places count from 0.

    answer: by kind, as `lessons.quiz.question.Answer`; the value of a mistake likewise, but of
    "all" the place of one choice that is wrongly taken. choices: of "open" what the answer should
    hold; of "match" what belongs to the things that the prompt lists by letter.
    """
    return [_as_json(question) for question in questions]


def _as_json(question: Question) -> dict[str, Any]:
    choices = question.points or tuple(option.text for option in question.choices)
    return {
        "id": question.id,
        "lesson": question.lesson,
        "kind": question.kind,
        "prompt": "\n".join([question.prompt, *lettered(question)]),
        "choices": list(choices),
        "answer": question.answer,
        "tolerance": question.tolerance,
        "mistakes": [
            {"value": mistake.value, "name": mistake.name, "feedback": mistake.feedback}
            for mistake in question.mistakes
        ],
        "hints": list(question.hints),
        "ref": None if question.ref is None else str(question.ref),
    }


def lettered(question: Question) -> list[str]:
    """The things that are to be matched, each with its letter."""
    return [f"{letter(i)}) {text}" for i, text in enumerate(question.left)]
