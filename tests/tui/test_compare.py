"""Two sentences at once: every station, the paired cursor, the turns, the difference, typing."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from itertools import product

import numpy as np
import pytest
from textual.widgets import OptionList, Static

from engine.experiment import Experiment
from engine.parts import Part
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from engine.whatif import Force
from lessons.compare import FIRST, SECOND, Comparison
from lessons.stages import stages
from tests.tui.walk_helper import all_models, random_model, shown, tap, until, walk_app, walk_of
from tui.examples import example
from tui.messages import words
from tui.screens.compare import CompareScreen
from tui.screens.compare_help import CompareHelp
from tui.screens.compare_keys import KEYS, PAIRS, bar_chips
from tui.screens.compare_moments import MomentsScreen
from tui.screens.compare_start import second_of, swapped
from tui.screens.compare_words import percent, size_mark
from tui.screens.models import ModelsScreen
from tui.screens.walk_state import Place
from tui.widgets.chips import Chips
from tui.widgets.matrix import MatrixView

CAT, FISH = "el gato come el pescado", "el pescado come el gato"
STATIONS = ("pieces", "blocks.0.pattern", "probs", "choice")
SIZES = [(80, 24), (120, 40), (200, 60), (60, 20), (80, 50), (140, 22)]


@asynccontextmanager
async def comparing(
    first: Experiment | str = CAT,
    second: Experiment | str | None = FISH,
    stage: str = "text",
    size: tuple[int, int] = (80, 24),
    lang: str = "es",
):
    """A running comparison: the pilot, the screen, and a list for its answer."""
    one, two = (
        Experiment(random_model(), side) if isinstance(side, str) else side
        for side in (first, second)
    )
    async with walk_app(lang=lang).run_test(size=size, notifications=True) as pilot:
        await walk_of(pilot)
        answer: list[tuple[Experiment, Experiment]] = []
        screen = CompareScreen(one, Place(stage=stage), lang, two)
        pilot.app.push_screen(screen, answer.append)
        await until(pilot, lambda: pilot.app.screen is screen and screen.is_mounted)
        await pilot.pause()
        yield pilot, screen, answer


def runs(name):
    """Pairs of runs that can be compared more or less."""
    mini, paper = random_model(), random_model("p", d_model=64, n_heads=8, n_layers=3, d_mlp=96)
    bare = Experiment(mini, CAT)
    models = all_models()
    return {
        "sentences": (bare, Experiment(mini, FISH)),
        "longer": (bare, Experiment(mini, "hoy come el gato 猫 un pescado muy muy grande")),
        "empty": (bare, Experiment(mini, "")),
        "larger": (bare, Experiment(paper, CAT)),
        "smaller": (Experiment(paper, CAT), bare),
        "other kind": (bare, Experiment(models["like-gpt2"], CAT)),
        "other way": (Experiment(models["like-gpt2"], CAT), bare),
        "less": (bare, Experiment(models["no-residual"], CAT)),
        "more": (Experiment(models["no-norm"], CAT), bare),
        "two ways": (Experiment(models["bidirectional"], CAT), bare),
        "languages": (Experiment(models["mini-es"], CAT), Experiment(models["mini-en"], CAT)),
        "what if": (bare.force(Force(Part("mask"), 0.0)), bare),
        "giant": (bare, bare.force(Force(Part("blocks.0.resid_mid", (2, 0)), 1e200))),
    }[name]


NAMES = ("sentences", "longer", "empty", "larger", "smaller", "other kind", "other way",
         "less", "more", "two ways", "languages", "what if", "giant")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
async def test_every_station_of_both_and_of_the_difference(name: str) -> None:
    first, second = runs(name)
    async with comparing(first, second) as (pilot, screen, _):
        line = screen.view.line
        for key in ("right", "left"):
            order = line[:-1] if key == "right" else line[:0:-1]
            for stage in order:
                view = screen.view
                assert view.stage is stage
                sign = size_mark(view.comparison.size(stage), stage)
                assert sign in {chip.tail for chip in screen.query_one("#stations", Chips).chips}
                await tap(pilot.app, key, lambda stage=stage: screen.view.stage is not stage)
            screen.action_subtract()
            assert screen.view.subtracted is (key == "right")
        screen.action_turn()
        assert (screen.view.side, screen.view.subtracted) == (SECOND, False)
        for stage in line[1:]:
            await tap(pilot.app, "right", lambda stage=stage: screen.view.stage is stage)
        assert screen.is_running


async def test_the_line_says_how_far_apart_they_are_and_where_they_part() -> None:
    async with comparing(stage="embed") as (pilot, screen, _):
        said = screen.view.words
        assert said("where.part", stage="posición") in shown(pilot)
        assert said("here.equal") in shown(pilot)
        await pilot.press("right")
        size = screen.view.comparison.size(screen.view.stage)
        assert size
        assert percent(screen.view, size) in shown(pilot)
        chips = {chip.id: chip for chip in screen.query_one("#stations", Chips).chips}
        assert chips["embed"].tail == "="
        assert chips["position"].tail in "▁▂▃▄▅▆▇█"
        assert not chips["text"].tail


async def test_the_inner_steps_are_stations_too() -> None:
    async with comparing(stage="blocks.0.ln1", size=(120, 40)) as (pilot, screen, _):
        closed = len(screen.view.line)
        await pilot.press("o")
        assert screen.view.stage.id == "blocks.0.ln1.centered"
        assert screen.view.size
        assert len(screen.view.line) > closed
        await pilot.press("x", "D", "o")
        assert screen.view.stage.id == "blocks.0.ln1"


async def test_the_same_run_twice_differs_nowhere() -> None:
    async with comparing(CAT, CAT, "probs") as (pilot, screen, _):
        assert screen.view.words("where.same") in shown(pilot)
        tails = {chip.tail for chip in screen.query_one("#groups", Chips).chips}
        assert tails == {"="}


async def test_the_cursor_of_the_other_side_is_on_the_paired_cell() -> None:
    async with comparing(stage="blocks.0.pattern", size=(120, 40)) as (pilot, screen, _):
        matrices = [column.pane.matrix for column in screen.columns[:2]]
        await pilot.press("tab", "right", "right", "up", "up", "up")
        assert matrices[FIRST].cursor == (2, 2)  # gato looks at gato
        assert matrices[SECOND].cursor == (5, 5)
        first, second = screen.view.refs
        assert first.index == (0, 2, 2)
        assert second.index == (0, 5, 5)
        a, b = (
            side.trace.value(ref)
            for side, ref in zip(screen.view.comparison.sides, (first, second), strict=True)
        )
        line = next(x for x in shown(pilot).splitlines() if "diferencia" in x and "primera" in x)
        numbers = [float(x.replace("−", "-")) for x in re.findall(r"[−+]?\d+\.\d+", line)]
        assert numbers == pytest.approx([a, b, b - a], abs=0.006)


async def test_turns_where_there_is_no_room_for_both() -> None:
    async with comparing(stage="blocks.0.pattern") as (pilot, screen, _):
        said = screen.view.words
        assert f"1 {said('side.first')}" in shown(pilot)
        assert f"2 {said('side.second')}" not in shown(pilot)
        await pilot.press("tab", "right", "right", "x")
        await until(pilot, lambda: f"2 {said('side.second')}" in shown(pilot))
        assert screen.view.side == SECOND
        assert screen.view.active.cell == (2, 5)  # from pescado looks at gato, paired
        assert screen.focused is screen.columns[SECOND].pane.matrix
        await pilot.press("x")
        assert screen.view.active.cell == (5, 2)


@pytest.mark.parametrize("size", [(120, 40), (80, 50)])
async def test_both_where_there_is_room(size: tuple[int, int]) -> None:
    async with comparing(stage="embed", size=size) as (pilot, screen, _):
        for side, name in enumerate(("side.first", "side.second")):
            assert f"{side + 1} {screen.view.words(name)}" in shown(pilot)
        await pilot.click(screen.columns[SECOND].pane.matrix, offset=(14, 3))
        await until(pilot, lambda: screen.view.side == SECOND)
        assert screen.focused is screen.columns[SECOND].pane.matrix


async def test_the_difference_is_the_second_minus_the_first() -> None:
    async with comparing(stage="blocks.1.pattern") as (pilot, screen, _):
        await pilot.press("D", "tab", "right")
        table = screen.columns[2].pane.matrix
        assert screen.focused is table
        assert isinstance(table, MatrixView)
        first, second = (
            side.trace["blocks.1.attn.pattern"].value[0] for side in screen.view.comparison.sides
        )
        order = [j for _, j in screen.view.comparison.pairs]
        expected = second[np.ix_(order, order)] - first
        assert np.allclose(table.sheet.values, expected, atol=1e-9)
        assert screen.view.refs[FIRST].index == (0, 5, 1)
        assert screen.view.words("side.difference") in shown(pilot)
        await pilot.press("up", "D")
        assert screen.view.active.cell == (4, 1)
        assert screen.focused is screen.columns[FIRST].pane.matrix


async def test_the_difference_of_tokens_and_of_candidates() -> None:
    async with comparing(CAT, "el perro come", "ids") as (pilot, screen, _):
        await pilot.press("D")
        cells = [(cell.text, cell.below) for cell in screen.columns[2].pane.words.cells]
        assert any(one.startswith("gato") and two.startswith("perro") for one, two in cells)
        assert any(one.startswith("pescado") and two == "—" for one, two in cells)
        await pilot.press("end")
        bars = screen.columns[2].pane.bars
        await pilot.press("tab", "down")
        await until(pilot, lambda: bars.cursor == 1)
        candidate = bars.labels[1]
        assert candidate in shown(pilot).split("tras")[0].splitlines()[-1]


async def test_candidates_are_paired_by_word() -> None:
    async with comparing(stage="probs", size=(120, 40)) as (pilot, screen, _):
        await pilot.press("tab", "down", "down", "down")
        one, two = (column.pane.bars for column in screen.columns[:2])
        await until(pilot, lambda: one.cursor == 3)
        wanted = one.labels[3]
        if screen.view.listed:
            assert two.labels[two.cursor] == wanted
        assert screen.view.refs[SECOND].index[-1] == screen.view.refs[FIRST].index[-1]


# Typing


async def test_both_sentences_are_typed_and_letters_are_letters() -> None:
    async with comparing(CAT, FISH, "embed") as (pilot, screen, _):
        sides = lambda: [side.text for side in screen.view.comparison.sides]  # noqa: E731
        await pilot.press("I", *"xDmMkwc?", "space")
        await until(pilot, lambda: sides() == [CAT, "xDmMkwc? "])
        await pilot.press("tab", "end", *" iI")
        await until(pilot, lambda: sides()[FIRST] == f"{CAT} iI")
        await pilot.press("tab", "end", "backspace", "escape", "right")
        assert sides() == [f"{CAT} iI", "xDmMkwc?"]
        assert screen.view.stage.id == "position"
        assert screen.is_current


async def test_generating_adds_to_the_side_that_has_the_turn() -> None:
    async with comparing() as (pilot, screen, _):
        await pilot.press("x", "g")
        first, second = screen.view.comparison.sides
        assert first.text == CAT
        assert second.text.startswith(FISH)
        assert len(second.pieces) == 7
        assert screen.bands[SECOND].box.value == second.text
        guess = screen.bands[FIRST].guess
        await pilot.click(guess, offset=(guess.column_of("next.1") + 4, 0))
        await until(pilot, lambda: len(screen.view.comparison.first.pieces) == 7)


async def test_changes_that_do_not_fit_are_dropped_and_told() -> None:
    bare = Experiment(random_model(), CAT)
    kept, lost = Force(Part("mask"), 0.0), Force(Part("blocks.0.resid_mid", (5, 0)), 1.0)
    async with comparing(bare.force(kept, lost), bare) as (pilot, screen, _):
        screen.read(FIRST, "el gato")  # as it is for a moment while one types
        assert screen.view.comparison.first.forced == (kept,)
        screen.read(FIRST, CAT)
        assert screen.view.comparison.first.forced == (kept, lost)
        screen.read(FIRST, "el gato")
        screen.action_leave()
        await until(pilot, lambda: any(str(lost) in n.message for n in pilot.app._notifications))


async def test_what_cannot_be_computed_changes_nothing() -> None:
    async with comparing() as (pilot, screen, _):
        before = screen.view
        bad = before.comparison.first.force(Force(Part("mask", (9, 99, 99)), 0.0))
        assert not screen._set(FIRST, bad)
        assert screen.view is before
        await until(pilot, lambda: len(pilot.app._notifications) == 1)


# Models, moments, what-ifs


async def test_another_model_for_either_side() -> None:
    other = random_model("other", d_model=64, n_heads=8, n_layers=3)
    async with comparing(stage="blocks.1.pattern") as (pilot, screen, _):
        await pilot.press("M")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))
        await pilot.press("escape")
        screen.use(SECOND, other)
        await pilot.pause()
        assert [side.model.name for side in screen.view.comparison.sides] == ["random", "other"]
        assert [side.text for side in screen.view.comparison.sides] == [CAT, FISH]
        assert screen.view.words("here.sizes") in shown(pilot)
        screen.use(FIRST, other)
        screen.use(SECOND, random_model())
        screen.go(Place(stage="blocks.2.pattern"))
        await pilot.pause()
        assert screen.view.words("here.no_stage") in shown(pilot)
        await pilot.press("x")
        await until(pilot, lambda: screen.view.words("exhibit.no_stage") in shown(pilot))
        await pilot.press("tab")
        assert screen.focused is None


async def test_a_moment_of_the_training() -> None:
    model = load(shipped()["mini-es"])
    run = Experiment(model, "El gato come")
    async with comparing(run, run, "lookup") as (pilot, screen, _):
        await pilot.press("k")
        await until(pilot, lambda: isinstance(pilot.app.screen, MomentsScreen))
        options = pilot.app.screen.query_one(OptionList)
        steps = checkpoint_steps(model.folder)
        assert options.option_count == len(steps) + 1
        await pilot.press("end", "enter")
        await until(pilot, lambda: screen.view.comparison.second.model.step == steps[0])
        await pilot.pause()
        assert screen.view.words("model.step", name=model.name, step=steps[0]) in shown(pilot)
        assert screen.view.comparison.first_difference.id == "lookup"
        early = load_checkpoint(model, steps[0])
        expected = Comparison(run, Experiment(early, run.text)).size(screen.view.stage)
        assert screen.view.size == expected


async def test_no_moments_and_no_changes_are_said() -> None:
    async with comparing() as (pilot, screen, _):
        await pilot.press("k", "w")
        await until(pilot, lambda: len(pilot.app._notifications) == 2)
        assert "k" not in {chip.sign for chip in screen.query_one("#keys", Chips).chips}
        assert screen.is_current


async def test_the_first_without_its_changes() -> None:
    forced = Experiment(random_model(), CAT).force(Force(Part("blocks.1.attn.z"), 0.0))
    async with comparing(forced, FISH, "blocks.1.z") as (pilot, screen, _):
        assert screen.view.words("model.change", model="random") in shown(pilot)
        await pilot.press("w")
        second = screen.view.comparison.second
        assert (second.text, second.forced) == (CAT, ())
        assert screen.bands[SECOND].box.value == CAT
        assert screen.view.comparison.first_difference.id == "blocks.1.z"


# Coming and going


async def test_it_answers_with_both_runs() -> None:
    async with comparing(stage="embed") as (pilot, screen, answer):
        await pilot.press("tab", "escape")
        assert screen.is_current
        await pilot.press("escape")
        await until(pilot, lambda: bool(answer))
        assert [side.text for side in answer[0]] == [CAT, FISH]
    async with comparing() as (pilot, screen, answer):
        await pilot.press("I", *"pez", "enter", "c")
        await until(pilot, lambda: bool(answer))
        assert answer[0][SECOND].text == "pez"


async def test_enter_opens_the_arithmetic_of_the_side_that_has_the_turn() -> None:
    async with comparing(stage="blocks.0.z") as (pilot, screen, _):
        await pilot.press("x", "tab", "enter")
        await until(pilot, lambda: pilot.app.screen is not screen)
        panel = pilot.app.screen
        assert panel.trail.here.ref == screen.view.refs[SECOND]
        await pilot.press("escape")
        await until(pilot, lambda: screen.is_current)


async def test_the_help_and_the_other_language() -> None:
    async with comparing() as (pilot, screen, _):
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, CompareHelp))
        text = shown(pilot)
        for action in KEYS:
            assert action.group == "" or words("compare", "es")(f"help.{action.group}") in text
        await pilot.press("escape")
        await until(pilot, lambda: screen.is_current)
        screen.speak("en")
        await pilot.pause()
        assert words("compare", "en")("side.first") in shown(pilot)


def test_the_second_sentence_to_begin_with() -> None:
    model = random_model()
    first = Experiment(model, "El gato come el pescado")
    assert second_of(first, "es").text == "El pescado come el gato"
    forced = first.force(Force(Part("mask"), 0.0))
    assert (second_of(forced, "es").text, second_of(forced, "es").forced) == (first.text, ())
    for lang in ("es", "en"):
        for text in (
            example("", lang),
            "",
            "el",
            "gato gato",
            words("compare", lang)("start.example"),
        ):
            assert second_of(Experiment(model, text), lang).text not in ("", text)
    assert swapped("Gato, ven con el perro.", frozenset({"el", "con"})) == (
        "Perro, ven con el gato."
    )


# Room


@pytest.mark.parametrize("lang", ["es", "en"])
async def test_nothing_is_cut_off(lang: str) -> None:
    parts = ("#band-0", "#band-1", "#stations", "#summary", "#readout", "#footer")
    async with comparing(size=SIZES[0], lang=lang) as (pilot, screen, _):
        for size, stage, subtracted in product(SIZES, STATIONS, (False, True)):
            if screen.size != size:
                await pilot.resize_terminal(*size)
            screen.go(Place(stage=stage))
            if screen.view.subtracted is not subtracted:
                screen.action_subtract()
            await pilot.pause()
            assert screen.size == size
            for part in parts:
                region = screen.query_one(part).region
                assert region.area > 0, (part, size)
                assert screen.region.contains_region(region), (part, size)
            for number in screen.shown_columns(screen.view):
                assert screen.columns[number].pane.region.height >= 6
            assert "…" not in str(screen.query_one("#summary", Static).visual)


async def test_resizing_keeps_the_place_and_shows_what_there_is_room_for() -> None:
    async with comparing(stage="blocks.1.pattern") as (pilot, screen, _):
        await pilot.press("up", "tab", "right")
        place = screen.view.place
        for size in [*SIZES, (59, 20), (20, 5), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
            small = size[0] < 60 or size[1] < 20
            assert (screen.view.walk_words("app.too_small")[:12] in shown(pilot)) is small
            assert screen.view.place == place
            if not small:
                both = size[0] >= 110 or size[1] >= 44
                assert screen.columns[SECOND].display is both


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_footer_names_every_key_of_the_comparison(lang: str) -> None:
    said = words("compare", lang)
    chips = bar_chips(said, "both", frozenset({"without"}))
    width = sum(chip.width + chip.gap for chip in chips) - chips[0].gap
    assert width <= 78
    assert {chip.id for chip in chips} >= {"turn", "subtract", "edit_first", "checkpoint", "close"}
    assert all(chip.text or chip.id in PAIRS for chip in chips)


def test_both_languages_say_the_same() -> None:
    spanish, english = (words("compare", lang).sentences for lang in ("es", "en"))
    assert spanish.keys() == english.keys()
    for key, sentence in spanish.items():
        assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"{(\w+)}", english[key]))


def test_marks_of_sizes() -> None:
    line = stages(random_model().config)
    text, pieces = line[:2]
    assert size_mark(None, text) == ""
    assert size_mark(None, pieces) == "?"
    marks = [size_mark(x, pieces) for x in (0.0, 1e-6, 0.2, 0.5, 0.99, 3.0)]
    assert marks[0] == "="
    assert marks[1:] == sorted(marks[1:])
    assert marks[-1] == "█"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_each_screen_keeps_its_own_layout(size):
    def places():
        screen = app.screen
        return {w.id: w.region for w in screen.walk_children() if w.id and w.display}

    app = walk_app()
    async with app.run_test(size=size) as pilot:
        walk = await walk_of(pilot)
        before = places()
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, CompareScreen))
        await pilot.pause()
        regions = places()
        assert regions["readout"].y > regions["line"].y
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is walk)
        await pilot.pause()
        assert places() == before
