"""The strings of the lessons, together with those that every screen shares."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from tui.messages import Words, words


@cache
def lesson_words(lang: str) -> Words:
    """The table "app" with the table "lesson" on top of it."""
    sentences = {**words("app", lang).sentences, **words("lesson", lang).sentences}
    return Words(lang, MappingProxyType(sentences))
