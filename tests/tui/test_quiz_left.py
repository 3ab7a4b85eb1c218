"""Leaving in the middle and coming back: the quiz, the changed run, an end from outside."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.experiment import Experiment
from engine.whatif import Force
from lessons.progress.file import ProgressFile
from lessons.progress.record import Set
from lessons.quiz.question import KINDS, Answer
from tests.tui.lesson_helper import TEXTS, lesson_app, lesson_of, mini
from tests.tui.quiz_helper import LESSON, kept, notices, question, replies
from tests.tui.walk_helper import shown, until, walk_of
from tui.app import DesdeCero, app_of
from tui.data import progress_path
from tui.screens.progress_journey import run_settings, with_changes
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_draw import Wish
from tui.screens.quiz_kept import SETTING, left_of, taken_up, with_left
from tui.screens.quiz_state import answered, begun, gone_on, ticked

RUN = Experiment(mini("es"), TEXTS["es"])
WISH = Wish("lesson", 7, LESSON)
REPLIES: dict[str, Answer] = {
    "pick": 2,
    "all": (0, 2),
    "number": 0.25,
    "order": (2, 0, 1),
    "point": (1, 0),
    "match": (1, 2, 0),
    "truth": True,
    "open": "What I say.",
}


def through_the_file(table: Any) -> Any:
    return json.loads(json.dumps(table))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_is_taken_up_again(kind: str) -> None:
    questions = (question(kind), question("truth", id="other"), question("pick", id="last"))
    sitting = answered(begun(questions), REPLIES[kind])
    sitting = ticked(sitting, 1) if kind == "open" else sitting
    sitting = answered(gone_on(sitting), None)
    kept = through_the_file({SETTING: with_left({}, WISH, RUN, sitting)})
    found = taken_up(questions, left_of(kept, WISH, RUN))
    assert found.index == 2
    assert not found.told
    outcomes = [replace(outcome, kept=None) for outcome in found.outcomes]
    assert outcomes == list(sitting.outcomes)


def test_what_is_over_or_elsewhere_is_not_taken_up() -> None:
    questions = (question("truth"), question("pick"))
    sitting = answered(begun(questions), True)
    settings = {SETTING: with_left({}, WISH, RUN, sitting)}
    assert left_of(settings, WISH, RUN)["seed"] == 7
    assert not left_of(settings, Wish("exam", 1), RUN)
    assert not left_of(settings, WISH, Experiment(RUN.model, "otra frase"))
    assert not left_of(settings, WISH, Experiment(mini("en"), RUN.text))
    assert with_left(settings[SETTING], WISH, RUN, answered(gone_on(sitting), None)) == {}
    exam = with_left(settings, Wish("exam", 1), RUN, sitting)
    assert set(exam) == {"lesson:softmax", "exam"}
    assert with_left({}, Wish("review", 1, due=("a",)), RUN, sitting) == {}


@pytest.mark.parametrize(
    "replies",
    [None, 3, [3], [{}], [{"question": "made-up-pick", "said": 99, "hints": 0}],
     [{"question": "made-up-pick", "said": "x", "hints": 0}],
     [{"question": "another", "said": 0, "hints": 0}],
     [{"question": "made-up-pick", "said": 0, "hints": "x"}]],
)  # fmt: skip
def test_what_is_no_answer_is_not_taken_up(replies: Any) -> None:
    questions = (question("pick"), question("truth"))
    assert taken_up(questions, {"seed": 1, "replies": replies}).index == 0


async def quiz_by_key(pilot: Pilot[None]) -> QuizScreen:
    app = pilot.app
    await pilot.press("x")
    await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.is_mounted)
    await pilot.pause()
    assert isinstance(app.screen, QuizScreen)
    return app.screen


async def test_one_comes_back_to_the_question_where_one_left() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        first = await quiz_by_key(pilot)
        ids = [one.id for one in first.view.sitting.questions]
        prompts = [one.prompt for one in first.view.sitting.questions]
        await pilot.press("s", "enter", "s", "escape")
        await until(pilot, lambda: pilot.app.screen is lesson)
        again = await quiz_by_key(pilot)
        assert [one.prompt for one in again.view.sitting.questions] == prompts
        assert again.view.sitting.index == 2
        assert again.view.words("quiz_notice.taken_up") in notices(pilot)
        await until(pilot, lambda: len(replies()) == 2)
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:  # another day
        await lesson_of(pilot)
        quiz = await quiz_by_key(pilot)
        assert [one.id for one in quiz.view.sitting.questions] == ids
        assert quiz.view.sitting.index == 2
        for n in range(3):
            await pilot.press("s", "enter")
            await until(pilot, lambda n=n: len(replies()) == 3 + n)
        assert quiz.view.sitting.over
        assert kept()["settings"][SETTING] == {}
        await pilot.press("escape")
        await lesson_of(pilot)
        assert (await quiz_by_key(pilot)).view.sitting.index == 0


async def test_one_can_begin_again() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        quiz = await quiz_by_key(pilot)
        await pilot.press("s", "enter", "n")
        assert quiz.view.sitting.index == 0
        assert quiz.view.sitting.outcomes == ()
        await pilot.press("s", "enter")
        await until(pilot, lambda: len(replies()) == 2)
        assert len(kept()["settings"][SETTING][f"lesson:{LESSON}"]["replies"]) == 1


async def test_questions_are_about_the_run_without_changes() -> None:
    forced = Force.parse("blocks.0.attn.pattern[*,*,*]=0")
    app = DesdeCero(start=RUN.force(forced), lang="es", lesson=LESSON)
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        assert lesson.view.experiment.forced
        quiz = await quiz_by_key(pilot)
        assert quiz.view.experiment.forced == ()
        assert not quiz.view.is_empty


async def test_one_comes_back_to_the_run_with_its_changes() -> None:
    forced = (Force.parse("blocks.0.attn.z[*,1,*]=0"), Force.parse("mask=0"))
    app = DesdeCero(start=RUN.force(*forced), lang="es", lesson=LESSON)
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        pilot.app.exit()
    async with app_of().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        assert lesson.view.experiment.text == RUN.text
        assert lesson.view.experiment.forced == forced
        assert lesson.view.key[0] == LESSON
    async with app_of(text="un gato", lang="es").run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)  # what is asked for goes before
        assert walk.view.experiment.forced == ()


def test_changes_that_do_not_fit_are_passed_over() -> None:
    fits = Force.parse("blocks.0.attn.z[*,1,*]=0")
    written = ["nonsense", "", "blocks.99.attn.z=0", "mask=", str(fits), "blocks.0.attn.z[99]=1"]
    assert with_changes(RUN, written).forced == (fits,)
    other = replace(RUN, other=Experiment(RUN.model, "otra frase")).force(Force.parse("mask=other"))
    assert run_settings(other)["forced"] == []


SEARCHES = {
    "es": {"preg": "quiz", "repa": "review", "exam": "exam", "prog": "progress"},
    "en": {"ques": "quiz", "revi": "review", "exam": "exam", "prog": "progress"},
}


@pytest.mark.parametrize("lang", SEARCHES)
async def test_the_palette_leads_to_questions_review_exam_and_progress(lang: str) -> None:
    app = lesson_app(LESSON, lang)
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        commands = {c.title: c for c in app.get_system_commands(lesson)}
        for typed, action in SEARCHES[lang].items():
            title = lesson.view.words(f"command.{action}")
            assert title in commands
            await pilot.press("ctrl+p")
            await until(pilot, lambda: app.screen is not lesson)
            await pilot.press(*typed)
            await until(pilot, lambda title=title: title in shown(pilot))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is lesson)
            await commands[title].callback()
            await until(pilot, lambda: app.screen is not lesson)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is lesson)


def test_a_sitting_of_an_older_course_does_no_harm() -> None:
    ProgressFile(progress_path()).add(Set(SETTING, {"exam": {"seed": "x"}, "lesson:gone": 3}))
    assert left_of(kept()["settings"], Wish("exam", 1), RUN) == {}
