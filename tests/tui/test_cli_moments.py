"""`desdecero moments`: a line for every kept moment of a training."""

import json

import pytest

from engine.experiment import Experiment
from engine.store import checkpoint_steps, load, load_checkpoint, shipped
from tui.cli import main
from tui.examples import example

TEXT = "la niña está"


@pytest.fixture(autouse=True)
def few_texts(monkeypatch):
    """A few fresh texts measure as well as many what is asked here."""
    from lessons import held_out

    measured = held_out.measured
    monkeypatch.setattr(held_out, "measured", lambda model: measured(model, 4))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_line_for_every_moment_with_its_marks(lang, capsys):
    assert main(["moments", "--lang", lang]) == 0
    out = capsys.readouterr().out
    model = load(shipped()[f"mini-{lang}"])
    assert example(model.name, lang) in out
    lines = out.splitlines()[3:27]
    assert [int(line.split()[0]) for line in lines] == checkpoint_steps(model.folder)
    assert sum("◆" in line for line in lines) >= 4
    assert out.count("◆") == 10  # each of five in its line, and explained below


def test_json_holds_every_number(capsys):
    assert main(["moments", "--model", "mini-es", "--text", TEXT, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    model = load(shipped()["mini-es"])
    steps = checkpoint_steps(model.folder)
    assert found["model"] == "mini-es"
    assert found["text"] == TEXT
    assert [one["step"] for one in found["moments"]] == steps
    fourth = found["moments"][4]
    probs = Experiment(load_checkpoint(model, steps[4]), TEXT).trace["probs"].value[-1]
    assert fourth["predictions"][0]["id"] == int(probs.argmax())
    assert fourth["predictions"][0]["prob"] == probs.max()
    assert found["n_texts"] == 4
    assert found["moments"][0]["held_out_loss"] > found["moments"][-1]["held_out_loss"]
    assert found["entropy_floor"] > 0
    for probe in found["probes"]:
        (mark,) = [one["step"] for one in found["moments"] if probe["id"] in one["emerged"]]
        assert mark == probe["step"]
        assert len(probe["values"]) == 24


@pytest.mark.parametrize("text", ["", "\x1b[31mrojo", "👨‍👩‍👧", "el gato " * 80])
def test_any_sentence(text, capsys):
    assert main(["moments", "--text", text, "--model", "mini-es", "--lang", "es"]) == 0
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert len(out.splitlines()) > 27
    assert main(["moments", "--text", text, "--model", "mini-es", "--json"]) == 0
    json.loads(capsys.readouterr().out)


def test_the_sentence_may_stand_before_the_command(capsys):
    assert main(["--text", TEXT, "moments", "--lang", "es"]) == 0
    assert TEXT in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_model_that_kept_nothing(lang, capsys):
    assert main(["moments", "--model", f"paper-{lang}", "--lang", lang]) == 2
    told = capsys.readouterr()
    assert f"paper-{lang}" in told.err
    assert told.out == ""
