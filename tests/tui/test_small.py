"""Every screen in small windows: what fits is there, what does not says so, and all comes back."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.tui.lesson_helper import TEXTS, mini
from tests.tui.tour import tour
from tests.tui.walk_helper import shown, until, walk_of
from tui.app import DesdeCero
from tui.messages import words

WHOLE = (80, 24)
REDUCED = ((60, 20), (70, 22), (79, 23))
TOO_SMALL = ((59, 19), (59, 24), (80, 19), (20, 5), (1, 1))
THOROUGH = ("walk", "why", "force", "train", "lesson")
"""Each kind of screen in every size; the others in the first of those."""


async def resized(pilot: Pilot[None], size: tuple[int, int]) -> str:
    """What is shown in a window of another size."""
    await pilot.resize_terminal(*size)
    await until(pilot, lambda: pilot.app.screen.size == size)
    return await seen(pilot)


async def seen(pilot: Pilot[None]) -> str:
    """What is shown once nothing is left to do."""
    await pilot.pause()
    return text(pilot)


def text(pilot: Pilot[None]) -> str:
    return "\n".join(line.rstrip() for line in shown(pilot).splitlines())


@pytest.mark.parametrize("lang", ["es"])
async def test_every_screen_in_every_size(lang: str) -> None:
    sentence = words("app", lang)("app.too_small").partition(":")[0]
    told = words("app", lang)("app.too_small").split()
    app = DesdeCero(mini(lang), TEXTS[lang], lang)
    n_screens = 0
    async with app.run_test(size=WHOLE) as pilot:
        await walk_of(pilot)
        async for name in tour(pilot, ("match", "point")):
            n_screens += 1
            before, keys = await seen(pilot), app.screen.focused
            assert sentence not in before
            few = None if name in THOROUGH else 1
            for size in TOO_SMALL[:few]:
                screen = await resized(pilot, size)
                if size[1] >= 19:
                    assert screen.split() == told, (name, size, screen)
                elif size[1] > 1:
                    assert screen.split()[:4] == told[:4], (name, size, screen)
            await resized(pilot, WHOLE)  # what lies below is drawn again a little later
            await until(pilot, lambda before=before: text(pilot) == before)
            await until(pilot, lambda keys=keys: app.screen.focused is keys)
            for size in REDUCED[:few]:
                screen = await resized(pilot, size)
                assert sentence not in screen, (name, size)
                assert len(screen.split()) >= 8, (name, size, screen)
            await resized(pilot, WHOLE)
            assert app.screen.focused is keys, name
    assert n_screens >= 25


async def test_a_window_that_is_too_small_from_the_start_can_grow() -> None:
    app = DesdeCero(mini("en"), TEXTS["en"], "en")
    async with app.run_test(size=(30, 8)) as pilot:
        await walk_of(pilot)
        await until(pilot, lambda: "too small" in shown(pilot))
        await resized(pilot, WHOLE)
        await until(pilot, lambda: "Next" in shown(pilot))
        assert "too small" not in shown(pilot)
