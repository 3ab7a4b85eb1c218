"""What a visitor's app leaves out: paths on the server. What is saved goes to the browser."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from engine.errors import EngineError
from tests.tui.walk_helper import until
from tui import served
from tui.app import DesdeCero
from tui.data import data_path, models_path, progress_path
from tui.own_models import find_model, folder_for
from tui.screens.choose import ChooseScreen
from tui.screens.models import ModelsScreen
from tui.screens.train_choices import SOURCES, Choices, turned
from tui.screens.train_plan import plan_of
from tui.screens.walk import WalkScreen


@pytest.fixture
def at_home(monkeypatch, tmp_path):
    """As in a process of the server: a folder of its own, which is also where it is."""
    monkeypatch.setenv(served.SERVED, "1")
    monkeypatch.setenv("DESDECERO_DATA", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_data_folder_can_be_named(at_home):
    assert data_path() == at_home
    assert progress_path().parent == models_path().parent == at_home


def test_no_model_is_opened_by_its_path(at_home, monkeypatch):
    folder = find_model("mini-es")
    for path in (str(folder), "../mini-es", "/etc", "."):
        with pytest.raises(EngineError) as trouble:
            find_model(path)
        assert trouble.value.code == "not_served"
    monkeypatch.delenv(served.SERVED)
    assert find_model(str(folder)) == folder


def test_no_text_is_read_by_its_path(at_home, monkeypatch):
    (at_home / "text.txt").write_text("\n".join(f"the dog eats {n}" for n in range(20)))
    choices = Choices(source="file", file=str(at_home / "text.txt"))

    def offered():
        came, at = [], Choices()
        for _ in SOURCES:
            at = turned(at, "source", 1, ())
            came.append(at.source)
        return set(came)

    assert offered() == set(SOURCES) - {"file"}
    with pytest.raises(EngineError) as trouble:
        plan_of(choices, "mine", lambda name: None)
    assert trouble.value.code == "not_served"
    monkeypatch.delenv(served.SERVED)
    assert offered() == set(SOURCES)
    assert plan_of(choices, "mine", lambda name: None)[0].config.d_vocab > 0


def test_models_are_kept_up_to_a_size(at_home, monkeypatch):
    monkeypatch.setattr(served, "MOST_KEPT", 10)
    assert folder_for("first") == models_path() / "first"
    (models_path() / "first").mkdir(parents=True)
    (models_path() / "first" / "model.safetensors").write_bytes(bytes(10))
    with pytest.raises(EngineError) as trouble:
        folder_for("second")
    assert trouble.value.code == "visitor_full"
    monkeypatch.delenv(served.SERVED)
    assert folder_for("second")


async def test_what_is_saved_goes_to_the_browser_and_no_path_is_asked_for(at_home, monkeypatch):
    (at_home.parent / "there.py").touch()
    delivered = []
    monkeypatch.setattr(
        DesdeCero,
        "deliver_text",
        lambda app, file, save_filename: delivered.append((save_filename, file.read())),
    )
    async with DesdeCero(text="the dog", lang="en").run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.screen, WalkScreen))
        await pilot.press("m")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))
        assert not pilot.app.screen.query(Input)
        await pilot.press("escape", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChooseScreen))
        await pilot.press("down", "enter")
        # Whether the server has such a file is not told.
        pilot.app.screen.query_one(Input).value = "../there.py"
        await pilot.press("enter")
        await until(pilot, lambda: delivered)
    [(name, text)] = delivered
    assert name == "there.py"
    assert "import numpy" in text
    assert (at_home.parent / "there.py").read_text() == ""
