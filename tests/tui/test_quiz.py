"""The quiz: every kind of question by keys and mouse, hints, skips, what is told and kept."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from lessons.quiz.question import KINDS
from tests.tui.lesson_helper import lesson_app, lesson_of
from tests.tui.quiz_helper import (
    HINTS,
    LESSON,
    RIGHT_KEYS,
    WORKED,
    WRONG_KEYS,
    notices,
    question,
    quiz_of,
    replies,
)
from tests.tui.walk_helper import shown, until
from tui.app import DesdeCero
from tui.screens.lesson import LessonScreen
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_view import mistake_name
from tui.screens.why import WhyScreen


def flat(pilot: Pilot[None]) -> str:
    return " ".join(shown(pilot).split())


async def pressed(pilot: Pilot[None], quiz: QuizScreen, keys: tuple[str, ...]) -> None:
    if quiz.view.pointing:  # the exhibit has the keys as soon as it has its place
        await until(pilot, lambda: quiz.focused is not None)
    await pilot.press(*keys)


@pytest.mark.parametrize("kind", KINDS)
async def test_right_by_keys(kind: str) -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question(kind), question("truth")])
        assert f"Prompt of {kind}?" in flat(pilot)
        await pressed(pilot, quiz, RIGHT_KEYS[kind])
        outcome = quiz.view.sitting.outcome
        assert outcome is not None
        assert outcome.result == "right"
        if kind == "open":
            assert "A model answer." in flat(pilot)
        else:
            assert WORKED in flat(pilot)
            assert "Correcto" in flat(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: replies() == [(f"made-up-{kind}", "right", "")])
        assert quiz.view.sitting.index == 1
        assert "Prompt of truth?" in flat(pilot)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_mistake_is_met_with_its_name(kind: str) -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question(kind), question("order", prompt="What next?")])
        await pressed(pilot, quiz, WRONG_KEYS[kind])
        outcome = quiz.view.sitting.outcome
        assert outcome is not None
        assert outcome.result == "wrong"
        await pilot.pause()
        if kind != "open":
            assert "What is said of the root." in flat(pilot)
            name = mistake_name("forgot-root", "es")
            assert name[1:] in flat(pilot)
        before = flat(pilot)
        await pilot.pause(0.2)  # what is said stays until one goes on
        assert quiz.view.sitting.told
        assert "What next?" not in before
        await pilot.press("enter")
        mistake = "" if kind == "open" else "forgot-root"
        await until(pilot, lambda: replies() == [(f"made-up-{kind}", "wrong", mistake)])


async def by_mouse(pilot: Pilot[None], quiz: QuizScreen, target: str) -> None:
    y, _ = quiz.body.card.page.spans[target]
    await pilot.click(quiz.body.card, offset=(8, y))


CLICKS = {
    "pick": ("line:1", "line:1"),
    "truth": ("line:1", "line:1"),
    "all": ("line:1", "line:2"),
    "match": ("give:2", "give:0", "give:1"),
}


@pytest.mark.parametrize("kind", CLICKS)
async def test_right_by_mouse(kind: str) -> None:
    async with lesson_app(LESSON).run_test(size=(120, 40)) as pilot:
        quiz = await quiz_of(pilot, [question(kind)])
        for target in CLICKS[kind]:
            await by_mouse(pilot, quiz, target)
            await pilot.pause()
        if not quiz.view.sitting.told:  # several things are chosen before they are the answer
            await pilot.click("#footer", offset=(quiz_column(quiz, "quiz_enter"), 0))
        await until(pilot, lambda: quiz.view.sitting.told)
        assert quiz.view.sitting.outcomes[0].result == "right"
        await pilot.click("#footer", offset=(quiz_column(quiz, "quiz_go_on"), 0))
        await until(pilot, lambda: quiz.view.sitting.over)


def quiz_column(quiz: QuizScreen, chip: str) -> int:
    column = quiz._footer.column_of(chip)
    assert column is not None
    return column + 4


async def test_pointing_by_mouse() -> None:
    async with lesson_app(LESSON).run_test(size=(120, 40)) as pilot:
        quiz = await quiz_of(pilot, [question("point")])
        await until(pilot, lambda: quiz.focused is not None)
        quiz.body.pane.matrix.move_cursor(2, 1)
        await until(pilot, lambda: quiz.view.sitting.draft.cell == (2, 1))
        await pilot.click("#footer", offset=(quiz_column(quiz, "quiz_enter"), 0))
        await until(pilot, lambda: quiz.view.sitting.told)
        assert quiz.view.sitting.outcomes[0].result == "right"


async def test_two_hints_and_they_are_kept() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question("pick")])
        assert HINTS[0] not in flat(pilot)
        await pilot.press("h")
        assert HINTS[0] in flat(pilot)
        assert HINTS[1] not in flat(pilot)
        await pilot.press("h")
        assert HINTS[1] in flat(pilot)
        await pilot.press("h")
        assert quiz.view.words("quiz_notice.no_hint") in notices(pilot)
        await pilot.press("2", "enter")
        assert quiz.view.sitting.outcomes[0].hints == 2


@pytest.mark.parametrize("kind", KINDS)
async def test_skipping_always_works(kind: str) -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question(kind), question("pick")])
        if kind == "number":
            await pilot.press("0", ".")  # letters are no part of a number
        await pressed(pilot, quiz, ("s",))
        assert quiz.view.sitting.outcomes[0].result == "skipped"
        assert "Saltada" in flat(pilot)
        await until(pilot, lambda: replies() == [(f"made-up-{kind}", "skipped", "")])
        await pilot.press("s")
        assert quiz.view.sitting.index == 1
        assert not quiz.view.sitting.told


async def test_nothing_chosen_is_no_answer() -> None:
    for kind in ("pick", "all", "match", "truth", "number", "open"):
        async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
            quiz = await quiz_of(pilot, [question(kind)])
            await pilot.press("enter")
            await pilot.press("enter")
            assert not quiz.view.sitting.told


async def test_an_answer_can_be_contested() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question("truth"), question("truth", ref=None)])
        app = pilot.app
        await pilot.press("o")
        assert app.screen is quiz  # not before it is answered
        await pilot.press("v", "enter", "o")
        await until(pilot, lambda: isinstance(app.screen, WhyScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is quiz)
        assert quiz.view.sitting.told
        await pilot.press("enter", "f", "enter", "o")
        assert app.screen is quiz
        assert quiz.view.words("quiz_notice.no_ref") in notices(pilot)


async def test_leaving_keeps_what_was_answered() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        quiz = await quiz_of(pilot, [question("truth"), question("number"), question("open")])
        await pilot.press("f", "enter", "enter", "1", "escape")
        assert pilot.app.screen is quiz  # the line was left
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is lesson)
        await until(pilot, lambda: replies() == [("made-up-truth", "right", "")])


async def test_the_end_tells_what_was_missed_and_leads_on() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        quiz = await quiz_of(pilot, [question("truth"), question("pick"), question("all")])
        await pilot.press("f", "enter", "enter", "1", "enter", "enter", "s", "enter")
        assert quiz.view.sitting.over
        assert quiz.view.words("quiz_end.score_one_skipped", right=1, total=3) in flat(pilot)
        assert mistake_name("forgot-root", "es") in flat(pilot)
        course = quiz.view.course
        after = course.lessons[course.index(LESSON) + 1]
        assert after.title in flat(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.view.lesson.id == after.id


async def test_the_end_opens_what_was_missed() -> None:
    async with lesson_app("scores").run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await quiz_of(pilot, [question("truth")])
        await pilot.press("v", "enter", "enter", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        assert isinstance(app.screen, LessonScreen)
        assert app.screen.view.lesson.id == LESSON


async def test_the_quiz_goes_on_in_the_other_language() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, DesdeCero)
        lesson = await lesson_of(pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, QuizScreen))
        quiz = app.screen
        assert isinstance(quiz, QuizScreen)
        ids = [q.id for q in quiz.view.sitting.questions]
        assert len(ids) == 5
        await pilot.press("s", "l")
        assert quiz.view.lang == "en"
        assert [q.id for q in quiz.view.sitting.questions] == ids
        assert "Skipped" in flat(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is lesson)


async def test_a_sentence_that_leaves_nothing_to_ask() -> None:
    async with lesson_app(LESSON, text="gato").run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, ())
        assert quiz.view.words("quiz.nothing") in flat(pilot)
        quiz._given = None
        await pilot.press("i")
        await pilot.press(*"el gato come")
        assert quiz.view.is_empty
        await pilot.press("enter")
        await until(pilot, lambda: not quiz.view.is_empty)
        assert quiz.view.experiment.text == "el gato come"


def test_a_mistake_that_a_lesson_names_itself_has_its_name_too() -> None:
    for lang in ("es", "en"):
        for id in ("forgot-exp", "whole-d-k", "uphill", "norm-elsewhere"):
            assert mistake_name(id, lang) != id
