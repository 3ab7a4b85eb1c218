"""The inner steps of a stage as stations, and what the last stage says where the text ends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.pilot import Pilot

from engine.parts import Part
from engine.whatif import Force
from lessons.stages import stages, with_parts
from tests.tui.walk_helper import all_models, models_and_languages, shown, tap, walk_app, walk_of
from tui.screens.walk import WalkScreen
from tui.widgets.chips import Chips

MODELS = all_models()


async def click_station(pilot: Pilot[None], walk: WalkScreen, stage: str) -> None:
    chips = walk.query_one("#stations", Chips)
    column = chips.column_of(stage)
    assert column is not None
    await pilot.click(chips, offset=(column + chips.gutter.left, 0))


async def test_enter_opens_the_inner_steps_and_closes_them() -> None:
    async with walk_app().run_test(size=(120, 40)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.ln1")
        await pilot.pause()
        assert "▸" in shown(pilot)
        closed = walk.view.line
        await pilot.press("o")
        assert walk.view.stage.id == "blocks.0.ln1.centered"
        assert "▾" in shown(pilot)
        assert len(walk.view.line) == len(closed) + 14
        await pilot.press("right", "right", "right")
        assert walk.view.stage.id == "blocks.0.ln1"
        await pilot.press("]", "left")
        assert walk.view.stage.id == "blocks.1.ln1.normalized"
        await pilot.press("o")
        assert walk.view.stage.id == "blocks.1.ln1"
        assert walk.view.line == closed


async def test_a_stage_without_inner_steps_says_so() -> None:
    async with walk_app().run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("embed")
        line = walk.view.line
        await pilot.press("o")
        assert walk.view.line is line
        assert len(pilot.app._notifications) == 1


async def test_a_click_on_the_lit_station_opens_it() -> None:
    async with walk_app(lang="en").run_test(size=(120, 40)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.z")
        await pilot.pause()
        await click_station(pilot, walk, "blocks.0.attn_out")
        assert walk.view.stage.id == "blocks.0.attn_out"
        await pilot.pause()
        await click_station(pilot, walk, "blocks.0.attn_out")
        assert walk.view.stage.id == "blocks.0.joined"
        await pilot.pause()
        await click_station(pilot, walk, "blocks.0.attn_out")
        await pilot.pause()
        await click_station(pilot, walk, "blocks.0.attn_out")
        assert walk.view.stage.id == "blocks.0.attn_out"
        assert not walk.view.place.inside
        status = walk.query_one("#status", Chips)
        column = status.column_of("inside")
        assert column is not None
        await pilot.click(status, offset=(column, 0))
        assert walk.view.place.inside


@pytest.mark.parametrize(("name", "lang"), models_and_languages())
async def test_every_inner_step(name: str, lang: str) -> None:
    app = walk_app(model=MODELS[name], lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("blocks.0.attn_out")
        await pilot.press("o")
        assert walk.view.line == tuple(with_parts(stages(MODELS[name].config)))
        seen = {walk.view.stage.id}
        last = MODELS[name].config.n_layers - 1
        while walk.view.index < len(walk.view.line) - 1:
            here = walk.view.stage
            await tap(app, "right", lambda here=here: walk.view.stage is not here)  # type: ignore[misc]
            while walk.view.stage.block not in (None, 0, last):  # they are as the last
                walk.action_block(1)
            seen.add(walk.view.stage.id)
            said = walk.view.prose.told(walk.view.stage, walk.view.experiment, 0, walk.view.word)
            assert said.title in shown(pilot)
            assert walk.view.reading
        line = [stage for stage in walk.view.line[20:] if stage.block in (None, 0, last)]
        assert {part.id for stage in line for part in stage.parts} <= seen


@pytest.mark.parametrize(("lang", "title"), [("es", "termina aquí"), ("en", "ends here")])
async def test_where_the_text_ends_nothing_is_to_be_added(lang: str, title: str) -> None:
    async with walk_app(lang=lang).run_test(size=(120, 40)) as pilot:
        walk = await walk_of(pilot)
        run = walk.view.experiment
        end = run.model.tokenizer.start_id
        forced = run.force(Force(Part("logits", (len(run.pieces) - 1, end)), 1e3))
        walk._become(replace(walk.view, experiment=forced))
        walk.go_to("choice")
        await pilot.pause()
        screen = shown(pilot)
        assert title in screen
        assert walk.view.words("exhibit.text_ends") in screen
        assert walk.view.words("exhibit.append") not in screen
