"""Where one left: what is kept of it among the settings, and how it is found again. Pure.

The settings are "language", "theme", "animation" (whether things move by themselves), "model" (a
shipped name or a folder), "text", "forced" (what was changed by hand, as `engine.whatif.Force`
writes it), "left" (the card where each lesson was left) and "place": {"lesson", "card"} or
{"stage", "head", "word", "inside"}.
Anything of them may be missing, or nonsense that somebody wrote by hand: it is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tui.messages import LANGUAGES

THEMES = ("dark", "light", "contrast")


@dataclass(frozen=True)
class Resume:
    """What to begin with; empty or None for what is not known.

    animation: whether things may move by themselves.
    walk: the place on the walk as it is kept; empty where one was in a lesson.
    """

    lang: str | None = None
    theme: str | None = None
    model: str = ""
    text: str | None = None
    forced: tuple[str, ...] = ()
    lesson: str = ""
    card: str = ""
    animation: bool = True
    walk: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def resume(settings: Mapping[str, Any]) -> Resume:
    """What the settings of a progress file say."""
    place = settings.get("place")
    place = place if isinstance(place, Mapping) else {}
    lesson = _text(place, "lesson")
    lang, theme = _text(settings, "language"), _text(settings, "theme")
    text, forced = settings.get("text"), settings.get("forced")
    return Resume(
        lang if lang in LANGUAGES else None,
        theme if theme in THEMES else None,
        _text(settings, "model"),
        text if isinstance(text, str) else None,
        tuple(x for x in forced if isinstance(x, str)) if isinstance(forced, list) else (),
        lesson,
        _text(place, "card"),
        settings.get("animation") is not False,
        MappingProxyType({} if lesson else dict(place)),
    )


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    return value if isinstance(value, str) else ""
