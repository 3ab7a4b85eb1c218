"""The app around the walk: help, models, language, theme, palette, footer, the way in and out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList, Static

from engine.errors import EngineError
from engine.store import save, shipped
from tests.tui.walk_helper import TEXT, random_model, shown, until, walk_app, walk_of
from tui import app as app_module
from tui.actions import ACTIONS, GROUPS, PAIRS
from tui.app import DesdeCero, run_app
from tui.examples import example
from tui.messages import LANGUAGES, words
from tui.renderables.chips import Chip, lay_out
from tui.renderables.palette import contrast
from tui.renderables.themes import CONTRAST, DARK, LIGHT, THEMES
from tui.screens.help import HelpScreen
from tui.screens.models import ModelsScreen
from tui.widgets.chips import Chips


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", ["f1", "?"])
async def test_the_help_fits_and_names_every_key(lang: str, key: str) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press(key)
        assert isinstance(app.screen, HelpScreen)
        screen = shown(pilot)
        seconds = set(PAIRS.values())
        for action in ACTIONS:
            if action.group and action.id not in seconds:
                name = f"pair.{action.id}" if action.id in PAIRS else f"command.{action.id}"
                assert app.words(name) in screen
        assert app.words("help.close") in screen
        assert app.screen.query_one("#help").virtual_region.height <= 24
        await pilot.press("right", "escape")
        assert app.screen is walk
        assert walk.view.index == 0


async def test_a_line_of_the_help_can_be_clicked() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("f1")
        lines = shown(pilot).splitlines()
        row = next(y for y, line in enumerate(lines) if app.words("pair.language") in line)
        await pilot.click(offset=(lines[row].index(app.words("pair.language")), row))
        await until(pilot, lambda: app.screen is walk and app.theme == LIGHT)
        await pilot.press("f1")
        await pilot.click(offset=(3, 1))
        assert app.screen is walk


async def test_language_and_theme_keep_the_place() -> None:
    app = walk_app(lang="es")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.1.pattern")
        await pilot.press("up", "l", "T")
        assert (app.lang, app.theme) == ("en", LIGHT)
        assert walk.view.stage.id == "blocks.1.pattern"
        assert walk.view.word == len(walk.view.experiment.pieces) - 2
        screen = shown(pilot)
        assert "Next" in screen
        assert "Block 2" in screen
        assert walk.view.prose.stage("pattern_causal").title in screen
        await pilot.press("l", "T")
        assert (app.lang, app.theme) == ("es", CONTRAST)
        await pilot.press("T")
        assert app.theme == DARK
        assert "Bloque 2" in shown(pilot)


async def test_a_model_is_chosen_and_a_broken_one_is_not(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    save(random_model(n_heads=4, d_head=4), whole)
    save(random_model(), broken)
    (broken / "model.safetensors").write_bytes(b"nonsense")
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.1.q")
        before = walk.view
        await pilot.press("m")
        chooser = app.screen
        assert isinstance(chooser, ModelsScreen)
        assert chooser.query_one(OptionList).option_count == len(shipped())
        for folder, told in [
            (broken, "safetensors"),
            (tmp_path / "no", "no"),
            (tmp_path, "config"),
        ]:
            box = chooser.query_one(Input)
            box.focus()
            box.value = str(folder)
            await pilot.press("enter")
            trouble = chooser.query_one("#models-trouble", Static)
            await until(pilot, lambda told=told, t=trouble: told in str(t.visual))  # type: ignore[misc]
            assert app.screen is chooser
        assert walk.view is before
        box.value = str(whole)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is walk and walk.view is not before)
        assert walk.view.experiment.model.config.n_heads == 4
        assert walk.view.stage.id == "blocks.1.q"
        assert walk.view.experiment.text == before.experiment.text
        await pilot.press("m", "escape")
        assert app.screen is walk


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_palette_finds_actions_and_stations(lang: str) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        commands = {c.title: c for c in app.get_system_commands(walk)}
        for action in ACTIONS:
            assert (app.words.sentences.get(f"command.{action.id}") in commands) is action.palette
        said = walk.view.prose.stage("pattern_causal")
        title = app.words("palette.stage", name=said.name, title=said.title)
        commands[title].callback()
        assert walk.view.stage.key == "pattern_causal"
        await pilot.press("ctrl+p")
        await until(pilot, lambda: app.words("palette.placeholder") in shown(pilot))
        await pilot.press("escape")
        assert app.screen is walk


async def test_the_footer_follows_the_focus() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        footer = walk.query_one("#footer", Chips)
        bars = {}
        for bar, key in (("walk", "right"), ("cells", "tab"), ("edit", "i")):
            await pilot.press(key)
            bars[bar] = [chip.id for chip in footer.chips]
            for action in ACTIONS:
                shown_there = bar in action.bars and action.id not in walk.idle_keys
                assert (action.id in bars[bar]) is shown_there
        column = footer.column_of("help_edit")
        assert column is not None
        await pilot.click(footer, offset=(column + 1, 0))
        assert isinstance(pilot.app.screen, HelpScreen)


async def test_quitting() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: bool(app._notifications))
        await pilot.press("q")
        assert not app._exit  # it may have been the first letter of a sentence
        await pilot.press("q")
        await until(pilot, lambda: app._exit)


async def test_whoever_just_types_writes_a_sentence() -> None:
    app = DesdeCero(random_model(), TEXT, "es", typing=True)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await until(pilot, lambda: walk.focused is walk.band.box)
        await pilot.press("q", "u", "e")
        await pilot.press("enter", "right")
        await until(pilot, lambda: walk.view.experiment.text == "que")
        await until(pilot, lambda: walk.view.stage.id == walk.view.line[1].id)


async def test_without_a_model_the_app_ends_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app_module, "usual_model", lambda lang: "no-such-model")
    app = DesdeCero()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app._exit)
    assert app.trouble is not None
    assert app.trouble.code == "unknown_model"


def test_a_wrong_model_stops_before_the_screen_is_taken() -> None:
    with pytest.raises(EngineError):
        run_app(model=f"{os.sep}no{os.sep}such{os.sep}folder")


def test_the_first_frame_needs_no_engine() -> None:
    import subprocess
    import sys

    code = "import sys, tui.app; assert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_action_has_its_words() -> None:
    for lang in LANGUAGES:
        said = words("app", lang)
        assert set(GROUPS) >= {action.group for action in ACTIONS if action.group}
        for action in ACTIONS:
            if action.bars and action.id not in PAIRS:
                assert said(f"action.{action.id}")
            if action.palette:
                assert said(f"command.{action.id}")


def test_keys_are_not_bound_twice() -> None:
    keys = [key for action in ACTIONS if action.group for key in action.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("lang", "named"), [("es", "RePág AvPág"), ("en", "PgUp PgDn")])
async def test_keys_are_called_as_on_a_keyboard_of_the_language(lang: str, named: str) -> None:
    async with walk_app(lang=lang).run_test(size=(120, 40)) as pilot:
        await walk_of(pilot)
        assert named in shown(pilot).splitlines()[-1]
        await pilot.press("f1")
        assert named in shown(pilot)


def test_both_languages_say_the_same_things() -> None:
    import string

    tables = [words("app", lang).sentences for lang in LANGUAGES]
    assert tables[0].keys() == tables[1].keys()
    for key in tables[0]:
        places = [{f for _, f, _, _ in string.Formatter().parse(t[key]) if f} for t in tables]
        assert places[0] == places[1], key


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_text_can_be_read_in_both_themes(theme: object) -> None:
    from textual.color import Color
    from textual.theme import Theme

    assert isinstance(theme, Theme)
    grounds = [theme.background, theme.surface, theme.panel]
    text, tint = Color.parse(theme.foreground or ""), Color.parse(theme.variables["tint"])
    assert contrast(text, tint) >= 4.5
    inks = [theme.foreground, theme.variables["quiet"], theme.accent, theme.warning]
    for ink in inks:
        for ground in grounds:
            assert ink
            assert ground
            assert contrast(Color.parse(ink), Color.parse(ground)) >= 4.5, (ink, ground)
    assert contrast(Color.parse(theme.variables["on-accent"]), Color.parse(theme.primary)) >= 4.5


def test_a_line_of_chips_keeps_the_present_one_in_view() -> None:
    chips = [Chip(str(i), f"station {i}", look="quiet") for i in range(16)]
    for current in range(16):
        line = [*chips]
        line[current] = Chip(str(current), f"station {current}", look="current")
        pieces = lay_out(line, 60, "window")
        text = "".join(piece.text for piece in pieces)
        assert len(text) == 60
        assert f"station {current}" in text
        assert ("‹" in text) is (pieces[0].part == "tail")
    assert "".join(p.text for p in lay_out([], 10, "window")) == " " * 10


async def test_who_has_typed_nothing_yet_gets_the_language_with_its_model():
    app = DesdeCero(typing=True, lang="es")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await until(pilot, lambda: walk.focused is walk.band.box)
        await pilot.press("f4")
        await until(pilot, lambda: walk.view.experiment.model.name == "mini-en")
        assert walk.band.box.value == walk.view.experiment.text == example("mini-en", "en")
        await pilot.press(*"hi")  # still the whole example is replaced
        await until(pilot, lambda: walk.view.experiment.text == "hi")
        await pilot.press("f4")  # what was typed stays, and so does the model that reads it
        await until(pilot, lambda: app.lang == "es")
        assert walk.view.experiment.text == "hi"
        assert walk.view.experiment.model.name == "mini-en"
