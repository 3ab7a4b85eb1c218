"""Presses random keys in the whole app, and watches: exceptions, slow frames, memory.

The time of a frame is that of the processor in the interface's own thread, from the key, or from
the frame before, so that what a training does beside it does not count. Where it seems too long, it
is measured how slow the machine is at that moment, and taken off.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import threading
import traceback
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from textual.pilot import Pilot

from tests.soak.deeds import LEAVING, Deed, deeds
from tests.soak.driver import WAIT, SilentTerminal, do, settled
from tests.soak.pace import Pace
from tests.soak.warm import warm
from tui.app import DesdeCero, app_of

LAST = 50
SIZE = (80, 24)
HANGS = 20.0
"""Seconds after which an app that is never at rest counts as hanging."""


class SoakError(Exception):
    """Something that must not happen; its text says what."""


@dataclass
class Watched:
    """What a soak saw. slow: (milliseconds, deed, screen) of the slowest frames, worst
    first. waits: of the deeds that took longest by the clock."""

    done: int = 0
    starts: int = 0
    too_slow: int = 0
    last: deque[str] = field(default_factory=lambda: deque(maxlen=LAST))
    screens: dict[str, int] = field(default_factory=dict)
    slow: list[tuple[float, str, str]] = field(default_factory=list)
    waits: list[tuple[float, str, str]] = field(default_factory=list)
    memory: list[tuple[int, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note(self, spent: float, waited: float, deed: Deed, screen: str) -> None:
        """Take note of a deed: seconds of the processor, and by the clock."""
        self.done += 1
        self.screens[screen] = self.screens.get(screen, 0) + 1
        for table, seconds in ((self.slow, spent), (self.waits, waited)):
            table.append((1e3 * seconds, str(deed), screen))
            table.sort(key=lambda row: -row[0])
            del table[20:]


class Soak:
    """One soak. n: how many deeds. limit: milliseconds that one may take; None for any.

    every: after so many deeds the memory is noted; 0 for never. any_speed: slow ones are counted
    only. warm: before them the whole course is seen once, so that memory grows by leaks alone.
    """

    def __init__(
        self,
        seed: int,
        n: int,
        limit: float | None = None,
        every: int = 0,
        any_speed: bool = False,
        warm: bool = False,
    ) -> None:
        self.n, self.limit, self.every, self.any_speed = n, limit, every, any_speed
        self.warm = warm
        self.seen = Watched()
        self._pace = Pace()
        self._deeds = deeds(seed)
        self._place = ""
        self._failure: SoakError | None = None

    def run(self) -> Watched:
        """Do all of it. Raises SoakError, with the last deeds and the screen in its text."""
        with watching_threads(self.seen.errors):
            while self.seen.done < self.n and self._failure is None:
                self.seen.starts += 1
                self._one_start()
        if self._failure is not None:
            raise self._failure
        return self.seen

    def _one_start(self) -> None:
        app = app_of()
        app.driver_class = SilentTerminal
        # What the app would say of a crash is in the failure.
        app._print_error_renderables = lambda: None  # type: ignore[method-assign]
        try:
            asyncio.run(app.run_async(size=SIZE, auto_pilot=self._press_all))
            app.learner.close()
        except SoakError as failure:
            self._failure = failure
        except Exception as error:
            self._failure = self._failed("".join(traceback.format_exception(error)))
        if self._failure is None and app._exception is not None:
            told = "".join(traceback.format_exception(app._exception))
            self._failure = self._failed(told)
        if self._failure is None and self.seen.errors:
            self._failure = self._failed("\n".join(self.seen.errors))

    async def _press_all(self, pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, DesdeCero)
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self.seen.errors.append(_told(context)))
        while app.ground is None or not app.screen.is_mounted:
            await asyncio.sleep(0.01)
        await settled(app, HANGS)
        try:
            if self.warm and self.seen.starts == 1:
                await warm(app, HANGS)
            for deed in self._deeds:
                if self.seen.done >= self.n:
                    app.exit()
                if app._exit or app._exception is not None:
                    return
                await self._one(app, deed)
        except SoakError as failure:
            self._failure = failure
            app.exit()

    async def _one(self, app: DesdeCero, deed: Deed) -> None:
        if deed.kind == LEAVING:
            await self._leave(app)
            return
        screen = screen_name(app)
        self._place = f"{screen}, {app.size.width}x{app.size.height}:\n{shown(app)}"
        self.seen.last.append(f"{deed}")
        if deed.kind == "wait":
            await asyncio.sleep(WAIT)
        terminal, clock = app._driver, monotonic()
        assert isinstance(terminal, SilentTerminal)
        terminal.begin()
        do(app, deed)
        rested = await settled(app, HANGS)
        terminal.write("")  # what was done after the last frame keeps the next key waiting, too
        spent, waited = terminal.longest, monotonic() - clock
        if self.limit is not None and 1e3 * spent > self.limit:
            spent /= self._pace.slowness()
            self.seen.too_slow += 1e3 * spent > self.limit
        self.seen.note(spent, waited, deed, screen)
        if self.seen.errors:
            raise self._failed("\n".join(self.seen.errors))
        if app._exception is not None:
            return
        if not rested:
            raise self._failed(f"never at rest again after {deed} on {screen}")
        if self.seen.too_slow and not self.any_speed:
            raise self._failed(f"{deed} took {1e3 * spent:.0f} ms on {screen}")
        if self.every and self.seen.done % self.every == 0:
            self.seen.memory.append((self.seen.done, resident()))

    async def _leave(self, app: DesdeCero) -> None:
        """End the program as a person does, from wherever that is."""
        self.seen.last.append(f"<{LEAVING}>")
        app.action_leave_app()
        app.action_leave_app()
        await settled(app, HANGS)

    def _failed(self, what: str) -> SoakError:
        """With what was done last, and the screen before the last of that."""
        told = " ".join(self.seen.last)
        return SoakError(
            f"{what}\n\nafter {self.seen.done} deeds, the last of them:\n{told}\n\n{self._place}"
        )


def screen_name(app: DesdeCero) -> str:
    """The screens that lie over each other, by their classes, the ground and what is on top."""
    names = [type(screen).__name__.removesuffix("Screen") for screen in app._screen_stack]
    return "/".join(names[1:]) or "/".join(names)


def shown(app: DesdeCero) -> str:
    """The text on the screen, as far as there is one."""
    with suppress(Exception):
        lines = app.screen._compositor.render_strips()
        return "\n".join(line.text.rstrip() for line in lines)
    return "(nothing)"


def _told(context: dict[str, Any]) -> str:
    error = context.get("exception")
    lines = traceback.format_exception(error) if error is not None else [repr(context)]
    return f"{context.get('message', '')}\n{''.join(lines)}"


@contextmanager
def watching_threads(errors: list[str]) -> Iterator[None]:
    """While it lasts, what goes wrong in any thread is put on the list."""

    def note(args: threading.ExceptHookArgs) -> None:
        lines = traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)
        name = args.thread.name if args.thread is not None else "?"
        errors.append(f"in the thread {name}:\n{''.join(lines)}")

    before, threading.excepthook = threading.excepthook, note
    try:
        yield
    finally:
        threading.excepthook = before


def resident() -> float:
    """MB that the process holds, after all that is garbage is given back."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # as the app has it: else the next keys pay for another search of everything
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def growth(memory: list[tuple[int, float]], warm: int) -> tuple[float, float]:
    """MB after the warm-up of so many deeds, and at the end."""
    after = [mb for done, mb in memory if done >= warm]
    return after[0], after[-1]
