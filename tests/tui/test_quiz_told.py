"""What is told of an answer, and what stays in view: the card of a question, its hints and keys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from textual.pilot import Pilot

from engine.experiment import Experiment
from lessons.quiz.question import Answer, Question
from tests.tui.lesson_helper import TEXTS, lesson_app, mini
from tests.tui.quiz_helper import ABC, HINTS, LESSON, question, quiz_of
from tests.tui.walk_helper import shown, until
from tui.screens.quiz_draw import Wish
from tui.screens.quiz_empty import nothing, spoken
from tui.screens.quiz_state import answered, begun
from tui.screens.quiz_told import told
from tui.screens.quiz_view import QuizView, mistake_name
from tui.screens.quiz_words import quiz_words


def flat(pilot: Pilot[None]) -> str:
    return " ".join(shown(pilot).split())


async def test_the_question_stays_beside_its_exhibit_on_a_small_screen() -> None:
    long = question("point", prompt="Which cell is it? " + "Some more words of the question. " * 4)
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [long])
        await until(pilot, lambda: quiz.focused is not None)
        for keys in ("h", "h", "s"):
            await pilot.press(*keys)
            await pilot.pause()
            assert "Which cell is it?" in flat(pilot)
            assert quiz.body.is_exhibited


async def test_hints_and_skipping_are_offered_while_a_number_is_typed() -> None:
    async with lesson_app(LESSON).run_test(size=(80, 24)) as pilot:
        quiz = await quiz_of(pilot, [question("number"), question("open")])
        words = quiz.view.words
        await pilot.press("1")
        assert quiz.focused is quiz.body.box
        await until(pilot, lambda: words("action.quiz_hint") in shown(pilot).splitlines()[-1])
        await pilot.press("h")
        assert HINTS[0] in flat(pilot)
        assert quiz.body.box.value == "1"
        await pilot.press("s", "enter", "enter", "h", "s")
        assert quiz.body.box.value == "hs"  # in an open answer they are letters
        assert words("action.quiz_hint") not in shown(pilot).splitlines()[-1]


def told_text(one: Question, reply: Answer | None) -> str:
    """What the card of an answered question says."""
    run = Experiment(mini("en"), TEXTS["en"])
    sitting = answered(begun((one,)), reply)
    view = QuizView(run, "en", Wish("lesson", 1, LESSON), sitting)
    assert sitting.outcome is not None
    lines = ("".join(bit.text for bit in block.bits) for block in told(view, sitting.outcome))
    return "\n".join(lines)


def test_what_was_answered_stands_beside_what_is_so() -> None:
    assert "choice A (your answer)" in told_text(question("pick"), 0)
    both = told_text(question("all"), (0, 1))
    assert "choice A (your answer)" in both
    assert "choice C (you missed it)" in both
    assert "choice A (you: 1)" in told_text(question("order"), (0, 1, 2))
    matched = told_text(question("match"), (0, 1, 2))
    assert "left a → choice C (you: choice A)" in matched
    long = tuple(replace(one, text=f"{one.text}, and so on, at some length") for one in ABC)
    by_letter = told_text(question("match", choices=long), (0, 1, 2))
    assert "(you: that of b)" in by_letter
    assert "(you" not in told_text(question("match"), (2, 0, 1))
    assert told_text(question("number", answer=10.0), 7.0).count("you said 7, and it is 10") == 1


def test_what_is_said_of_a_mistake_is_said_once() -> None:
    one = question("truth", worked="False. What is said of the root.")
    text = told_text(one, True)
    assert text.count("What is said of the root.") == 1
    name = mistake_name("forgot-root", "en")
    assert f"{name[1:]}." in text


def test_days_are_said_as_people_do() -> None:
    today = date(2026, 12, 30)
    said = {lang: quiz_words(lang) for lang in ("es", "en")}
    assert spoken(said["es"], date(2026, 12, 31), today) == "31 de diciembre"
    assert spoken(said["en"], date(2027, 1, 2), today) == "2 January 2027"
    assert spoken(said["es"], date(2026, 9, 3), today, short=True) == "3 sep"
    tomorrow, later = ({"due": f"{day}T12:00:00+00:00"} for day in ("2026-12-31", "2027-01-09"))
    view = QuizView(Experiment(mini("en"), TEXTS["en"]), "en", Wish("review", 1), begun(()))
    assert "tomorrow" in nothing(view, {"a": later, "b": tomorrow}, today)
    assert "9 January 2027" in nothing(view, {"a": later}, today)
    assert not view.can_rewrite
