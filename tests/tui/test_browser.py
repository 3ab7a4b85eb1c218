"""The app in a real browser: load, type, step, answer, load again; and nothing from elsewhere."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("textual_serve", reason="the extra `web` is not installed")

from tests.tui.browser_helper import CHROMIUM, browser, until

ROOT = Path(__file__).parents[2]

KEYS = {"t or f": "t", "Choose with": "1", "Type a number": "1"}
"""What answers a question, by what is said of how to do it."""

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this computer")


@asynccontextmanager
async def server(data_folder, *arguments):
    """`desdecero serve` as a person starts it, and its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tui.cli", "serve", "--port", "0", *arguments),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "XDG_DATA_HOME": str(data_folder)},
    )
    try:
        said = (await process.stdout.readline()).decode()
        yield process, next(word for word in said.split() if word.startswith("http"))
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def kept(data_folder):
    """What the one visitor has done, as it is on the server's disk; empty before that."""
    found = list(data_folder.glob("desdecero/visitors/*/progress.json"))
    assert len(found) <= 1
    return json.loads(found[0].read_text()) if found else {}


def children(pid):
    """The processes that a process has started."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


async def answered(window, replies):
    """Answer questions until one is told right or wrong; those that take more than a key, skip."""
    for n in range(1, 6):
        asked = await window.shows(f"Question {n} of 5", "skip")
        by_key = next((key for ask, key in KEYS.items() if ask in asked), None)
        await window.type(by_key or "s")
        if by_key is not None:
            await window.enter()
        await until(lambda n=n: len(replies()) == n, f"{by_key} was no answer to: {asked}")
        if by_key is not None:
            return replies()[-1]["result"]
        await window.enter()
    raise AssertionError("no question could be answered by a key")


async def uses_the_browser(window, files):
    """Keys that a browser has for itself, its mouse, its clipboard, its files, another size."""
    size = await window.size()
    assert size[0] >= 80
    assert size[1] >= 24
    await window.press("F1", 112)
    await window.shows("Esc closes the help")
    await window.press("Escape", 27)
    await window.shows("Piece 3: “eats”", "q quit")  # what the help had covered
    await window.click("numbers")
    await window.shows("3/42")

    await window.type("y")
    await window.shows("Esc goes back")
    await window.press("End", 35)
    await window.enter()
    await window.shows("Copied.", "q quit")
    await window.keeps_files_in(files)
    await window.type("s")
    await window.shows("Esc goes back", "the-dog-eats.svg")
    await window.press("ArrowDown", 40)
    await window.click("the-dog-eats.py")
    await window.enter()
    await window.shows("Saved: the-dog-eats.py")
    await until((files / "the-dog-eats.py").exists, "nothing was saved by the browser")
    assert "import numpy" in (files / "the-dog-eats.py").read_text()

    await window.type("i")
    await window.shows("Enter walk it")
    await window.paste()  # the line that was copied above
    await window.shows("The model does not know “desdecero”")
    await window.enter()
    await window.shows("q quit")
    await window.resize(640, 400)

    async def narrower():
        return (await window.size())[0] < size[0]

    async def as_before():
        return (await window.size())[0] >= size[0]

    await until(narrower, "the terminal keeps its size")
    await window.resize(1200, 800)
    await until(as_before, "the terminal stays small")
    await window.shows("q quit")
    await window.type("i")
    await window.shows("Enter walk it")
    await window.type("the dog eats")
    await window.enter()


async def test_a_visit(data_folder, tmp_path):
    async with (
        server(data_folder, "--lang", "en") as (process, address),
        browser(tmp_path / "browser") as window,
    ):
        await window.open(address)
        await window.shows("F1 help", "mini-en")
        await window.type("the dog eats")
        await window.enter()
        await window.shows("› the dog eats", "1/42", "q quit")
        await window.press("ArrowRight", 39)
        await window.shows("2/42")
        await uses_the_browser(window, tmp_path)
        await window.shows("› the dog eats ", "q quit", "3/42")
        [session] = children(process.pid)

        await window.type("t")
        await window.shows("Type to search")
        await window.enter()
        await window.shows("Why the Transformer was needed", "1/")
        await window.type("x")
        result = await answered(window, lambda: kept(data_folder).get("replies", []))
        assert result in ("right", "wrong")
        await window.shows("Answer saved.")

        await window.resize(700, 460)
        await window.call("Page.reload")
        await until(lambda: children(process.pid) not in ([], [session]), "no second session")
        assert not Path(f"/proc/{session}").exists()
        await window.shows("› the dog eats", "Why the Transformer was needed", "1/8", "x questions")
        columns, lines = await window.size()  # of smaller letters than before
        assert columns >= 80
        assert lines >= 24
        await window.type("x")
        await window.shows("You go on where you left")

        asked = {urlsplit(x).netloc for x in window.asked if not x.startswith("data:")}
        assert asked == {urlsplit(address).netloc}
        assert window.errors == []
        [session] = children(process.pid)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        assert not Path(f"/proc/{session}").exists()
        assert "stopped" in await until(window.why, "it is not said why it is over")
