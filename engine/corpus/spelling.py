"""From the words of a derivation to typed text, and back.

A derivation says "de el perro ."; typed text says "del perro." with or without a capital and a
final stop. Both directions are exact: `read` gives the one list of words that `write` turns
into the text, or None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

LEFT = frozenset(".,;:?!")  # no space before
RIGHT = frozenset("¿¡")  # no space after
ENDS = frozenset(".?!")
_TOKEN = re.compile(r"[.,;:?!¿¡]|[^\s.,;:?!¿¡]+")


class Writing(NamedTuple):
    """A text, its number of tokens, and which choices of style show in it."""

    text: str
    n_words: int
    capital: bool  # a sentence begins with a word that is not a name
    stopped: bool  # the last sentence is one that ends with a stop


def tokens(text: str) -> list[str]:
    """Words and punctuation marks, in order."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text))


class Spelling:
    """How a language joins words ("de el" -> "del") and writes sentences."""

    def __init__(self, data: Mapping[str, Any], proper: frozenset[str]) -> None:
        self.proper = proper
        self.joins: dict[str, dict[str, str]] = {}
        self.splits: dict[str, tuple[str, ...]] = {}
        for pair, joined in data.get("join", {}).items():
            first, second = pair.split()
            self.joins.setdefault(second, {})[first] = joined
            self.splits[joined] = (first, second)
        self.before_vowel: dict[str, str] = data.get("before_vowel", {})
        self.vowel = re.compile(data.get("vowel", "[aeiou]"), re.IGNORECASE)
        self._changing = {pair[0] for pair in self.splits.values()} | set(self.before_vowel)
        for plain, changed in self.before_vowel.items():
            self.splits[changed] = (plain,)

    def join(self, words: Sequence[str]) -> list[str]:
        """The words as they are written: neighbours contracted."""
        out: list[str] = []
        joins, before_vowel = self.joins, self.before_vowel
        for word in words:
            if word in joins and out and out[-1] in joins[word]:
                out[-1] = joins[word][out[-1]]
                continue
            if before_vowel and out and out[-1] in before_vowel and self.vowel.match(word):
                out[-1] = before_vowel[out[-1]]
            out.append(word)
        return out

    def meet(self, first: str, second: str) -> str | None:
        """What becomes of `first` before `second` (alone, or the two joined); None if nothing."""
        joined = self.joins.get(second, {}).get(first)
        if joined is None and first in self.before_vowel and self.vowel.match(second):
            return self.before_vowel[first]
        return joined

    def can_meet(self, first: str) -> bool:
        """Whether there are words before which `first` changes."""
        return first in self._changing

    def write(self, words: Sequence[str], capitals: bool, stop: bool) -> Writing:
        """The text, with or without sentence capitals, with or without a final stop."""
        joined = self.join(words)
        stopped = joined[-1] == "."
        if stopped and not stop:
            joined.pop()
        parts: list[str] = []
        start, glued, capital = True, True, False
        for word in joined:
            if word in LEFT:
                parts.append(word)
                start = word in ENDS
                glued = False
                continue
            if not glued:
                parts.append(" ")
            glued = word in RIGHT
            if start and not glued:
                start = False
                if word not in self.proper:
                    capital = True
                    if capitals:
                        word = word[0].upper() + word[1:]
            parts.append(word)
        return Writing("".join(parts), len(joined), capital, stopped)

    def read(self, text: str, capitals: bool, stop: bool) -> tuple[str, ...] | None:
        """The words that `write` turns into `text`, or None if there are none."""
        words: list[str] = []
        start = True
        for token in tokens(text):
            word = token
            if start and token not in RIGHT:
                if capitals and token not in self.proper:
                    word = token[0].lower() + token[1:]
                start = False
            if token in ENDS:
                start = True
            words.extend(self.splits.get(word, (word,)))
        if not words:
            return None
        if not stop and words[-1] not in ENDS:
            words.append(".")
        return tuple(words) if self.write(words, capitals, stop).text == text else None
