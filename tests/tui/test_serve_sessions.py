"""Sessions of `desdecero serve`: whose they are, how many there are, and how each of them ends."""

import asyncio
import os
from contextlib import AsyncExitStack

import pytest

pytest.importorskip("textual_serve", reason="the extra `web` is not installed")

from tests.tui.browser_helper import until
from tests.tui.serve_helper import served, window
from tui.web import process


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_visitor_finds_again_what_they_left_and_nobody_else_does(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch, lang="es", model="mini-es") as client:
        async with client.get("/") as answer:
            assert answer.status == 200
        assert client.served.sessions.visitors.root.exists() is False  # a page makes no folder
        async with window(client) as first:
            told = await first.told()
            assert told["kept"] == ""
            assert told["argv"] == ["es", "mini-es"]
            await first.says("stdin", "ñ one")
            assert await first.hears() == "got ñ one".encode()
        async with window(client) as again:
            assert (await again.told())["kept"] == "ñ one"
        client.session.cookie_jar.clear()
        await client.get("/")
        async with window(client) as other:
            assert (await other.told())["kept"] == ""
        folders = list(client.served.sessions.visitors.root.iterdir())
        assert len(folders) == 2
        assert not any(folder.stat().st_mode & 0o077 for folder in folders)


async def test_who_takes_no_cookie_leaves_nothing_behind(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch) as client:
        async with window(client) as one:
            pid = (await one.told())["pid"]
            root = client.served.sessions.visitors.root
            assert len(list(root.iterdir())) == 1
            await one.says("stdin", "leave")
            assert await one.over() == "ended"
        await client.served.sessions.stop()
        assert list(root.iterdir()) == []
        assert not is_running(pid)


async def test_the_same_visitor_goes_on_in_the_window_opened_last(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch, most=1) as client:
        await client.get("/")
        async with window(client) as first:
            pid = (await first.told())["pid"]
            await first.says("stdin", "one")
            await first.hears()
            async with window(client) as second:  # though there is room for one only
                assert await first.over() == "elsewhere"
                assert (await second.told())["kept"] == "one"
                assert not is_running(pid)


async def test_above_the_limit_it_is_said_that_there_is_no_room(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch, most=1, lang="en") as client:
        async with window(client) as first:
            await first.told()
            async with client.get("/") as answer:
                assert answer.status == 503
                assert "Everyone who can be here at once" in await answer.text()
            async with window(client) as second:
                assert await second.over() == "full"
            await first.says("stdin", "still here")
            assert await first.hears() == b"got still here"
            await first.says("stdin", "leave")
            assert await first.over() == "ended"
        await until(lambda: client.served.sessions.has_room("anybody"), "its place is not free")
        async with window(client) as third:
            await third.told()


async def test_a_session_that_nobody_uses_ends(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch, idle=0.2) as client, window(client) as one:
        pid = (await one.told())["pid"]
        assert await one.over() == "idle"
        await client.served.sessions.stop()
        assert not is_running(pid)


async def test_a_session_that_crashes_is_over_and_the_others_go_on(data_folder, monkeypatch):
    async with (
        served(data_folder, monkeypatch) as client,
        window(client) as one,
        window(client) as two,
    ):
        await one.told()
        await two.told()
        await one.says("stdin", "crash")
        assert await one.over() == "ended"
        await two.says("stdin", "here")
        assert await two.hears() == b"got here"


async def test_the_end_of_the_server_ends_even_what_does_not_listen(data_folder, monkeypatch):
    monkeypatch.setattr(process, "GRACE", 0.2)
    async with (
        served(data_folder, monkeypatch) as client,
        window(client) as deaf,
        window(client) as other,
    ):
        pids = [(await x.told())["pid"] for x in (deaf, other)]
        await deaf.says("stdin", "hang")
        ending = asyncio.create_task(client.served.sessions.stop())
        assert await deaf.over() == await other.over() == "stopped"
        await ending
        assert not any(map(is_running, pids))
        async with window(client) as late:
            assert await late.over() == "stopped"


async def test_what_no_page_would_send_harms_nobody(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch) as client, window(client) as one:
        await one.told()
        for message in (
            [],
            ["stdin"],
            ["stdin", 1],
            ["stdin", "\ud800"],
            ["resize", {"width": "a"}],
            ["resize", {"width": 10**9, "height": -1}],
            ["quit"],
            {"type": "quit"},
            7,
        ):
            await one._socket.send_json(message)
        await one._socket.send_str("[" * 100_000)
        await one._socket.send_str("no json")
        await one._socket.send_bytes(b"\xff")
        await one.says("stdin", "still here")
        heard = [await one.hears()]
        while heard[-1] != b"got still here":
            heard.append(await one.hears())
        assert heard[0] == b"got ?"
        assert b"400" in heard[1]  # a size that can be drawn
        assert len(heard) == 3


async def test_only_a_page_of_this_server_begins_a_session(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch) as client:
        for origin in ("http://example.com", "null", f"http://127.0.0.1:{client.port + 1}", ""):
            async with client.get("/ws", headers={"Origin": origin}) as answer:
                assert answer.status == 403, origin


async def test_nothing_but_the_parts_of_the_page_can_be_asked_for(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch) as client:
        async with client.get("/") as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "http" not in policy
            text = await answer.text()
        assert "http" not in text
        parts = [part.split('"')[0] for part in text.split("static/")[1:]]
        assert len(parts) == 3
        for part in (*parts, "terminal.js", "font.ttf", "font-italic.ttf"):
            async with client.get(f"/static/{part}") as answer:
                assert answer.status == 200, part
                assert b"@import" not in (body := await answer.read())
                assert body
        for path in (
            "/static/",
            "/static/page.html",
            "/static/..%2fserver.py",
            "/download/x",
            "/x",
        ):
            async with client.get(path) as answer:
                assert answer.status == 404, path
        async with client.post("/", data=b"x") as answer:
            assert answer.status == 405


@pytest.mark.parametrize(
    ("chosen", "wish", "lang"),
    [("", "es-MX,es;q=0.9", "es"), ("", "en-GB", "en"), ("en", "es", "en"), ("", "fr", "en")],
)
async def test_the_language_of_a_first_visit(chosen, wish, lang, data_folder, monkeypatch):
    headers = {"Accept-Language": wish}
    async with (
        served(data_folder, monkeypatch, lang=chosen) as client,
        client.get("/", headers=headers) as answer,
    ):
        assert f'<html lang="{lang}">' in await answer.text()


async def test_sessions_that_begin_together_are_as_many_as_there_is_room(data_folder, monkeypatch):
    async with served(data_folder, monkeypatch, most=2) as client, AsyncExitStack() as all_of:
        windows = [await all_of.enter_async_context(window(client)) for _ in range(5)]
        firsts = await asyncio.gather(*(x.first() for x in windows))
        assert firsts.count("full") == 3
