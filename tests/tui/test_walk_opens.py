"""A cell of every stage that shows a number of the run opens, with the very number shown."""

from dataclasses import replace

import numpy as np
import pytest

from engine.store import load, shipped
from engine.trace import is_close
from lessons.stages import stages, with_parts
from tests.tui.walk_helper import tap, until, walk_app, walk_of
from tui.screens.why import WhyScreen

TEXTS = {"es": "El gato come pescado", "en": "The cat eats fish"}


@pytest.mark.parametrize("name", shipped())
async def test_every_stage_answers_enter(name):
    model = load(shipped()[name])
    app = walk_app(TEXTS[name[-2:]], model=model)
    rng = np.random.default_rng(1)
    async with app.run_test(size=(120, 40)) as pilot:
        walk = await walk_of(pilot)
        walk.go(replace(walk.view.place, inside=True))
        for stage in with_parts(stages(model.config)):
            if stage.focus is None or stage.block not in (None, 0, model.config.n_layers - 1):
                continue  # the blocks between the first and the last are as the last
            walk.go_to(stage.id)
            assert walk.view.stage == stage
            view = walk.view
            row, col = (int(rng.integers(n)) for n in view.exhibit.values.shape)
            walk.pane.post_message(walk.pane.Moved(row, col))
            cell = (row, col)
            await until(pilot, lambda cell=cell: walk.view.cell == cell)
            ref = walk.view.exhibit.ref(*cell)
            await tap(app, "enter", lambda: isinstance(app.screen, WhyScreen))
            assert app.screen.trail.here.ref == ref
            recomputed = walk.view.experiment.trace.explain(ref).value
            assert is_close(recomputed, float(walk.view.exhibit.values[cell]), 1e-9)
            await tap(app, "escape", lambda: app.screen is walk)
