"""`desdecero train`: from nothing to a model folder, on one's own texts, and what it refuses."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.store import checkpoint_steps, load
from tui.cli import main

RUN = ["train", "--preset", "mini-en", "--steps", "12", "--seed", "5"]
LINES = [
    f"{who} {does} {what}"
    for who in ("the cat", "a dog", "my aunt")
    for does in ("eats", "sees")
    for what in ("fish", "bread", "the moon")
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained") / "new" / "mini"
    assert main([*RUN, "--out", str(folder), "--lang", "en"]) == 0
    return folder


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("\n".join(LINES), encoding="utf-8")
    return path


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


def test_own_text_makes_a_model_of_the_asked_shape(text, tmp_path, capsys):
    folder = tmp_path / "own"
    shape = ["--d-model", "12", "--heads", "3", "--blocks", "1", "--positions", "learned"]
    asked = ["train", str(text), "--out", str(folder), "--steps", "20", "--no-scaling", *shape]
    assert main([*asked, "--lang", "en"]) == 0
    assert str(folder) in capsys.readouterr().out
    config = load(folder).config
    assert (config.d_model, config.n_heads, config.n_layers) == (12, 3, 1)
    assert config.positions == "learned"
    assert not config.scale_attn


def test_a_model_goes_on_learning(text, tmp_path, capsys):
    folder = tmp_path / "more"
    asked = ["train", str(text), "--from", "mini-en", "--out", str(folder), "--steps", "5"]
    assert main([*asked, "--lang", "en"]) == 0
    told = json.loads((folder / "training.json").read_text())
    before, after = (told["history"][i]["held_out"]["world"] for i in (0, -1))
    said = capsys.readouterr().out
    assert before < after  # five warm steps on other texts: something was forgotten
    assert f"{before:.6g}" in said
    assert load(folder).tokenizer.tokens == load_mini().tokenizer.tokens


def load_mini():
    from engine.store import find

    return load(find("mini-en"))


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_training_that_is_stopped_goes_on(stop, text, tmp_path, capsys):
    folder = tmp_path / "long"
    main_of = "import sys; from tui.cli import main; sys.exit(main(sys.argv[1:]))"
    program = [sys.executable, "-c", main_of, "train", str(text), "--out", str(folder)]
    started = subprocess.Popen(
        [*program, "--steps", "100000", "--patience", "0", "--lang", "en"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    patience = time.monotonic() + 60
    while not (folder / "checkpoints" / "step-000189.safetensors").exists():
        assert time.monotonic() < patience
        assert started.poll() is None, started.stderr.read()
        time.sleep(0.01)
    for asked in (["--resume", str(folder)], [str(text), "--out", str(folder)]):
        assert main(["train", *asked, "--lang", "en"]) == 2  # one at a time in a folder
        said_to_second = capsys.readouterr().err.strip()
        assert "Another process" in said_to_second
        assert str(folder) in said_to_second
    started.send_signal(stop)
    _, said = started.communicate(timeout=60)
    if stop != signal.SIGKILL:
        assert b"--resume" in said
        assert started.returncode == 130
    from engine.run_folder import resume

    with resume(folder) as training:
        assert training.step >= (189 if stop != signal.SIGKILL else 0)
        training.advance()
    assert main(["train", "--preset", "mini-en", "--out", str(folder)]) == 2
    assert "--resume" in capsys.readouterr().err


def test_an_interrupted_training_is_finished_by_resuming(text, tmp_path, capsys):
    from engine.own_plan import own_plan
    from engine.run_folder import begin

    folder = tmp_path / "own"
    begin(own_plan([text], "own", steps=6), folder).close()
    assert main(["train", "--resume", str(folder)]) == 0
    assert load(folder).training["steps"] <= 6
    assert main(["train", "--resume", str(folder)]) == 2


def test_a_run_that_diverges_says_so_and_keeps_the_best(text, tmp_path, capsys):
    folder = tmp_path / "wild"
    asked = ["train", str(text), "--out", str(folder), "--no-norm", "--learning-rate", "9"]
    assert main([*asked, "--patience", "0", "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert "astray" in said
    assert str(folder) in said
    load(folder)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--preset", "maxi-es", "--out", "new"],
        ["--preset", "mini-es", "--out", "taken"],
        ["--preset", "mini-es", "--out", "file.txt"],
        ["--preset", "mini-es", "--out", "new", "--steps", "0"],
        ["--preset", "mini-es", "--out", "new", "--seed", "-1"],
        ["--preset", "mini-es", "--out", "new", "--learning-rate", "nan"],
        ["--preset", "mini-es", "file.txt", "--out", "new"],
        ["--out", "new"],
        ["file.txt"],
        ["file.txt", "--out", "new"],  # one sentence only
        ["nowhere.txt", "--out", "new"],
        ["taken", "--out", "new"],
        ["bytes", "--out", "new"],
        ["empty.txt", "--out", "new"],
        ["file.txt", "--from", "maxi-es", "--out", "new"],
        ["file.txt", "--from", "mini-es", "--d-model", "8", "--out", "new"],
        ["own.txt", "--d-model", "10", "--heads", "3", "--out", "new"],
        ["own.txt", "--weight", "0.5", "--out", "new"],
        ["--resume", "taken"],
        ["--resume", "taken", "--out", "new"],
    ],
)
def test_what_cannot_be_trained_is_one_line(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "letter.txt").write_text("mine")
    (tmp_path / "file.txt").write_text("mine")
    (tmp_path / "own.txt").write_text("\n".join(LINES))
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "bytes").write_bytes(bytes(range(256)) * 20)
    assert main(["train", *arguments]) == 2
    said = capsys.readouterr().err.strip()
    assert said
    assert "\n" not in said
    assert (tmp_path / "taken" / "letter.txt").read_text() == "mine"
    assert not (tmp_path / "new").exists() or not any((tmp_path / "new").iterdir())
