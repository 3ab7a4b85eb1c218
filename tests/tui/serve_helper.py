"""What the tests of `desdecero serve` share: a server in this process, and a stand-in for the app.

The stand-in speaks as the app does with its server, and starts in a moment.
"""

from __future__ import annotations

import json
import sys
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
from aiohttp.test_utils import TestClient, TestServer

from tui.web import process, server
from tui.web.server import Served, Settings

PATIENCE = 30.0
"""Seconds after which something is taken as never to come."""

STAND_IN = """
import json, os, sys
from pathlib import Path

def send(kind, data):
    os.write(1, kind + len(data).to_bytes(4, "big") + data)

def read(n):
    return sys.stdin.buffer.read(n)

os.write(1, b"__GANGLION__\\n")
here = Path(os.environ["DESDECERO_DATA"])
kept = here / "kept"
told = {"kept": kept.read_text() if kept.exists() else "", "pid": os.getpid(), "argv": sys.argv[1:]}
send(b"D", json.dumps(told).encode())
while head := read(5):
    data = read(int.from_bytes(head[1:], "big"))
    if data == b"leave":
        send(b"M", b'{"type": "exit"}')
        break
    if data == b"crash":
        raise SystemExit("crashed")
    while data == b"hang":
        read(1)
    with kept.open("a") as file:
        file.write(data.decode())
    send(b"D", b"got " + data)
"""


@asynccontextmanager
async def served(data_folder, monkeypatch, **settings):
    """A server of which a client asks; `client.served` are its sessions."""
    monkeypatch.setattr(process, "COMMAND", (sys.executable, "-c", STAND_IN))
    monkeypatch.setattr(server, "CLOSING", 0.1)
    settings = replace(Settings(data_folder / "visitors"), **settings)
    there = Served(settings)
    async with TestClient(
        TestServer(there.application()), cookie_jar=aiohttp.CookieJar(unsafe=True)
    ) as client:
        client.served = there
        try:
            yield client
        finally:
            await there.sessions.stop()


class Window:
    """A browser's side of a session."""

    def __init__(self, socket):
        self._socket = socket

    async def told(self):
        """What the stand-in says at its start: what it found, its process, what it was given."""
        return json.loads(await self._socket.receive_bytes(timeout=PATIENCE))

    async def first(self):
        """What comes first: something drawn, or why there will be nothing."""
        message = await self._socket.receive(timeout=PATIENCE)
        return message.extra if message.type is aiohttp.WSMsgType.CLOSE else message.data

    async def says(self, *message):
        await self._socket.send_json(message)

    async def hears(self):
        return await self._socket.receive_bytes(timeout=PATIENCE)

    async def over(self):
        """Why the server ended it."""
        while True:
            message = await self._socket.receive(timeout=PATIENCE)
            if message.type is aiohttp.WSMsgType.CLOSE:
                return message.extra
            assert message.type is not aiohttp.WSMsgType.CLOSED, "it was not said why"


@asynccontextmanager
async def window(client):
    """A session as the page begins one."""
    address = "/ws?width=80&height=24"
    headers = {"Origin": str(client.make_url("/").origin())}
    async with client.ws_connect(address, headers=headers, autoclose=False) as socket:
        yield Window(socket)
