"""The sentence box: typing recomputes, letters are letters, and nothing typed breaks it."""

from __future__ import annotations

import numpy as np
from textual import events
from textual.widgets import Static

from engine.store import Model
from tests.tui.walk_helper import TEXT, random_model, shown, until, walk_app, walk_of
from tui.widgets.sentence import one_line

ODD = {
    "empty": "",
    "spaces": "     ",
    "newlines": "el gato\ncome\r\n\tpescado",
    "control": "el \x00gato\x1b[31m come\x07\x9b\x7f",
    "emoji": "el gato 👩‍👩‍👧‍👦 come 🏳️‍🌈 🇪🇸 👍🏽",
    "rtl": "القط يأكل السمك el gato בית",
    "accents": "e" + "\u0301" * 40 + "l ga\u0303to",
    "lonely": "\u0301 \ud800 \u200b \u202e",
    "markup": "[bold red]el[/] [@click=app.quit]gato[/] {word} $accent",
    "wide": "猫が魚を食べる",
    "one word": "supercalifragilistico" * 30,
    "start token": "<|endoftext|>",
}


async def test_odd_texts_walk_every_kind_of_station() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        for name, text in ODD.items():
            walk.action_edit()
            walk.post_message(events.Paste("x"))
            await pilot.pause()
            walk.band.box.value = ""
            walk.band.box.post_message(events.Paste(text))
            read = one_line(text)
            await until(pilot, lambda read=read: walk.view.experiment.text == read)  # type: ignore[misc]
            for stage in walk.view.line:
                if stage.block in (None, 1):
                    walk.go_to(stage.id)
                    screen = shown(pilot)
                    assert not any(c < " " for c in screen if c != "\n"), (name, stage.id)
            walk.action_generate()
            await pilot.pause()
            assert walk.is_running, name


async def test_ten_thousand_words() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.action_edit()
        walk.band.box.value = ""
        walk.band.box.post_message(events.Paste("el gato come pescado " * 2500))
        await until(pilot, lambda: len(walk.view.experiment.text) > 40_000)
        assert len(walk.view.experiment.pieces) == 64
        cut = str(walk.query_one("#cut", Static).visual)
        assert "«come»" in cut, "after 63 words of four the last one read is the third"
        assert "64" in cut
        walk.action_generate()
        assert len(walk.view.experiment.text) > 40_000
        await pilot.press("end", "x")
        walk.go_to("text")
        walk.read("el gato")
        assert not walk.query_one("#cut").display


async def test_typing_recomputes_and_letters_are_only_letters() -> None:
    app = walk_app("")
    async with app.run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        before = walk.query_one("#guess").chips  # type: ignore[attr-defined]
        await pilot.press("i")
        letters = "qgmlTv?hi[]{}-+"
        await pilot.press(*letters, "space", "left", "right", "home", "end")
        assert walk.band.box.value == letters + " "
        await until(pilot, lambda: walk.view.experiment.text == letters + " ")
        assert walk.query_one("#guess").chips != before  # type: ignore[attr-defined]
        assert (walk.view.index, app.lang, app.screen) == (0, "es", walk)
        await pilot.press("escape", "right")
        assert walk.view.index == 1
        await pilot.press("i", "end", "a", "enter", "right")
        assert walk.view.experiment.text == letters + " a"
        assert walk.view.index == 2


async def test_generating_adds_the_likeliest_word() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        probs = walk.view.experiment.trace["probs"].value[-1].copy()
        tokenizer = walk.view.experiment.model.tokenizer
        best = int(np.argmax(probs))
        await pilot.press("g")
        text = walk.view.experiment.text
        assert text == tokenizer.decode([*tokenizer.encode(TEXT), best])
        assert walk.band.box.value == text


def certain_model(word: str | None) -> Model:
    """A model that always predicts one word, or the end of the text."""
    model = random_model()
    config = model.config
    token = model.tokenizer.encode(word)[-1] if word else model.tokenizer.start_id
    parameters = {name: np.zeros_like(value) for name, value in model.parameters.items()}
    last = f"blocks.{config.n_layers - 1}.ln2.b"
    parameters[last] = np.ones(config.d_model)
    parameters["W_E"][token] = 1.0
    return Model("certain", None, config, parameters, model.tokenizer)


async def test_the_text_ends_and_the_text_is_full() -> None:
    async with walk_app("El gato", model=certain_model(None)).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        walk.go_to("choice")
        await pilot.press("g")
        assert walk.view.experiment.text == "El gato"
        assert walk.view.words("exhibit.text_ends") in shown(pilot)
        walk.use(certain_model("gato"))
        await pilot.press("g")
        assert walk.view.experiment.text == "El gato gato"
        walk.read("gato " * 62 + "gato")
        await pilot.press("g")
        assert len(walk.view.experiment.pieces) == 64
        assert walk.view.experiment.text == "gato " * 62 + "gato"
        await until(pilot, lambda: len(pilot.app._notifications) == 2)


async def test_the_candidate_under_the_cursor_is_the_one_that_joins() -> None:
    async with walk_app().run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("end", "tab", "down", "down")
        await until(pilot, lambda: walk.view.cell[0] == 2)
        chosen = walk.view.exhibit.rows[2]
        before = walk.view.experiment.text
        await pilot.press("g")
        await until(pilot, lambda: walk.view.experiment.text != before)
        assert walk.view.experiment.text.endswith(chosen)
