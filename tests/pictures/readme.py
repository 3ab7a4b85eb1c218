"""The pictures of the README: which they are, how they are made, what must be current in them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.pictures.shots import nobody, shots_where
from tests.tui.walk_helper import until

FOLDER = Path(__file__).parent
SIZE, LOOK = (100, 30), "dark"


async def _walk(pilot: Pilot[None]) -> None:
    walk: Any = pilot.app.screen
    walk.go_to("blocks.1.pattern")
    await pilot.press("tab", *["right"] * 9)  # where it looks most


async def _why(pilot: Pilot[None]) -> None:
    await _walk(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "WhyScreen")


async def _lesson(pilot: Pilot[None]) -> None:
    app: Any = pilot.app
    app.open_lesson("softmax")
    await until(pilot, lambda: type(app.screen).__name__ == "LessonScreen")
    await pilot.pause()
    await pilot.press("right", "right", "2", "enter")


async def _training(pilot: Pilot[None]) -> None:
    await pilot.press("k")
    await until(pilot, lambda: type(pilot.app.screen).__name__ == "ThroughScreen")
    await until(pilot, lambda: not pilot.app.screen.query_one("#waiting").display)


STEPS: dict[str, Callable[[Pilot[None]], Awaitable[None]]] = {
    "walk": _walk,
    "why": _why,
    "lesson": _lesson,
    "training": _training,
}
"""From the walk to each picture."""


def path_of(name: str, lang: str) -> Path:
    """Where a picture is kept."""
    return FOLDER / f"{name}.{lang}.svg"


def made(name: str, lang: str) -> str:
    """A picture, made now."""
    with nobody():
        return shots_where(STEPS[name], SIZE, LOOK, lang, name).svg


def essence(svg: str) -> tuple[str, frozenset[str]]:
    """What a picture shows, whatever Rich makes its SVG of: its text and its colours."""
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", svg)
    return "\n".join(lines), frozenset(re.findall(r"#[0-9a-fA-F]{6}", svg))
