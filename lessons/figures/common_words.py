"""Everyday words of the small world by kind, to look at a table of word vectors with.

What is shown is always the model's own vectors; content/words/ only says which rows to look at.
Words that a model does not have as one token are left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from engine.ops import Array
from engine.store import Model
from engine.tokenizer import Tokenizer
from lessons.languages import languages


class Known(NamedTuple):
    """A word of the list that a model has as one token. kind: "animal", "food" ..."""

    word: str
    id: int
    kind: str


@lru_cache(maxsize=16)
def known_words(model: Model) -> tuple[Known, ...]:
    """The words of the list that are tokens of a model, of the language that it has more of."""
    return max((_known(model.tokenizer, _words(lang)) for lang in languages()), key=len)


@cache
def _words(lang: str) -> Mapping[str, str]:
    """The words of a language: for each kind, all on one line."""
    path = files("lessons").joinpath("content", "words", f"{lang}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _known(tokenizer: Tokenizer, words: Mapping[str, str]) -> tuple[Known, ...]:
    found = []
    for kind, line in words.items():
        for word in line.split():
            ids = tokenizer.encode(word)
            if len(ids) == 1:
                found.append(Known(word, ids[0], kind))
    return tuple(found)


@lru_cache(maxsize=16)
def word_ids(model: Model) -> Array:
    """The ids of all tokens that are a whole word of two letters or more, or begin one."""
    pieces = enumerate(map(model.tokenizer.piece, range(len(model.tokenizer) - 1)))
    ids = [id for id, piece in pieces if len(piece) > 2 and piece[0] == " " and piece[1:].isalpha()]
    return np.array(ids, np.int64)
