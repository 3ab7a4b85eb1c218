"""Guess first: each kind of question by keys and mouse; the truth that follows the sentence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.course import Guess
from lessons.scene import Scene
from tests.tui.lesson_helper import (
    TEXTS,
    all_cards,
    asks,
    card_where,
    lesson_app,
    lesson_of,
    view_at,
)
from tests.tui.walk_helper import shown, until
from tui.actions import by_id
from tui.renderables.card_text import AIRY, BARE, Bit, Block, page
from tui.screens.lesson_card import first_guess, links, targets
from tui.screens.lesson_guess import answer_of, begins, read_number, truth, verdict
from tui.screens.lesson_state import Answer
from tui.screens.lesson_words import lesson_words


async def test_pick_by_arrows_and_the_exhibit_waits() -> None:
    place = card_where(asks("pick"))
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        guess = lesson.view.card.guess
        assert guess is not None
        assert lesson.body.exhibit is None
        await pilot.press("enter")  # nothing is chosen yet
        assert lesson.view.answer is None
        await pilot.press("down", "down")
        assert lesson.view.lit == f"choice:{guess.choices[1][0]}"
        await pilot.press("enter")
        assert lesson.view.answer == Answer(guess.choices[1][0], guess.choices[1][0])
        assert lesson.body.exhibit is not None
        await pilot.pause()
        said = verdict(guess, lesson.view.answer, lesson.view.scene, lesson.view.words)
        assert said.right is (guess.answer == guess.choices[1][0])
        screen = " ".join(shown(pilot).split())
        assert " ".join(said.text.split())[:40] in screen
        await pilot.press("right", "left")
        assert lesson.view.answer is not None  # it is kept


@pytest.mark.parametrize("by_mouse", [False, True])
async def test_pick_by_its_number_and_by_the_mouse(by_mouse: bool) -> None:
    place = card_where(asks("pick"))
    async with lesson_app().run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.pause()
        guess = lesson.view.card.guess
        assert guess is not None
        last = guess.choices[-1][0]
        if by_mouse:
            y, _ = lesson.body.card.page.spans[f"choice:{last}"]
            await pilot.click(lesson.body.card, offset=(8, y))
            assert lesson.view.lit == f"choice:{last}"
            await pilot.click(lesson.body.card, offset=(8, y))
        else:
            await pilot.press("9", str(len(guess.choices)), "enter")
        assert lesson.view.answer is not None
        assert lesson.view.answer.said == last


async def test_point_at_a_word_and_the_truth_follows_the_sentence() -> None:
    place = card_where(asks("point"))
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        guess = lesson.view.card.guess
        assert guess is not None
        await pilot.press("down", "down", "down", "up", "enter")
        answer = lesson.view.answer
        assert answer == Answer(1, "El")
        before = verdict(guess, answer, lesson.view.scene, lesson.view.words).text
        assert "«El»" in before
        await pilot.press("i", *"un", "space", *"pez", "enter")
        await until(pilot, lambda: lesson.view.experiment.text == "un pez")
        assert lesson.view.answer == answer
        after = verdict(guess, answer, lesson.view.scene, lesson.view.words).text
        assert "«El»" in after
        assert after != before
        await until(pilot, lambda: after[:30] in " ".join(shown(pilot).split()))


async def test_all_arrows_go_from_word_to_word_once_one_is_pointed_at() -> None:
    place = card_where(asks("point"))
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("down", "right", "right", "left", "down")
        assert lesson.view.key == place
        assert lesson.view.lit == "token:2"
        assert lesson.view.words("ask.chosen_word") in " ".join(shown(pilot).split())
        await pilot.press("left", "left", "left", "left")  # at the first word they stop
        assert lesson.view.lit == "token:0"
        await pilot.press("escape", "right")  # from then on they turn cards again
        assert lesson.view.key != place
        await pilot.press("left")
        assert lesson.view.key == place
        await pilot.press("down", "right", "enter")
        assert lesson.view.answer is not None
        assert lesson.view.answer.said == 1


@pytest.mark.parametrize(("add", "right"), [(0.0, True), (1e3, False)])
async def test_number_typed_right_wrong_and_no_number(add: float, right: bool) -> None:
    place = card_where(asks("number"))
    async with lesson_app().run_test(size=(80, 24), notifications=True) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        guess = lesson.view.card.guess
        assert guess is not None
        number = f"{float(truth(guess, lesson.view.scene)) + add:.6g}"
        await pilot.press("enter")
        await until(pilot, lambda: lesson.focused is lesson.body.answer)
        await pilot.press(*"nada", "enter")
        assert lesson.view.answer is None
        assert len(pilot.app._notifications) == 1
        lesson.body.answer.value = ""
        await pilot.press("escape")
        assert lesson.focused is None
        if number.startswith("-"):
            await pilot.press("enter", "minus")
        await pilot.press(*number.strip("-"), "enter")  # the first digit begins to answer
        await until(pilot, lambda: lesson.view.answer is not None)
        assert lesson.focused is None
        assert lesson.view.answer is not None
        said = verdict(guess, lesson.view.answer, lesson.view.scene, lesson.view.words)
        assert said.right is right


async def test_open_answer_then_the_model_answer_and_points_to_tick() -> None:
    place = card_where(asks("open"))
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("tab", *"porque si", "enter")
        await until(pilot, lambda: lesson.view.answer is not None)
        guess = lesson.view.card.guess
        assert guess is not None
        await until(pilot, lambda: guess.points[-1][:30] in shown(pilot))
        assert "porque si" in shown(pilot)
        await pilot.press("down", "enter", "down", "enter", "enter")
        assert lesson.view.answer is not None
        assert lesson.view.answer.ticked == {0}
        await pilot.press("tab")
        await until(pilot, lambda: lesson.focused is lesson.exhibit)
        await pilot.press("tab")
        await until(pilot, lambda: guess.points[-1][:30] in shown(pilot))


async def test_turning_the_page_needs_no_answer() -> None:
    place = card_where(asks("number"))
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.press("enter", "4", "escape", "right")
        assert lesson.view.key != place
        assert lesson.view.journey.answers == {}


async def test_an_exhibit_that_is_needed_to_answer_is_shown() -> None:
    shows = [c for _, c in all_cards("es") if c.guess and c.guess.show and (c.figure or c.stage)]
    for _, card in [pair for pair in all_cards("es") if pair[1] in shows]:
        one = next(one for one, c in all_cards("es") if c is card)
        assert not view_at(one.id, card.id).hidden


# The words


def test_terms_come_before_the_answers_and_down_begins_with_an_answer() -> None:
    for one, card in all_cards("es"):
        view = view_at(one.id, card.id)
        if links(view) and first_guess(view):
            assert targets(view).index(first_guess(view)) >= 1


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.5", 0.5),
        ("0,5", 0.5),
        ("−3", -3),
        ("-1.0", -1),
        ("43 %", 0.43),
        ("43%", 0.43),
        ("30,000", 30_000),
        ("1,344", 1344),
        ("−1,000,000", -1_000_000),
        ("1,000.5", 1000.5),
        ("0,125", 0.125),
        ("12,34", 12.34),
        ("1234,567", 1234.567),
        ("1,2,3", None),
        ("", None),
        ("x", None),
        ("nan", None),
        ("inf", None),
        ("%", None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, value: float | None) -> None:
    assert read_number(typed) == value


def test_a_word_may_lack_accents_and_case() -> None:
    scene = view_at("softmax", "naive").scene
    guess = Guess("word", "?", ".", answer="last")
    for said, right in (("DEL", True), ("«del»", True), ("gato", False)):
        answer = answer_of(guess, scene, said)
        assert answer is not None
        assert verdict(guess, answer, scene, lesson_words("es")).right is right
    other = Scene(replace(scene.experiment, text="Él árbol"), "es")
    answer = answer_of(guess, other, "arbol")
    assert answer is not None
    assert verdict(guess, answer, other, lesson_words("es")).right


def test_a_number_tells_how_far_it_is_off() -> None:
    scene = view_at("softmax", "naive").scene
    guess = Guess("number", "?", ".", answer="n_tokens", tolerance=0.5)
    for said, right in ((scene.n, True), (scene.n + 2, False)):
        told = verdict(guess, Answer(said, str(said)), scene, lesson_words("es"))
        assert told.right is right
        assert (str(said - scene.n) in told.text.split()) is not right


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("11", ["11"]),
        ("11.0", ["11"]),
        ("12", ["12", "11", "1"]),
        ("11.5", ["11.50", "11", "0.50"]),
        ("1,344", ["1344", "11", "1333"]),
    ],
)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_is_counted_is_told_whole(lang: str, typed: str, told: list[str]) -> None:
    scene = view_at("softmax", "naive", lang, TEXTS[lang].removesuffix(" the")).scene
    assert scene.n == 11
    guess = Guess("number", "?", ".", answer="n_tokens", tolerance=0.5)
    answer = answer_of(guess, scene, typed)
    assert answer is not None
    assert answer.shown == told[0]
    words = lesson_words(lang)
    text = verdict(guess, answer, scene, words).text
    assert re.findall(r"\d+(?:\.\d+)?", text) == told
    if len(told) == 1:
        assert text == words("guess.right", said="11", truth="11")


def test_an_exact_answer_is_off_by_nothing() -> None:
    scene = view_at("weighted-values", "grade").scene
    guess = Guess("number", "?", ".", answer="weighted_grade", tolerance=0.01)
    words = lesson_words("en")
    for typed in ("6.8", "6,80", "6.801"):
        answer = answer_of(guess, scene, typed)
        assert answer is not None
        said = verdict(guess, answer, scene, words)
        assert said.text == words("guess.right", said="6.80", truth="6.80")
        assert said.right


words = st.text("ab %ñ猫", max_size=30)


@given(
    st.lists(st.tuples(words, st.sampled_from(["text", "strong", "term"])), max_size=6),
    st.integers(8, 40),
)
def test_no_line_is_too_wide_and_nothing_is_lost(parts: list[tuple[str, str]], width: int) -> None:
    from rich.cells import cell_len

    block = Block(tuple(Bit(text, ink) for text, ink in parts))
    for lines in (100, 0):
        made = page([block], width, lines)
        texts = ["".join(bit.text for bit in line) for line in made.lines]
        assert all(cell_len(text) <= width for text in texts)
        kept = "".join(texts).replace(" ", "")
        assert kept == "".join(text for text, _ in parts).replace(" ", "")


def test_room_decides_how_airy_a_card_is() -> None:
    blocks = [
        Block((Bit("title", "title"),), 0),
        Block((Bit("prose"),), 2),
        Block((Bit("question"),), spare=True),
        Block((Bit("answer"),), 2),
    ]
    heights = [len(page(blocks, 20, lines).lines) for lines in (7, 6, 5, 4, 3, 1)]
    assert heights == [7, 5, 5, 4, 3, 3]
    assert AIRY > BARE


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_truth_can_be_told(lang: str) -> None:
    for text in (TEXTS[lang], "", "a"):
        for one, card in all_cards(lang):
            guess = card.guess
            if guess is None or guess.kind == "open":
                continue
            view = view_at(one.id, card.id, lang, text)
            so = truth(guess, view.scene)
            answer = answer_of(guess, view.scene, str(so))
            assert answer is not None
            told = verdict(guess, answer, view.scene, view.words)
            assert told.right, (one.id, card.id, told.text)


@pytest.mark.parametrize(("kind", "typed"), [("word", "pez"), ("number", "-1.5")])
async def test_what_is_typed_begins_the_answer_and_does_nothing_else(kind: str, typed: str) -> None:
    """Every letter, and a minus sign, mean something else where nothing is asked."""
    place = card_where(lambda card: card.guess is not None and card.guess.kind == kind)
    async with lesson_app(place[0]).run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        lesson.scrubs = True
        lesson.show_time()
        await pilot.pause()
        guess = lesson.view.card.guess
        assert guess is not None
        assert lesson.scrubber.display
        shown_keys = [chip.id for chip in lesson._footer.chips if chip.id]
        assert "enter" in shown_keys
        assert not [id for id in shown_keys if begins(guess, by_id(id).signs)]
        await pilot.press(*("minus" if c == "-" else "full_stop" if c == "." else c for c in typed))
        assert lesson.body.answer.value == typed
        assert lesson.view.key == place
        assert pilot.app.screen is lesson
