"""What a start shows first and what it leaves for later; and that nothing is drawn twice."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest
from textual.filter import ANSIToTruecolor

from lessons.course import course
from lessons.figures.parts import Figure
from lessons.figures.registry import LiveFigure, figures
from lessons.quiz.registry import generators
from lessons.scene import Scene
from tests.tui.lesson_helper import answered, lesson_app, lesson_of
from tests.tui.walk_helper import shown, until
from tui import quick_app
from tui.app import DesdeCero
from tui.preparing import preparing
from tui.screens import lesson as lesson_module
from tui.screens.opening_lesson import OpeningLesson
from tui.screens.quiz import QuizScreen


@pytest.mark.parametrize(("size", "look"), [((80, 24), "-narrow"), ((120, 40), "-wide")])
async def test_the_first_frame_has_the_words_of_the_card(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], look: str
) -> None:
    first: list[str] = []

    def stop(app: DesdeCero) -> None:
        first.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))

    monkeypatch.setattr(DesdeCero, "on_ready", stop)
    app = DesdeCero(text="el gato come", lang="es", lesson="softmax")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(first))
        assert isinstance(app.screen, OpeningLesson)
        assert app.screen.has_class(look)
        card = course("es").lesson("softmax").cards[0]
        assert card.title in first[0]
        assert card.prose.split()[0] in first[0]
        await pilot.pause()
        assert shown(pilot) == first[0]  # nothing moves afterwards


def test_the_app_starts_without_reading_the_commands() -> None:
    program = (
        "import sys; from tui.cli import main; main(['--text', 'x', '--theme', 'dark']);"
        "sys.exit('tui.commands.table' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_what_is_made_ready_can_be_imported() -> None:
    names = list(preparing())
    assert {"tui.screens.quiz", "lessons.quiz.softmax", "lessons.figures.softmax"} <= {*names}
    assert len(names) == len({*names})
    assert figures()
    assert generators()


@pytest.fixture
def searching() -> Iterator[None]:
    """Garbage is not sought, as at the start, and is again in the end."""
    gc.disable()
    yield
    gc.enable()
    gc.unfreeze()


@pytest.mark.usefixtures("searching")
async def test_garbage_is_sought_again_after_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick_app, "SETTLED", 0.001)
    async with lesson_app().run_test(size=(120, 40)) as pilot:
        await lesson_of(pilot)
        await until(pilot, gc.isenabled)


@pytest.mark.parametrize("size", [(120, 40), (200, 60)])
async def test_a_turned_card_is_laid_out_once(size: tuple[int, int]) -> None:
    app = lesson_app("softmax")
    async with app.run_test(size=size) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.pause()
        frames: list[object] = []
        lesson.screen_layout_refresh_signal.subscribe(lesson, frames.append, immediate=True)
        for turns in range(1, len(lesson.view.lesson.cards)):
            await pilot.press("right")
            await pilot.pause()
            assert len(frames) == turns, lesson.view.key


async def test_no_colour_is_one_of_the_terminals_own() -> None:
    """So the filter that replaces those can be left out."""
    app = lesson_app("softmax")
    seen = []
    async with app.run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.show_at(answered(lesson.view.course).at("softmax", lesson.view.card.id))
        replacing = ANSIToTruecolor(app.ansi_theme)
        for key in ("tab", "escape", "question_mark", "escape", "ctrl+p", "escape", "x"):
            await pilot.press(key)
            await pilot.pause()
            seen.append(type(app.screen))
            for strip in app.screen._compositor.render_strips():
                segments = [segment for segment in strip if not segment.control]
                plain = replacing.apply(segments, app.screen.styles.background)
                assert [s.style for s in plain] == [s.style for s in segments]
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
    assert len({*seen}) >= 4


async def test_the_next_card_is_computed_while_one_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    show = LiveFigure.show

    def noted(figure: LiveFigure, scene: Scene) -> Figure:
        made.append(figure.name)
        return show(figure, scene)

    monkeypatch.setattr(LiveFigure, "show", noted)
    monkeypatch.setattr(lesson_module, "READING_PAUSE", 0.001)
    here, there = next(
        (first, second)
        for lesson in course("es").lessons
        for first, second in pairwise((lesson.id, card) for card in lesson.cards)
        if first[1].figure and second[1].figure and first[1].figure != second[1].figure
        if not first[1].hides and second[1].guess is None
    )
    app = lesson_app(here[0])
    async with app.run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(here[0], here[1].id)
        await until(pilot, lambda: there[1].figure in made)
        assert lesson.view.card == here[1]
        await pilot.press("right")
        await until(pilot, lambda: lesson.view.card == there[1])
        assert made.count(there[1].figure) == 1
