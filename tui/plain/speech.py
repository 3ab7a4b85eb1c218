"""What is written: short lines of mere text, in whatever characters the output has."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TextIO

from tui.commands.plain import escape
from tui.export.lesson_text import wrap

WIDEST, NARROWEST = 76, 20
_DRAWN = re.compile(r"[─-╿▀-◿]+")
"""Lines, blocks and shapes: what only an eye can read."""
_SIGNS = "−·×÷√∞…—«»“”‘’⟨⟩→←≈≤≥‖⁄Σπεμσ"
_AS_ASCII = """- * x / sqrt inf ... - " " " " ' ' < > -> <- ~ <= >= || / sum pi epsilon mu sigma"""
_SPELLED = dict(zip(_SIGNS, _AS_ASCII.split(), strict=True)) | dict.fromkeys("¿¡", "")
"""What stands for characters that an encoding lacks, where it is more than a letter's accent."""

_RAISED = re.compile("[⁰¹²³⁴-⁹⁺⁻]+")
"""An exponent, as in 10⁻⁶: "^" says so where it cannot be set above the line."""


def undrawn(line: str) -> str:
    """A line of a drawing as words: without its lines, a comma where there was a column."""
    text = re.sub(r"[·→]{2,}", " ", _DRAWN.sub("  ", line))
    parts = re.split(r" {2,}", text.strip())
    return ", ".join(part for part in parts if part.strip(" ·+"))


def dashed(line: str) -> str:
    """A line of a table in plain characters: its rules are dashes, and a bar is a "#"."""
    return _DRAWN.sub(lambda m: "".join(map(_plain_sign, m[0])), line)


def _plain_sign(sign: str) -> str:
    return "-" if sign in "─━" else "#" if "▀" <= sign <= "▟" else " "


def spelled(text: str, encoding: str) -> str:
    """The text in characters that the encoding has: "−" becomes "-", "á" at least "a"."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        raised = _RAISED.sub(lambda m: "^" + unicodedata.normalize("NFKD", m[0]), text)
        return "".join(_spelled(c, encoding) for c in raised)
    except LookupError:  # an encoding that nobody knows
        return spelled(text, "ascii")
    return text


def _spelled(character: str, encoding: str) -> str:
    near = _SPELLED.get(character, character)
    plain = unicodedata.normalize("NFKD", near)
    for one in (character, near, plain, "".join(_SPELLED.get(c, c) for c in plain)):
        bare = "".join(c for c in one if one is character or not unicodedata.combining(c))
        with suppress(UnicodeEncodeError):
            bare.encode(encoding)
            return bare
    return "?"


class Speaker:
    """Writes paragraphs and the prompt to a stream. width: columns of a line."""

    def __init__(self, out: TextIO, width: int = 0) -> None:
        self._out = out
        columns = width or shutil.get_terminal_size((WIDEST + 1, 24)).columns - 1
        self.width = max(NARROWEST, min(columns, WIDEST))

    def lines(self, text: str) -> list[str]:
        """A paragraph in lines; nothing in it can command a terminal."""
        clean = " ".join(escape(text.replace("\u00a0 ", " ")).split())
        return [line for line in wrap(clean, self.width, break_on_hyphens=False) if line]

    def say(self, texts: Iterable[str]) -> None:
        """Write paragraphs, one below the other; an empty one is left out."""
        for line in self._all(texts):
            self._write(line + "\n")

    def prompt(self, text: str) -> None:
        """Write what stands before what is typed."""
        self._write(f"{text}> ")
        self._out.flush()

    def echo(self, line: str) -> None:
        """Write what was typed, where no terminal has shown it."""
        self._write(f"{escape(line)}\n")

    def _all(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            if text.startswith("\t"):  # a line of a table, set as it stands
                yield escape(text[1:]).rstrip()
            else:
                yield from self.lines(text)

    def _write(self, text: str) -> None:
        self._out.write(spelled(text, getattr(self._out, "encoding", None) or "utf-8"))
