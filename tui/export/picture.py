"""A picture of the walk as SVG: of a running app, or of one that runs without a terminal."""

from __future__ import annotations

import asyncio
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from textual.filter import Monochrome, NoColor

from engine.errors import EngineError
from lessons.stages import stages, with_parts
from tui.app import DesdeCero
from tui.screens.walk import WalkScreen

if TYPE_CHECKING:
    from textual.app import App
    from textual.pilot import Pilot

    from engine.experiment import Experiment

TELLING_STAGE = "blocks.0.pattern"
"""The stage that is drawn where none is named; every model has it."""

_FRAME, _FRAME_TEXT = "#292929", "#c5c8c6"
_WEB_FONT = re.compile(r',\s*url\("[^"]*"\) format\("[^"]*"\)')


def screenshot(app: App[None]) -> str:
    """What a running app shows now, as SVG that needs no network and keeps its blanks."""
    svg = _WEB_FONT.sub("", app.export_screenshot())
    theme = app.current_theme
    changes = (
        ("<svg ", '<svg xml:space="preserve" '),
        # The frame, which Rich draws for dark screens only.
        (f'fill="{_FRAME}"', f'fill="{theme.panel}"'),
        (f'fill="{_FRAME_TEXT}"', f'fill="{theme.foreground}"'),
    )
    for before, after in changes:
        svg = svg.replace(before, after, 1)
    return svg


def picture(
    experiment: Experiment,
    stage: str = TELLING_STAGE,
    size: tuple[int, int] = (120, 40),
    lang: str = "es",
    theme: str | None = None,
) -> str:
    """The walk of a sentence at a stage, on a screen of so many columns and lines, as SVG.

    Must not be called from within a running app. Raises EngineError (`unknown_stage`).
    """
    check_stage(experiment, stage)
    return asyncio.run(_drawn(experiment, stage, size, lang, theme))


def check_stage(experiment: Experiment, stage: str) -> None:
    """Raises EngineError (`unknown_stage`) if the model has no stage of this id."""
    known = [found.id for found in with_parts(stages(experiment.model.config))]
    if stage not in known:
        close = get_close_matches(stage, known, n=3, cutoff=0.4) or [TELLING_STAGE, known[-1]]
        raise EngineError("unknown_stage", name=stage, close=close)


async def _drawn(
    experiment: Experiment, stage: str, size: tuple[int, int], lang: str, theme: str | None
) -> str:
    app = DesdeCero(lang=lang, theme=theme, start=experiment)
    app.animation_level = "none"
    for line_filter in app.get_line_filters():  # NO_COLOR is a wish about terminals
        if isinstance(line_filter, Monochrome | NoColor):
            line_filter.enabled = False
    async with app.run_test(size=size) as pilot:
        walk = await _walk(pilot)
        _go_to(walk, stage)
        await pilot.pause()
        return screenshot(app)


async def _walk(pilot: Pilot[None]) -> WalkScreen:
    """The walk, once the app has come to it and drawn it."""
    while pilot.app.is_running:
        await pilot.pause()
        screen = pilot.app.screen
        if isinstance(screen, WalkScreen) and screen.is_mounted:
            await pilot.pause()
            return screen
    raise RuntimeError("the app ended before it came to the walk")


def _go_to(walk: WalkScreen, stage: str) -> None:
    """Goes to a stage, or to a step inside one."""
    for found in walk.view.line:
        if stage in (part.id for part in found.parts):
            walk.go_to(found.id)
            walk.action_inside()
    walk.go_to(stage)
