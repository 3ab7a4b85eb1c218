"""What figures and questions say: the strings of a folder of content, by table and key.

A file is parsed only when one of its tables is asked for: parsing all of them takes longer than
the first card of a session should have to wait.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from lessons.content_error import ContentError


def sentence(folder: str, lang: str, name: str, key: str, values: Mapping[str, object]) -> str:
    """A string of content/<folder>/*.<lang>.toml, its {places} filled.

    name: its table; key: its key there, with dots for tables within. Raises ContentError.
    """
    try:
        return _table(folder, lang, name)[key].format(**values)
    except (KeyError, IndexError) as error:
        raise ContentError(f"{lang}: [{name}] {key}: {error}") from None


def has_sentence(folder: str, lang: str, name: str, key: str) -> bool:
    """Whether there is such a string. Raises ContentError where there is no such table."""
    try:
        return key in _table(folder, lang, name)
    except KeyError:
        raise ContentError(f"{lang}: [{name}]") from None


@cache
def _table(folder: str, lang: str, name: str) -> Mapping[str, str]:
    """The strings of a table, from the one file that has it. Raises KeyError, ContentError."""
    head = re.compile(rf"^\[{re.escape(name)}[].]", re.MULTILINE)
    having = [text for text in _files(folder, lang) if head.search(text)]
    if len(having) > 1:
        raise ContentError(f"{lang}: [{name}] is there twice")
    for text in having:
        return MappingProxyType(dict(_flat(_parsed(text)[name])))
    raise KeyError(name)


@cache
def _files(folder: str, lang: str) -> tuple[str, ...]:
    """What stands in the files of a folder that end in the language."""
    paths = files("lessons").joinpath("content", folder).iterdir()
    return tuple(p.read_text(encoding="utf-8") for p in paths if p.name.endswith(f".{lang}.toml"))


_parsed = cache(tomllib.loads)


def _flat(table: Mapping[str, object], before: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, str(value)
