"""A model of which a part is left out: every command reads it; the course takes a whole one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.store import load, read_config, save
from lessons.stages import stages
from tests.tui.lesson_helper import TEXTS, lesson_of, mini
from tests.tui.walk_helper import ABLATED, random_model, shown, until, walk_app, walk_of
from tui.app import DesdeCero
from tui.cli import main
from tui.messages import words
from tui.screens.glossary import GlossaryScreen
from tui.screens.quiz import QuizScreen
from tui.screens.quiz_draw import Wish

NAME = "no-residual"
Run = Callable[..., tuple[int, str, str]]


def odd() -> Any:
    """The model with the most left out."""
    return random_model(NAME, **ABLATED[NAME])


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is told in passing, in its order; what is shown of it goes away again."""
    sentences: list[str] = []
    notify = DesdeCero.notify

    def note(app: DesdeCero, message: str, **details: Any) -> None:
        sentences.append(message)
        notify(app, message, **details)

    monkeypatch.setattr(DesdeCero, "notify", note)
    return sentences


def said(lang: str) -> str:
    """What is told where another model takes part in the course."""
    return words("app", lang)("notice.taught", model=NAME, other=f"mini-{lang}")


# In the app


@pytest.mark.parametrize("lang", ["es", "en"])
async def test_the_course_goes_on_with_a_whole_model_and_says_so_once(
    lang: str, told: list[str]
) -> None:
    app = walk_app(TEXTS[lang], lang, odd())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        for visit in (1, 2):
            app.open_lesson("scaling")
            lesson = await lesson_of(pilot)
            assert lesson.view.experiment.model.name == f"mini-{lang}"
            assert lesson.view.experiment.text == walk.view.experiment.text
            assert told == [said(lang)] * visit
            assert said(lang)[:20] in shown(pilot)
            await pilot.press("right", "left")
            assert told == [said(lang)] * visit
            await pilot.press("backspace")
            await until(pilot, lambda: app.screen is walk)
        assert walk.view.experiment.model.name == NAME


async def test_questions_and_terms_are_about_a_whole_model_too(told: list[str]) -> None:
    app = walk_app(TEXTS["es"], "es", odd())
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        app.open_quiz(Wish("lesson", 1, "residual"))
        await until(pilot, lambda: isinstance(app.screen, QuizScreen) and app.screen.is_mounted)
        assert isinstance(app.screen, QuizScreen)
        assert app.screen.view.experiment.model.name == "mini-es"
        assert app.screen.view.sitting.questions
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is walk)
        app.action_glossary("residual")
        await until(pilot, lambda: isinstance(app.screen, GlossaryScreen))
        assert isinstance(app.screen, GlossaryScreen)
        assert app.screen._scene.experiment.model.name == "mini-es"
        assert told == [said("es")] * 2


async def test_a_lesson_lets_no_model_in_that_lacks_a_part(told: list[str]) -> None:
    app = DesdeCero(odd(), TEXTS["es"], "es", lesson="layer-norm")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        lesson = await lesson_of(pilot)
        assert lesson.view.experiment.model.name == "mini-es"
        assert told == [said("es")]
        lesson.use(mini("en"))
        assert lesson.view.experiment.model is mini("en")
        lesson.use(odd())
        assert lesson.view.experiment.model.name == "mini-es"
        assert told.count(said("es")) == 2


async def test_leaving_inside_a_lesson_keeps_the_model_that_was_chosen(tmp_path: Path) -> None:
    save(odd(), tmp_path / NAME)
    app = DesdeCero(load(tmp_path / NAME), TEXTS["es"], "es", lesson="layer-norm")
    async with app.run_test(size=(80, 24)) as pilot:
        lesson = await lesson_of(pilot)
        for there, wanted in ((None, str(tmp_path / NAME)), (mini("en"), "mini-en")):
            if there is not None:
                lesson.use(there)
            app.note_place()
            assert app.learner.progress.settings["model"] == wanted


async def test_a_whole_model_of_ones_own_is_left_alone(told: list[str]) -> None:
    model = random_model("own", positions="none", norm="pre")
    app = walk_app(TEXTS["es"], "es", model)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        walk = await walk_of(pilot)
        app.open_lesson("scores")
        lesson = await lesson_of(pilot)
        assert lesson.view.experiment is walk.view.experiment
        assert not told


# On the command line


@pytest.fixture(params=ABLATED)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with such a model."""
    save(random_model(request.param, **ABLATED[request.param]), tmp_path / "odd")
    return tmp_path / "odd"


@pytest.fixture
def desdecero(capsys: pytest.CaptureFixture[str], folder: Path) -> Run:
    """Runs a command on the model of the folder; returns status, output and errors."""

    def run(command: str, *arguments: str) -> tuple[int, str, str]:
        status = main([command, *arguments, "--model", str(folder), "--lang", "en"])
        return (status, *capsys.readouterr())

    return run


def test_every_command_reads_such_a_folder(desdecero: Run, folder: Path, tmp_path: Path) -> None:
    for command in (
        ("predict", "el gato come"),
        ("generate", "el gato", "--tokens", "3"),
        ("trace", "el gato come", "--step", "blocks.1.attn.attn_scores_masked"),
        ("why", "el gato come", "blocks.1.attn.attn_scores_masked[0,2,1]"),
        ("why", "el gato come", "blocks.1.attn_out[2,1]"),
        ("why", "el gato come", "logits[2,1]"),
        ("predict", "el gato come", "--force", "blocks.0.attn_out=0"),
        ("export", "el gato come", "--html", str(tmp_path / "page.html")),
    ):
        status, out, errors = desdecero(*command)
        assert (status, errors) == (0, ""), command
        assert out or command[0] == "export"
    path = tmp_path / "run.py"
    assert desdecero("export", "el gato come", "--numpy", str(path))[0] == 0
    source = path.read_text(encoding="utf-8")
    config = read_config(folder)
    assert ("def layer_norm" in source) == (config.norm != "none")
    assert ("resid_mid = " in source) == config.residual
    assert ("sqrt_d_head" in source) == config.scale_attn
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert all(f'id="{stage.id}"' in page for stage in stages(config))


def test_what_is_left_out_cannot_be_asked_for(desdecero: Run, folder: Path) -> None:
    config = read_config(folder)
    gone = ["blocks.0.ln1.scale"] if config.norm == "none" else ["blocks.0.resid_mid"]
    gone += [] if config.scale_attn else ["sqrt_d_head"]
    for name in gone:
        status, out, errors = desdecero("trace", "el gato", "--step", name)
        assert (status, out) == (2, "")
        assert name in errors


def test_lessons_and_questions_come_from_a_whole_model(desdecero: Run) -> None:
    for command in (
        ("lesson", "residual", "--text", "the cat eats"),
        ("quiz", "--text", "the cat eats", "--lesson", "layer-norm", "--seed", "1"),
    ):
        status, out, errors = desdecero(*command)
        assert status == 0
        assert out
        assert errors == words("app", "en")("notice.taught", model="odd", other="mini-en") + "\n"
