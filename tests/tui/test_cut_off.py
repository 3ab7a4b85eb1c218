"""What does not fit says so: the sentence, a name, a line, a text of several lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content
from textual.widgets import Static

from engine.experiment import Experiment
from lessons.labels import Marks
from tests.tui.walk_helper import random_model, shown, until, walk_app, walk_of
from tui.renderables.chips import Chip, Fit, lay_out
from tui.renderables.shorten import shortened
from tui.screens.walk_words import MOST_WORDS, as_typed, with_choice
from tui.widgets.readout import Readout

LONG = "El gato se subió al árbol porque tenía miedo del perro que está en la casa con la niña"


async def test_a_long_sentence_shows_its_beginning_unless_one_types() -> None:
    async with walk_app(LONG).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)

        def first_line() -> str:
            return shown(pilot).splitlines()[0]

        assert "› El gato se" in first_line()
        assert "…" in first_line()
        await pilot.press("i", "end")
        await until(pilot, lambda: "la niña" in first_line())
        assert "El gato se" not in first_line()
        await pilot.press("space", "m", "enter")
        await until(pilot, lambda: "› El gato se" in first_line())
        assert walk.view.experiment.text == f"{LONG} m"
        await pilot.press("g")
        await until(pilot, lambda: walk.view.experiment.text != f"{LONG} m")
        assert "› El gato se" in first_line()


async def test_a_click_into_a_long_sentence_falls_where_one_sees_it() -> None:
    async with walk_app(LONG).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        await pilot.press("i", "end", "escape")
        await pilot.click(walk.band.box, offset=(LONG.index("gato"), 0))
        await until(pilot, lambda: walk.focused is walk.band.box)
        assert walk.band.box.cursor_position == LONG.index("gato")


async def test_a_long_model_name_and_long_prose_end_in_an_ellipsis() -> None:
    model = replace(random_model(), name="a-model-with-a-name-of-many-words")
    async with walk_app(model=model).run_test(size=(80, 24)) as pilot:
        walk = await walk_of(pilot)
        assert "a-model-with-a-name" in shown(pilot)
        assert shown(pilot).splitlines()[0].rstrip().endswith("…")
        walk.about.show("title " * 30, "what " * 200, "", "")
        await pilot.pause()
        title, prose = (str(walk.query_one(name, Static).visual) for name in ("#title", "#prose"))
        assert prose.endswith("…")
        assert "title" in title
        assert any(line.rstrip().endswith("…") for line in shown(pilot).splitlines()[5:6])


async def test_a_long_reading_has_as_many_lines_as_there_are() -> None:
    async with walk_app().run_test(size=(60, 20)) as pilot:
        walk = await walk_of(pilot)
        readout = walk.query_one(Readout)
        readout.show("word " * 24, "aside")
        await until(pilot, lambda: "aside" in shown(pilot))
        assert str(readout.visual).endswith("…")
        await pilot.resize_terminal(200, 60)
        await until(pilot, lambda: shown(pilot).count("word") == 24)
        assert "aside" in shown(pilot)
        assert "…" not in str(readout.visual)


@given(st.text("aé 猫\n", max_size=200), st.integers(2, 30), st.integers(1, 6))
def test_a_text_takes_no_more_than_its_lines(text: str, width: int, lines: int) -> None:
    content = Content(text)
    short = shortened(content, width, lines)
    fits = content.get_height({}, width) <= lines
    assert short.get_height({}, width) <= lines
    assert (short == content) is fits
    assert fits or short.plain.endswith("…")


@pytest.mark.parametrize("fit", ["window", "drop", "right"])
@given(
    names=st.lists(st.text("abc", min_size=1, max_size=40), min_size=1), width=st.integers(8, 60)
)
def test_a_line_of_chips_is_never_wider_than_its_room(
    fit: Fit, names: list[str], width: int
) -> None:
    chips = [Chip(name, name, rank=i, look="current" if i == 0 else "quiet") for i, name in
             enumerate(names)]  # fmt: skip
    text = "".join(piece.text for piece in lay_out(chips, width, fit))
    assert cell_len(text) == width
    assert names[0] in text or "…" in text


def test_words_that_are_not_drawn_are_hinted_at() -> None:
    many = Experiment(random_model(), "gato " * (MOST_WORDS + 5))
    assert as_typed(many)[-1].text == "…"
    exactly = Experiment(random_model(), " ".join(["gato"] * MOST_WORDS))
    assert as_typed(exactly)[-1].text == "gato"
    labels = ["gato"] * len(many.pieces)
    assert with_choice(many, labels, Marks().end)[0].text == "…"
    few = Experiment(random_model(), "gato")
    assert with_choice(few, ["", "gato"], "come")[0].text == "gato"
