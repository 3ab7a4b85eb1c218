"""The server: the page, its parts, the sessions behind it, and an orderly end."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.helpers import content_disposition_header
from yarl import URL

from lessons.languages import spoken
from tui.learner import kept_settings
from tui.messages import LANGUAGES, language
from tui.web.page import SECURITY, STATICS, TYPES, page
from tui.web.sessions import FULL, Sessions
from tui.web.visitors import DAY, Visitors, is_token, new_token

COOKIE = "desdecero"
LONGEST_MESSAGE = 2**18
"""Bytes of one message of a browser: what is pasted at once."""
HEARTBEAT, CLOSING = 15.0, 2.0
"""Seconds between two signs of life; and for how long a browser may take to say goodbye."""


@dataclass(frozen=True)
class Settings:
    """How it is served.

    port: 0 takes a free one. most: sessions at once. idle: seconds without a key after which a
    session ends. lang, model: for whoever is here for the first time; empty for what the browser
    asks for, and for the small one. root: where the visitors' folders are, keep_days: how long
    one that nobody comes back to is kept.
    """

    root: Path
    host: str = "127.0.0.1"
    port: int = 8000
    most: int = 8
    idle: float = 30 * 60
    lang: str = ""
    model: str = ""
    keep_days: int = 90


class Served:
    """Answers what browsers ask for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._visitors = Visitors(settings.root, settings.keep_days)
        self.sessions = Sessions(self._visitors, settings.most, settings.idle, settings.model)

    def application(self) -> web.Application:
        """All addresses; there is nothing behind any other."""
        app = web.Application(client_max_size=1)  # nobody has anything to send but keys
        app.add_routes(
            [
                web.get("/", self.index),
                web.get("/ws", self.socket),
                web.get("/static/{name}", self.static),
                web.get("/download/{key}", self.download),
            ]
        )
        app.on_response_prepare.append(_secure)
        return app

    def _language(self, request: web.Request, token: str) -> str:
        """That of the visitor, by what they chose, the server's settings, or their browser."""
        kept = kept_settings(self._visitors.folder(token) / "progress.json").get("language")
        if kept in LANGUAGES:
            return str(kept)
        wish = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
        return self._settings.lang or (spoken(wish[:8]) if wish else language(os.environ))

    async def index(self, request: web.Request) -> web.Response:
        """The page; it begins a session, or says that there is no room."""
        token = _token(request) or new_token()
        has_room = self.sessions.has_room(token)
        text = page(self._language(request, token), "" if has_room else FULL)
        answer = web.Response(text=text, content_type="text/html", status=200 if has_room else 503)
        answer.set_cookie(
            COOKIE,
            token,
            max_age=self._settings.keep_days * DAY,
            httponly=True,
            samesite="Lax",
            secure=request.headers.get("X-Forwarded-Proto", request.scheme) == "https",
        )
        return answer

    async def static(self, request: web.Request) -> web.FileResponse:
        """A part of the page."""
        path = STATICS.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={hdrs.CONTENT_TYPE: TYPES[path.suffix]})

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """A session. Only a page of this server can ask for one."""
        origin = request.headers.get(hdrs.ORIGIN, "")
        if URL(origin).authority != request.host:
            raise web.HTTPForbidden
        answer = web.WebSocketResponse(
            heartbeat=HEARTBEAT, timeout=CLOSING, max_msg_size=LONGEST_MESSAGE
        )
        await answer.prepare(request)
        known = _token(request)
        token = known or new_token()
        size = _number(request, "width", 80), _number(request, "height", 24)
        lang = self._language(request, token)
        await self.sessions.run(answer, token, known is not None, size, lang)
        return answer

    async def download(self, request: web.Request) -> web.StreamResponse:
        """What a visitor saves, under a key that only their session knows; once."""
        key = request.match_info["key"]
        process = await self.sessions.with_download(key)
        if process is None:
            raise web.HTTPNotFound
        about = await process.downloads.get_download_metadata(key)
        answer = web.StreamResponse()
        answer.content_type = "application/octet-stream"
        answer.headers[hdrs.CONTENT_DISPOSITION] = content_disposition_header(
            "attachment", filename=about.file_name
        )
        await answer.prepare(request)
        async for chunk in process.downloads.download(key):
            await answer.write(chunk)
        await answer.write_eof()
        return answer


async def _secure(request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(SECURITY)


def _token(request: web.Request) -> str | None:
    found = request.cookies.get(COOKIE)
    return found if is_token(found) else None


def _number(request: web.Request, name: str, usual: int) -> int:
    text = request.query.get(name, "")
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else usual


async def serve(settings: Settings, begun: Callable[[str], None]) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP; then end every session, and come back.

    begun: called with the address once it can be asked for. Raises OSError where it cannot be
    listened there.
    """
    stop = asyncio.Event()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), stop.set)
    served = Served(settings)
    served.sessions.visitors.sweep(())
    runner = web.AppRunner(served.application(), access_log=None, shutdown_timeout=CLOSING)
    await runner.setup()
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
        begun(_address(settings.host, runner.addresses[0][1]))
        await stop.wait()
    finally:
        await served.sessions.stop()
        await runner.cleanup()


def trouble(error: Exception) -> str | None:
    """Why an address cannot be used: "port_taken", "port_forbidden", "no_host"; None for others."""
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return "port_taken"
    if number in (errno.EACCES, errno.EPERM):
        return "port_forbidden"
    nowhere = isinstance(error, socket.gaierror | UnicodeError)
    return "no_host" if nowhere or number in (errno.EADDRNOTAVAIL, errno.EINVAL) else None


def _address(host: str, port: int) -> str:
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
