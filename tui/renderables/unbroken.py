"""Blanks at which no line may end: within a number, and before the sign that belongs to it. Pure.

"50 257" is one number and "43 %" one share; and no line begins with the dot that parts two things.
"""

from __future__ import annotations

import re
from typing import Final

BREAK: Final = r"(?!(?<=\d) \d{3}(?!\d)) +(?! *[%·])"
"""Where running text may go on in the next line, as a regular expression."""
NO_BREAK: Final = "\u00a0"
_STAYS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))| +(?=[%·])")
_ONE_BREAK = re.compile(BREAK.replace("+(", "("))


def words_of(text: str) -> list[str]:
    """What stays whole when a text is wrapped: `" ".join` gives the text again."""
    return _ONE_BREAK.split(text)


def unbroken(text: str) -> str:
    """The text with no-break blanks in such places."""
    return _STAYS.sub(lambda match: NO_BREAK * len(match[0]), text)
