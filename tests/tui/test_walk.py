"""The walk: every station of every model by keys, the cursor, blocks and heads, the mouse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Static

from engine.parts import Part
from engine.whatif import Force
from tests.tui.walk_helper import (
    TEXT,
    all_models,
    models_and_languages,
    random_model,
    shown,
    tap,
    until,
    walk_app,
    walk_of,
)
from tui.widgets.chips import Chips

MODELS = all_models()
SIZES = [(80, 24), (120, 40), (200, 60), (60, 20), (100, 30), (80, 50), (140, 22)]


@pytest.mark.parametrize("name", MODELS)
async def test_every_station_forward_and_back(name: str) -> None:
    app = walk_app(model=MODELS[name])
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        line = walk.view.line
        for key, order in (("right", line[:-1]), ("left", line[:0:-1])):
            for stage in order:
                assert walk.view.stage is stage
                if key == "left":  # the same stations, which were read on the way there
                    await tap(app, key, lambda stage=stage: walk.view.stage is not stage)  # type: ignore[misc]
                    continue
                said = walk.view.prose.told(stage, walk.view.experiment, 0, walk.view.word)
                assert said.title in shown(pilot)
                assert walk.view.reading or stage.view == "text"
                await tap(app, key, lambda stage=stage: walk.view.stage is not stage)  # type: ignore[misc]
        assert walk.view.index == 0


async def test_up_and_down_choose_the_word_and_the_last_follows_the_text() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("embed")
        last = len(walk.view.experiment.pieces) - 1
        assert walk.view.word == last
        walk.read("El gato come")
        assert walk.view.word == len(walk.view.experiment.pieces) - 1
        await pilot.press("up")
        assert walk.view.word == len(walk.view.experiment.pieces) - 2
        assert "gato" in walk.view.reading
        walk.read(TEXT)
        assert walk.view.word == 2


async def test_blocks_and_heads() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("right_square_bracket")
        assert walk.view.stage.id == "blocks.0.q"
        walk.go_to("blocks.0.pattern")
        await pilot.press("]")
        assert walk.view.stage.id == "blocks.1.pattern"
        await pilot.press("}")
        assert walk.view.head == 1
        await pilot.press("}")
        assert walk.view.head == 0
        await pilot.press("{", "]", "[")
        assert walk.view.head == 1
        assert walk.view.stage.group == "blocks.1"


async def test_blocks_and_heads_by_keys_that_need_no_second_one() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.pattern")
        await pilot.press("pagedown", "+")
        assert (walk.view.stage.id, walk.view.head) == ("blocks.1.pattern", 1)
        await pilot.press("pageup", "-")
        assert (walk.view.stage.id, walk.view.head) == ("blocks.0.pattern", 0)


async def test_tab_enters_the_cells_and_leaves_them() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.pattern")
        await pilot.press("tab", "right", "right", "up")
        assert walk.view.stage.id == "blocks.0.pattern"
        assert walk.view.cell == (len(walk.view.experiment.pieces) - 2, 2)
        assert walk.view.reading in shown(pilot)
        await pilot.press("tab")
        assert walk.focused is None
        await pilot.press("tab", "escape", "right")
        assert walk.view.stage.id == "blocks.0.z"


async def test_cells_of_words_and_of_candidates() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("tab")  # the text itself has no cells
        assert walk.focused is None
        walk.go_to("ids")
        await pilot.press("tab", "left", "left")
        assert walk.view.word == len(walk.view.experiment.pieces) - 3
        walk.go_to("probs")
        await until(pilot, lambda: walk.focused is walk.pane.bars)
        await pilot.press("down", "down")
        assert walk.view.place.pick == 2
        assert walk.view.word == len(walk.view.experiment.pieces) - 3
        await pilot.press("escape", "up")
        assert (walk.view.place.pick, walk.focused) == (0, None)


async def test_mouse() -> None:
    async with walk_app().run_test(size=(120, 40)) as pilot:
        walk = await walk_of(pilot)

        async def click(line: str, chip: str) -> None:
            chips = walk.query_one(line, Chips)
            column = chips.column_of(chip)
            assert column is not None
            await pilot.click(chips, offset=(column + chips.gutter.left, 0))

        await click("#groups", "blocks.1")
        assert walk.view.stage.id == "blocks.1.q"
        await click("#stations", "blocks.1.pattern")
        assert walk.view.stage.id == "blocks.1.pattern"
        await click("#status", "head.1")
        assert walk.view.head == 1
        await pilot.click("#heads", offset=(1, 1))
        assert walk.view.head == 0
        await click("#footer", "stage_next")
        assert walk.view.stage.id == "blocks.1.z"
        walk.go_to("pieces")
        await pilot.pause()
        await pilot.click("#words", offset=(1, 0))
        assert walk.view.word == 0
        before = walk.view.experiment.text
        await click("#guess", "next.1")
        assert walk.view.experiment.text.startswith(before)
        assert walk.view.experiment.text != before
        stations = walk.query_one("#stations", Chips)
        stations.post_message(Chips.Rolled(stations, 1))
        await until(pilot, lambda: walk.view.stage.id == "ids")


async def test_a_place_that_another_model_lacks() -> None:
    async with walk_app(model=MODELS["like-paper"]).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.5.pattern")
        for _ in range(7):
            walk.action_head(1)
        walk.use(random_model())
        assert (walk.view.stage.id, walk.view.head) == ("blocks.1.pattern", 1)
        walk.use(MODELS["bidirectional"])
        walk.go_to("embed")
        walk.use(MODELS["like-gpt2"])
        assert walk.view.stage.id == "embed"


async def test_resizing_keeps_the_place() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.1.pattern")
        await pilot.press("up", "tab", "right")
        place = walk.view.place
        for size in [*SIZES, (59, 20), (80, 19), (20, 5), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            small = size[0] < 60 or size[1] < 20
            assert (walk.view.words("app.too_small")[:12] in shown(pilot)) is small
            assert walk.view.place == place


async def test_nothing_is_cut_off() -> None:
    async with walk_app().run_test(size=SIZES[0]) as pilot:
        walk = await walk_of(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            for stage in ("pieces", "blocks.0.pattern", "probs", "choice"):
                walk.go_to(stage)
                await pilot.pause()
                assert walk.size == size
                for part in ("#band", "#stations", "#title", "#exhibit", "#readout", "#footer"):
                    region = walk.query_one(part).region
                    assert region.area > 0, (part, size)
                    assert walk.region.contains_region(region), (part, size)
                if size[1] >= 24:
                    assert walk.pane.size.height >= 9


@pytest.mark.parametrize(("name", "lang"), models_and_languages())
async def test_the_words_of_every_station_fit_a_small_window(name: str, lang: str) -> None:
    async with walk_app(model=MODELS[name], lang=lang).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        prose = walk.query_one("#prose", Static)
        for stage in walk.view.line:
            if stage.block in (None, 0, 1):
                walk.go_to(stage.id)
                height = prose.visual.get_height({}, prose.size.width)  # type: ignore[arg-type]
                assert height <= prose.size.height, stage.id


async def test_forced_numbers_are_marked_and_bad_ones_change_nothing() -> None:
    async with walk_app().run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.pattern")
        before = walk.view
        forced = before.experiment.force(Force(Part("blocks.0.attn.pattern", (0, 10, 1)), 0.5))
        walk._become(replace(before, experiment=forced))
        await pilot.pause()
        assert walk.view.experiment is forced
        assert "*" in shown(pilot)
        bad = before.experiment.force(Force(Part("blocks.0.attn.pattern", (9, 9, 9)), 0.5))
        walk._become(replace(walk.view, experiment=bad))
        assert walk.view.experiment is forced
        await until(pilot, lambda: len(pilot.app._notifications) == 1)
