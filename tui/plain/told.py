"""The sentences of the dialogue, with values of any length: whole paragraphs are put into them."""

from __future__ import annotations

from functools import cache

from tui.messages import Words, words


class WholeWords(Words):
    """As `Words`, which shortens values to what has room in a line of a screen; this does not."""

    def __call__(self, key: str, **values: object) -> str:
        return self.sentences[key].format_map({name: str(x) for name, x in values.items()})


@cache
def told(lang: str) -> Words:
    """The tables "plain" and "plain_more" of a language, as one."""
    return WholeWords(
        lang, {**words("plain", lang).sentences, **words("plain_more", lang).sentences}
    )
