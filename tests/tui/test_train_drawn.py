"""What the train screen and the experiments draw: within every window, and in every language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from lessons.course import course
from lessons.trials.all import ALIKE, TRIALS, find
from lessons.trials.told import told
from tests.tui.lesson_helper import lesson_app, lesson_of
from tui.live_trial import SeenTrial
from tui.messages import LANGUAGES, words
from tui.renderables.figure_line import line_width
from tui.renderables.through import Row, table
from tui.screens.train import TrainScreen
from tui.screens.train_choices import SOURCES, Choices
from tui.screens.train_draw import BESIDE, form
from tui.screens.trials_draw import Asked, bet_name, listed, result, told_bet

SIZES = [(76, 13), (116, 28), (196, 48), (60, 8)]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("size", SIZES)
def test_every_choice_has_its_line_and_the_cursor_is_in_view(
    lang: str, source: str, size: tuple[int, int]
) -> None:
    said, (width, height) = words("train", lang), size
    choices = Choices(source=source, watched="una frase " * 20, file="/a/very/long/path" * 9)
    for field in choices.fields:
        drawn = form(choices, field, said, "", width, height)
        assert len(drawn.lines) <= height
        assert all(line_width(line) <= width for line in drawn.lines)
        (cursor,) = [text for text in drawn.texts if text.startswith("▸")]
        assert said(f"field.{field}") in cursor
        if height > 2 * len(choices.fields):
            page = " ".join(" ".join(drawn.texts).split())
            assert all(said(f"field.{name}") in page for name in choices.fields)
            if width >= BESIDE:
                starts = {name: said(f"about.{name}")[:40] for name in choices.fields}
                assert all(start in page for start in starts.values())
            assert not all(drawn.texts)  # they stand apart


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_the_list_of_experiments_opens_the_one_that_is_asked_about(
    lang: str, size: tuple[int, int]
) -> None:
    said, course = words("train", lang), told(lang)
    for chosen in (None, *TRIALS):
        drawn = listed(said, chosen and Asked(chosen, 20_000), *size)
        page = " ".join(" ".join(drawn.texts).split())
        assert all(line_width(line) <= size[0] for line in drawn.lines)
        if chosen is None or size[1] > 20:  # in a low window only the one that is asked about
            assert all(course.title(trial) in page for trial in TRIALS)
        if chosen is not None:
            assert course.title(chosen) in page
            assert course.question(chosen)[-30:] in page
            written = "20\u00a0000" if lang == "es" else "20,000"
            assert f"{written} " in " ".join(drawn.texts).replace("\n", " ")
            assert all(course.arm(chosen, arm) in page for arm in chosen.arms)
        if size[1] > 12:
            assert len(drawn.lines) <= size[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bet_is_told_by_what_came_out(lang: str) -> None:
    trial, said = find("rate"), words("train", lang)
    assert trial is not None
    asked, over = Asked(trial, 9), SeenTrial("over", 9)
    first, second, *_ = asked.bets
    names = [bet_name(trial, bet, said) for bet in (first, second)]
    values = {"bet": names[0], "best": names[1]}
    won, lost, alike, none = (
        told_bet(asked, replace(over, lowest=lowest), said)
        for lowest in (first, second, ALIKE, None)
    )
    assert won == said("trials.bet_won", bet=names[0])
    assert lost == said("trials.bet_lost", **values)
    assert alike == said("trials.bet_alike", bet=names[0])
    assert none == ""


def test_a_model_that_went_wrong_has_a_sentence_and_no_column() -> None:
    rate = find("rate")
    arms = [told("en").arm(rate, arm) for arm in rate.arms]
    head = ("", "loss while learning", "held-out loss")
    rows = ((arms[0], "5.00", "5.10"), (arms[1], "2.00", "2.10"), (arms[2], "gone wild"))
    seen = SeenTrial("over", 9, table=(head, *rows), finding=("So it is.",))
    numbers, wrong, finding = result(seen)
    assert [[cell.text for cell in row] for row in numbers.rows] == [  # type: ignore[union-attr]
        ["loss while learning", "5.00", "2.00"],
        ["held-out loss", "5.10", "2.10"],
    ]
    assert wrong.text == f"{arms[2]}: gone wild"  # type: ignore[union-attr]
    assert finding.text == "So it is."  # type: ignore[union-attr]
    none = replace(seen, table=(head, (arms[2], "gone wild")))
    assert len(result(none)) == 2


def test_moments_stand_apart_where_there_is_room() -> None:
    rows = [Row(str(step), [[("word", "text")]]) for step in (0, 9, 38)]
    close, apart = (table(rows, [[]], [6], "step", 1, (60, height)).texts for height in (5, 6))
    assert [line.strip() for line in apart if line.strip()] == [line.strip() for line in close]
    assert len(close) == 4
    assert len(apart) == 6


async def test_a_learner_comes_back_from_training_to_the_card() -> None:
    async with lesson_app("how-embeddings-learn").run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.action_ends(1)
        key = lesson.view.key
        for way_back in ("escape", "backspace", "n"):
            await pilot.press("n")
            assert isinstance(pilot.app.screen, TrainScreen)
            await pilot.press(way_back)
            assert pilot.app.screen is lesson
        assert lesson.view.key == key


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("lesson", "keys"), [("how-embeddings-learn", "kn"), ("learning-in-full", "n")]
)
def test_the_lessons_on_training_name_the_keys_that_show_it(
    lang: str, lesson: str, keys: str
) -> None:
    prose = course(lang).lesson(lesson).cards[-1].prose
    assert "Esc" in prose
    assert all(re.search(rf"\b{key}\b", prose) for key in keys)
