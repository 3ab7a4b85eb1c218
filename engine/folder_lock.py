"""One process at a time in a folder: the second is told that the first is at work.

The lock belongs to the process and ends with it, however it ends: nothing is left behind that
would have to be tidied up, and no folder stays locked for nobody.
"""

from __future__ import annotations

import os
import sys
from errno import EACCES, EAGAIN, EDEADLK
from pathlib import Path
from weakref import finalize

from engine.errors import EngineError

_TAKEN = (EACCES, EAGAIN, EDEADLK)
"""How the systems call what another process holds."""
LOCK = ".at-work"
"""On Windows, where a folder itself cannot be locked, a file that is gone as soon as nobody holds
it."""


class FolderLock:
    """A folder that is held until `close` is called, this object is gone, or the process is."""

    def __init__(self, handle: int | None) -> None:
        self._release = None if handle is None else finalize(self, os.close, handle)

    def close(self) -> None:
        """Let go; more than once does no harm."""
        if self._release is not None:
            self._release()


def hold(folder: Path) -> FolderLock:
    """Holds a folder that is there.

    Where the folder or its file system knows no locks, nothing is held, and nobody is hindered.
    Raises EngineError (`folder_busy`) while another holds it, in this process too.
    """
    try:
        handle = _open(folder)
    except OSError as error:
        if sys.platform == "win32" and error.errno == EACCES:
            raise EngineError("folder_busy", path=folder) from error
        return FolderLock(None)
    try:
        _lock(handle)
    except OSError as error:
        os.close(handle)
        if error.errno in _TAKEN:
            raise EngineError("folder_busy", path=folder) from error
        return FolderLock(None)
    return FolderLock(handle)


if sys.platform == "win32":
    import msvcrt

    def _open(folder: Path) -> int:
        return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_TEMPORARY)

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _open(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
