"""What if, on the walk: set, undone, redone, listed, taken back; and what hangs on what."""

import numpy as np
import pytest
from textual.widgets import Input, OptionList

from engine.parts import Part
from engine.share import from_line, open_shared
from engine.store import load, shipped
from engine.whatif import Force
from lessons.whatifs import whatifs
from tests.tui.walk_helper import shown, until, walk_app, walk_of
from tui.messages import LANGUAGES, words
from tui.screens.choose import ChooseScreen
from tui.screens.compare import CompareScreen
from tui.screens.force import ForceScreen
from tui.screens.walk_line import MARKS
from tui.screens.walk_open import FILES
from tui.screens.whatif import WhatIfScreen, preset

CELL = Part("blocks.0.attn.pattern", (0, 10, 1))


async def at_a_cell(pilot):
    """The walk at the first softmax, the cursor on the second column of the last row."""
    walk = await walk_of(pilot)
    walk.go_to("blocks.0.pattern")
    await pilot.press("tab", "right")
    await until(pilot, lambda: walk.view.cell == (10, 1))
    return walk


async def set_to(pilot, text, key="e"):
    await pilot.press(key)
    await until(pilot, lambda: isinstance(pilot.app.screen, ForceScreen))
    pilot.app.screen.query_one(Input).value = text
    pilot.app.screen.query_one(Input).focus()
    await pilot.press("enter")


async def test_a_number_is_set_undone_redone_and_taken_back():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        before = walk.view.experiment
        await set_to(pilot, "0,75")
        await until(pilot, lambda: walk.view.experiment.forced == (Force(CELL, 0.75),))
        assert walk.view.experiment.trace["blocks.0.attn.pattern"].value[0, 10, 1] == 0.75
        screen = shown(pilot)
        assert "blocks.0.attn.pattern[0,10,1]=0.75" in screen
        assert any(mark in screen for mark in MARKS)
        await pilot.press("u")
        assert walk.view.experiment.trace is before.trace
        await pilot.press("U")
        assert walk.view.experiment.forced == (Force(CELL, 0.75),)
        await pilot.press("r")
        assert walk.view.experiment.trace is before.trace
        assert "=0.75" not in shown(pilot)
        await pilot.press("u")  # taking all back can be undone too
        assert walk.view.experiment.forced == (Force(CELL, 0.75),)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_a_value_that_cannot_be_is_told_and_changes_nothing(lang):
    async with walk_app(lang=lang).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        before = walk.view.experiment
        for text in ("hola", "inf", "nan", "blocks.9.attn.q", "", "other", "W_E"):
            await set_to(pilot, text)
            trouble = pilot.app.screen.query_one("#dialog-trouble")
            await until(pilot, lambda trouble=trouble: str(trouble.render()).strip() != "")
            assert walk.view.experiment is before, text
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is walk)
            assert walk.view.experiment is before, text


async def test_a_head_is_set_at_once():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        await pilot.press("E")
        await until(pilot, lambda: isinstance(pilot.app.screen, ForceScreen))
        await pilot.press("down", "down", "down", "enter")
        await pilot.press("0", "enter")
        await until(pilot, lambda: bool(walk.view.experiment.forced))
        pattern = walk.view.experiment.trace["blocks.0.attn.pattern"].value
        assert (pattern[0] == 0).all()
        assert (pattern[1] != 0).any()


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_ready_made_what_ifs_are_listed_set_and_taken_back(lang):
    async with walk_app(lang=lang).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        named = words("whatif", lang)
        ready = whatifs(walk.view.experiment.model.config, 0, 0)
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhatIfScreen))
        for one in ready:
            assert preset(named, one) in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: walk.view.experiment.forced == ready[0].forces)
        await pilot.press("f", "delete")
        await until(pilot, lambda: walk.view.experiment.forced == ())
        commands = {command.title for command in pilot.app.get_system_commands(walk)}
        assert {preset(named, one) for one in ready} <= commands


async def test_the_list_takes_back_one_of_several_and_nothing_that_is_not_set():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        first, second = Force(CELL, 0.5), Force(Part("mask"), 0.0)
        walk.set_forced((first, second))
        await pilot.press("f", "x")
        await until(pilot, lambda: walk.view.experiment.forced == (second,))
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, WhatIfScreen))
        pilot.app.screen.query_one(OptionList).highlighted = 4
        await pilot.press("x")
        assert isinstance(pilot.app.screen, WhatIfScreen)
        assert walk.view.experiment.forced == (second,)


async def test_changes_go_along_to_another_sentence_where_they_fit():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        far, everywhere = Force(CELL, 0.5), Force(Part("mask"), 0.0)
        walk.set_forced((far, everywhere))
        text = walk.view.experiment.text
        walk.read("el gato")  # as it is for a moment while one types
        assert walk.view.experiment.forced == (everywhere,)
        walk.read(text)
        assert walk.view.experiment.forced == (far, everywhere)
        assert len(pilot.app._notifications) == 0
        walk.read("el gato")
        walk.action_leave()
        await until(pilot, lambda: len(pilot.app._notifications) == 1)
        walk.read(text)
        assert walk.view.experiment.forced == (everywhere,)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_blame_colours_what_the_result_hangs_on(lang):
    async with walk_app(lang=lang).run_test(size=(120, 40)) as pilot:
        walk = await at_a_cell(pilot)
        sheet = walk.pane.matrix.sheet
        await pilot.press("b")
        assert walk.view.blame == "logit"
        assert walk.view.target_word in shown(pilot)
        hangs = walk.view.gradient
        assert hangs.shape == walk.view.exhibit.values.shape
        assert not np.array_equal(walk.pane.matrix.sheet.inks, sheet.inks)
        np.testing.assert_array_equal(walk.pane.matrix.sheet.values, sheet.values)
        await pilot.press("b")
        assert walk.view.blame == "loss"
        assert walk.view.target.kind == "loss"
        walk.go_to("ids")
        assert words("whatif", lang)("blame.reading_none") in walk.view.reading
        await pilot.press("b")
        assert walk.view.blame == ""


async def test_what_a_number_was_is_told_beside_what_it_is():
    async with walk_app().run_test(size=(120, 40)) as pilot:
        walk = await at_a_cell(pilot)
        walk.set_forced((Force(Part("blocks.0.attn.z"), 0.0),))
        walk.go_to("probs")
        await pilot.pause()
        was = walk.view.experiment.baseline["probs"].value
        (now, before), *_ = zip(walk.view.exhibit.values[:, 0], walk.view.before[:, 0], strict=True)
        assert now != before
        assert before in was
        said = (
            walk.view.words("exhibit.was", now=1, before=2).split("1")[1].split("2")[0].strip(" ,")
        )
        assert said in shown(pilot)


@pytest.mark.parametrize("kind", ["text", "csv", "numpy"])
async def test_a_table_is_copied_exactly(kind):
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        walk.go_to("blocks.0.masked")
        await pilot.press("y")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
        await pilot.press(*["down"] * ["text", "csv", "numpy"].index(kind), "enter")
        await until(pilot, lambda: pilot.app.clipboard != "")
        text, values = pilot.app.clipboard, walk.view.exhibit.values
        if kind == "numpy":
            found = {}
            exec(text, found)
            read = found["values"]
        else:
            rows = [line.split("\t" if kind == "text" else ",") for line in text.splitlines()[1:]]
            read = np.array([[float(x) for x in row[1:]] for row in rows])
        np.testing.assert_array_equal(read, values)


@pytest.mark.parametrize("kind", ["svg", "numpy", "html"])
async def test_a_run_is_saved_where_one_says_and_never_over_a_file(kind, tmp_path):
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        path = tmp_path / "run"

        async def save():
            await pilot.press("s")
            await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
            await pilot.press(*["down"] * list(FILES).index(kind))
            pilot.app.screen.query_one(Input).value = str(path)
            pilot.app.screen.query_one(Input).focus()
            await pilot.press("enter")

        await save()
        await until(pilot, lambda: path.exists())
        saved = path.read_text(encoding="utf-8")
        assert walk.view.experiment.text.split()[1] in saved
        await until(pilot, lambda: len(pilot.app._notifications) == 1)
        for bad in (path, tmp_path / "no" / "such"):
            path = bad
            await save()
            trouble = pilot.app.screen.query_one("#dialog-trouble")
            await until(pilot, lambda at=trouble: str(at.render()).strip() != "")
            assert pilot.app.screen.query_one(Input).value == str(bad)  # nothing typed is lost
            await pilot.press("escape")
        assert [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()] == [saved]


async def test_several_changes_are_counted_and_ready_made_ones_named():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        ready = whatifs(walk.view.experiment.model.config, 0, 0)
        walk.set_forced((Force(CELL, 0.5), *ready[1].forces))
        await pilot.pause()
        named = words("whatif", "es")
        assert named("whatif.line_some", n=2) in shown(pilot)
        assert preset(named, ready[1]) in shown(pilot)


async def test_what_would_have_won_stays_in_view():
    async with walk_app(model=load(shipped()["mini-es"])).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        winner = walk.view.experiment.baseline["probs"].value[-1].argmax()
        walk.set_forced((Force(Part("blocks.0.attn.z"), 0.0), Force(Part("pos_embed"), 0.0)))
        for stage in ("logits", "probs", "choice"):
            walk.go_to(stage)
            shown_ids = [walk.view.exhibit.ref(i, 0).index[1] for i in range(5)]
            rows = range(len(walk.view.exhibit.rows))
            assert winner in [walk.view.exhibit.ref(i, 0).index[1] for i in rows]
            assert len(set(shown_ids)) == 5


async def test_undo_goes_back_as_far_as_the_sentence_allows():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        text = walk.view.experiment.text
        far, everywhere = Force(CELL, 0.5), Force(Part("mask"), 0.0)
        walk.force_more((everywhere,))
        walk.force_more((far,))
        await pilot.press("r")
        walk.read("el gato")
        walk.action_leave()
        await pilot.press("u")  # both were wished for; one has no place here
        assert walk.view.experiment.forced == (everywhere,)
        await pilot.press("u")
        assert walk.view.experiment.forced == (everywhere,)
        await pilot.press("u")
        assert walk.view.experiment.forced == ()
        await pilot.press("U", "U")
        walk.read(text)
        assert walk.view.experiment.forced == (everywhere, far)


async def test_what_a_sentence_gives_up_can_be_had_back():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        text, far = walk.view.experiment.text, Force(CELL, 0.5)
        walk.force_more((far,))
        walk.force_more((far,))  # nothing new: no step of the history
        walk.read("el gato")
        walk.settle()
        walk.read(text)
        assert walk.view.experiment.forced == ()
        await pilot.press("u")
        assert walk.view.experiment.forced == (far,)
        await pilot.press("u")
        assert walk.view.experiment.forced == ()


async def test_comparing_keeps_what_was_taken_from_the_other_run():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        for _ in range(2):
            await pilot.press("escape", "c")
            await until(pilot, lambda: isinstance(pilot.app.screen, CompareScreen))
            await pilot.press("right", "escape")
            await until(pilot, lambda: pilot.app.screen is walk)
            assert walk.view.stage.id == "blocks.0.z"
            walk.go_to("blocks.0.pattern")
            other = walk.view.experiment.other
            taken = Force.parse("blocks.0.attn.z[*,0,*]=other")
            walk.force_more((taken,))
            assert walk.view.experiment.forced == (taken,)
            np.testing.assert_array_equal(
                walk.view.experiment.trace["blocks.0.attn.z"].value[:, 0],
                other.trace["blocks.0.attn.z"].value[:, 0],
            )


async def test_a_token_set_by_hand_is_shown_as_what_it_is():
    async with walk_app().run_test(size=(120, 40)) as pilot:
        walk = await walk_of(pilot)
        model = walk.view.experiment.model
        (pez,) = model.tokenizer.encode("pescado")
        walk.force_more((Force(Part("tokens", (2,)), float(pez)),))
        walk.go_to("ids")
        await pilot.pause()
        assert f"{pez}*" in shown(pilot)
        assert "pescado" in shown(pilot)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_where_a_change_holds_everything_up_that_is_said(lang):
    async with walk_app(lang=lang).run_test(size=(120, 40)) as pilot:
        walk = await at_a_cell(pilot)
        walk.force_more((Force.parse("logits=logits*0.5"),))
        await pilot.press("b")
        assert words("whatif", lang)("blame.reading_blocked") in walk.view.reading


async def test_a_line_to_share_brings_the_run_back():
    async with walk_app(model=load(shipped()["mini-es"])).run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        walk.set_forced((Force(CELL, 0.5),))
        await pilot.press("y", "end", "enter")
        await until(pilot, lambda: pilot.app.clipboard != "")
        again = open_shared(from_line(pilot.app.clipboard))
        assert again.forced == walk.view.experiment.forced
        assert again.text == walk.view.experiment.text
        assert "\n" not in pilot.app.clipboard


async def test_a_candidate_set_by_hand_is_marked_and_stays_in_view():
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await at_a_cell(pilot)
        walk.go_to("logits")
        ref = walk.view.exhibit.ref(1, 0)
        walk.force_more((Force(Part.of(ref), -50.0),))
        await pilot.pause()
        rows = range(len(walk.view.exhibit.rows))
        assert ref in [walk.view.exhibit.ref(row, 0) for row in rows]
        texts = walk.pane.bars._texts
        assert sum("*" in text for text in texts) == 1
        was = walk.view.words("exhibit.was", now="#", before="").strip("# ,")
        assert sum(was in text for text in texts) == 1  # nothing else changed
