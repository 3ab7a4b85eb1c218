"""Who comes back: a visitor is a secret in a cookie, and a folder that is named after its hash.

A folder is made when a session begins, not when a page is asked for. It goes when nobody came for
so many days, and when there are too many, beginning with those that were left the longest ago.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import time

MOST_FOLDERS = 500
DAY = 24 * 60 * 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_FOLDER = re.compile(r"[0-9a-f]{32}")
_SEEN = "seen"
"""A file in each folder; when it was touched is when the visitor was there the last time."""


def new_token() -> str:
    """A secret for a new visitor: 24 random bytes."""
    return secrets.token_urlsafe(24)


def is_token(text: str | None) -> bool:
    """Whether a text looks like one of ours."""
    return text is not None and _TOKEN.fullmatch(text) is not None


@dataclass(frozen=True)
class Visitors:
    """The folders of all visitors.

    root: where they are. keep_days: after how many days without a visit one goes. most: how many
    there are at most, beside those that are in use.
    """

    root: Path
    keep_days: int
    most: int = MOST_FOLDERS

    def folder(self, token: str) -> Path:
        """A visitor's folder, be it there or not. Nobody learns the secret from its name."""
        return self.root / sha256(token.encode("ascii")).hexdigest()[:32]

    def open(self, token: str) -> Path:
        """A visitor's folder, which is there afterwards, and was seen now. Raises OSError."""
        folder = self.folder(token)
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.mkdir(exist_ok=True, mode=0o700)
        (folder / _SEEN).touch()
        return folder

    def close(self, folder: Path, keep: bool) -> None:
        """Note that a visitor has left. keep: whether they can come back."""
        if keep:
            with suppress(OSError):
                (folder / _SEEN).touch()
        else:
            shutil.rmtree(folder, ignore_errors=True)

    def sweep(self, in_use: Collection[Path]) -> int:
        """Take away what is too old or too much, and say how many folders that were."""
        try:
            found = [x for x in self.root.iterdir() if _FOLDER.fullmatch(x.name)]
        except OSError:
            return 0
        free = sorted(((_seen(x), x) for x in found if x not in in_use), reverse=True)
        oldest = time() - self.keep_days * DAY
        gone = [x for n, (seen, x) in enumerate(free) if n >= self.most or seen < oldest]
        for folder in gone:
            shutil.rmtree(folder, ignore_errors=True)
        return len(gone)


def _seen(folder: Path) -> float:
    """When a visitor was there the last time; long ago, where that is not known."""
    try:
        return (folder / _SEEN).stat().st_mtime
    except OSError:
        return 0.0
