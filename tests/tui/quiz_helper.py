"""What the tests of the quizzes share: a made-up question of each kind, and the app at a quiz."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from textual.pilot import Pilot

from engine.expr import Ref
from lessons.quiz.question import Mistake, Option, Pointed, Question
from tests.tui.lesson_helper import lesson_of
from tests.tui.walk_helper import until
from tui.app import DesdeCero
from tui.data import progress_path
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_draw import Wish

LESSON = "softmax"
HINTS = ("The first hint.", "The second hint.")
WORKED = "How one gets there."
REF = Ref("blocks.0.attn.pattern", (0, 2, 1))
ABC = tuple(Option(f"choice {x}", m) for x, m in (("A", "forgot-root"), ("B", ""), ("C", "")))
ROOT = Mistake("forgot-root", 0.0, "What is said of the root.")


def question(kind: str, **details: Any) -> Question:
    """A small question of a kind."""
    given: dict[str, Any] = {
        "pick": {"answer": 1, "choices": ABC, "mistakes": (ROOT,)},
        "all": {"answer": (1, 2), "choices": ABC, "mistakes": (ROOT,)},
        "number": {
            "answer": 0.73,
            "tolerance": 0.011,
            "mistakes": (Mistake("forgot-root", 0.5, "What is said of the root."),),
        },
        "order": {
            "answer": (1, 0, 2),
            "choices": ABC,
            "mistakes": (Mistake("forgot-root", (0, 1, 2), "What is said of the root."),),  # type: ignore[arg-type]
        },
        "point": {
            "answer": (2, 1),
            "pointed": Pointed("pattern"),
            "mistakes": (Mistake("forgot-root", (1, 1), "What is said of the root."),),
        },
        "match": {
            "answer": (2, 0, 1),
            "choices": ABC,
            "left": ("left a", "left b", "left c"),
            "mistakes": (Mistake("forgot-root", (0, 1, 2), "What is said of the root."),),  # type: ignore[arg-type]
        },
        "truth": {
            "answer": False,
            "mistakes": (Mistake("forgot-root", True, "What is said of the root."),),
        },
        "open": {"answer": "A model answer.", "points": ("point one", "point two")},
    }[kind]
    return Question(**{
        "id": f"made-up-{kind}", "lesson": LESSON, "kind": kind, "prompt": f"Prompt of {kind}?",
        "hints": HINTS, "worked": WORKED, "ref": REF, **given, **details,
    })  # fmt: skip


RIGHT_KEYS = {
    "pick": ("down", "down", "enter"),
    "all": ("2", "3", "enter"),
    "number": ("0", ".", "7", "3", "enter"),
    "order": ("plus", "enter"),
    "point": ("down", "down", "right", "enter"),
    "match": ("3", "1", "2", "enter"),
    "truth": ("f", "enter"),
    "open": ("enter", "a", "b", "enter", "space", "down", "space"),
}
WRONG_KEYS = {
    "pick": ("1", "enter"),
    "all": ("space", "space", "enter"),
    "number": ("0", "comma", "5", "enter"),
    "order": ("enter",),
    "point": ("down", "right", "enter"),
    "match": ("1", "2", "3", "enter"),
    "truth": ("up", "up", "enter"),
    "open": ("enter", "a", "enter", "space"),
}
"""Keys that make the known mistake; an open answer lacks a point."""


async def quiz_of(
    pilot: Pilot[None], questions: Sequence[Question] | None, wish: Wish | None = None
) -> QuizScreen:
    """The quiz of a running app that began with a lesson, once it is drawn."""
    lesson = await lesson_of(pilot)
    app = pilot.app
    assert isinstance(app, DesdeCero)
    given = None if questions is None else tuple(questions)
    quiz = QuizScreen(lesson.view.experiment, app.lang, wish or Wish("lesson", 1, LESSON), given)
    app.push_screen(quiz, app._go_to_lesson)
    await until(pilot, lambda: app.screen is quiz and quiz.is_mounted)
    await pilot.pause()
    return quiz


def kept() -> dict[str, Any]:
    """What the progress file holds; nothing where there is none yet."""
    path = progress_path()
    found: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {"replies": []}
    return found


def replies() -> list[tuple[str, str, str]]:
    """Question, result and mistake of every reply on the disk."""
    return [(r["question"], r["result"], r["mistake"]) for r in kept()["replies"]]


def notices(pilot: Pilot[None]) -> list[str]:
    """What the app has told beside the screens."""
    return [notice.message for notice in pilot.app._notifications]
