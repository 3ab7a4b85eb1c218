"""Changes to a run on the command line: --force and --share, and what is said of bad ones."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.config import Config, init_parameters
from engine.experiment import Experiment
from engine.fingerprint import fingerprint
from engine.share import from_line, open_shared, to_line
from engine.store import Model, load, save, shipped
from engine.tokenizer import Tokenizer
from engine.whatif import Force
from tui.cli import main
from tui.commands.plain import escape
from tui.messages import LANGUAGES, words

TEXT = "el gato come"
CHANGES = ("blocks.0.attn.z[*,1,*]=0", "mask[1,2]=0,5", "logits=logits*0.5", "d_head=4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = Tokenizer.train({}, whole=["el", "gato", "come"])
    config = Config(8, 2, 4, 16, 1, 12, len(tokenizer))
    parameters = init_parameters(config, np.random.default_rng(0))
    path = tmp_path_factory.mktemp("force") / "tiny"
    save(Model("tiny", None, config, parameters, tokenizer), path)
    return path


def forced(folder: Path) -> Experiment:
    return Experiment(load(folder), TEXT, tuple(map(Force.parse, CHANGES)))


def options(*changes: str) -> list[str]:
    return [part for change in changes for part in ("--force", change)]


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("desdecero: ")
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    return err


# --- What is changed -----------------------------------------------------------------------------


def test_trace_shows_the_changed_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = ["trace", TEXT, "--model", str(folder), *options(*CHANGES), "--json"]
    data = json.loads(said(capsys, *run))
    experiment = forced(folder)
    assert data["forced"] == [str(force) for force in experiment.forced]
    assert data["share"] == to_line(experiment)
    for found in data["steps"]:
        step = experiment.trace[found["name"]]
        np.testing.assert_array_equal(np.array(found["values"], dtype=float), step.value)
        marks = np.zeros(step.value.shape, bool)
        for place in found.get("forced", []):
            marks[tuple(place)] = True
        assert ("forced" in found) == (step.forced is not None)
        np.testing.assert_array_equal(marks, marks if step.forced is None else step.forced)


def test_without_a_change_nothing_is_marked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(said(capsys, "trace", TEXT, "--model", str(folder), "--json"))
    assert data["forced"] == []
    assert not any("forced" in step for step in data["steps"])


def test_predict_and_why_read_the_changed_run(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = ["--model", str(folder), *options(*CHANGES), "--json"]
    trace = forced(folder).trace
    data = json.loads(said(capsys, "predict", TEXT, *changed))
    assert data["forced"] == [str(force) for force in forced(folder).forced]
    for found in data["predictions"]:
        assert found["prob"] == trace["probs"].value[-1, found["id"]]
    found = json.loads(said(capsys, "why", TEXT, "blocks.0.attn_out[2,3]", *changed))
    assert found["value"] == trace["blocks.0.attn_out"].value[2, 3]
    assert {x["ref"]: x["value"] for x in found["terms"]}["blocks.0.attn.z[2,1,0]"] == 0
    found = json.loads(said(capsys, "why", TEXT, "blocks.0.attn.z[2,1,0]", *changed))
    assert (found["value"], found["terms"]) == (0, [])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_read_what_was_changed(
    folder: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    common = ["--model", str(folder), "--lang", lang, *options(*CHANGES)]
    sentences = words("cli", lang)
    out = said(capsys, "trace", TEXT, "--step", "mask", "blocks.0.attn.z", "embed", *common)
    assert out.count(sentences("trace.forced", n=1, total=16)) == 1
    assert out.count(sentences("trace.forced", n=16, total=32)) == 1
    for ref in ("mask[1,2]", "blocks.0.attn.z[0,1,3]", "d_head", "logits[0,0]"):
        assert sentences("why.forced") in said(capsys, "why", TEXT, ref, *common)
    assert sentences("why.constant") in said(capsys, "why", TEXT, "mask[0,1]", *common)


# --- Shared lines --------------------------------------------------------------------------------


def test_a_shared_line_gives_the_same_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = to_line(forced(folder))
    run = ["--model", str(folder), "--json"]
    typed = said(capsys, "trace", TEXT, *run, *options(*CHANGES))
    assert said(capsys, "trace", "--share", line, *run) == typed
    assert said(capsys, "--share", line, "trace", *run) == typed
    first = to_line(Experiment(load(folder), TEXT, forced(folder).forced[:2]))
    assert said(capsys, "trace", "--share", first, *run, *options(*CHANGES[2:])) == typed


@pytest.mark.parametrize("name", [name for name in shipped() if name.startswith("mini")])
def test_a_line_about_a_shipped_model_needs_no_other_option(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    model = load(shipped()[name])
    other = Experiment(model, "el pez", (Force.parse("mask=0"),))
    line = to_line(Experiment(model, TEXT, (Force.parse("W_E=other*0.5"),), other))
    data = json.loads(said(capsys, "trace", "--share", line, "--json", "--lang", "es"))
    assert data["model"] == name
    assert data["share"] == line


def test_the_app_starts_with_a_shared_line(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("tui.app.run_app", lambda **settings: given.update(settings))
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    assert main(["--share", "LINE", "--model", "m"]) == 0
    assert (given["share"], given["text"], given["model"]) == ("LINE", None, "m")


# --- What is refused -----------------------------------------------------------------------------

BAD_CHANGES = [
    ("mask", "no change"),
    ("mask[0,0]", "no change"),
    ("[0]=1", "no part"),
    ("mask[a]=1", "no part"),
    ("mask=two words", "no value"),
    ("mask=", "no value"),
    ("mask=inf", "finite number"),
    ("mask=-inf", "finite number"),
    ("mask=nan", "finite number"),
    ("mask=1e999", "finite number"),
    ("mask=letters", "no step called letters"),
    ("nothing=1", "no step called nothing"),
    ("mask[9,0]=1", "4 × 4"),
    ("mask[0]=1", "4 × 4"),
    ("mask[-1,0]=1", "4 × 4"),
    ("mask[0,0]=logits", "and 1 is needed"),
    ("mask=logits", "and 4 × 4 is needed"),
    ("mask=other", "none to compare with"),
    ("tokens[0]=9999", "ids are whole numbers"),
    ("tokens[0]=0.5", "ids are whole numbers"),
    ("tokens=blocks.0.resid_mid[*,0]", "ids are whole numbers"),
    ("blocks.0.attn.q[*,0,0]=mask[0,*]", "cannot be -∞"),
]


@pytest.mark.parametrize(("change", "found"), BAD_CHANGES)
def test_bad_changes(
    folder: Path, change: str, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["trace", TEXT], ["predict", TEXT], ["why", TEXT, "logits[0,0]"]):
        for changes in ((change,), (CHANGES[0], change)):
            run = [*command, *options(*changes), "--model", str(folder), "--lang"]
            assert found in refusal(capsys, *run, "en")
            assert found not in refusal(capsys, *run, "es") or found == "4 × 4"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("hola", "no shared line"),
        ("", "no shared line"),
        ("desdecero1{tiny: el}", "no shared line"),
        ("desdecero2{el futuro}", "version 2, and only version 1"),
        ("desdecero1{tiny.HEX: el gato", "end of the shared line is missing"),
        ("desdecero1{tiny.HEX: 100%}", '"%" in the shared line'),
        ("desdecero1{tiny.HEX: %FF}", '"%FF" in the shared line'),
        ("desdecero1{huge.000000: el}", "the model huge"),
        ("desdecero1{tiny.000000: el}", "other weights of tiny"),
        ("desdecero1{mini-es.000000: el}", "other weights of mini-es"),
        ("desdecero1{mini-es@7.000000: el}", "no checkpoint of step 7"),
        ("desdecero1{tiny.HEX: el | mask[9,9]=1}", "2 × 2"),
        ("desdecero1{tiny.HEX: el | nothing=1}", "no step called nothing"),
        ("desdecero1{tiny.HEX: el | mask=inf}", "finite number"),
        ("desdecero1{tiny.HEX: el | mask=other}", "none to compare with"),
    ],
)
def test_bad_lines(folder: Path, line: str, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = line.replace("HEX", fingerprint(load(folder)))
    run = ["trace", "--share", line, "--model", str(folder), "--lang"]
    assert found in refusal(capsys, *run, "en")
    assert found not in refusal(capsys, *run, "es") or found == "2 × 2"


def test_a_line_about_a_model_in_a_folder_says_that_it_is_not_at_hand(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["trace", "--share", to_line(forced(folder)), "--lang", "en"]
    assert "model tiny, which is not at hand" in refusal(capsys, *run)


def test_a_text_and_a_line_exclude_each_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = to_line(forced(folder))
    for arguments in (
        ["--share", line, "--text", TEXT],
        ["trace", TEXT, "--share", line],
        ["--share", line, "predict", TEXT],
    ):
        assert "exclude each other" in refusal(capsys, *arguments, "--lang", "en")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=30).filter(lambda text: "\0" not in text), st.sampled_from(LANGUAGES))
def test_whatever_is_typed_is_done_or_refused_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], text: str, lang: str
) -> None:
    for arguments in (
        ["trace", TEXT, f"--force=mask={text}"],
        ["trace", TEXT, f"--force={text}=1"],
        ["trace", f"--share=desdecero1{{{text}}}"],
    ):
        status = main([*arguments, "--model", str(folder), "--lang", lang])
        err = capsys.readouterr().err
        assert (status, err.count("\n")) in ((0, 0), (2, 1))
        assert err == "" or escape(err[:-1]) == err[:-1]


def test_what_was_refused_has_changed_nothing(folder: Path) -> None:
    experiment = forced(folder)
    before = {step.name: step.value.copy() for step in experiment.trace}
    for change, _ in BAD_CHANGES:
        with pytest.raises(ValueError, match="_"):
            _ = experiment.force(Force.parse(change)).trace
    for step in experiment.trace:
        np.testing.assert_array_equal(step.value, before[step.name])
    assert open_shared(from_line(to_line(experiment)), [experiment.model]).forced == (
        experiment.forced
    )
