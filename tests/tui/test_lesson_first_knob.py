"""What + and - turn on a card, what is offered, and what is said where a picture goes on below."""

from __future__ import annotations

import pytest

from tests.tui.lesson_helper import all_cards, lesson_app, lesson_of, view_at
from tests.tui.walk_helper import shown, until
from tui.renderables.why_sheet import sheet
from tui.screens.lesson_guess import verdict
from tui.screens.lesson_knobs import knob_of
from tui.screens.lesson_state import Answer
from tui.screens.why import WhyScreen


def test_a_card_names_knobs_that_its_figure_has() -> None:
    named = 0
    for lesson, card in all_cards("es"):
        view = view_at(lesson.id, card.id)
        have = {knob.id for knob in view.live.knobs} if view.live is not None else set()
        assert {*card.later, *([card.first] if card.first else [])} <= have, card.id
        named += bool(card.first)
        if card.first:
            first = knob_of(view)
            assert first is not None
            assert first.id == card.first
        assert not {knob.id for knob in view.knobs} & {*card.later}
    assert named > 5


@pytest.mark.parametrize(
    ("lesson", "card"), [("why-transformers", "fading"), ("layer-norm", "gain-and-bias")]
)
async def test_the_cursor_is_on_the_knob_that_plus_turns(lesson: str, card: str) -> None:
    app = lesson_app(lesson, "en")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_of(pilot)
        screen.enter(lesson, card)
        if screen.view.is_open:
            await pilot.press("down", "enter")
        knob = knob_of(screen.view)
        assert knob is not None
        figure = screen.body.figure
        await until(pilot, lambda: figure.spot is not None and figure.spot.knob == knob.id)
        before = screen.view.settings[knob.id]
        await pilot.press("minus")
        await until(pilot, lambda: screen.view.settings[knob.id] != before)


async def test_a_picture_that_goes_on_below_says_so_until_its_end() -> None:
    app = lesson_app("learning-in-full", "en")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_of(pilot)
        assert not screen.body.is_cut
        screen.enter("learning-in-full", "chain")
        await until(pilot, lambda: screen.body.figure.max_scroll_y > 0)
        assert screen.body.is_cut
        below, end = screen.view.words("hint.below"), screen.view.words("hint.end")
        await until(pilot, lambda: below in shown(pilot))
        for _ in range(4):
            await pilot.press("pagedown")
        await until(pilot, lambda: end in shown(pilot))


async def test_the_arithmetic_says_nothing_of_heads_before_their_lesson() -> None:
    app = lesson_app("scores", "es")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await lesson_of(pilot)
        await pilot.press("tab", "end", "enter")
        await until(pilot, lambda: isinstance(app.screen, WhyScreen))
        panel = app.screen
        assert isinstance(panel, WhyScreen)
        ref = panel.sheet.why.ref
        told = sheet(screen.view.experiment, ref, "es").where
        assert "abeza" in told
        assert "loque" in told
        assert "abeza" not in panel.sheet.where
        assert "loque" not in panel.sheet.where
        assert panel.sheet.where


@pytest.mark.parametrize(("lang", "inner"), [("es", "“perro”"), ("en", "‘dog’")])
def test_quotation_marks_within_others_are_of_the_next_level(lang: str, inner: str) -> None:
    view = view_at("embeddings", "near", lang)
    guess = view.card.guess
    assert guess is not None
    said = verdict(guess, Answer(guess.answer, ""), view.scene, view.words).text
    assert inner in said
    for pair in ("»»", "””", "««", "““"):
        assert pair not in said
