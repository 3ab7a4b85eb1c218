"""Through the training by key: the walk, the panel, the comparison; all else stays as it was."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest

from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.whatif import Force
from lessons.emergence import marks
from lessons.moments import Moment, moment_of, moments
from tests.tui.walk_helper import TEXT, shown, until, walk_app, walk_of
from tui.messages import LANGUAGES, words
from tui.screens import timed
from tui.screens.compare import CompareScreen
from tui.screens.walk import WalkScreen
from tui.screens.why import WhyScreen
from tui.widgets.scrubber import Scrubber

CELL_AT = "blocks.1.attn.pattern", (1, 10, 2)
CELL = Part(*CELL_AT)


@pytest.fixture(scope="module")
def mini():
    return load(shipped()["mini-es"])


def place_of(walk: WalkScreen) -> int:
    return walk.moment.place


async def at_a_cell(pilot: Any) -> WalkScreen:
    walk = await walk_of(pilot)
    walk.go_to("blocks.1.pattern")
    await pilot.press("plus", "tab", "right", "right")
    await until(pilot, lambda: walk.view.cell == (10, 2))
    return walk


async def test_the_keys_show_the_same_cell_at_every_moment(mini):
    steps = checkpoint_steps(mini.folder)
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        place = walk.view.place
        assert not walk.scrubber.display
        for key, there in (("comma", 22), ("comma", 21), ("full_stop", 22), ("less_than_sign", 0),
                           ("comma", 0), ("full_stop", 1)):  # fmt: skip
            await pilot.press(key)
            await until(pilot, lambda there=there: place_of(walk) == there)  # type: ignore[misc]
            assert walk.scrubber.display
            assert walk.scrubber.track.place == there
            model = load_checkpoint(mini, steps[there])
            wanted = Experiment(model, TEXT).trace["blocks.1.attn.pattern"].value[1, 10, 2]
            assert walk.view.exhibit.values[walk.view.cell] == wanted
            assert (walk.view.place, walk.view.experiment.text) == (place, TEXT)
            assert f"{steps[there]} de 5000" in shown(pilot)
        await pilot.press("greater_than_sign")
        await until(pilot, lambda: walk.view.experiment.model is mini)
        assert walk.scrubber.display  # it stays once it is there


async def test_at_the_end_the_scrubber_comes_with_the_first_press(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("full_stop")
        assert walk.scrubber.display
        assert walk.view.experiment.model is mini


async def test_a_model_at_an_earlier_moment_shows_the_scrubber_at_once(mini):
    then = moments(mini).model(4)
    async with walk_app(model=then).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        assert walk.scrubber.display
        assert walk.scrubber.track.place == 4


@pytest.mark.parametrize("size", [(80, 24), (80, 20), (60, 20), (120, 40)])
async def test_the_scrubber_takes_at_most_a_line_of_the_exhibit(mini, size):
    async with walk_app(model=mini).run_test(size=size) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.pattern")
        await pilot.pause()
        before = walk.pane.size.height
        await pilot.press("comma")
        await until(pilot, lambda: walk.scrubber.size.height == 1)
        await pilot.pause()
        assert walk.pane.size.height >= before - (size != (80, 24))
        assert walk.scrubber.size.width >= size[0] - 2


async def test_changes_by_hand_hold_at_every_moment_and_can_be_undone(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        walk.set_forced((Force(CELL, 0.5),))
        await pilot.press("comma", "comma")
        await until(pilot, lambda: place_of(walk) == 21)
        assert walk.view.experiment.forced == (Force(CELL, 0.5),)
        assert walk.view.experiment.trace["blocks.1.attn.pattern"].value[1, 10, 2] == 0.5
        await pilot.press("u")
        assert walk.view.experiment.forced == ()
        assert place_of(walk) == 21


async def test_a_sentence_typed_later_is_read_by_the_model_of_the_moment(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("comma")
        walk.read("el ratón come")
        assert place_of(walk) == 22
        await pilot.press("i", "comma", "full_stop", "semicolon")  # now they are written
        await until(pilot, lambda: walk.view.experiment.text == ",.;")
        assert place_of(walk) == 22


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_model_that_kept_nothing_says_so(lang):
    async with walk_app(lang=lang).run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        for key in ("comma", "less_than_sign", "semicolon", "k"):
            await pilot.press(key)
            sentence = words("time", lang)("notice.no_moments", model="random")
            told = [note.message for note in pilot.app._notifications]
            assert told == [sentence], key
            pilot.app.clear_notifications()
        assert not walk.scrubber.display
        assert pilot.app.screen is walk
        assert "moment_back" not in [chip.id for chip in walk._footer.chips]


async def test_a_broken_checkpoint_is_told_and_the_moment_stays(tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(shipped()["mini-es"], folder)
    step = checkpoint_steps(folder)[-2]
    (folder / "checkpoints" / f"step-{step:06d}.safetensors").write_bytes(b"broken")
    app = walk_app(model=load(folder))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("comma")
        await until(pilot, lambda: len(app._notifications) == 1)
        assert moment_of(walk.view.experiment.model).is_last


# --- As a film -----------------------------------------------------------------------------------


async def test_it_plays_from_the_start_to_the_end_and_stops_there(mini, monkeypatch):
    monkeypatch.setattr(timed, "PACE", 0.005)
    seen, signs = [], set()
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        turn = walk.turn

        def turned(moment: Moment) -> bool:
            seen.append(moment.place)
            signs.add(walk.scrubber.track.playing)
            return turn(moment)

        monkeypatch.setattr(walk, "turn", turned)
        await pilot.press("semicolon")
        await until(pilot, lambda: len(seen) == 24 and not walk.playing)
        assert seen == list(range(24))
        assert walk.view.experiment.model is mini
        assert signs == {False, True}  # before the first picture nothing moves yet
        assert not walk.scrubber.track.playing


@pytest.mark.parametrize("key", ["semicolon", "right", "comma", "escape", "v", "i"])
async def test_any_key_stops_it(mini, key):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("less_than_sign", "semicolon")
        assert walk.playing
        await pilot.press(key)
        assert not walk.playing


async def test_another_screen_over_it_stops_it(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("semicolon")
        pilot.app.action_help()
        await until(pilot, lambda: not walk.playing)


async def test_whoever_wants_no_animations_gets_the_next_picture(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        pilot.app.animation_level = "none"
        for there in (0, 1, 2):
            await pilot.press("semicolon")
            assert place_of(walk) == there
            assert not walk.playing


# --- The scrubber --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_what_emerges_is_marked_in_the_language_of_the_screen(lang):
    model = load(shipped()["mini-en"])
    async with walk_app(lang=lang, model=model, text="the cat").run_test(size=(200, 60)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("comma")
        await until(pilot, lambda: len(walk.scrubber.track.marks) == 5)
        from lessons.emergence import emergence

        found = marks(emergence(model))
        names = [(one.place, one.probe.name[lang]) for one in found]
        assert [(mark.place, mark.name) for mark in walk.scrubber.track.marks] == names
        # Four of them come close together: not every name has room.
        await until(pilot, lambda: sum(name in shown(pilot) for _, name in names) >= 3)


async def test_a_click_goes_to_the_moment_and_the_wheel_turns_it(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("comma")
        await pilot.pause()
        region = walk.scrubber.region
        await pilot.click(offset=(region.right - 2, region.y))
        await until(pilot, lambda: place_of(walk) == 23)
        walk.scrubber.post_message(Scrubber.Rolled(-1))
        await until(pilot, lambda: place_of(walk) == 22)
        await pilot.click(offset=(region.x + 22, region.y))
        await until(pilot, lambda: place_of(walk) < 3)


async def test_language_and_another_model_follow(mini):
    app = walk_app(model=mini)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("comma", "l")
        await until(pilot, lambda: "step 4575 of 5000" in shown(pilot))
        walk.use(load(shipped()["paper-es"]))
        assert not walk.scrubber.display
        assert "moment_back" not in [chip.id for chip in walk._footer.chips]
        walk.use(mini)
        assert "moment_back" in [chip.id for chip in walk._footer.chips]


async def test_the_place_that_is_kept_is_of_the_finished_model(mini):
    app = walk_app(model=mini)
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        await pilot.press("comma", "comma")
        app.note_place()
        assert app.learner.progress.settings["model"] == "mini-es"


# --- Over it -------------------------------------------------------------------------------------


async def test_the_open_number_stays_open_and_its_value_changes(mini):
    steps = checkpoint_steps(mini.folder)
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhyScreen))
        panel = pilot.app.screen
        assert isinstance(panel, WhyScreen)
        await pilot.press("enter")  # one deeper
        trail = panel.trail
        await pilot.press("less_than_sign", "full_stop")
        await until(pilot, lambda: place_of(walk) == 1)
        assert pilot.app.screen is panel
        assert panel.trail == trail
        trace = Experiment(load_checkpoint(mini, steps[1]), TEXT).trace
        assert panel.sheet.why.value == trace.value(trail.here.ref)
        assert panel.scrubber.display
        assert "9 de 5000" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is walk)
        assert walk.scrubber.display
        assert walk.scrubber.track.place == 1
        await pilot.press("greater_than_sign", "enter")
        await until(pilot, lambda: pilot.app.screen is panel)
        assert panel.scrubber.track.place == 23


async def test_a_panel_over_what_cannot_move_does_nothing(mini):
    app = walk_app(model=mini)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await at_a_cell(pilot)
        from tui.screens.why import open_why

        panel = open_why(app, walk.view.experiment, Ref(*CELL_AT), "es")
        await until(pilot, lambda: app.screen is panel)
        await pilot.press("comma", "less_than_sign", "semicolon")
        assert place_of(walk) == 23
        assert not panel.scrubber.display
        assert not app._notifications
        assert ", ." not in shown(pilot)


async def comparison(pilot: Any) -> CompareScreen:
    await walk_of(pilot)
    await pilot.press("c")
    await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
    await pilot.pause()
    assert isinstance(pilot.app.screen, CompareScreen)
    return pilot.app.screen


async def test_a_comparison_moves_the_second_or_the_one_in_focus(mini):
    async with walk_app(model=mini).run_test(size=(120, 40)) as pilot:
        screen = await comparison(pilot)
        screen.go(type(screen.view.place)(stage="blocks.1.pattern"))
        texts = [side.text for side in screen.view.comparison.sides]

        def places() -> list[int]:
            return [moment_of(side.model).place for side in screen.view.comparison.sides]

        await pilot.press("comma", "comma")
        assert places() == [23, 21]
        assert screen.scrubber.display
        assert "2 · " in shown(pilot)
        await pilot.press("tab", "less_than_sign")
        assert screen.view.side == 0
        assert places() == [0, 21]
        assert "1 · " in shown(pilot)
        await pilot.press("escape", "D", "full_stop")  # of the difference, the second
        assert places() == [0, 22]
        assert [side.text for side in screen.view.comparison.sides] == texts
        assert screen.view.place.stage == "blocks.1.pattern"


async def test_a_comparison_of_models_without_moments_says_so():
    async with walk_app().run_test(size=(80, 24), notifications=True) as pilot:
        screen = await comparison(pilot)
        await pilot.press("comma")
        assert len(pilot.app._notifications) == 1
        assert not screen.scrubber.display


async def test_what_is_at_another_moment_goes_back_to_the_walk(mini):
    async with walk_app(model=mini).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("comma")
        await comparison_over(pilot)
        await pilot.press("c")
        await until(pilot, lambda: pilot.app.screen is walk)
        assert place_of(walk) == 22
        np.testing.assert_array_equal(
            walk.view.experiment.model.parameters["W_E"], moments(mini).model(22).parameters["W_E"]
        )


async def comparison_over(pilot: Any) -> None:
    await pilot.press("c")
    await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
    await pilot.pause()
