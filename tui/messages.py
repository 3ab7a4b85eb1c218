"""What is said to people, by key, in their language: tables of sentences in `text/*.toml`.

`words("cli", "es")` is the table in `text/cli.es.toml`. The engine raises codes and holds no
sentences; `error_sentence` is what turns an EngineError into one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from engine.errors import EngineError
from lessons.languages import languages, spoken

LANGUAGES = languages()
_FOLDER = Path(__file__).parent / "text"
_LONGEST_VALUE = 80
_LONGEST_PATH = 240


@dataclass(frozen=True)
class Words:
    """The sentences of one table in one language. `words("trace.help")` is one of them."""

    lang: str
    sentences: Mapping[str, str] = field(repr=False)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence of `key`, its {places} filled. Raises KeyError for an unknown key."""
        return self.sentences[key].format_map({name: shown(x) for name, x in values.items()})


@cache
def words(table: str, lang: str) -> Words:
    """A table of sentences; those of [section] have keys that begin with "section."."""
    source = (_FOLDER / f"{table}.{lang}.toml").read_text(encoding="utf-8")
    return Words(lang, MappingProxyType(dict(_flat(tomllib.loads(source)))))


def _flat(tree: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, str(value)


def language(environ: Mapping[str, str]) -> str:
    """The language of a person with this environment: that of the locale, else English."""
    # As POSIX has it: the first of these that is set decides, even if it says "C".
    settings = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((setting for setting in settings if setting), "")
    return spoken(locale)


def error_sentence(error: EngineError, lang: str) -> str:
    """What is said for an error, on one line unless a name in it has several.

    A code that has no sentence yet is shown with its particulars, as the engine writes them.
    """
    sentences = words("errors", lang).sentences
    if error.code not in sentences:
        return str(error)
    sentence = sentences[error.code]
    if "path" in error.params and "{path}" not in sentence:
        sentence = "{path}: " + sentence
    try:
        return sentence.format_map({name: shown(x) for name, x in error.params.items()})
    except KeyError:  # the error lacks a particular that the sentence names
        return str(error)


def shown(value: object) -> str:
    """A value as it stands in a sentence: short, and never an empty place; a shape as "3 × 4"."""
    if isinstance(value, tuple | list):
        if value and all(isinstance(part, int) for part in value):
            return " × ".join(map(str, value))
        return ", ".join(shown(part) for part in value) or "-"
    if isinstance(value, Path):  # what tells paths apart stands at their end
        return str(value) if len(str(value)) <= _LONGEST_PATH else f"…{str(value)[-_LONGEST_PATH:]}"
    if isinstance(value, float):  # a loss beyond all numbers has no better name
        return f"{value:g}" if isfinite(value) else "-∞" if value < 0 else "∞"
    text = str(value)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
