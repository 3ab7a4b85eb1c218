"""What the tests of the dialogue share: somebody who types, and what was answered."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tui.plain.start import run_plain

UNSPEAKABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u2500-\u259f]")
"""What may never be written: what commands a terminal, and what is drawn with lines and blocks."""


class Typist:
    """Standard input, one line after the other; and what had been written before each of them."""

    def __init__(self, lines: Iterable[str], out: io.StringIO) -> None:
        self._lines, self._out, self._at = iter(lines), out, 0
        self.replies: list[str] = []

    def readline(self, limit: int = -1) -> str:
        """The next line; nothing at the end."""
        self.replies.append(self._out.getvalue()[self._at :])
        self._at = len(self._out.getvalue())
        line = next(self._lines, None)
        return "" if line is None else line + "\n"

    def isatty(self) -> bool:
        """As a terminal, which shows what is typed."""
        return True


def talk(lines: Iterable[str] | Callable[[list[str]], Iterator[str]], **begin: Any) -> list[str]:
    """What is said at the beginning and to each line, the prompts that follow included.

    lines: or a function that yields them, and is given what was said so far.
    """
    out = io.StringIO()
    typist = Typist((), out)
    typist._lines = iter(lines(typist.replies) if callable(lines) else lines)
    run_plain(**{"lang": "en", **begin}, source=typist, out=out)  # type: ignore[arg-type]
    return typist.replies


def said(reply: str) -> str:
    """A reply without its prompt, on one line."""
    return " ".join(re.sub(r"\n?[^\n]*> $", "", reply).split())
