"""Why a quiz asks nothing, and what helps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tui.messages import Words
from tui.screens.quiz_view import QuizView


def nothing(view: QuizView, reviews: Mapping[str, Mapping[str, Any]], today: date) -> str:
    """What is said where nothing can be asked. reviews: when which question comes again."""
    words, wish = view.words, view.wish
    if wish.kind != "review":
        return words("quiz.nothing")
    if wish.due:
        return words("quiz.due_declined", n=len(wish.due))
    if not reviews:
        return words("quiz.none_yet")
    coming = min(datetime.fromisoformat(str(x["due"])) for x in reviews.values())
    day = coming.astimezone().date()
    told = "next_today" if day <= today else "next_due"
    if (day - today).days == 1:
        told = "next_tomorrow"
    said = words(f"quiz.{told}", date=spoken(words, day, today))
    return f"{words('quiz.nothing_due')} {said}"


def spoken(words: Words, day: date, today: date, short: bool = False) -> str:
    """A day as people say it; with the year only where it is another one.

    short: with three letters of the month.
    """
    month = words.sentences["date.months"].split()[day.month - 1]
    key = "day" if day.year == today.year else "other_year"
    if short:
        key, month = "short", month[:3]
    return words(f"date.{key}", day=day.day, month=month, year=day.year)
