"""What somebody may have meant who wrote a name that there is not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from tui.commands.base import UsageError

LIKE = 0.6
"""How much of a name has to be the same, from 0 to 1."""


def nearest(typed: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The names most like what was typed, whatever its case; none where nothing is like it."""
    spelt = {name.casefold(): name for name in known}
    found = get_close_matches(typed.casefold().strip(), spelt, most, LIKE)
    return tuple(spelt[one] for one in found)


def no_lesson(typed: str, known: Iterable[str]) -> UsageError:
    """That there is no such lesson, with the nearest ids, or where they are all listed."""
    near = nearest(typed, known)
    if near:
        return UsageError("no_lesson_near", id=typed, near=near)
    return UsageError("no_lesson", id=typed)
