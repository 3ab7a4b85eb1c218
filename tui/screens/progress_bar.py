"""Progress in small signs: bars for mastery, and a chart of the last days. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lessons.progress.record import Reply
from lessons.progress.report import LessonReport

FULL, EMPTY = "▰", "▱"
BAR = 5
RIGHT, WRONG, SKIPPED = "■", "□", "·"
"""Signs that differ without colour."""
DAYS = 7


def mastery_bar(report: LessonReport) -> str:
    """How well the questions of a lesson go; blank where none was answered yet."""
    if not report.right + report.wrong:
        return " " * BAR
    n = round(report.mastery * BAR)
    if report.known and not n:
        n = 1  # a little is not nothing
    return FULL * n + EMPTY * (BAR - n)


@dataclass(frozen=True, slots=True)
class Day:
    """What was answered on a day."""

    day: date
    right: int
    wrong: int
    skipped: int


def days(replies: Sequence[Reply], today: date) -> list[Day]:
    """The last days on which anything was answered among so many, the latest first."""
    found = []
    by_day: dict[date, list[str]] = {}
    for reply in replies:
        day = datetime.fromisoformat(reply.time).astimezone().date()
        by_day.setdefault(day, []).append(reply.result)
    for back in range(DAYS):
        day = today - timedelta(days=back)
        results = by_day.get(day, [])
        if results:
            counts = (results.count(name) for name in ("right", "wrong", "skipped"))
            found.append(Day(day, *counts))
    return found


def chart(day: Day, most: int, width: int) -> tuple[str, str, str]:
    """The day as three stretches, `most` answers filling the width."""
    scale = min(1.0, width / max(most, 1))
    parts = [round(n * scale) or int(n > 0) for n in (day.right, day.wrong, day.skipped)]
    return RIGHT * parts[0], WRONG * parts[1], SKIPPED * parts[2]
