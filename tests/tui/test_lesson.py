"""The lesson: every card on any sentence, the place that is kept, free play and back, doubts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from engine.experiment import Experiment
from engine.parts import Part
from engine.store import load, shipped
from engine.whatif import Force
from lessons.course import course
from lessons.figures.registry import figures
from lessons.findings.registry import filled
from lessons.markup import plain
from lessons.station_figure import station
from tests.tui.lesson_helper import (
    ODD,
    TEXTS,
    all_cards,
    answered,
    card_where,
    lesson_app,
    lesson_of,
    mini,
    view_at,
)
from tests.tui.walk_helper import random_model, shown, tap, until, walk_app, walk_of
from tui.messages import LANGUAGES
from tui.renderables.themes import LIGHT
from tui.screens.doubts import DoubtsScreen
from tui.screens.lesson import LessonScreen
from tui.screens.lesson_card import blocks, targets
from tui.screens.lesson_guess import choice_text
from tui.screens.lesson_hint import hint
from tui.screens.lesson_knobs import knob_lines, turned
from tui.screens.lesson_view import HEAD, LessonView
from tui.screens.walk import WalkScreen
from tui.screens.why import WhyScreen
from tui.widgets.chips import Chips


def said(view: LessonView) -> str:
    """All words of a card."""
    return "\n".join("".join(bit.text for bit in block.bits) for block in blocks(view))


# Every card


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_card_forward_and_back_on_the_keys(lang: str) -> None:
    app = lesson_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.become(replace(lesson.view, journey=answered(course(lang)).at(*lesson.view.key)))
        cards = all_cards(lang)
        for key, order in (("right", cards[1:]), ("left", cards[-2::-1])):
            for one, card in order:
                wanted = (one.id, card.id)
                await tap(app, key, lambda wanted=wanted: lesson.view.key == wanted)  # type: ignore[misc]
        assert all(lesson.view.journey.done(one) == "all" for one in course(lang).lessons)
        await pilot.press("left")
        assert lesson.view.key == (cards[0][0].id, cards[0][1].id)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_card_is_drawn_and_its_words_stand_whole(lang: str) -> None:
    """All of it once the questions are answered, in 80x24."""
    async with lesson_app(lang=lang).run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.become(replace(lesson.view, journey=answered(course(lang)).at(*lesson.view.key)))
        for one, card in all_cards(lang):
            lesson.enter(one.id, card.id)
            await pilot.pause()
            assert card.title[:20] in shown(pilot)
            exhibit = lesson.body.exhibit
            assert (exhibit is None) is not bool(card.figure or lesson.view.walk)
            await words_stand(pilot, lesson)
            if lang == "es":
                assert_numbers_open(pilot, lesson)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_question_stands_whole(lang: str) -> None:
    async with lesson_app(lang=lang, text=ODD["emoji"]).run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        for one, card in all_cards(lang):
            if card.guess is not None:
                lesson.enter(one.id, card.id)
                await pilot.pause()
                await words_stand(pilot, lesson)


async def words_stand(pilot: Pilot[None], lesson: LessonScreen) -> None:
    """No line of the card has to be scrolled to."""
    card = lesson.body.card
    await until(pilot, lambda: len(card.page.lines) <= card.size.height)


def assert_numbers_open(pilot: Pilot[None], lesson: LessonScreen) -> None:
    """The numbers of the figure, a few of them, open their arithmetic."""
    if lesson.view.live is None:
        return
    spots = [spot for spot in lesson.body.figure.spots if spot.ref is not None]
    for spot in spots[:: max(len(spots) // 2, 1)]:
        assert spot.ref is not None
        lesson._open(lesson.view.run(spot.run), spot.ref)
        assert isinstance(pilot.app.screen, WhyScreen), (lesson.view.key, spot)
        pilot.app.pop_screen()


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_stands_any_sentence(lang: str, text: str) -> None:
    run = Experiment(mini(lang), text)
    for journey in (answered(course(lang)), None):
        for one, card in all_cards(lang):
            view = view_at(one.id, card.id, lang, text)
            asked = view.journey if journey is None else journey.at(one.id, card.id)
            view = replace(view, experiment=run, journey=asked)
            assert card.title in said(view)
            for target in targets(view):
                assert hint(replace(view, lit=target), False, False, None)
            if view.live is not None and not view.hidden:
                knob_lines(view, view.live.show(view.turned))
                for knob in view.live.knobs:
                    turned(view, knob, 1)
            elif view.walk is not None:
                assert view.walk.exhibit.values.shape


def test_what_is_typed_marks_nothing() -> None:
    first = view_at("checkpoint-attention", "check-whom", text="` gato `")
    scene, could_mark = first.scene, set()
    for one, card in all_cards("es"):
        journey = answered(course("es")).at(one.id, card.id)
        view = replace(first, journey=journey)
        texts = [card.prose, *(doubt.answer for doubt in card.doubts)]
        if card.guess is not None:
            texts += [card.guess.question, card.guess.reveal]
            for id, text in card.guess.choices:
                assert choice_text(card.guess, id, scene) == filled(plain(text), scene)
        for text in texts:
            wanted = filled(plain(text), scene)
            assert "".join(span.text for span in view.filled(text)) == wanted
            if plain(filled(text, scene)) != wanted:
                could_mark.add((one.id, card.id))
    assert first.key in could_mark  # or nothing would be tried here
    whom = replace(first, journey=answered(course("es")).at(*first.key))
    assert whom.card.guess is not None
    assert filled(plain(whom.card.guess.reveal), scene) in said(whom)


# The place is kept


async def test_language_theme_size_and_sentence_keep_the_place() -> None:
    app = lesson_app("softmax")
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("right", "right")
        place = lesson.view.key
        await pilot.press("l", "T")
        assert (app.lang, app.theme, lesson.view.lang) == ("en", LIGHT, "en")
        assert lesson.view.key == place
        assert course("en").lesson("softmax").title in shown(pilot)
        for size in [(60, 20), (120, 40), (59, 20), (200, 60), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert lesson.view.key == place
            assert (lesson.view.words("app.too_small")[:12] in shown(pilot)) is (size[0] < 60)
        await pilot.press("i")
        await until(pilot, lambda: lesson.focused is lesson.head.box)
        await pilot.press("s", "o", "l", "enter")
        await until(pilot, lambda: lesson.view.experiment.text == "sol")
        assert lesson.view.key == place
        assert lesson.focused is None
        assert "› sol" in shown(pilot)


async def test_the_whole_lesson_follows_the_sentence() -> None:
    place = card_where(lambda card: bool(card.stage) and card.guess is None)
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("i")
        await pilot.press(*"pan", "enter")
        await until(pilot, lambda: lesson.view.experiment.text == "pan")
        assert lesson.view.walk is not None
        assert lesson.view.walk.experiment is lesson.view.experiment
        assert "pan" in shown(pilot)


async def test_another_model_keeps_the_place() -> None:
    place = card_where(lambda card: bool(card.stage) and card.guess is None)
    async with lesson_app().run_test(size=(80, 24), notifications=True) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        for name in ("paper-es", "mini-en"):
            lesson.use(load(shipped()[name]))
            await pilot.pause()
            assert lesson.view.key == place
            assert name in shown(pilot)
        lesson.use(
            random_model("odd", positions="none", norm="pre", n_layers=1, n_heads=1, d_head=8)
        )
        for one, card in all_cards("es"):
            lesson.enter(one.id, card.id)
            if card.role == "next":
                await pilot.pause()


async def test_knobs_and_answers_are_kept_card_by_card() -> None:
    place = card_where(lambda card: bool(card.figure) and card.guess is None)
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        assert lesson.view.live is not None
        knob = lesson.view.live.knobs[0].id
        before = lesson.view.settings[knob]
        await pilot.press("+")
        after = lesson.view.settings[knob]
        assert after != before
        await pilot.press("right", "left")
        assert lesson.view.key == place
        assert lesson.view.settings[knob] == after


# Away and back


async def test_free_play_and_back_to_the_card_as_it_was() -> None:
    place = card_where(lambda card: bool(card.stage) and card.guess is None)
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        before = lesson.view
        assert before.stage is not None
        await pilot.press("p")
        walk = await walk_of(pilot)
        assert walk.view.stage.id == before.stage.id
        assert walk.view.experiment is before.experiment
        assert lesson.view.words("action.free_back") in shown(pilot).splitlines()[-1]
        await pilot.press("right", "i", "s", "o", "l", "enter", "backspace")
        await until(pilot, lambda: pilot.app.screen is lesson)
        assert lesson.view is before
        await pilot.pause()
        assert lesson.view.card.title in shown(pilot)


def test_every_exhibit_can_be_played_with_at_its_station() -> None:
    for one, card in all_cards("es"):
        if card.figure or card.stage:
            key = card.stage or figures()[card.figure].station
            wanted = station(mini("es").config, key, card.block)
            assert wanted is not None, (one.id, card.id, key)
            assert view_at(one.id, card.id).free_place.stage == wanted.id


async def test_from_the_walk_to_a_lesson_and_back() -> None:
    app = walk_app(TEXTS["es"], model=mini("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        assert walk.view.words("action.contents") in shown(pilot).splitlines()[-1]
        walk.go_to("blocks.0.pattern")
        walk.read("el gato come")
        app.open_lesson("scores")
        lesson = await lesson_of(pilot)
        assert lesson.view.experiment is walk.view.experiment
        assert lesson.view.lesson.id == "scores"
        await pilot.press("right", "backspace")
        await until(pilot, lambda: app.screen is walk)
        assert walk.view.stage.id == "blocks.0.pattern"
        await pilot.press("l")
        app.open_lesson("scores")
        await lesson_of(pilot)
        assert lesson.view.lang == "en"
        assert lesson.view.card.id == lesson.view.lesson.cards[1].id
        assert course("en").lesson("scores").title in shown(pilot)


async def test_the_walk_goes_on_with_what_was_chosen_in_a_lesson() -> None:
    app = walk_app(TEXTS["es"], model=mini("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.pattern")
        walk.force_more((Force(Part("blocks.0.attn_out", (1,)), 0.0),))
        forced = walk.view.experiment.forced
        app.open_lesson("scores")
        lesson = await lesson_of(pilot)
        lesson.use(mini("en"))
        lesson.head.box.value = "the cat eats"
        await pilot.press("backspace")
        await until(pilot, lambda: app.screen is walk)
        run = walk.view.experiment
        assert run.model is mini("en")
        assert run.text == walk.band.box.value == "the cat eats"
        assert run.forced == forced
        assert walk.view.stage.id == "blocks.0.pattern"
        app.open_lesson("scores")
        await lesson_of(pilot)
        assert lesson.view.experiment is run
        await pilot.press("backspace")
        assert walk.view.experiment is run


async def test_a_lesson_chosen_in_free_play_goes_back_to_the_lessons() -> None:
    app = lesson_app()
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("p")
        walk = await walk_of(pilot)
        walk.read("sol")
        app.open_lesson("one-hot")
        await until(pilot, lambda: app.screen is lesson)
        assert lesson.view.lesson.id == "one-hot"
        assert lesson.view.experiment.text == lesson.head.box.value == "sol"
        assert not any(isinstance(screen, WalkScreen) for screen in app.screen_stack)


async def test_backspace_without_a_walk_below_does_nothing() -> None:
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("backspace")
        assert pilot.app.screen is lesson


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
async def test_doubts(size: tuple[int, int]) -> None:
    place = card_where(lambda card: len(card.doubts) > 1)
    async with lesson_app().run_test(size=size) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(pilot.app.screen, DoubtsScreen))
        doubts = lesson.view.card.doubts
        for doubt in doubts:
            await pilot.pause()
            screen = " ".join(shown(pilot).split())
            assert all(one.question[:30] in screen for one in doubts)
            assert plain(doubt.answer).split(".")[0][-25:].split()[-1] in screen
            await pilot.press("down")
        await pilot.press("escape")
        assert pilot.app.screen is lesson


async def test_a_card_without_doubts_says_so() -> None:
    place = card_where(lambda card: not card.doubts)
    async with lesson_app().run_test(size=(80, 24), notifications=True) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("d")
        await until(pilot, lambda: len(pilot.app._notifications) == 1)
        assert pilot.app.screen is lesson


# The exhibit


async def test_a_cell_of_a_station_opens() -> None:
    place = card_where(lambda card: card.stage == "q")
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("tab", "left", "up")
        assert lesson.view.walk is not None
        await until(pilot, lambda: lesson.view.walk.reading[:20] in shown(pilot))  # type: ignore[union-attr]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhyScreen))
        why = pilot.app.screen
        assert isinstance(why, WhyScreen)
        assert why.trail.here.ref == lesson.view.walk.exhibit.ref(*lesson.view.walk.cell)
        await pilot.press("escape", "escape")
        assert pilot.app.screen is lesson
        assert lesson.focused is None
        assert lesson.view.key == place


async def test_a_number_typed_on_a_knob_sets_it() -> None:
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.become(replace(lesson.view, journey=answered(course("es")).at("softmax", "naive")))
        await pilot.pause()
        await pilot.press("tab")
        figure = lesson.body.figure
        await until(pilot, lambda: lesson.focused is figure)
        spot = figure.spot
        assert spot is not None
        assert spot.knob
        await pilot.press("7", "enter")
        await until(pilot, lambda: lesson.view.settings[spot.knob] == 7)
        await pilot.press("plus")
        assert lesson.view.settings[spot.knob] > 7
        await pilot.press("tab", "right")
        assert lesson.view.card.id != "naive"


async def test_plus_and_minus_turn_the_first_knob_or_the_head() -> None:
    place = card_where(lambda card: card.stage == "q")
    async with lesson_app().run_test(size=(80, 44)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        name = lesson.view.course.term(HEAD).name
        await pilot.press("+")  # nobody has told of heads yet
        assert lesson.view.walk is not None
        assert lesson.view.walk.head == 0
        await until(pilot, lambda: lesson.view.card.title in shown(pilot))
        assert name not in shown(pilot)
        lesson.enter("multi-head")
        lesson.enter(*place)
        await pilot.pause()
        assert f"{name} 2" in shown(pilot)
        assert lesson.view.walk is not None
        assert lesson.view.walk.head == 0
        await pilot.press("+")
        assert lesson.view.walk is not None
        assert lesson.view.walk.head == 1
        await pilot.press("right", "left")
        assert lesson.view.walk.head == 1


# The mouse


async def test_mouse() -> None:
    async with lesson_app("softmax").run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)

        async def click(line: str, chip: str) -> None:
            chips = lesson.query_one(line, Chips)
            column = chips.column_of(chip)
            assert column is not None
            await pilot.click(chips, offset=(column + chips.gutter.left, 0))

        third = lesson.view.lesson.cards[2].id
        await click("#dots", f"card.{third}")
        assert lesson.view.card.id == third
        await click("#footer", "card_next")
        assert lesson.view.card.id == lesson.view.lesson.cards[3].id
        dots = lesson.query_one("#dots", Chips)
        dots.post_message(Chips.Rolled(dots, -1))
        await until(pilot, lambda: lesson.view.card.id == third)
        await click("#footer", "edit")
        await until(pilot, lambda: lesson.focused is lesson.head.box)
