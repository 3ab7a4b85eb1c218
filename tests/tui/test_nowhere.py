"""What is pressed where nobody can mean it: in a window too small to see, on what has gone by."""

from __future__ import annotations

import pytest
from textual import events
from textual.widgets import Static

from tests.soak.deeds import Deed
from tests.soak.driver import SilentTerminal, do
from tests.tui.walk_helper import until, walk_app, walk_of

TINY = ((8, 55), (1, 1), (250, 3))
KEYS = ("m", "w", "ctrl+p", "t", "f1", "pageup", "e", "c", "right", "z")


@pytest.mark.parametrize("key", ["ctrl+p", "w", "m"])
async def test_keys_do_nothing_where_nothing_is_seen_of_it(key: str) -> None:
    app = walk_app()
    app.driver_class = SilentTerminal
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        view = walk.view
        app._driver = SilentTerminal(app)
        for size in TINY:
            await pilot.resize_terminal(*size)
            await pilot.press(*KEYS)
            do(app, Deed("paste", "el gato"))
            do(app, Deed("click", x=0.5, y=0.5))
            await pilot.pause()
            assert app.screen is walk
            assert walk.view is view
        await pilot.resize_terminal(80, 24)
        await pilot.press(key)
        await until(pilot, lambda: app.screen is not walk)
        above = app.screen
        for size in TINY:
            await pilot.resize_terminal(*size)
            await pilot.press(*KEYS, "pagedown", "escape")
            assert app.screen is above
        await pilot.press("q", "q")


async def test_one_can_leave_a_window_that_is_too_small() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        await pilot.resize_terminal(10, 5)
        await pilot.press("q")
        assert not app._exit
        await pilot.press("q")
        assert app._exit


async def test_a_click_on_what_has_just_gone_does_no_harm() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        gone = Static("gone", id="gone")
        await walk.mount(gone, before=0)
        await pilot.pause()
        x, y = gone.region.offset
        assert app.get_widget_at(x, y)[0] is gone
        parent, gone._parent = gone._parent, None  # as between its removal and the next layout
        for kind in (events.MouseMove, events.MouseDown, events.MouseUp):
            event = kind(None, x, y, 0, 0, 1, False, False, False, x, y)
            await app.on_event(event)
        assert app._exception is None
        gone._parent = parent
