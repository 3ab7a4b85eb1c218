"""What can be typed: words and letters, in every language at any time, and what they mean. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from types import MappingProxyType

from tui.messages import LANGUAGES
from tui.plain.told import told

VERBS = (
    *("next", "back", "again", "more", "row", "table", "answer", "hint", "skip", "tick"),
    *("sentence", "why", "set", "undo", "redo", "whatif", "add", "model", "moment"),
    *("course", "lesson", "doubts", "glossary", "turn", "quiz", "exam", "review", "progress"),
    *("walk", "stage", "block", "head", "word", "inside", "lang", "help", "quit"),
    *("compare", "depends", "training", "save", "share"),
)

BARE = {
    *("next", "back", "again", "more", "table", "hint", "skip", "undo", "redo", "course", "quiz"),
    *("exam", "review", "progress", "walk", "inside", "help", "quit"),
    *("depends", "training", "share"),
}
"""What is said alone: with more behind it, it is something else."""


def folded(text: str) -> str:
    """Without case, accents and the signs of a question, which not every keyboard has at hand."""
    parts = unicodedata.normalize("NFD", " ".join(text.casefold().split()))
    return "".join(c for c in parts if not unicodedata.combining(c) and c not in "¿¡")


@cache
def phrases() -> Mapping[str, str]:
    """The verb that each phrase stands for."""
    found: dict[str, str] = {"?": "help"}
    for lang in LANGUAGES:
        for verb in VERBS:
            for phrase in told(lang)(f"verb.{verb}").split(","):
                known = found.setdefault(folded(phrase.strip()), verb)
                assert known == verb, f"{phrase.strip()} is {known} and {verb}"
    return MappingProxyType(found)


def read(line: str) -> tuple[str, str]:
    """The verb of a line and what follows it; ("", line) for a line that begins with none.

    An empty line is ("enter", "").
    """
    line = " ".join(line.split(" ")).strip()
    if not line:
        return "enter", ""
    typed = line.split()
    for n in (2, 1):
        phrase = folded(" ".join(typed[:n])).rstrip("?:") or "?"
        verb = phrases().get(phrase, "") if len(typed) >= n else ""
        if verb and not (verb in BARE and len(typed) > n):
            return verb, re.sub(rf"^\s*(\S+\s*){{{n}}}", "", line)
    return "", line


def is_command(line: str, free: Collection[str]) -> bool:
    """Whether a line is a command where words are waited for, which may begin like one.

    free: the verbs that are commands there in full words; any is by its letter, if little follows.
    """
    verb, rest = read(line)
    typed = line.split()
    if not verb or verb in ("answer", "sentence") or not typed:
        return bool(verb) or not typed
    return len(typed) < 3 and (len(typed[0]) == 1 or (verb in free and not rest))


def integers(text: str) -> list[int]:
    """The whole numbers of a text, whatever stands between them; empty where there is more."""
    parts = [part for part in re.split(r"[\s,;]+", text.strip()) if part]
    if not parts or not all(re.fullmatch(r"[0-9]{1,6}", part, re.ASCII) for part in parts):
        return []
    return [int(part) for part in parts]
