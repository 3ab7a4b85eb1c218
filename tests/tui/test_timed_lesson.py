"""Through the training in a lesson: the exhibits follow, what was asked and said stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.experiment import Experiment
from engine.store import checkpoint_steps, load_checkpoint
from engine.whatif import Force
from lessons.course import course
from lessons.moments import moments
from lessons.scene import shipped_model
from tests.tui.lesson_helper import (
    TEXTS,
    all_cards,
    answered,
    asks,
    card_where,
    lesson_app,
    lesson_of,
    mini,
    view_at,
)
from tests.tui.walk_helper import shown, until
from tui.messages import LANGUAGES
from tui.screens.lesson_card import blocks
from tui.screens.lesson_free import FreeWalkScreen
from tui.screens.lesson_time import at_moment, moment_on
from tui.screens.lesson_words import lesson_words
from tui.screens.quiz import QuizScreen
from tui.screens.through import ThroughScreen
from tui.screens.why import WhyScreen

KNOB_CARDS = [
    (lesson.id, card.id)
    for lesson, card in all_cards("es")
    if (live := view_at(lesson.id, card.id).live) is not None
    and any(knob.id == "moment" for knob in live.knobs)
]
STATION = card_where(lambda card: card.stage == "attn_scores" and card.guess is None)


def texts_of(view):
    return ["".join(bit.text for bit in block.bits) for block in blocks(view)]


async def test_the_exhibit_follows_and_the_place_is_kept():
    model = mini("es")
    step = checkpoint_steps(model.folder)[21]
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*STATION)
        await pilot.press("comma", "comma")
        await until(pilot, lambda: lesson.moment.place == 21)
        assert lesson.view.key == STATION
        assert lesson.scrubber.display
        wanted = Experiment(load_checkpoint(model, step), TEXTS["es"]).trace
        walk = lesson.view.walk
        assert walk is not None
        focus = walk.stage.focus
        assert focus is not None
        assert (walk.experiment.trace[focus].value == wanted[focus].value).all()
        await pilot.press("right", "left")
        assert lesson.moment.place == 21
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: lesson.view.experiment.model is model)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_stands_every_moment(lang):
    """Random numbers and half-trained ones: each figure draws them, each card is filled."""
    kept = moments(mini(lang))
    for lesson, card in all_cards(lang):
        view = view_at(lesson.id, card.id, lang)
        view = replace(view, journey=answered(course(lang)).at(lesson.id, card.id))
        for place in (0, 3, 12):
            there = replace(view, experiment=Experiment(kept.model(place), TEXTS[lang]))
            assert texts_of(there)
            if there.live is not None:
                assert there.live.show(there.turned)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_and_what_was_said_to_them_are_of_the_finished_model(lang):
    model, whole = mini(lang), course(lang)
    note = lesson_words(lang)("guess.finished")
    asked = 0
    for lesson, card in all_cards(lang):
        if card.guess is None:
            continue
        asked += 1
        now = view_at(lesson.id, card.id, lang)
        then = replace(now, experiment=Experiment(moments(model).model(2), TEXTS[lang]))
        for journey in (now.journey, answered(whole).at(lesson.id, card.id)):
            one, other = (replace(view, journey=journey) for view in (now, then))
            told = texts_of(other)
            assert told[-1] == note
            assert texts_of(one)[2:] == told[2:-1]
            assert note not in texts_of(one)
    assert asked > 10


async def test_an_answer_stays_as_it_was_given():
    lesson_id, card_id = card_where(asks("pick"))
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(lesson_id, card_id)
        await pilot.press("less_than_sign")
        await until(pilot, lambda: lesson.moment.place == 0)
        assert lesson.view.is_open
        await pilot.press("1", "enter")
        await until(pilot, lambda: not lesson.view.is_open)
        said = texts_of(lesson.view)[2:-1]
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: lesson.moment.is_last)
        assert texts_of(lesson.view)[2:] == said


async def test_changes_by_hand_hold():
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        force = Force.parse("blocks.1.attn.z[*,1,*]=0")
        lesson.enter(*STATION, Experiment(mini("es"), TEXTS["es"], (force,)))
        await pilot.press("comma")
        await until(pilot, lambda: lesson.moment.place == 22)
        assert lesson.view.experiment.forced == (force,)


# --- Cards on the training itself ----------------------------------------------------------------


def test_there_are_cards_with_a_moment_of_their_own():
    assert len(KNOB_CARDS) >= 4


@pytest.mark.parametrize(("lesson", "card"), KNOB_CARDS)
def test_there_the_keys_turn_the_knob_and_not_the_run(lesson, card):
    view = view_at(lesson, card)
    view = replace(view, journey=answered(course("es")).at(lesson, card))
    for place in (0, 5, 23, 22):
        there = at_moment(view, replace(moment_on(view), place=place))
        assert moment_on(there).place == place
        assert there.experiment is view.experiment
        view = there


def test_a_model_without_moments_borrows_those_of_a_mini():
    lesson, card = next(key for key in KNOB_CARDS if key[0] == "how-embeddings-learn")
    view = view_at(lesson, card)
    view = replace(
        view,
        journey=answered(course("es")).at(lesson, card),
        experiment=Experiment(shipped_model("paper-es"), TEXTS["es"]),
    )
    moment = moment_on(view)
    assert moment.of.finished.name == "mini-es"
    assert moment_on(at_moment(view, replace(moment, place=7))).place == 7


async def test_on_such_a_card_the_scrubber_shows_the_knob():
    lesson_id, card_id = next(key for key in KNOB_CARDS if key[0] == "how-embeddings-learn")
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        journey = answered(course("es")).at(lesson_id, card_id)
        lesson.become(replace(lesson.view, journey=journey))
        await pilot.pause()
        assert not lesson.scrubber.display  # the card itself tells its moment
        before = lesson.moment.place
        await pilot.press("full_stop")
        await until(pilot, lambda: lesson.scrubber.display)
        assert lesson.moment.place == lesson.scrubber.track.place == before + 1
        assert lesson.view.experiment.model is mini("es")
        await pilot.press("right")
        await until(pilot, lambda: lesson.view.key != (lesson_id, card_id))
        await pilot.press("left")
        assert lesson.moment.place == before + 1


async def test_on_a_knob_the_keys_move_in_time_until_a_number_is_begun():
    lesson_id, card_id = next(key for key in KNOB_CARDS if key[0] == "how-embeddings-learn")
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.become(replace(lesson.view, journey=answered(course("es")).at(lesson_id, card_id)))
        await pilot.press("tab")
        await until(pilot, lambda: lesson.body.figure.has_focus)
        figure = lesson.body.figure
        while figure.spot is not None and not figure.spot.knob:
            await pilot.press("down")
        before = lesson.moment.place
        await pilot.press("full_stop")
        await until(pilot, lambda: lesson.moment.place == before + 1)
        await pilot.press("1", "full_stop")
        assert figure.typed == "1."
        assert lesson.moment.place == before + 1


# --- Over it -------------------------------------------------------------------------------------


async def test_a_number_of_an_exhibit_stays_open():
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*STATION)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhyScreen))
        panel = pilot.app.screen
        assert isinstance(panel, WhyScreen)
        ref = panel.trail.here.ref
        await pilot.press("less_than_sign")
        await until(pilot, lambda: lesson.moment.place == 0)
        model = moments(mini("es")).model(0)
        assert panel.sheet.why.value == Experiment(model, TEXTS["es"]).trace.value(ref)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is lesson)
        assert lesson.view.key == STATION


async def test_a_quiz_is_about_the_finished_model_and_its_keys_do_nothing():
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*STATION)
        await pilot.press("less_than_sign")
        await until(pilot, lambda: lesson.moment.place == 0)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, QuizScreen))
        quiz = pilot.app.screen
        assert isinstance(quiz, QuizScreen)
        assert quiz.view.experiment.model is mini("es")
        await pilot.press("full_stop", "semicolon", "greater_than_sign")
        assert lesson.moment.place == 0
        assert pilot.app.screen is quiz
        await pilot.press("f1")
        await pilot.pause()
        assert lesson_words("es")("pair.moment_back") not in shown(pilot)


async def test_the_whole_training_opens_and_leads_to_a_walk_of_its_own():
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*STATION)
        await pilot.press("k")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThroughScreen))
        through = pilot.app.screen
        assert isinstance(through, ThroughScreen)
        await until(pilot, lambda: through.view is not None)
        await pilot.press("comma", "comma", "escape")
        await until(pilot, lambda: pilot.app.screen is lesson)
        assert lesson.moment.place == 21
        assert lesson.view.key == STATION
        await pilot.press("k")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThroughScreen))
        through = pilot.app.screen
        assert isinstance(through, ThroughScreen)
        await until(pilot, lambda: through.view is not None)
        await pilot.press("comma", "3", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, FreeWalkScreen))
        walk = pilot.app.screen
        assert isinstance(walk, FreeWalkScreen)
        assert walk.moment.place == 20
        assert walk.view.stage.id.endswith("pattern")
