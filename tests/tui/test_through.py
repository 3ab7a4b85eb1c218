"""The whole training on one screen: four views, one cursor in time, and the way to the walk."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from engine.experiment import Experiment
from engine.store import checkpoint_steps, load, shipped
from lessons.emergence import emergence, marks
from lessons.held_out import HeldOut
from lessons.moments import moments
from lessons.over_time import over_time
from tests.tui.walk_helper import TEXT, shown, until, walk_app, walk_of
from tui.messages import LANGUAGES, words
from tui.renderables.figure_line import line_width
from tui.renderables.through import SPARKS, fraction, plan_looks, spark, window
from tui.screens.through import ThroughScreen
from tui.screens.through_draw import drawn, reading, told
from tui.screens.through_help import ThroughHelp
from tui.screens.through_keys import KEYS, bar_chips, help_lines
from tui.screens.through_view import VIEWS, ThroughView, first_noun

LONG = " ".join(["el gato come un pez y"] * 12)
SENTENCES = ["", "gato", TEXT, "zyx qwrtp blarg", "👨\u200d👩\u200d👧 hola", LONG]
SIZES = [(80, 16), (60, 13), (118, 32), (196, 52), (40, 8), (2, 2), (1, 1)]


@pytest.fixture(scope="module")
def mini():
    return load(shipped()["mini-es"])


@pytest.fixture(scope="module")
def view(mini):
    over = over_time(Experiment(mini, TEXT))
    held_out = HeldOut(tuple(8 - i / 4 for i in range(24)), 1.4, 256)
    return ThroughView(over, "es", 21, word=2, query=10, head=3, found=emergence(mini),
                       held_out=held_out, measuring=False)  # fmt: skip


@asynccontextmanager
async def opened(mini: Any, size: tuple[int, int] = (80, 24), lang: str = "es", stage: str = ""):
    """A walk with the screen over it, once all is computed."""
    async with walk_app(lang=lang, model=mini).run_test(size=size, notifications=True) as pilot:
        walk = await walk_of(pilot)
        if stage:
            walk.go_to(stage)
        await pilot.press("k")
        screen = await through_of(pilot)
        yield pilot, walk, screen


async def through_of(pilot: Any) -> ThroughScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, ThroughScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ThroughScreen)
    await until(pilot, lambda: screen.view is not None)
    await pilot.pause()
    return screen


# --- Drawing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("name", VIEWS)
def test_every_view_fits_every_window_for_any_sentence(mini, name, text):
    over = over_time(Experiment(mini, text))
    whole = ThroughView(over, "es", 0, name, head=1, found=emergence(mini))
    whole = whole.to_word(999)
    for place in (0, 9, 23):
        there = replace(whole, place=place)
        for width, height in SIZES:
            lines = drawn(there, width, height).lines
            if height >= 13:
                assert 0 < len(lines) <= height
            assert all(line_width(line) <= max(width, 60) for line in lines)
        assert reading(there)


def test_the_tables_name_what_the_numbers_say(mini, view):
    lines = drawn(replace(view, view="near"), 120, 40).texts
    steps = moments(mini).steps
    assert len(lines) == 25
    for place, line in enumerate(lines[1:]):
        assert str(steps[place]) in line
        assert ("▸" in line) is (place == 21)
        for id, near in view.over.nearest(place, view.over.ids[2]):
            assert view.label(id)[:8] in line
            assert fraction(near).strip() in line
        for one in view.emerged_at(place):
            assert one.probe.name["es"] in line
    assert "«gato»" in reading(replace(view, view="near"))


def test_the_looks_are_those_of_the_heads(view):
    heads = replace(view, view="heads")
    lines = drawn(heads, 120, 40).texts
    pattern = view.over.then[21].patterns
    row = next(line for line in lines if "▸" in line)
    for block in range(2):
        for head in range(2):
            assert spark(pattern[block, head, 10].tolist()) in row
    best = int(pattern[1, 1, 10].argmax())
    assert view.labels[best] in reading(heads)


def test_where_there_is_no_room_the_rows_around_the_present_one_are_shown(view):
    lines = drawn(replace(view, view="near"), 80, 12).texts
    assert len(lines) == 12
    assert "▸" in "".join(lines)
    assert "⋮" in lines[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_losses_stand_beside_the_least_that_is_possible(view, lang):
    view, said = replace(view, view="loss", lang=lang), words("time", lang)
    text = "\n".join(drawn(view, 80, 18).texts)
    assert "1.40" in text
    assert "256" in text
    assert f"{view.held_out.losses[21]:.2f}" in text
    assert f"{view.over.losses[21]:.2f}" in text
    known = replace(view.held_out, losses=(7.0,) * 12 + (float("nan"),) * 12)
    text = "\n".join(drawn(replace(view, held_out=known), 80, 18).texts)
    assert "NaN" not in text
    assert f"{said('loss.held_out')} …" in text
    nothing = replace(view, held_out=None)
    for measuring, key in ((True, "loss.measuring"), (False, "loss.unknown")):
        text = "\n".join(drawn(replace(nothing, measuring=measuring), 80, 18).texts)
        assert said(key)[:30] in text


def test_what_emerges_now_is_told_with_its_number(view):
    for one in marks(view.found):
        here = replace(view, place=one.place)
        assert one.probe.told["es"] in told(here)
        assert view.prose.words.share(one.values[one.place]) in told(here)
    assert told(replace(view, place=0)) == ""


def test_the_map_draws_the_way_so_far(view):
    dots = [
        sum(0x2800 < ord(sign) < 0x2900 for line in drawn(there, 118, 30).texts for sign in line)
        for there in (replace(view, place=place) for place in (0, 8, 23))
    ]
    assert dots[0] == 0 < dots[1] < dots[2]
    text = "\n".join(drawn(view, 118, 30).texts)
    for word in ("gato", "perro", "miedo", "pan"):
        assert word in text


def test_windows_plans_and_sparks():
    assert list(window(24, 0, 5)) == [0, 1, 2, 3, 4]
    assert list(window(24, 23, 5)) == [19, 20, 21, 22, 23]
    assert list(window(24, 12, 5)) == [10, 11, 12, 13, 14]
    assert list(window(3, 1, 99)) == [0, 1, 2]
    for heads in (1, 2, 4, 48):
        for n_words in (1, 11, 64):
            for width in (30, 70, 110, 190):
                plan = plan_looks(heads, n_words, width)
                assert 1 <= plan.heads <= heads
                assert plan.heads == 1 or plan.heads * (plan.width + 2) - 2 <= width
    assert spark([0, 0.001, 0.5, 1]) == f"{SPARKS[0]}{SPARKS[1]}{SPARKS[4]}{SPARKS[8]}"
    assert [fraction(x) for x in (0.934, 1.0, -0.05, 0.0, -0.999)] == \
        [" .93", " 1.0", "−.05", " .00", "−1.0"]  # fmt: skip


def test_the_first_noun_of_a_sentence(mini, view):
    assert first_noun(view.over) == 2
    assert first_noun(over_time(Experiment(mini, "porque tenía"))) is None


# --- The screen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40), (200, 60)])
@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_four_views_are_a_key_away(mini, size, lang):
    async with opened(mini, size, lang) as (pilot, _, screen):
        said = words("time", lang)
        for key, name in zip("1234", VIEWS, strict=True):
            await pilot.press(key)
            assert screen.view.view == name
            assert said(f"through.{name}") in shown(pilot)
            assert screen.scrubber.display
        for name in ("map", "near"):
            await pilot.press("right")
            assert screen.view.view == name
        await pilot.press("left", "left")
        assert screen.view.view == "loss"


async def test_one_cursor_in_time_for_all_views(mini):
    steps = checkpoint_steps(mini.folder)
    async with opened(mini) as (pilot, _, screen):
        for key, place in (("comma", 22), ("less_than_sign", 0), ("full_stop", 1)):
            for digit in "123":
                await pilot.press(digit)
            await pilot.press(key)
            assert screen.moment.place == screen.view.place == place
            assert screen.scrubber.track.place == place
        await pilot.press("2")
        assert f"▸    {steps[1]}" in shown(pilot)


async def test_words_and_heads_are_chosen(mini):
    async with opened(mini, stage="blocks.1.pattern") as (pilot, _, screen):
        assert (screen.view.word, screen.view.query, screen.view.head) == (2, 10, 2)
        await pilot.press("2", "down")
        assert screen.view.word == 3
        await pilot.press("3", "up", "plus")
        assert (screen.view.word, screen.view.query, screen.view.head) == (3, 9, 3)
        await pilot.press("plus")
        assert screen.view.head == 0
        await pilot.press(*["down"] * 20)
        assert screen.view.query == 10
        await pilot.click("#words", offset=(13, 0))
        await until(pilot, lambda: screen.view.query == 1 or screen.view.query == 2)
        await pilot.click("#tabs", offset=(31, 0))
        await until(pilot, lambda: screen.view.view == "map")


async def test_enter_goes_to_the_walk_at_that_moment(mini):
    async with opened(mini) as (pilot, walk, screen):
        await pilot.press("comma", "3", "minus", "enter")
        await until(pilot, lambda: pilot.app.screen is walk)
        assert walk.moment.place == 22
        assert walk.view.stage.id == "blocks.1.pattern"
        assert (walk.view.head, walk.view.word) == (1, 10)
        assert walk.scrubber.display
        await pilot.press("k")
        screen = await through_of(pilot)
        assert screen.view.place == 22
        assert screen.view.head == 3
        await pilot.press("full_stop", "escape")
        await until(pilot, lambda: pilot.app.screen is walk)
        assert walk.moment.is_last
        assert walk.view.stage.id == "blocks.1.pattern"


async def test_the_losses_are_measured_when_they_are_looked_at(mini, monkeypatch):
    monkeypatch.setattr("lessons.held_out.N_TEXTS", 4)
    fresh = load(mini.folder)
    async with opened(fresh) as (pilot, _, screen):
        assert screen.view.held_out is None
        await pilot.press("4")
        await until(pilot, lambda: screen.view.held_out is not None and not screen.view.measuring)
        held_out = screen.view.held_out
        assert held_out.losses[0] > held_out.losses[-1]
        await pilot.press("1", "4")
        assert screen.view.held_out is held_out


async def test_marks_come_when_they_are_found_and_the_help_lists_them(mini):
    fresh = load(mini.folder)
    async with opened(fresh, (120, 40)) as (pilot, _, screen):
        await until(pilot, lambda: len(screen.view.found) == 5)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThroughHelp))
        await pilot.pause()
        text = shown(pilot)
        for one in marks(screen.view.found):
            assert str(screen.view.steps[one.place]) in text
            assert one.probe.told["es"][:30] in text
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_help_fits_a_small_window(mini, lang):
    async with opened(mini, lang=lang) as (pilot, _, screen):
        await until(pilot, lambda: len(screen.view.found) == 5)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, ThroughHelp))
        await pilot.pause()
        said = words("time", lang)
        for _, does in help_lines(said):
            assert does in shown(pilot)
        assert said("help.leave") in shown(pilot)


async def test_it_plays_and_speaks_another_language(mini):
    async with opened(mini) as (pilot, _, screen):
        await pilot.press("less_than_sign", "semicolon")
        assert screen.playing
        await pilot.press("2")
        assert not screen.playing
        await pilot.press("l")
        assert words("time", "en")("through.near") in shown(pilot)
        assert screen.view.place < 3


async def test_a_broken_checkpoint_is_told(tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(shipped()["mini-es"], folder)
    step = checkpoint_steps(folder)[5]
    (folder / "checkpoints" / f"step-{step:06d}.safetensors").write_bytes(b"broken")
    app = walk_app(model=load(folder))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("k")
        await until(pilot, lambda: len(app._notifications) == 1 and app.screen is walk)
        assert walk.moment.is_last


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_key_has_its_words_and_no_two_do_the_same(lang):
    said = words("time", lang)
    for view in VIEWS:
        assert all(chip.text or chip.sign for chip in bar_chips(said, view))
    assert len(help_lines(said)) == 10
    keys = [key for action in KEYS for key in action.keys]
    assert len(keys) == len(set(keys))
    tables = [words("time", one).sentences.keys() for one in LANGUAGES]
    assert tables[0] == tables[1]
