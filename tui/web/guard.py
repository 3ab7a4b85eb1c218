"""What a visitor's process may touch: it reads the program, and reads and writes its own folder.

The app asks for nothing else (`tui.served`). This is the fence behind it, for what somebody adds
to the app without thinking of visitors: Python announces every file that it is about to open, and
here it is refused with a PermissionError, which the app tells like any other.
"""

from __future__ import annotations

import mimetypes
import os
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import engine
import lessons
import tui

_OPEN = "open"
_READ = frozenset({"os.listdir", "os.scandir"})
_WRITE = frozenset(
    {
        *("os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"),
        *("os.symlink", "os.truncate", "os.utime", "shutil.rmtree"),
    }
)
_PATHS = {"os.link": 2, "os.rename": 2, "os.symlink": 2}
"""How many of the first arguments are paths; one, for the others."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_SYSTEM = ("/dev/null", "/dev/urandom", "/proc/self", "/sys/devices/system/cpu", "/etc/localtime")


def guard(folder: Path) -> None:
    """From now on this process reads the program and `folder`, and writes in `folder` alone.

    It cannot be undone, and holds for what is done in Python.
    """
    readable = tuple(map(_real, (*_program(), folder)))
    writable = (_real(folder), "/dev/null")

    def check(event: str, args: tuple[Any, ...]) -> None:
        if event == _OPEN:
            path, _, flags = args
            _check(path, writable if flags & _WRITING else readable)
        elif event in _READ:
            _check(args[0] if args[0] is not None else ".", readable)
        elif event in _WRITE:
            for path in args[: _PATHS.get(event, 1)]:
                _check(path, writable)

    sys.addaudithook(check)


def _program() -> Iterable[str | os.PathLike[str]]:
    """Where Python, its packages and the program are, and what a system tells every process."""
    yield from (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    yield from (x for x in sys.path if Path(x).name in ("site-packages", "dist-packages"))
    yield from (x for package in (engine, lessons, tui) for x in package.__path__)
    yield from mimetypes.knownfiles
    yield from _SYSTEM


def _check(path: Any, allowed: tuple[str, ...]) -> None:
    if isinstance(path, int):  # a file that is open already
        return
    real = _real(path)
    if not any(real == root or real.startswith(root + os.sep) for root in allowed):
        raise PermissionError(13, os.strerror(13), os.fspath(path))


def _real(path: Any) -> str:
    return os.path.realpath(os.fsdecode(path))
