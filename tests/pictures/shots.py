"""Pictures of every screen, on the way that the tests of sizes and colours go.

A picture depends on no clock and no chance: nothing moves, the shipped models are the runs, and
what a screen reads in the background is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from textual.pilot import Pilot

import tests.tui.conftest  # noqa: F401 (a pilot then waits for the app, not for the clock)
from tests.tui.lesson_helper import TEXTS, mini
from tests.tui.tour import tour
from tests.tui.walk_helper import walk_of
from tui.app import DesdeCero
from tui.export.picture import screenshot
from tui.terminal import Colours

SIZES = ((80, 24), (120, 40), (200, 60))
LOOKS: dict[str, tuple[str, Colours]] = {
    "dark": ("dark", "full"),
    "light": ("light", "full"),
    "no-colour": ("dark", "grey"),
}
"""The theme and what is sent to the terminal; without colours, what NO_COLOR gives."""


@dataclass(frozen=True)
class Shot:
    """One picture: of which screen, in which size and look, and its SVG."""

    name: str
    size: tuple[int, int]
    look: str
    svg: str

    @property
    def file(self) -> str:
        """The name of its file."""
        words = "".join(x if x.isalnum() else "-" for x in self.name)
        return f"{words}.{self.size[0]}x{self.size[1]}.{self.look}.svg".replace("--", "-")


@contextmanager
def nobody() -> Iterator[None]:
    """A data folder of nobody's, and a terminal that wishes nothing."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
            patch.setenv(name, folder)
        patch.delenv("NO_COLOR", raising=False)
        patch.chdir(Path(folder))
        yield


def app_in(look: str, lang: str) -> DesdeCero:
    """The app on the usual sentence, without anything that moves."""
    theme, colours = LOOKS[look]
    app = DesdeCero(mini(lang), TEXTS[lang], lang, theme)
    app.colours = colours
    app.move(False)
    return app


def shots_of(size: tuple[int, int], look: str, lang: str, take: Callable[[Shot], None]) -> None:
    """Walk the whole tour in one size and look; `take` gets each picture."""
    asyncio.run(_tour(size, look, lang, take))


async def _tour(size: tuple[int, int], look: str, lang: str, take: Callable[[Shot], None]) -> None:
    app, seen = app_in(look, lang), dict[str, int]()
    async with app.run_test(size=size) as pilot:
        await walk_of(pilot)
        async for name in tour(pilot):
            await at_rest(pilot)
            seen[name] = seen.get(name, 0) + 1
            told = name if seen[name] == 1 else f"{name} {seen[name]}"
            take(Shot(told, size, look, screenshot(app)))


async def at_rest(pilot: Pilot[None]) -> None:
    """Without notices, which go by the clock, and with the cursors of all boxes shown."""
    pilot.app.clear_notifications()
    for box in pilot.app.screen.query("Input, LineInput, TextArea"):
        cursor: Any = box
        cursor.cursor_blink = False
    await pilot.pause()


def shots_where(
    steps: Callable[[Pilot[None]], Any], size: tuple[int, int], look: str, lang: str, name: str
) -> Shot:
    """The picture of where some steps from the walk lead to."""

    async def one() -> Shot:
        app = app_in(look, lang)
        async with app.run_test(size=size) as pilot:
            await walk_of(pilot)
            await steps(pilot)
            await at_rest(pilot)
            return Shot(name, size, look, screenshot(app))

    return asyncio.run(one())
