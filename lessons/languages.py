"""The languages of the course: those that content/languages.toml lists, in its order."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

OTHERWISE = "en"
"""The language of somebody whose own is not among them."""
# Not through importlib.resources, whose import alone takes longer than all that is read here.
_FILE = Path(__file__).parent / "content" / "languages.toml"


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def languages() -> tuple[str, ...]:
    """The code of each language: "es", "en"."""
    return tuple(_table())


def spoken(locale: str) -> str:
    """The language of a person with this locale, such as "es_MX.UTF-8"; else English."""
    known = (lang for lang, own in _table().items() if re.match(own["locale"], locale, re.I))
    return next(known, OTHERWISE)


def models_of(lang: str) -> str:
    """The language whose shipped models read for a language: its own, if they were trained.

    It is how the names of these models end: f"mini-{models_of(lang)}".
    """
    return _table()[lang]["models"]


def of_model(name: str) -> str | None:
    """The language that a model has learned, where its name tells it: "en" for "mini-en"."""
    ending = name.rpartition("-")[2]
    return ending if ending in _table() else None
