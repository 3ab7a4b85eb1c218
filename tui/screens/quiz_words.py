"""The strings of quizzes and progress, together with those that every screen shares."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from tui.messages import Words, words
from tui.screens.lesson_words import lesson_words


@cache
def quiz_words(lang: str) -> Words:
    """The tables "app" and "lesson" with the table "quiz" on top of them."""
    sentences = {**lesson_words(lang).sentences, **words("quiz", lang).sentences}
    return Words(lang, MappingProxyType(sentences))
