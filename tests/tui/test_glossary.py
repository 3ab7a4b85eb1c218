"""The glossary and the terms that a card marks; the help, the words and the start of lessons."""

from __future__ import annotations

import string
import sys

import pytest

from lessons.course import course
from lessons.markup import plain
from tests.tui.lesson_helper import (
    TEXTS,
    all_cards,
    card_where,
    lesson_app,
    lesson_of,
    mini,
    view_at,
)
from tests.tui.walk_helper import shown, until, walk_app, walk_of
from tui.actions import ACTIONS, LESSON_ACTIONS, PAIRS, by_id
from tui.cli import main
from tui.messages import LANGUAGES, words
from tui.screens.glossary import LATER, GlossaryScreen
from tui.screens.glossary_term import TermScreen
from tui.screens.help import HelpScreen
from tui.screens.lesson_card import links
from tui.screens.lesson_words import lesson_words
from tui.widgets.chips import Chips


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40)])
async def test_the_glossary_tells_every_term(size: tuple[int, int]) -> None:
    app = lesson_app("one-hot")
    async with app.run_test(size=size) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen))
        glossary = app.screen
        assert isinstance(glossary, GlossaryScreen)
        assert {entry.id for entry in glossary.shown} == {term.id for term in course("es").terms}
        for index, entry in enumerate(glossary.shown):
            glossary.list.highlighted = index
            term = course("es").term(entry.id)
            told = glossary.detail(entry).plain
            assert plain(term.definition) in told
            assert plain(term.example) in told
            known = course("es").index(term.lesson) <= course("es").index("one-hot")
            assert (LATER not in glossary.line(entry, False).plain) is known
            assert (glossary.words("term.later") not in told) is known
        await pilot.pause()
        assert glossary.words("glossary.close")[:20] in shown(pilot)
        await pilot.press("escape")
        assert app.screen is lesson


async def test_typing_filters_and_enter_goes_to_the_lesson() -> None:
    app = walk_app(TEXTS["es"], model=mini("es"))
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        await pilot.press("w")
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen))
        glossary = app.screen
        assert isinstance(glossary, GlossaryScreen)
        term = course("es").term("softmax")
        await pilot.press(*"softmax")
        await until(pilot, lambda: 0 < len(glossary.shown) < 10)
        while glossary.shown[glossary.list.highlighted or 0].id != "softmax":
            await pilot.press("down")
        await pilot.press("enter")
        lesson = await lesson_of(pilot)
        assert lesson.view.lesson.id == term.lesson


async def test_enter_opens_the_first_marked_term_or_the_chosen_one() -> None:
    def two_terms(card: object) -> bool:
        prose = card.prose  # type: ignore[attr-defined]
        return card.guess is None and prose.count("](#") >= 2  # type: ignore[attr-defined]

    place = card_where(two_terms)
    app = lesson_app()
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        named = [link.partition(":")[2] for link in links(lesson.view)]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, TermScreen))
        await pilot.pause()
        first = course("es").term(named[0])
        assert first.name in shown(pilot)
        assert plain(first.definition)[:30] in shown(pilot)
        await pilot.press("escape", "down")
        assert lesson.view.lit == links(lesson.view)[1]
        await pilot.pause()
        assert plain(course("es").term(named[1]).definition)[:20] in shown(pilot)
        await pilot.press("enter", "w")
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen))
        glossary = app.screen
        assert isinstance(glossary, GlossaryScreen)
        await until(pilot, lambda: glossary.list.highlighted is not None)
        assert glossary.shown[glossary.list.highlighted or 0].id == named[1]
        await pilot.press("escape")
        assert lesson.view.key == place


async def test_a_marked_term_and_a_lesson_can_be_clicked() -> None:
    place = card_where(lambda card: "](#" in card.prose and "](@" in card.prose)
    app = lesson_app()
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        await pilot.pause()
        card = lesson.body.card

        async def click(target: str) -> None:
            y, _ = card.page.spans[target]
            x = 0
            for bit in card.page.lines[y]:
                if bit.target == target:
                    break
                x += len(bit.text)
            await pilot.click(card, offset=(x, y - card.scroll_offset.y))

        term = next(link for link in links(lesson.view) if link.startswith("term:"))
        other = next(link for link in links(lesson.view) if link.startswith("lesson:"))
        await click(term)
        await until(pilot, lambda: isinstance(app.screen, TermScreen))
        await pilot.press("escape")
        await click(other)
        await until(pilot, lambda: lesson.view.lesson.id == other.partition(":")[2])


def test_every_link_leads_somewhere() -> None:
    for lang in LANGUAGES:
        for one, card in all_cards(lang):
            for link in links(view_at(one.id, card.id, lang)):
                kind, _, id = link.partition(":")
                assert course(lang).term(id) if kind == "term" else course(lang).lesson(id)


# Help, footer, words, start


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_help_of_a_lesson_fits_and_names_every_key(lang: str) -> None:
    app = lesson_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        said, screen = lesson_words(lang), shown(pilot)
        seconds = set(PAIRS.values())
        shared = [action for action in ACTIONS if action.call.startswith("app.")]
        for action in [*LESSON_ACTIONS, *shared]:
            if action.group and action.id not in seconds:
                name = f"pair.{action.id}" if action.id in PAIRS else f"command.{action.id}"
                assert said(name) in screen, name
        assert app.screen.query_one("#help").virtual_region.height <= 24
        lines = screen.splitlines()
        row = next(y for y, line in enumerate(lines) if said("pair.contents") in line)
        await pilot.click(offset=(lines[row].index(said("pair.contents")), row))
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen))
        await pilot.press("escape")
        assert app.screen is lesson


async def test_the_footer_follows_the_focus() -> None:
    place = card_where(lambda card: card.stage == "q")
    async with lesson_app().run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        footer = lesson.query_one("#footer", Chips)
        for key, bar in ((None, "lesson"), ("tab", "lesson_cells"), ("i", "lesson_edit")):
            if key is not None:
                await pilot.press(key)
            await pilot.pause()
            shown_ids = {chip.id for chip in footer.chips}
            assert shown_ids
            assert all(bar in action.bars for id in shown_ids for action in all_of(id))


def all_of(action_id: str) -> list[object]:
    """Every action of an id that some footer of a lesson shows."""
    found = [a for a in (*LESSON_ACTIONS, *ACTIONS) if a.id == action_id]
    return [a for a in found if any(bar.startswith("lesson") for bar in a.bars)]


def test_every_action_of_a_lesson_has_its_words() -> None:
    for lang in LANGUAGES:
        said = lesson_words(lang)
        for action in LESSON_ACTIONS:
            if action.bars and action.id not in PAIRS:
                assert said(f"action.{action.id}")
            if action.palette:
                assert said(f"command.{action.id}")


def test_keys_are_not_bound_twice() -> None:
    shared = [action for action in ACTIONS if action.call.startswith("app.")]
    keys = [key for a in [*LESSON_ACTIONS, *shared] if a.group for key in a.keys]
    assert len(keys) == len(set(keys))
    for action in LESSON_ACTIONS:  # what has the same id does the same on the walk
        assert not action.call or by_id(action.id).call in ("", action.call)


def test_both_languages_say_the_same_things() -> None:
    tables = [words("lesson", lang).sentences for lang in LANGUAGES]
    assert tables[0].keys() == tables[1].keys()
    for key in tables[0]:
        places = [{f for _, f, _, _ in string.Formatter().parse(t[key]) if f} for t in tables]
        assert places[0] == places[1], key


def test_an_unknown_lesson_is_told_with_those_there_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        encoding = "utf-8"

        def isatty(self) -> bool:
            return True

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert main(["--lesson", "nope", "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "nope" in told
    assert told.count("\n") == 1
    assert "desdecero lessons" in told
