"""One process of the app, seen from the server: how it is started, fed and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import site
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

import tui
from tui.data import FOLDER
from tui.served import SERVED

GRACE = 6.0
"""Seconds that the app has to save and to end when it is asked to; then it is killed."""
LEAST_SIZE, MOST_SIZE = (10, 4), (400, 150)
"""Columns and lines that are drawn at least, and at most, whatever a browser asks for."""
COMMAND = (sys.executable, "-P", "-m", "tui.web.session")
_PASSED_ON = ("PATH", "SYSTEMROOT", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_PASSED_ON_FROM = ("OMP_", "OPENBLAS_", "MKL_", "PYTHON")
"""Beginnings of names of variables that say how to calculate, and where Python finds things."""


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size that is drawn for a window of that size."""
    found = (
        max(least, min(wish, most))
        for wish, least, most in zip((width, height), LEAST_SIZE, MOST_SIZE, strict=True)
    )
    return next(found), next(found)


def environment(folder: Path, size: tuple[int, int], given: Mapping[str, str]) -> dict[str, str]:
    """What a visitor's process is told: nothing of who runs the server, and `folder` as its home.

    given: the server's own variables.
    """
    passed = {
        name: value
        for name, value in given.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_FROM)
    }
    paths = [str(Path(tui.__file__).parents[1]), *filter(None, [given.get("PYTHONPATH")])]
    width, height = size
    return passed | {
        FOLDER: str(folder),
        SERVED: "1",
        **dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR"), str(folder)),
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONUSERBASE": site.getuserbase(),  # else it would be sought in the new home
        "PYTHONUTF8": "1",
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TEXTUAL_DRIVER": "tui.web.driver:ServedDriver",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "COLUMNS": str(width),
        "ROWS": str(height),
    }


class AppProcess(AppService):
    """The app for one visitor.

    folder: theirs, which is there. lang, model: for whoever is here for the first time; or empty.
    write_bytes, write_str: send to the browser; they raise nothing. close: called when the app has
    ended, by itself or not.
    """

    def __init__(
        self,
        folder: Path,
        lang: str,
        model: str,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
    ) -> None:
        self.downloads = DownloadManager()
        super().__init__(
            "",
            write_bytes=write_bytes,
            write_str=write_str,
            close=close,
            download_manager=self.downloads,
        )
        self._folder, self._arguments = folder, (lang, model)

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        self._process = process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=self._folder,
            env=environment(self._folder, (width, height), os.environ),
            start_new_session=True,  # Ctrl+C is for the server, which ends its sessions in order
        )
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def run(self) -> None:
        """Hand on what the app draws, until it ends."""
        try:
            await super().run()
        finally:
            await self.remote_close()

    async def stop(self) -> None:
        """End the app, which saves where the visitor was, with all that it started itself."""
        process, task = self._process, self._task
        if process is None or task is None:
            return
        self._task = None
        await self.downloads.cancel_app_downloads(self.app_service_id)
        self.stdin.close()  # which asks for the end, however much waits to be read before it
        try:
            await asyncio.wait({task}, timeout=GRACE)
        finally:
            _kill(process)
            await process.wait()
            await asyncio.wait({task})


def _kill(process: Process) -> None:
    """End a process at once, and what it has started; nothing, where all that has ended."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
