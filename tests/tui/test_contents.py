"""The table of contents, the rails beside it, and what the command palette finds of the course."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.widgets import Input

from lessons.course import course
from lessons.markup import plain
from tests.tui.lesson_helper import TEXTS, all_cards, lesson_app, lesson_of, mini
from tests.tui.walk_helper import shown, until, walk_app, walk_of
from tui.finder import places
from tui.messages import LANGUAGES, words
from tui.renderables.rails import NODE, rails
from tui.screens.contents import MARKS, ContentsScreen
from tui.screens.glossary import GlossaryScreen
from tui.screens.lesson import LessonScreen
from tui.screens.lesson_state import Journey, step
from tui.screens.lookup import says


async def opened(pilot: object, key: str = "t") -> ContentsScreen:
    await pilot.press(key)  # type: ignore[attr-defined]
    await until(pilot, lambda: isinstance(pilot.app.screen, ContentsScreen))  # type: ignore[attr-defined, arg-type]
    await pilot.pause()  # type: ignore[attr-defined]
    screen = pilot.app.screen  # type: ignore[attr-defined]
    assert isinstance(screen, ContentsScreen)
    return screen


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_contents_from_a_lesson(size: tuple[int, int]) -> None:
    app = lesson_app("scores")
    async with app.run_test(size=size) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("right")
        contents = await opened(pilot)
        here = lesson.view.lesson
        assert here.title in shown(pilot)
        assert plain(here.goal)[:30] in shown(pilot)
        rows = [
            row for row in shown(pilot).splitlines() if f" {here.number}  {here.title[:8]}" in row
        ]
        assert any(MARKS["some"] in row for row in rows)
        assert contents.list.highlighted == course("es").index("scores")
        await pilot.press("escape")
        assert app.screen is lesson
        await opened(pilot)
        await pilot.press("escape")
        assert app.screen is lesson
        assert lesson.view.card is here.cards[1]
        await opened(pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen is lesson)
        assert lesson.view.lesson is course("es").lessons[course("es").index("scores") + 1]
        assert lesson.view.card is lesson.view.lesson.cards[0]
        await opened(pilot)
        await pilot.press("up", "enter")
        await until(pilot, lambda: app.screen is lesson)
        assert lesson.view.card is here.cards[1]  # where it was left


async def test_contents_from_the_walk() -> None:
    app = walk_app(TEXTS["es"], model=mini("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await opened(pilot)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        lesson = await lesson_of(pilot)
        assert lesson.view.lesson is course("es").lessons[2]
        assert lesson.view.experiment is walk.view.experiment


async def test_typing_filters() -> None:
    async with lesson_app().run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        contents = await opened(pilot)
        everything = len(contents.shown)
        await pilot.press(*"softmax")
        await until(pilot, lambda: 0 < len(contents.shown) < everything)
        assert "softmax" in {entry.id for entry in contents.shown}
        await pilot.press("backspace", *"qqq")
        await until(pilot, lambda: contents.words("contents.none") in shown(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: len(contents.shown) == everything)
        await pilot.press("slash", "t", "o", "k")
        await until(pilot, lambda: 0 < len(contents.shown) < everything)
        first = contents.shown[contents.list.highlighted or 0].id
        await pilot.press("enter")
        lesson = await lesson_of(pilot)
        assert lesson.view.lesson.id == first


async def test_marks_tell_what_was_done() -> None:
    journey = Journey()
    whole = course("es")
    first, second = whole.lessons[:2]
    journey = journey.at(first.id, first.cards[0].id)
    assert [journey.done(one) for one in (first, second)] == ["some", "none"]
    for _ in first.cards:
        journey = step(journey, whole, 1)
    assert [journey.done(one) for one in (first, second)] == ["all", "some"]
    assert journey.entered(first).card_in(first) is first.cards[0]
    assert journey.begun(whole, second.id)
    assert not journey.begun(whole, whole.lessons[5].id)


def test_what_was_kept_may_name_what_is_gone() -> None:
    whole = course("es")
    gone = Journey("no-such-lesson", {"scores": "no-such-card"}, frozenset({("no", "no")}))
    assert gone.lesson_in(whole) is whole.lessons[0]
    scores = whole.lesson("scores")
    assert gone.card_in(scores) is scores.cards[0]


# The rails


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rails_of_the_course_join_what_rests_on_what(lang: str) -> None:
    needs = {lesson.id: lesson.needs for lesson in course(lang).lessons}
    lines = rails(needs)
    assert all(line.count(NODE) == 1 for line in lines.values())
    assert len({len(line) for line in lines.values()}) == 1
    assert max(map(len, lines.values())) <= 9


@given(st.lists(st.sets(st.integers(1, 4), max_size=2), min_size=1, max_size=14))
def test_any_rails_join_up(backs: list[set[int]]) -> None:
    needs = {
        str(i): [str(i - back) for back in sorted(steps) if i - back >= 0]
        for i, steps in enumerate(backs)
    }
    lines = [*rails(needs).values()]
    above, below = "│╰╯┤├┴", "│┤├┼" + NODE  # signs that go on upwards, and downwards
    for i, line in enumerate(lines):
        assert line.count(NODE) == 1
        for x, sign in enumerate(line):
            if i and sign in above:
                assert lines[i - 1][x] in below, (lines, i, x)


# The palette


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_palette_finds_lessons_cards_terms_and_stations(lang: str) -> None:
    app = lesson_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        found = {place.name: place for place in places(app)}
        card = course(lang).lesson("scores").cards[1]
        found[lesson.view.words("find.card", title=card.title)].go()
        assert lesson.view.card is card
        assert says(plain(card.prose).split()[3], found[
            lesson.view.words("find.card", title=card.title)].says)  # fmt: skip
        for _, one in all_cards(lang):
            assert lesson.view.words("find.card", title=one.title) in found
        term = course(lang).terms[0]
        found[lesson.view.words("find.term", name=term.name)].go()
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen))
        await pilot.press("escape")
        said = lesson.view.scene.prose.stage("pattern_causal")
        title = words("app", lang)("palette.stage", name=said.name, title=said.title)
        found[title].go()
        walk = await walk_of(pilot)
        assert walk.view.stage.key == "pattern_causal"
        titles = [command.title for command in app.get_system_commands(walk)]
        assert lesson.view.words("command.free_back") in titles


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_palette_finds_all_that_a_card_says_and_no_placeholder(lang: str) -> None:
    app = lesson_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        there = {place.name: place for place in places(app)}
        assert not any("{" in place.says for place in there.values())

        def found(query: str) -> set[str]:
            return {place.name for place in there.values() if says(query, place.name, place.says)}

        for card in course(lang).lesson("generation").cards:
            name = lesson.view.words("find.card", title=card.title)
            told = "\n".join(doubt.answer for doubt in card.doubts)
            for query in ("KV cache", "Holtzman"):
                assert query not in told or name in found(query)
            if card.guess is not None:
                for text in (card.guess.question, card.guess.reveal):
                    assert name in found(re.sub(r"\{\w+\}", " ", plain(text)))
        assert found("KV cache")
        assert found("Holtzman")
        assert not found("d_vocab")


async def test_the_palette_by_the_keys() -> None:
    app = lesson_app()
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("ctrl+p")
        card = course("es").lesson("softmax").cards[0]
        await pilot.press(*"dividir entre la suma")
        await until(pilot, lambda: card.title in shown(pilot))
        assert [command.title for command in app.get_system_commands(app.screen)] == []
        await pilot.press("down", "escape")
        await until(pilot, lambda: app.screen is lesson)


async def test_the_actions_of_a_lesson_are_in_the_palette() -> None:
    app = lesson_app()
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        commands = {command.title: command for command in app.get_system_commands(lesson)}
        for action in ("card_next", "doubts", "free", "edit", "contents", "glossary", "language"):
            assert lesson.view.words(f"command.{action}") in commands
        await commands[lesson.view.words("command.card_next")].callback()  # type: ignore[misc]
        assert lesson.view.card is lesson.view.lesson.cards[1]


async def test_a_number_or_the_first_letters_find_a_lesson_first() -> None:
    app = walk_app(TEXTS["es"], model=mini("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        for typed in ("17", "transformer", course("es").lesson("prediction").title[:6]):
            contents = await opened(pilot)
            await pilot.press(*typed.lower().replace("ó", "o"))
            await until(pilot, lambda screen=contents: bool(screen.shown))  # type: ignore[misc]
            first = course("es").lesson(contents.shown[0].id)
            assert says(typed, f"{first.number} {first.title}"), (typed, first.id)
            await pilot.press("escape", "escape")


async def test_what_is_typed_ahead_of_the_box_is_not_lost() -> None:
    app = lesson_app("scores", "en")
    async with app.run_test(size=(80, 24)) as pilot:
        await lesson_of(pilot)
        contents = await opened(pilot)
        for key in ("h", "o", "w", "space", "e"):  # all on their way before the first is heard
            character = " " if key == "space" else key
            app.post_message(events.Key(key, character))
        await until(pilot, lambda: contents.query_one(Input).value == "how e")
