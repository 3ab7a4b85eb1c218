"""The why panel: every number opens, everything on it can be reached, nothing is cut silently."""

from __future__ import annotations

import math
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from textual.app import App
from textual.pilot import Pilot

from engine.experiment import Experiment
from engine.expr import Ref
from engine.parts import Part
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.whatif import Force
from tests.tui.walk_helper import (
    TEXT,
    all_models,
    models_and_languages,
    random_model,
    shown,
    until,
    walk_app,
    walk_of,
)
from tui.app import DesdeCero
from tui.messages import LANGUAGES, words
from tui.renderables.chips import Chip
from tui.renderables.matrix_labels import ELLIPSIS
from tui.renderables.themes import LIGHT
from tui.renderables.why_frame import Frame, Shown, frame
from tui.renderables.why_sheet import Sheet, sheet
from tui.renderables.why_trail import trail_chips
from tui.screens.why import WhyScreen, open_why

MODELS = all_models()
SIZES = [(80, 24), (120, 40), (200, 60), (60, 20), (100, 30), (150, 24)]
ATTN_OUT = Ref("blocks.0.attn_out", (2, 6))
PATTERN = Ref("blocks.0.attn.pattern", (1, 3, 2))


@cache
def run(model: str = "like-mini", text: str = TEXT) -> Experiment:
    return Experiment(MODELS[model], text)


def sampled(experiment: Experiment, count: int = 1) -> Iterator[Ref]:
    """The last cell of every step, and some others."""
    rng = np.random.default_rng(2)
    for step in experiment.trace:
        shape = step.value.shape
        places = {tuple(n - 1 for n in shape)}
        places |= {tuple(int(rng.integers(n)) for n in shape) for _ in range(count)}
        yield from (Ref(step.name, place) for place in sorted(places))


def framed(told: Sheet, size: tuple[int, int], cursor: tuple[int, int] = (0, 0)) -> Frame:
    keys = (Chip("close", "close", "Esc"),)
    return frame(Shown(told, ("logits", told.title), keys), *size, cursor, 0)


def text_of(found: Frame) -> str:
    return "\n".join("".join(text for text, _ in line) for line in found.lines)


# --- Words ---


def test_both_languages_say_the_same_things() -> None:
    tables = [words("why", lang).sentences for lang in LANGUAGES]
    assert tables[0].keys() == tables[1].keys()
    for key in tables[0]:
        places = [{f for _, f, _, _ in string.Formatter().parse(t[key]) if f} for t in tables]
        assert places[0] == places[1], key


@pytest.mark.parametrize(("name", "lang"), models_and_languages())
def test_every_step_of_every_model_opens(name: str, lang: str) -> None:
    experiment = run(name)
    # Not every number in every size, but every step in some, and its like in the next block.
    for place, ref in enumerate(sampled(experiment)):
        told = sheet(experiment, ref, lang)
        assert told.what != words("why", lang)("what.other"), ref
        assert "{" not in told.what + told.told
        assert told.told or told.formula
        size = SIZES[place % 4]
        found = framed(told, size)
        assert len(found.lines) == size[1]
        for line in found.lines:
            assert sum(cell_len(text) for text, _ in line) == size[0], (ref, line)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_cut_without_a_sign(size: tuple[int, int]) -> None:
    experiment = run("like-paper")
    for ref in sampled(experiment):
        told = sheet(experiment, ref, "es")
        whole = framed(told, size)
        found = text_of(whole)
        flat = " ".join(found.split())
        title = f"{told.title} = {told.result}"
        assert title in flat or ELLIPSIS in flat, ref
        for sentence in (told.what, told.where, told.why.symbols):
            # A sentence that stands beside the table is broken by it, but it is all there.
            parts = sentence.split()
            assert ELLIPSIS in flat or all(part in flat for part in parts), (ref, sentence)
        hidden = told.table.n_rows - whole.page.window.n_rows
        if hidden:
            assert told.table.rest(told.table.n_rows - hidden) in found
        assert f"= {told.result}" in found


def test_every_operand_can_be_reached() -> None:
    for ref in (Ref("probs", (10, 7)), Ref("blocks.0.mlp_out", (3, 3)), PATTERN):
        told = sheet(run("like-paper"), ref, "es")
        first = 0
        for row in range(told.table.n_rows):
            keys = (Chip("close", "close"),)
            found = frame(Shown(told, ("a",), keys), 80, 24, (row, 0), first)
            window = found.page.window
            first = window.first
            assert first <= row < first + window.n_rows
            assert told.operand(row, 0) is not None
        assert first + window.n_rows == told.table.n_rows


def test_what_is_folded_is_counted() -> None:
    told = sheet(run(), Ref("blocks.0.mlp_out", (3, 3)), "en")
    found = framed(told, (80, 24))
    window = found.page.window
    below = told.table.n_rows - window.n_rows
    assert below > 40
    counts = told.why.terms.rest(window.n_rows)
    assert f"the other {below} add up to {counts:.2f}".replace("-", "−") in text_of(found)
    scrolled = framed(told, (80, 24), (told.table.n_rows - 1, 0))
    assert f"↑ {below - 1} more" in text_of(scrolled)  # nothing is folded there: one row more


def test_the_formula_stands_with_names_over_numbers() -> None:
    experiment = run()
    ref = Ref("blocks.0.resid_mid", (2, 1))
    told = sheet(experiment, ref, "es")
    assert told.formula is not None
    ((names, numbers),) = told.formula.lines(70, 3)
    assert names.split() == ["resid_pre[gato,", "2]", "+", "attn_out[gato,", "2]"]
    assert names.index("+") == numbers.index("+")
    parts = [
        experiment.trace.value(Ref(f"blocks.0.{x}", (2, 1))) for x in ("resid_pre", "attn_out")
    ]
    written = [float(x.strip("()").replace("−", "-")) for x in numbers.split(" + ")]
    np.testing.assert_allclose(written, parts, atol=0.006)


def test_rounding_is_told_only_where_it_misleads() -> None:
    told = words("why", "es")("panel.rounded")
    plain = framed(sheet(run(), Ref("sqrt_d_model"), "es"), (80, 24))
    assert told not in text_of(plain)
    assert told in text_of(framed(sheet(run(), ATTN_OUT, "es"), (80, 24)))


def test_masked_numbers() -> None:
    told = sheet(run(), Ref("blocks.0.attn.attn_scores_masked", (0, 1, 4)), "es")
    assert told.result == "−∞"
    assert told.table[0].operands[0][1] == "−∞"
    told = sheet(run(), Ref("blocks.0.attn.pattern", (0, 1, 4)), "es")
    assert told.result == "0"
    assert told.table[0].asked
    assert told.table[0].counts == "0 %"


# --- Where the way ends ---


def test_a_weight_with_checkpoints_and_one_without() -> None:
    name = next(name for name, folder in shipped().items() if checkpoint_steps(folder))
    experiment = Experiment(load(shipped()[name]), "el")
    steps = checkpoint_steps(shipped()[name])
    told = sheet(experiment, Ref("blocks.0.attn.W_O", (0, 1, 2)), "es")
    assert len(told.checkpoints) == told.table.n_rows == len(steps)
    assert [told.table[i].operands[0][0] for i in range(len(steps))] == [
        f"paso {step}" for step in steps
    ]
    found = text_of(framed(told, (80, 24)))
    assert "entrenamiento" in found
    assert found.count(f"paso {steps[-1]}: {told.result}") == 1
    assert told.operand(0, 0) is None
    random = replace(experiment, model=load_checkpoint(experiment.model, 0))
    ref = Ref("blocks.0.attn.W_O", (0, 1, 2))
    assert words("why", "es")("leaf.weight") in told.told
    assert words("why", "es")("leaf.random") in sheet(random, ref, "es").told
    none = sheet(run(), Ref("blocks.0.attn.W_O", (0, 1, 2)), "es")
    assert none.checkpoints == ()
    assert words("why", "es")("history.none") in none.told


def test_a_token_a_position_and_a_setting() -> None:
    assert "«gato»" in sheet(run(), Ref("tokens", (2,)), "es").told
    assert sheet(run(), Ref("tokens", (2,)), "es").result.isdigit()
    assert sheet(run(), Ref("d_model"), "es").told == words("why", "es")("leaf.constant")
    assert sheet(run(), Ref("positions", (2,)), "es").result == "2"
    assert sheet(run(), Ref("mask", (0, 1)), "es").result == "−∞"


def test_a_number_set_by_hand_tells_what_it_was() -> None:
    part = Part(ATTN_OUT.name, ATTN_OUT.index)
    before = sheet(run(), ATTN_OUT, "en").result
    told = sheet(run().force(Force(part, 7.5)), ATTN_OUT, "en")
    assert told.result == "7.50"
    assert told.told.endswith(f"{before}.")
    assert told.formula is None
    assert told.table.n_rows == 0


# --- The trail ---


def test_the_oldest_numbers_of_the_trail_fold() -> None:
    names = [f"number[{i}]" for i in range(20)]
    for width in (200, 120, 78, 40, 20, 8):
        chips = trail_chips(names, "Why", width)
        assert sum(chip.width for chip in chips) <= width or len(chips) == 1
        assert chips[-1].look == "current"
        folded = [chip for chip in chips if chip.text == ELLIPSIS]
        if width >= 20:
            assert len(folded) == (len(chips) < 20)
            assert chips[-1].text == names[-1]
    assert trail_chips(names[:2], "Why", 80)[0].text == "Why"


# --- The screen ---


async def opened(pilot: Pilot[None], ref: Ref, experiment: Experiment | None = None) -> WhyScreen:
    """The panel on a number of the walk's run."""
    app: App[Any] = pilot.app
    walk = await walk_of(pilot)
    assert isinstance(app, DesdeCero)
    panel = open_why(app, experiment or walk.view.experiment, ref, app.lang)
    await until(pilot, lambda: app.screen is panel and panel.sheet.title in shown(pilot))
    return panel


async def test_down_the_trail_and_back() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await opened(pilot, ATTN_OUT)
        walk = app.screen_stack[-2]
        await pilot.press("down", "down", "right")
        assert panel.view.cursor == (2, 1)
        wanted = panel.sheet.operand(2, 1)
        await pilot.press("enter")
        assert panel.trail.here.ref == wanted
        assert panel.sheet.why.kind == "weight"
        assert panel.sheet.title in shown(pilot).splitlines()[0]
        await pilot.press("enter", "right", "down")  # nothing to open, nowhere to go
        assert len(panel.trail.stops) == 2
        await pilot.press("backspace")
        assert panel.trail.here.ref == ATTN_OUT
        assert panel.view.cursor == (2, 1)
        await pilot.press("backspace")
        assert panel.trail.here.ref == ATTN_OUT
        await pilot.press("home", "end")
        assert panel.view.cursor[0] == panel.sheet.table.n_rows - 1
        await pilot.press("pageup", "escape")
        await until(pilot, lambda: app.screen is walk)


async def test_one_panel_serves_again_and_again() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await opened(pilot, ATTN_OUT)
        await pilot.press("enter", "escape")
        walk = await walk_of(pilot)
        again = await opened(pilot, PATTERN)
        assert again is panel
        assert len(panel.trail.stops) == 1
        assert panel.sheet.title in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is walk)


async def test_any_way_down_by_keys_ends_at_a_leaf() -> None:
    rng = np.random.default_rng(5)
    async with walk_app().run_test(size=(80, 24)) as pilot:
        for start in (Ref("probs", (4, 3)), Ref("blocks.1.resid_post", (2, 2))):
            panel = await opened(pilot, start)
            for _ in range(80):
                if panel.sheet.why.kind != "computed":
                    break
                keys = rng.choice(["down", "right", "left", "pagedown", "end"], 2)
                before = panel.sheet
                await pilot.press(*keys, "enter")
                assert panel.sheet is not before
            assert panel.sheet.why.kind in ("weight", "input", "constant")
            assert str(panel.sheet.why.ref) in shown(pilot)
            await pilot.press("escape")


async def test_the_mouse() -> None:
    app = walk_app()
    async with app.run_test(size=(120, 40)) as pilot:
        panel = await opened(pilot, ATTN_OUT)

        def place(text: str, nth: int = 0) -> tuple[int, int]:
            found = [(line.find(text), y) for y, line in enumerate(shown(pilot).splitlines())]
            return [spot for spot in found if spot[0] >= 0][nth]

        row = panel.sheet.table[1]
        name = next(n for n, _ in reversed(row.operands))
        x, y = place(name, -1)
        await pilot.click(offset=(x + 1, y))
        assert panel.view.cursor == (1, len(row.operands) - 1)
        assert len(panel.trail.stops) == 1
        wanted = panel.sheet.operand(*panel.view.cursor)
        await pilot.click(offset=(x + 1, y))
        await until(pilot, lambda: panel.trail.here.ref == wanted)
        await pilot.click(offset=(place("attn_out")[0] + 1, 0))
        await until(pilot, lambda: panel.trail.here.ref == ATTN_OUT)
        keys = app.size.height - 1
        await pilot.click(offset=(place(words("why", "es")("action.open"))[0], keys))
        await until(pilot, lambda: len(panel.trail.stops) == 2)
        await pilot.click(offset=(place(words("why", "es")("action.close"))[0], keys))
        await until(pilot, lambda: app.screen is not panel)


async def test_the_wheel_moves_the_table() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        panel = await opened(pilot, Ref("blocks.0.mlp_out", (3, 3)))
        from textual.events import MouseScrollDown

        for _ in range(40):
            panel.view.post_message(
                MouseScrollDown(panel.view, 5, 18, 0, 1, 0, False, False, False)
            )
        last = panel.sheet.table.n_rows - 1
        await until(
            pilot,
            lambda: (
                panel.view.frame is not None
                and panel.view.frame.page.window.first + panel.view.frame.page.window.n_rows > last
            ),
        )
        assert panel.view.cursor[0] > 0


async def test_the_exact_arithmetic_is_copied() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for ref in (ATTN_OUT, PATTERN, Ref("blocks.0.ln1.scale", (3, 0)), Ref("W_E", (1, 1))):
            panel = await opened(pilot, ref)
            await pilot.press("y")
            space: dict[str, Any] = {}
            *imports, expression = app.clipboard.strip().splitlines()
            exec("\n".join(imports), space)
            assert imports in ([], ["import math"])
            assert eval(expression, space) == panel.sheet.why.expr.value
            said = repr(panel.sheet.why.expr.value)
            await until(pilot, lambda said=said: said in shown(pilot))  # type: ignore[misc]
            assert math.isclose(float(said), panel.sheet.why.value, rel_tol=1e-9)
            await pilot.press("escape")


async def test_every_size_and_language_and_theme() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        panel = await opened(pilot, PATTERN)
        await pilot.press("down")
        for size in [*SIZES, (59, 20), (80, 19), (20, 5), (1, 1), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            small = size[0] < 60 or size[1] < 20
            assert (panel.sheet.title in shown(pilot)) is not small
            assert panel.view.cursor == (1, 0)
        panel.speak("en")
        await until(pilot, lambda: words("why", "en")("panel.result") in shown(pilot))
        assert panel.view.cursor == (1, 0)
        before = panel.view.render_lines(panel.view.size.region)
        app.theme = LIGHT
        await until(pilot, lambda: panel.view.render_lines(panel.view.size.region) != before)


async def test_at_the_smallest_size_every_key_is_named() -> None:
    async with walk_app(model=random_model()).run_test(size=(80, 24)) as pilot:
        panel = await opened(pilot, ATTN_OUT)
        await pilot.press("down", "down", "enter")
        last = shown(pilot).splitlines()[-1]
        texts = words("why", "es")
        keys = ["back", "copy", "close"]
        keys += ["move", "open"] if panel.sheet.table.n_rows else []
        for key in keys:
            assert texts(f"action.{key}") in last
            assert texts(f"key.{key}") in last
