"""A real browser, driven through its own devtools protocol: Chromium, without a window."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from contextlib import asynccontextmanager, suppress
from itertools import count
from shutil import which

import aiohttp

CHROMIUM = which("chromium") or which("chromium-browser") or which("google-chrome")
PATIENCE = 30.0
"""Seconds after which something is taken as never to come."""
# The terminal keeps to itself in the page. Its maker sets a field of this name, once.
_CATCH = """
Object.defineProperty(Object.prototype, "fitAddon", {
  configurable: true,
  set(addon) {
    window.shown = this.terminal;
    Object.defineProperty(this, "fitAddon", { value: addon, writable: true });
  },
});
"""
_SCREEN = """(() => {
  if (!window.shown) return "";
  const buffer = window.shown.buffer.active;
  const line = (y) => buffer.getLine(buffer.viewportY + y)?.translateToString(true) ?? "";
  return Array.from({ length: window.shown.rows }, (_, y) => line(y)).join("\\n");
})()"""


async def until(condition, what):
    """Ask again and again until it holds, and give what came."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while True:
        found = await condition() if asyncio.iscoroutinefunction(condition) else condition()
        if found:
            return found
        assert asyncio.get_running_loop().time() < end, what() if callable(what) else what
        await asyncio.sleep(0.02)


class Browser:
    """One window of a browser.

    asked: the address of everything that it has asked for. received: the bytes of each message of
    the server. errors: what went wrong in the page, as the browser tells it.
    """

    def __init__(self, socket):
        self._socket, self._ids, self._answers = socket, count(1), {}
        self._reader = asyncio.create_task(self._read())
        self.asked, self.received, self.errors = [], [], []

    async def _read(self):
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
                continue
            params = said.get("params", {})
            match said["method"]:
                case "Network.requestWillBeSent":
                    self.asked.append(params["request"]["url"])
                case "Network.webSocketCreated":
                    self.asked.append(params["url"])
                case "Network.webSocketFrameReceived":
                    frame = params["response"]
                    if frame["opcode"] == 2:
                        self.received.append(len(base64.b64decode(frame["payloadData"])))
                case "Runtime.exceptionThrown":
                    self.errors.append(params)
                case "Log.entryAdded" if params["entry"]["level"] == "error":
                    self.errors.append(params)

    async def call(self, method, **params):
        """One command of the protocol."""
        number = next(self._ids)
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        said = await asyncio.wait_for(self._answers[number], PATIENCE)
        assert "error" not in said, said
        return said["result"]

    async def value(self, expression):
        """What an expression of the page comes to."""
        said = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return said["result"].get("value")

    async def open(self, address):
        for domain in ("Network", "Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call("Page.addScriptToEvaluateOnNewDocument", source=_CATCH)
        await self.call("Page.navigate", url=address)

    async def screen(self):
        """What stands in the terminal."""
        return await self.value(_SCREEN) or ""

    async def shows(self, *texts):
        """Wait until the terminal shows all of them."""
        last = ""

        async def all_there():
            nonlocal last
            last = await self.screen()
            return all(text in last for text in texts)

        await until(all_there, lambda: f"{texts} not in:\n{last}")
        return last

    async def why(self):
        """What the page says instead of the terminal, when that is over."""
        return await self.value("document.querySelector('#why').textContent")

    async def type(self, text):
        """Type letters, as a person does."""
        for letter in text:
            await self.call("Input.dispatchKeyEvent", type="char", text=letter)

    async def press(self, key, code, text=""):
        """Press a key by its name and number."""
        about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        kind = "keyDown" if text else "rawKeyDown"
        await self.call("Input.dispatchKeyEvent", type=kind, text=text, **about)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def enter(self):
        await self.press("Enter", 13, "\r")

    async def paste(self):
        """Press Ctrl+V, which pastes unless the page takes it for itself."""
        about = {"key": "v", "code": "KeyV", "windowsVirtualKeyCode": 86, "modifiers": 2}
        await self.call("Input.dispatchKeyEvent", type="rawKeyDown", commands=["paste"], **about)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def click(self, text):
        """Press and let go the left button on a text of the terminal."""
        lines = (await self.shows(text)).splitlines()
        line = next(n for n, one in enumerate(lines) if text in one)
        area = "document.querySelector('.xterm-screen').getBoundingClientRect()"
        x, y, width, height = await self.value(f"(r => [r.x, r.y, r.width, r.height])({area})")
        columns, rows = await self.size()
        place = {
            "x": x + (lines[line].index(text) + 0.5) * width / columns,
            "y": y + (line + 0.5) * height / rows,
        }
        for kind in ("mousePressed", "mouseReleased"):
            about = {"type": kind, "button": "left", "clickCount": 1}
            await self.call("Input.dispatchMouseEvent", **about, **place)

    async def size(self):
        """Columns and lines of the terminal; None before there is one."""
        return await self.value("window.shown && [shown.cols, shown.rows]")

    async def resize(self, width, height):
        """Make the window so many pixels wide and high."""
        about = {"width": width, "height": height, "deviceScaleFactor": 0, "mobile": False}
        await self.call("Emulation.setDeviceMetricsOverride", **about)

    async def keeps_files_in(self, folder):
        """Let the browser put what it is given to save there, without a question."""
        about = {"behavior": "allow", "downloadPath": str(folder)}
        await self.call("Browser.setDownloadBehavior", **about)

    async def picture(self):
        """The window as a PNG."""
        return base64.b64decode((await self.call("Page.captureScreenshot"))["data"])


@asynccontextmanager
async def browser(folder, width=1200, height=800):
    """A browser that keeps what it keeps in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        *(CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio"),
        *("--no-first-run", "--disable-background-networking", "--disable-component-update"),
        *(
            "--disable-dev-shm-usage",
            "--remote-debugging-port=0",
            f"--window-size={width},{height}",
        ),
        *(f"--user-data-dir={folder}", "about:blank"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
        start_new_session=True,
    )
    try:
        ready = folder / "DevToolsActivePort"
        await until(lambda: ready.exists() and ready.read_text().count("\n"), "no browser")
        port = ready.read_text().split()[0]
        async with aiohttp.ClientSession() as client:
            async with client.get(f"http://127.0.0.1:{port}/json") as answer:
                pages = [x for x in await answer.json() if x["type"] == "page"]
            about = {"max_msg_size": 0, "timeout": aiohttp.ClientWSTimeout(ws_close=1.0)}
            async with client.ws_connect(pages[0]["webSocketDebuggerUrl"], **about) as socket:
                yield Browser(socket)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        await process.wait()
