"""Which words of the sentence the model has no piece for. Pure."""

from __future__ import annotations

from lessons.spelling import spelled_words
from tui.renderables.matrix_labels import clip
from tui.screens.walk_view import View

LONGEST_WORD = 12
"""Columns of a word within a notice of one line."""
MOST_UNKNOWN = 4
"""Unknown words that are all named; of more, all but three are only counted."""


def unknown_told(view: View) -> str:
    """Which words the model has no piece for, and how it reads them; empty where it has all."""
    spelled = [
        view.prose.words.token(clip(word, LONGEST_WORD)) for word in spelled_words(view.experiment)
    ]
    if len(spelled) < 2:
        return view.words("exhibit.unknown", word=spelled[0]) if spelled else ""
    if len(spelled) > MOST_UNKNOWN:
        named, n = ", ".join(spelled[: MOST_UNKNOWN - 1]), len(spelled) - MOST_UNKNOWN + 1
        return view.words("exhibit.unknown_many", words=named, n=n)
    return view.words("exhibit.unknown_few", words=", ".join(spelled[:-1]), last=spelled[-1])
