"""`desdecero train`: from nothing to a model folder, and what it refuses."""

import json

import pytest

from engine.store import checkpoint_steps, load
from tui.cli import main

RUN = ["train", "--preset", "mini-en", "--steps", "12", "--seed", "5"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "new" / "mini"
    assert main([*RUN, "--out", str(folder), "--lang", "en"]) == 0
    return folder


def test_a_trained_folder_is_a_model(trained, capsys):
    model = load(trained)
    assert model.config.d_model == 16
    told = json.loads((trained / "training.json").read_text())
    assert told["steps"] == 12
    assert told["seed"] == 5
    assert told["held_out_loss"] > told["entropy_floor"] > 0
    assert checkpoint_steps(trained)[0] == 0
    assert checkpoint_steps(trained)[-1] == 12
    assert main(["predict", "the cat", "--model", str(trained), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["predictions"]) > 0


def test_the_same_seed_gives_the_same_files(trained, tmp_path):
    again = tmp_path / "again"
    assert main([*RUN, "--out", str(again)]) == 0
    for path in trained.rglob("*.safetensors"):
        assert path.read_bytes() == (again / path.relative_to(trained)).read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--preset", "maxi-es", "--out", "new"],
        ["--preset", "mini-es", "--out", "taken"],
        ["--preset", "mini-es", "--out", "file.txt"],
        ["--preset", "mini-es", "--out", "new", "--steps", "0"],
        ["--preset", "mini-es", "--out", "new", "--seed", "-1"],
        ["--out", "new"],
    ],
)
def test_what_cannot_be_trained_is_one_line(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    (tmp_path / "file.txt").write_text("mine")
    assert main(["train", *arguments]) == 2
    said = capsys.readouterr().err.strip()
    assert said
    assert "\n" not in said
    assert (tmp_path / "taken" / "letter.txt").read_text() == "mine"
