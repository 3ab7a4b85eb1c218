"""The progress screen: the map with its bars, what is due, the days, the mistakes; ways out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from textual.pilot import Pilot

from lessons.course import course
from lessons.progress.file import ProgressFile
from lessons.progress.record import Reply
from lessons.progress.report import LessonReport
from lessons.quiz.registry import generators
from tests.tui.lesson_helper import lesson_app, lesson_of
from tests.tui.walk_helper import shown, until
from tui.data import progress_path
from tui.screens.progress import HISTORY, MISTAKES, ProgressScreen
from tui.screens.progress_bar import EMPTY, FULL, chart, days, mastery_bar
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_view import mistake_name

LESSON = "softmax"
SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]


def put() -> None:
    """Some answers, of long ago and of today."""
    ids = [id for id, one in generators().items() if one.lesson == LESSON]
    old = "2020-01-01T00:00:00+00:00"
    ProgressFile(progress_path()).add(
        Reply(ids[0], LESSON, "wrong", "forgot-root", time=old),
        Reply(ids[0], LESSON, "wrong", "forgot-root"),
        Reply(ids[1], LESSON, "right"),
        Reply(ids[2], LESSON, "skipped"),
        Reply(ids[3], LESSON, "wrong", time=old),
    )


async def progress_of(pilot: Pilot[None]) -> ProgressScreen:
    app = pilot.app
    await lesson_of(pilot)
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(app.screen, ProgressScreen) and app.screen.is_mounted)
    await pilot.pause()
    assert isinstance(app.screen, ProgressScreen)
    return app.screen


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("lang", ["es", "en"])
async def test_what_it_shows(size: tuple[int, int], lang: str) -> None:
    put()
    async with lesson_app(LESSON, lang).run_test(size=size) as pilot:
        screen = await progress_of(pilot)
        assert screen.words("contents.due_one") in shown(pilot)
        for entry, said in [
            (HISTORY, screen.words("progress_screen.today")),
            (MISTAKES, mistake_name("forgot-root", lang)[:30]),
            (LESSON, course(lang).lesson(LESSON).title),
        ]:
            screen.list.highlighted = [one.id for one in screen.shown].index(entry)
            await until(pilot, lambda said=said: said in " ".join(shown(pilot).split()))
        row = next(line for line in shown(pilot).splitlines() if FULL in line)
        assert course(lang).lesson(LESSON).title[:12] in row


async def test_to_a_lesson_to_the_review_and_back() -> None:
    put()
    async with lesson_app("scores").run_test(size=(80, 24)) as pilot:
        app = pilot.app
        screen = await progress_of(pilot)
        screen.list.highlighted = [one.id for one in screen.shown].index(LESSON)
        await pilot.press("enter")
        lesson = await lesson_of(pilot)
        await until(pilot, lambda: lesson.view.lesson.id == LESSON)
        screen = await progress_of(pilot)
        await pilot.press("f3")
        await lesson_of(pilot)
        screen = await progress_of(pilot)
        await pilot.press("home", "down", "enter")  # days lead nowhere
        assert app.screen is screen
        await pilot.press("up", "enter")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))


def test_bars_and_days() -> None:
    def told(known: int, right: int) -> str:
        return mastery_bar(LessonReport("x", 0, 1, right, 0, 0, known, 10))

    assert told(0, 0).strip() == ""
    assert told(0, 1) == EMPTY * 5
    assert told(1, 1) == FULL + EMPTY * 4
    assert told(10, 10) == FULL * 5
    today = date(2026, 5, 5)
    times = [datetime(2026, 5, 5, 12), datetime(2026, 5, 3, 12), datetime(2025, 1, 1)]
    replies = [Reply("q", "l", "right", time=time.astimezone().isoformat()) for time in times]
    found = days(replies, today)
    assert [day.day for day in found] == [today, today - timedelta(days=2)]
    assert chart(found[0], 1, 20) == ("■", "", "")
