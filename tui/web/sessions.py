"""The sessions that are open: one for each visitor, so many at once, and none that nobody uses.

A visitor who opens the app a second time, or loads the page again, goes on there: the session
before is ended first, and what it saved is found by the next.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tui.web.process import AppProcess, fitted
from tui.web.visitors import Visitors

ENDED, FULL, IDLE, ELSEWHERE, STOPPED = "ended", "full", "idle", "elsewhere", "stopped"
"""Why a session is over. The page has a sentence for each."""
_CODES = {ENDED: 1000, FULL: 4001, IDLE: 4002, ELSEWHERE: 4003, STOPPED: 4004}
_USED = frozenset({"stdin", "focus"})
"""What a browser sends only while somebody is there."""


@dataclass
class Session:
    """A visitor's browser and the process behind it. over: set when nothing is left of it."""

    socket: web.WebSocketResponse
    process: AppProcess | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def end(self, why: str) -> None:
        """Tell the browser why, and wait until the process has saved and ended."""
        await self.leave(why)
        await self.over.wait()

    async def leave(self, why: str) -> None:
        """Tell the browser why it is over; the one who listens to it does the rest."""
        await self.socket.close(code=_CODES[why], message=why.encode("ascii"))

    async def take(self, text: str) -> bool:
        """Hand a message of the browser on, and say whether somebody must be there who sent it.

        What is no message of the page is passed over.
        """
        assert self.process is not None
        try:
            kind, *details = json.loads(text)
            match kind, details:
                case "stdin", [str(data)]:
                    await self.process.send_bytes(data.encode("utf-8", "replace"))
                case "resize", [{"width": int(width), "height": int(height)}]:
                    await self.process.set_terminal_size(*fitted(width, height))
                case "ping", [sent]:
                    await self.socket.send_json(["pong", sent])
                case "focus", []:
                    await self.process.focus()
                case "blur", []:
                    await self.process.blur()
        except (ValueError, TypeError, RecursionError, ConnectionError):
            return False
        return kind in _USED


class Sessions:
    """All that are open.

    visitors: whose they are. most: how many at once. idle: seconds without a key after which one
    ends. model: what whoever is here for the first time begins with; the small one where empty.
    """

    def __init__(self, visitors: Visitors, most: int, idle: float, model: str) -> None:
        self.visitors, self._most, self._idle, self._model = visitors, most, idle, model
        self._open: dict[str, Session] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._stopping = False

    def has_room(self, token: str) -> bool:
        """Whether a visitor can begin now; one who is here already always can."""
        return token in self._open or len(self._open) < self._most

    async def with_download(self, key: str) -> AppProcess | None:
        """The process that has a file ready under that key, which only its visitor knows."""
        for process in [session.process for session in self._open.values()]:
            if process is not None:
                with suppress(KeyError):
                    await process.downloads.get_download_metadata(key)
                    return process
        return None

    async def run(
        self,
        socket: web.WebSocketResponse,
        token: str,
        keep: bool,
        size: tuple[int, int],
        lang: str,
    ) -> None:
        """A whole session: from the browser that asks for it to the end of its process.

        keep: whether the visitor can come back to what was done in it.
        """
        while (before := self._open.get(token)) is not None:
            await before.end(ELSEWHERE)
        session = Session(socket)
        if self._stopping or len(self._open) >= self._most:
            await session.leave(STOPPED if self._stopping else FULL)
            return
        self._open[token] = session
        try:
            folder = self.visitors.open(token)
            self.visitors.sweep({self.visitors.folder(x) for x in self._open})
            session.process = AppProcess(
                folder, lang, self._model, *_writers(socket), close=lambda: session.leave(ENDED)
            )
            await session.leave(await self._serve(session, session.process, size))
        finally:
            # A task of its own: an answer to a browser may be broken off, and this may not.
            closing = asyncio.create_task(self._close(token, session, keep))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    async def _close(self, token: str, session: Session, keep: bool) -> None:
        """Leave nothing of a session but what the visitor is to find again."""
        try:
            if session.process is not None:
                await session.process.stop()
        finally:
            self.visitors.close(self.visitors.folder(token), keep)
            del self._open[token]
            session.over.set()

    async def _serve(self, session: Session, process: AppProcess, size: tuple[int, int]) -> str:
        """Go between the browser and the process until one of them ends, and say why."""
        await process.start(*fitted(*size))
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._idle) as patience:
                async for message in session.socket:
                    if message.type is WSMsgType.TEXT and await session.take(message.data):
                        patience.reschedule(loop.time() + self._idle)
        except TimeoutError:
            return IDLE
        return ENDED

    async def stop(self) -> None:
        """End all, and begin none any more."""
        self._stopping = True
        await asyncio.gather(*(session.end(STOPPED) for session in self._open.values()))


def _writers(socket: web.WebSocketResponse) -> tuple[Any, Any]:
    """What sends bytes and text to a browser, and leaves it at that where it is gone.

    What the app draws has to be read to its end all the same, or it could not end.
    """

    async def write_bytes(data: bytes) -> None:
        if not socket.closed:
            try:
                await socket.send_bytes(data)
            except ConnectionError:
                return

    async def write_str(text: str) -> None:
        if not socket.closed:
            try:
                await socket.send_str(text)
            except ConnectionError:
                return

    return write_bytes, write_str
