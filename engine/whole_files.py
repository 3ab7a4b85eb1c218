"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from engine.errors import EngineError

BESIDE = ".saving-"


@contextmanager
def written_whole(folder: Path, last: str = "") -> Iterator[Path]:
    """A folder to write to; its files move to `folder` when all are written, `last` last.

    They are on the disk, and not only on their way, before they are moved: whenever the program or
    the machine stops, each file is either what it was or what it is to be.
    Raises EngineError (`unwritable`) if anything cannot be written; nothing is moved then.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=folder, prefix=BESIDE) as name:
            beside = Path(name)
            yield beside
            paths = sorted(beside.iterdir(), key=lambda path: path.name == last)
            for path in paths:
                _settle(path)
            for path in paths:
                path.replace(folder / path.name)
    except OSError as error:
        raise EngineError("unwritable", path=folder, reason=error.strerror) from error


def _settle(path: Path) -> None:
    """Waits until a file's bytes are on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def clear_unfinished(folder: Path) -> None:
    """Takes away what a killed program had not finished writing. No other may be writing there."""
    for path in (*folder.glob(f"{BESIDE}*"), *folder.glob(f"*/{BESIDE}*")):
        rmtree(path, ignore_errors=True)
