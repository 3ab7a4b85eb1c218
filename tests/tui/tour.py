"""Every screen of the app in one run of it: the tests of sizes and of colours go this way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from textual.pilot import Pilot

from tests.tui.quiz_helper import LESSON, RIGHT_KEYS, WRONG_KEYS, question
from tests.tui.walk_helper import until
from tui.app import DesdeCero
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_draw import Wish

KINDS = ("pick", "number", "order", "match", "point", "truth", "all", "open")
OVER_WALK = {
    "m": ("ModelsScreen", "models"),
    "s": ("ChooseScreen", "saving"),
    "c": ("CompareScreen", "compare"),
    "k": ("ThroughScreen", "through"),
    "t": ("ContentsScreen", "contents"),
    "w": ("GlossaryScreen", "glossary"),
    "f1": ("HelpScreen", "help"),
    "f3": ("ProgressScreen", "progress"),
    "n": ("TrainScreen", "train"),
    "ctrl+p": ("CommandPalette", "palette"),
}


async def tour(pilot: Pilot[None], kinds: Sequence[str] = KINDS) -> AsyncIterator[str]:
    """The name of each screen, once it is there; begun on a walk with a shipped model.

    kinds: of the questions of the quiz.
    """
    app: Any = pilot.app
    assert isinstance(app, DesdeCero)
    ground = app.screen

    async def there(kind: str) -> None:
        await until(pilot, lambda: type(app.screen).__name__ == kind and app.screen.is_mounted)
        await pilot.pause()

    async def back() -> None:
        while app.screen is not ground:
            app.pop_screen()
        await pilot.pause()

    yield "walk"
    ground.go_to("blocks.1.pattern")
    await pilot.press("tab", "up", "left")
    yield "cells"
    await pilot.press("enter")
    await there("WhyScreen")
    yield "why"
    await pilot.press("escape", "e")
    await there("ForceScreen")
    yield "force"
    await pilot.press("0", "enter")
    await until(pilot, lambda: app.screen is ground)
    yield "changed"
    await pilot.press("b")
    yield "blame"
    await pilot.press("escape", "i")
    yield "typing"
    await pilot.press("escape", "f")
    await there("WhatIfScreen")
    yield "what if"
    await pilot.press("escape", "comma")
    # What emerges when is found in a thread.
    await until(pilot, lambda: bool(app.screen.scrubber.track and app.screen.scrubber.track.marks))
    yield "earlier"
    await pilot.press("full_stop")
    for key, (kind, name) in OVER_WALK.items():
        await pilot.press(key)
        await there(kind)
        if name == "through":  # every moment is read first
            await until(pilot, lambda: not app.screen.query_one("#waiting").display)
        yield name
        await back()
    app.action_trials()
    await there("TrialsScreen")
    yield "trials"
    await back()
    app.open_lesson("softmax")
    await there("LessonScreen")
    yield "lesson"
    await pilot.press("right")
    yield "lesson, further"
    await pilot.press("d")
    await there("DoubtsScreen")
    yield "doubts"
    await pilot.press("escape")
    asked = [question(kind) for kind in kinds]
    app.push_screen(
        QuizScreen(ground.view.experiment, app.lang, Wish("lesson", 1, LESSON), tuple(asked))
    )
    await there("QuizScreen")
    for i, kind in enumerate(kinds):
        if kind == "point":
            await until(pilot, lambda: app.screen.focused is not None)
        yield f"quiz: {kind}"
        await pilot.press(*(WRONG_KEYS if i % 2 else RIGHT_KEYS)[kind])
        sitting = app.screen.view.sitting
        if sitting.told and not sitting.checks:  # it is said once it is on the disk
            await until(pilot, lambda: app.screen.view.sitting.outcome.kept is not None)
        yield f"quiz: {kind}, told"
        await pilot.press("enter")
        await pilot.pause()
    yield "quiz: the end"
