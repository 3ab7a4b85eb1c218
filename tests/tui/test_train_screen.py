"""The train screen: choosing, training, a step opened, saving, using, and what can go wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList

from engine.errors import EngineError
from engine.store import load, save, shipped
from tests.tui.walk_helper import random_model, shown, until, walk_app, walk_of
from tui.app import DesdeCero
from tui.commands.models import described
from tui.messages import LANGUAGES, words
from tui.own_models import find_model, own_models
from tui.screens.compare import CompareScreen
from tui.screens.models import ModelsScreen
from tui.screens.train import TrainScreen
from tui.screens.train_choices import Choices, trouble, turned, written
from tui.screens.train_help import TrainHelp
from tui.screens.train_rescue import calmer_rate
from tui.screens.train_step import StepScreen
from tui.screens.train_step_place import Weight, unit_of
from tui.screens.train_told import telling
from tui.screens.trials import TrialsScreen
from tui.screens.trials_draw import told_bet
from tui.screens.walk import WalkScreen

LINES = [
    f"{who} {does} {what}"
    for who in ("el gato", "un perro", "mi tía")
    for does in ("come", "ve")
    for what in ("pan", "sopa", "la luna")
]
TYPED: dict[str, Any] = {
    "source": "typed",
    "lines": "\n".join(LINES),
    "steps": 30,
    "watched": "el gato come",
}


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "desdecero" / "models"


@pytest.fixture(params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value


async def train_of(pilot: Pilot[None], **choices: Any) -> TrainScreen:
    """The train screen, with these choices."""
    app = pilot.app
    assert isinstance(app, DesdeCero)
    await walk_of(pilot)
    app.studio.choices = replace(app.studio.choices, **(TYPED | choices))
    await pilot.press("n")
    await pilot.pause()
    assert isinstance(app.screen, TrainScreen)
    return app.screen


async def finished(pilot: Pilot[None], screen: TrainScreen) -> None:
    await until(pilot, lambda: screen.studio.seen is not None and screen.studio.seen.waits)
    await until(pilot, lambda: "done" in screen.bars() or "failed" in screen.bars())
    screen.draw_training()
    await pilot.pause()


def key_names(screen: TrainScreen) -> set[str]:
    return {chip.id for chip in screen.footer.chips}


async def test_everything_that_can_be_chosen_is_shown_and_told(lang: str) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, source=f"world_{lang}", lines="", steps=None)
        said = words("train", lang)
        written = "46\u00a0496" if lang == "es" else "44,144"  # as each language sets thousands
        assert said("train.n_numbers", n=written) in shown(pilot)
        for field in screen.studio.choices.fields:
            assert screen.field == field
            assert said(f"field.{field}") in shown(pilot)
            about = said(f"about.{field}").split()
            assert " ".join(about[:5]) in " ".join(shown(pilot).split())
            await pilot.press("down")
        assert screen.field == "source"
        await pilot.press("escape")
        assert isinstance(app.screen, WalkScreen)


async def test_values_are_turned_and_typed() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot)
        screen.field = "d_model"
        await pilot.press("right")
        assert screen.studio.choices.d_model == 32
        screen.field = "residual"
        await pilot.press("left")
        assert screen.studio.choices.residual is False
        screen.field = "steps"
        await pilot.press("1", "2", "0", "0", "0", "enter")
        assert screen.studio.choices.steps == 12_000
        screen.field = "rate"
        await pilot.press("0", ",", "5", "enter")
        assert screen.studio.choices.rate == 0.5
        await pilot.press("enter")  # what was typed into leaves nothing over the training
        await until(pilot, lambda: not screen.choosing)
        await pilot.pause()
        assert words("train", "es")("field.d_model") not in shown(pilot)
        await pilot.press("x")
        await until(pilot, lambda: "done" in screen.bars())
        screen.draw_training()
        await pilot.pause()
        assert words("train", "es")("say.stopped", step="").rstrip(" .") in shown(pilot)
        await pilot.press("c")
        assert screen.choosing
        screen.field = "watched"
        await pilot.press("i")
        await until(pilot, lambda: screen.focused is screen.box)
        screen.box.value = "mi tía ve"
        await pilot.press("escape")
        assert screen.studio.choices.watched == "mi tía ve"
        assert app.screen is screen


async def test_text_typed_in_the_app_is_kept() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, lines="")
        await pilot.press("enter")  # nothing to learn from yet: said beside the choice
        assert screen.choosing
        assert screen.field == "lines"
        assert screen.wrong is not None
        await pilot.press("i")
        await until(pilot, lambda: screen.focused is screen.lines)
        await pilot.press("q", "enter", "n")
        screen.lines.insert("\n".join(LINES))
        await pilot.press("escape")
        assert screen.studio.choices.lines.startswith("q\nn")
        assert app.screen is screen


@pytest.mark.parametrize(
    ("choices", "field", "code"),
    [
        ({"d_model": 10, "heads": 4}, "heads", "heads_do_not_share"),
        ({"source": "file", "file": "/nowhere/at/all.txt"}, "file", "missing_file"),
        ({"lines": "one\ntwo"}, "lines", "too_few_lines"),
        ({"source": "more", "sentences": " / "}, "sentences", "no_sentence_yet"),
        ({"source": "more", "model": "gone", "sentences": "a b"}, "model", "unknown_model"),
    ],
)
async def test_what_cannot_be_is_said_beside_the_choice(
    choices: dict[str, Any], field: str, code: str
) -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, **choices)
        before = screen.studio.choices
        await pilot.press("enter")
        await until(pilot, lambda: screen.wrong is not None)
        assert screen.wrong is not None
        assert (screen.wrong[0], screen.wrong[1].code) == (field, code)
        assert screen.choosing
        assert screen.studio.choices == before
        assert screen.studio.live is None


async def test_a_number_that_cannot_be_stays_in_its_box() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot)
        screen.field = "heads"
        await pilot.press("9", "9", "9", "enter")
        assert screen.writing == "heads"
        assert screen.box.value == "999"
        await pilot.press("escape")
        assert screen.studio.choices.heads == 2


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_model_is_trained_and_used(lang: str, size: tuple[int, int]) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=size) as pilot:
        screen = await train_of(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.live is not None)
        await finished(pilot, screen)
        said, page = words("train", lang), shown(pilot)
        for key in ("curve.title", "map.title"):
            assert said(key) in page
        assert said("guess.title", text="el gato come") in page
        assert "30" in page
        assert {"use", "save", "rewind", "choices"} <= key_names(screen)
        assert said("say.next").split(" · ")[0] in " ".join(page.split())
        model = screen.studio.model()
        assert model is not None
        await pilot.press("v")
        compared = app.screen
        assert isinstance(compared, CompareScreen)
        first, second = compared.view.comparison.sides
        live = screen.studio.live
        assert live is not None
        assert (first.text, second.text) == ("el gato come", "el gato come")
        np.testing.assert_array_equal(first.model.parameters["W_E"], live.checkpoints[0]["W_E"])
        np.testing.assert_array_equal(second.model.parameters["W_E"], model.parameters["W_E"])
        assert words("train", lang)("train.random") in shown(pilot)
        await pilot.press("escape")
        assert app.screen is screen
        await pilot.press("o")
        walk = await walk_of(pilot)
        used = walk.view.experiment.model
        np.testing.assert_array_equal(used.parameters["W_E"], model.parameters["W_E"])


async def test_the_model_that_is_kept_is_the_one_that_is_shown() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, steps=2000, rate=0.05, positions="learned")
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.live is not None)
        await finished(pilot, screen)
        live, model = screen.studio.live, screen.studio.model()
        assert live is not None
        assert model is not None
        assert live.seen.best is not None
        assert live.seen.moment is not None
        best = live.seen.best.step
        assert model.training["steps"] == best < live.seen.moment.step
        said, page = words("train", "es"), " ".join(shown(pilot).split())
        assert said("say.kept", step=str(best), loss="").split("(")[0].strip() in page
        (_, share, _), *_ = screen._guesses(model, screen.studio.watched, 1)
        assert " ".join(share.split()) in page
        found = screen.studio.map
        assert found is not None
        rows = model.parameters["W_E"][list(found.words.ids)]
        middle = np.linalg.norm(rows - rows.mean(axis=0))
        assert np.linalg.norm(found.places) <= middle + 1e-6
        last = live.model(live.seen)
        assert last is not None
        (_, other, _), *_ = screen._guesses(last, screen.studio.watched, 1)
        assert share != other


async def test_a_single_step_opens_as_arithmetic(lang: str) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, steps=2000)
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.live is not None)
        await pilot.press("s")
        await until(pilot, lambda: screen.studio.seen.record is not None)  # type: ignore[union-attr]
        await pilot.press("enter")
        step = app.screen
        assert isinstance(step, StepScreen)
        await until(pilot, lambda: step.rows is not None)
        await pilot.pause()
        said = words("train", lang)
        assert said("step.pulls") in shown(pilot)
        assert said("step.g") in shown(pilot)
        first = step.weight
        piece = step.plan.tokenizer.piece(first.index[0]).strip()
        assert piece in screen.studio.watched.split()  # a word of one's own
        assert piece in shown(pilot)
        await pilot.press("space")
        await pilot.pause()
        assert said("step.after") in shown(pilot)
        await pilot.press("left" if first.index[-1] else "right")  # the steepest may be at the edge
        assert step.weight.index != first.index
        await pilot.press("+")
        assert step.weight.name != first.name
        await pilot.press("i")
        await until(pilot, lambda: step.focused is step.box)
        step.box.value = "W_E[0,99]"
        await pilot.press("enter")
        assert step.box.display
        step.box.value = "blocks.1.mlp.W_in[3,5]"
        await pilot.press("enter")
        assert step.weight == Weight("blocks.1.mlp.W_in", (3, 5))
        await pilot.press("i")
        await until(pilot, lambda: step.focused is step.box)
        step.box.value = "gato 7"
        await pilot.press("enter")
        (row,) = step.plan.tokenizer.encode("gato")
        assert step.weight == Weight("W_E", (row, 6))
        assert said("step.number", n=7, total=16) in shown(pilot)
        await pilot.press("question_mark")
        assert isinstance(app.screen, TrainHelp)
        await pilot.press("escape")
        await pilot.press("escape")
        assert app.screen is screen


async def test_rewinding_gives_the_same_numbers() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, steps=8)
        studio = screen.studio
        await pilot.press("enter")
        await until(pilot, lambda: studio.live is not None)
        await finished(pilot, screen)
        first = studio.live
        assert first is not None
        await pilot.press("r")
        again = studio.live
        assert again is not None
        assert again is not first
        await until(pilot, lambda: again.seen.status == "paused")
        await pilot.press("space")
        await until(pilot, lambda: again.seen.status == "over")
        assert again.checkpoints.keys() == first.checkpoints.keys()
        for step, parameters in first.checkpoints.items():
            for name, x in parameters.items():
                np.testing.assert_array_equal(again.checkpoints[step][name], x)


async def test_one_that_diverges_says_why_and_offers_the_usual_rate() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, steps=400, rate=60.0)
        studio, said = screen.studio, words("train", "es")
        await pilot.press("enter")
        await until(pilot, lambda: studio.live is not None)
        await finished(pilot, screen)
        wrong, live, seen = studio.trouble(), studio.live, studio.seen
        assert wrong is not None
        assert live is not None
        assert seen is not None
        assert str(wrong.params["step"]) in shown(pilot)
        assert said("say.overshot", rate="60")[:30] in " ".join(shown(pilot).split())
        # The random numbers it began with are nothing to keep.
        assert seen.best is not None
        assert seen.best.step == 0
        assert key_names(screen).isdisjoint({"best"})
        await pilot.press("b")
        assert app.screen is screen
        learned = replace(seen, best=replace(seen.best, step=20))
        usual = studio.choices.usual_rate
        assert said("say.keep_best", best="20") in telling(live, learned, None, usual, said)
        beyond = replace(seen, trouble=EngineError("diverged", step=3, loss=float("nan")))
        assert "nan" not in telling(live, beyond, None, usual, said).lower()
        await pilot.press("t")
        await until(pilot, lambda: studio.trouble() is None)
        assert studio.choices.rate is None
        assert studio.live is not None
        assert studio.live.plan.recipe.learning_rate == pytest.approx(usual)


@pytest.mark.parametrize(
    ("largest", "unit"),
    [(3.0, 0), (0.5, 0), (0.2, 3), (0.0011, 3), (0.0009, 6), (2e-7, 9), (1e-12, 9), (0.0, 0)],
)
def test_small_gradients_are_written_in_a_unit_in_which_they_can_be_read(
    largest: float, unit: int
) -> None:
    assert unit_of(largest) == unit


def test_the_rate_to_try_next_is_the_usual_one_or_less() -> None:
    assert calmer_rate(60.0, 0.02) == 0.02
    assert calmer_rate(0.02, 0.02) == pytest.approx(0.0067)
    assert calmer_rate(0.009, 0.02) == pytest.approx(0.003)


async def test_a_choice_goes_back_to_the_usual() -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, rate=0.5)
        screen.field = "rate"
        await pilot.press("i")
        await until(pilot, lambda: screen.focused is screen.box)
        await pilot.press("3", "enter")  # all of it was selected
        assert screen.studio.choices.rate == 3.0
        await pilot.press("i")
        await until(pilot, lambda: screen.focused is screen.box)
        await pilot.press("delete", "enter")
        assert screen.studio.choices.rate is None
        await pilot.press("right")
        assert screen.studio.choices.rate is not None
        await pilot.press("left")
        assert screen.studio.choices.rate is None


async def test_teaching_a_model_tells_what_changed(lang: str) -> None:
    app = walk_app(lang=lang)
    sentence = words("train", lang)(f"default.sentences_{lang}")
    async with app.run_test(size=(80, 24)) as pilot:
        more = {"source": "more", "model": f"mini-{lang}", "sentences": sentence, "share": 1.0}
        screen = await train_of(pilot, steps=3, **more)
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.live is not None)
        await finished(pilot, screen)
        await until(pilot, lambda: screen.studio.learnt is not None)
        found = screen.studio.learnt
        assert found is not None
        await pilot.pause()
        assert sentence.rpartition(" ")[0] in shown(pilot)
        assert found.forgot is not None
        await pilot.press("v")
        compared = app.screen
        assert isinstance(compared, CompareScreen)
        assert compared.view.comparison.first.model is screen.studio.before


async def test_a_saved_model_is_found_everywhere(data_folder: Path) -> None:
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await train_of(pilot, steps=6)
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.live is not None)
        await finished(pilot, screen)
        await pilot.press("g")
        await pilot.pause()
        box: Any = app.screen.query_one("#name")
        for bad in ("mini-es", "a/b", ""):
            box.value = bad
            await pilot.press("enter")
            assert app.screen is not screen
        box.value = "mio_1"
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.saved == "mio_1")
        assert not screen.studio.unsaved
        assert list(own_models()) == ["mio_1"]
        assert load(find_model("mio_1")).training["steps"] <= 6
        assert "mio_1" in [told["name"] for told in described()]
        await pilot.press("o")
        walk = await walk_of(pilot)
        assert walk.view.experiment.model.name == "mio_1"
        assert walk.moment.of.kept


async def test_an_own_model_is_deleted_only_after_a_question(data_folder: Path) -> None:
    save(random_model(), data_folder / "old")
    save(random_model(), data_folder / "new")
    app = walk_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        await pilot.press("m")
        assert isinstance(app.screen, ModelsScreen)
        listed = app.screen.query_one(OptionList)
        await pilot.press("delete")  # a shipped one stays
        listed.highlighted = listed.get_option_index("old")
        await pilot.press("delete", "x", "delete", "enter")
        assert list(own_models()) == ["new"]
        assert isinstance(app.screen, ModelsScreen)
        assert "old" not in [option.id for option in listed.options]
        listed.highlighted = listed.get_option_index("new")
        await pilot.press("enter")
        walk = await walk_of(pilot)
        assert walk.view.experiment.model.name == "new"
        assert set(shipped()).isdisjoint(own_models())


async def test_it_goes_on_when_the_screen_is_left_and_q_asks() -> None:
    app = walk_app()
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await train_of(pilot, steps=5000)
        studio = screen.studio
        await pilot.press("enter")
        await until(pilot, lambda: studio.underway is not None and studio.underway[0] > 1)
        await pilot.press("escape")
        await walk_of(pilot)
        app.note_training()
        await pilot.pause()
        assert words("train", "es")("status.quiet", step="", total="").split(":")[0] in shown(pilot)
        step = studio.underway
        await until(pilot, lambda: studio.underway != step)
        await pilot.press("q")
        await pilot.pause()
        assert app.is_running
        await pilot.press("n")
        assert isinstance(app.screen, TrainScreen)
        assert not app.screen.choosing
        live = studio.live
    assert live is not None
    assert not live._thread.is_alive()


async def test_language_and_size_change_while_it_trains() -> None:
    app = walk_app(lang="es")
    async with app.run_test(size=(120, 40)) as pilot:
        screen = await train_of(pilot, steps=5000)
        await pilot.press("enter")
        await until(pilot, lambda: screen.studio.live is not None)
        await pilot.press("l")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: words("train", "en")("train.title") in shown(pilot))
        await pilot.resize_terminal(50, 15)
        await pilot.pause()
        assert words("app", "en")("app.too_small").split(":")[0] in shown(pilot)


async def test_an_experiment_asks_runs_and_tells(lang: str) -> None:
    app = walk_app(lang=lang)
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        page = TrialsScreen(lang, steps=2)
        app.push_screen(page)
        await pilot.pause()
        from lessons.trials.all import ALIKE, TRIALS
        from lessons.trials.told import told

        for trial in TRIALS:
            assert told(lang).title(trial) in shown(pilot)
        await pilot.press("4")
        await pilot.pause()
        question = told(lang).question(TRIALS[3]).split()
        assert " ".join(question[:6]) in " ".join(shown(pilot).split())
        await pilot.press("question_mark")
        assert isinstance(app.screen, TrainHelp)
        assert words("train", lang)("help.trials.bet") in shown(pilot)
        await pilot.press("escape", "up")  # round to the last bet
        assert page.asked is not None
        assert page.asked.bets[page.asked.bet] == ALIKE
        await pilot.press("enter")
        await until(pilot, lambda: page.live is not None and page.live.seen.waits)
        live = page.live
        assert live is not None
        page.draw()
        await pilot.pause()
        await pilot.pause()
        finding = " ".join(live.seen.finding).split()
        assert " ".join(finding[:6]) in " ".join(shown(pilot).split())
        for arm in live.trial.arms:
            assert told(lang).arm(live.trial, arm) in shown(pilot)
        bet = told_bet(page.asked, live.seen, words("train", lang))
        assert bet
        assert bet in " ".join(shown(pilot).split())
        await pilot.press("escape")
        await pilot.press("tab")
        assert isinstance(app.screen, TrialsScreen | TrainScreen)


def test_choices_stay_within_what_can_be() -> None:
    one = Choices(source="world_en")
    for field in one.fields:
        for by in (1, -1):
            changed = one
            for _ in range(12):
                changed = turned(changed, field, by, ("mini-en",))
            assert changed.fields
    assert turned(one, "source", -1, ()).source == "world_es"
    assert written(one, "share", "0,25").share == 0.25
    assert trouble(replace(one, d_model=6, heads=4)) is not None
    assert trouble(one) is None


@pytest.mark.parametrize("table", ["train"])
def test_both_languages_say_the_same(table: str) -> None:
    first, *others = (words(table, lang).sentences for lang in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
