"""A card as it can be read before the engine is there: what the run fills in is still open.

Only files and text are needed here, so that whoever comes back sees their card at once.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from lessons.content_error import ContentError
from lessons.course_text import read_text

OPEN = "…"
# Not through importlib.resources, whose import alone takes longer than all that is read here.
_CONTENT = Path(__file__).parent / "content"


@dataclass(frozen=True, slots=True)
class FirstCard:
    """A lesson's number (0 for none) and title, how many cards it has, and one of them."""

    number: int
    lesson: str
    n_cards: int
    place: int
    title: str
    prose: str


class _Open(dict[str, str]):
    """Gives the same sign for whatever is asked for."""

    def __missing__(self, name: str) -> str:
        return OPEN


def lesson_ids(numbered: bool = False) -> list[str]:
    """The ids of all lessons in their order; only of those that have a number, if asked."""
    index = tomllib.loads((_CONTENT / "index.toml").read_text("utf-8"))["lesson"]
    return [one["id"] for one in index if not (numbered and one.get("unnumbered", False))]


def first_card(lesson: str, card: str, lang: str) -> FirstCard | None:
    """A card of a lesson, the first one for an unknown id; None for an unknown lesson."""
    try:
        ids, numbered = lesson_ids(), lesson_ids(numbered=True)
        if lesson not in ids:
            return None
        text = read_text((_CONTENT / lesson / f"{lang}.md").read_text("utf-8"))
    except (ContentError, OSError, KeyError):  # said in full when the lesson itself is read
        return None
    cards = [*text.cards]
    place = len(cards) if card == "next" else cards.index(card) if card in cards else 0
    titles = [(one.title, one.prose) for one in text.cards.values()]
    title, prose = [*titles, (text.next_title, text.next)][place]
    number = numbered.index(lesson) + 1 if lesson in numbered else 0
    return FirstCard(number, text.title, len(cards) + 1, place, title, prose.format_map(_Open()))
