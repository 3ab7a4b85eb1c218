"""What each command prints for a tiny model."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from engine.config import Config, init_parameters
from engine.experiment import Experiment
from engine.store import Model, load, save, shipped
from engine.tokenizer import START, Tokenizer
from tui.cli import main

TEXT = "el gato come"
NASTY = [
    "",
    "   ",
    "\n\t\r",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇪🇸",
    "مرحبا שלום",
    "\u202eel gato",
    "\x00\x1b[2J\x07\x9b",
    "nin\u0303o e\u0301",
    "\ud800 el",
    "%s {0} \\n",
]


class Result(NamedTuple):
    status: int
    out: str
    err: str


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = Tokenizer.train({}, whole=["el", "la", "gato", "come", "pez", "porque"])
    config = Config(8, 2, 4, 16, 2, 64, len(tokenizer))
    parameters = init_parameters(config, np.random.default_rng(0))
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save(Model("tiny", None, config, parameters, tokenizer), folder)
    return folder


@pytest.fixture
def desdecero(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Result]:
    """Runs a command in this process, with the tiny model, in English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> Result:
        tiny = () if arguments[0] == "models" else ("--model", str(model))
        status = main([arguments[0], *tiny, *arguments[1:]])
        return Result(status, *capsys.readouterr())

    return run


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    return json.loads(text, parse_constant=refuse)


def typed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# --- trace ---------------------------------------------------------------------------------------


def test_trace_as_json_holds_every_step_but_the_weights(
    desdecero: Callable[..., Result], model: Path
) -> None:
    status, out, err = desdecero("trace", TEXT, "--json")
    data = strict(out)
    assert (status, err) == (0, "")
    assert (data["model"], data["text"], data["cut_at"]) == ("tiny", TEXT, None)
    assert data["tokens"] == [START, " el", " gato", " come"]
    trace = Experiment(load(model), TEXT).trace
    assert [step["name"] for step in data["steps"]] == [s.name for s in trace if s.kind != "weight"]
    for step in data["steps"]:
        expected = trace[step["name"]]
        assert step["op"] == expected.kind
        assert tuple(step["inputs"]) == expected.inputs
        assert tuple(step["axes"]) == expected.axes
        values = np.array(step["values"], dtype=float)
        assert list(values.shape) == step["shape"]
        np.testing.assert_array_equal(values, expected.value)
    assert data["steps"][0]["values"] == data["ids"]
    assert '"-inf"' in out


@pytest.mark.parametrize(
    "arguments",
    [
        (TEXT, "--step", "W_E", "blocks.0.attn.W_?"),
        (TEXT, "--step", "W_E", "--step", "blocks.0.attn.W_?"),
        ("--step", "W_E", "blocks.0.attn.W_?", TEXT),
        ("--step", "W_E", "blocks.0.attn.W_?", "--", TEXT),
        ("--step", "W_E", "--step", "blocks.0.attn.W_?", TEXT),
    ],
)
def test_trace_selects_steps_by_glob(
    desdecero: Callable[..., Result], arguments: tuple[str, ...]
) -> None:
    data = strict(
        desdecero("trace", *arguments, "--json").out
        if "--" not in arguments
        else desdecero("trace", "--json", *arguments).out
    )
    attn = "blocks.0.attn.W_"
    assert [s["name"] for s in data["steps"]] == ["W_E", *(attn + x for x in "QKVO")]
    assert data["text"] == TEXT


def test_trace_as_npz(desdecero: Callable[..., Result], model: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.bin"
    assert desdecero("trace", "el \0 gato", "--out", str(path)).status == 0
    trace = Experiment(load(model), "el \0 gato").trace
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["tokens"].dtype.kind == "U"
        assert arrays["tokens"].tolist() == [START, " el", " ", "<0x00>", " gato"]
        np.testing.assert_array_equal(arrays["ids"], trace["tokens"].value)
        for name in ("mask", "logits", "blocks.1.attn.pattern"):
            np.testing.assert_array_equal(arrays[name], trace[name].value)
        assert "W_E" not in arrays


def test_trace_in_plain_text_labels_rows_and_says_what_is_left_out(
    desdecero: Callable[..., Result],
) -> None:
    out = desdecero("trace", TEXT, "--step", "blocks.0.attn.pattern", "logits", "d_head").out
    assert "= Softmax(blocks.0.attn.attn_scores_masked)" in out
    assert "blocks.0.attn.pattern  [head 2 × query 4 × key 4]\n" in out
    assert "  head 1\n" in out
    assert out.count(" gato") > 2
    assert "more columns" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("lang", "start", "end"), [("es", "⟨inicio⟩", "⟨fin⟩"), ("en", "⟨start⟩", "⟨end⟩")]
)
def test_people_read_the_words_of_the_app_and_programs_the_real_tokens(
    desdecero: Callable[..., Result], lang: str, start: str, end: str
) -> None:
    said = desdecero("trace", "el  gato", "--lang", lang, "--step", "embed", "W_E", "logits").out
    said += desdecero("predict", "el  gato", "--lang", lang, "--top", "9999").out
    assert {start, end, "␠"} <= set(said.split())
    assert START not in said
    assert "␣" not in said
    data = strict(desdecero("predict", "el", "--top", "9999", "--json", "--lang", lang).out)
    assert {START, " ", " gato"} <= {p["token"] for p in data["predictions"]}
    assert START in strict(desdecero("trace", "el", "--json", "--lang", lang).out)["tokens"]


def test_long_text_is_cut_and_says_where(desdecero: Callable[..., Result], model: Path) -> None:
    text = "el gato come " * 3500
    status, out, err = desdecero("predict", text, "--json")
    cut_at = Experiment(load(model), text).cut_at
    assert (status, err.count("\n")) == (0, 1)
    assert strict(out)["cut_at"] == cut_at == len("el gato come " * 21) - 1
    assert f"character {cut_at}" in err


# --- predict, generate, models -------------------------------------------------------------------


def test_predict_lists_the_likeliest(desdecero: Callable[..., Result], model: Path) -> None:
    data = strict(desdecero("predict", TEXT, "--top", "5", "--json").out)
    experiment = Experiment(load(model), TEXT)
    probs = experiment.trace["probs"].value[-1]
    assert [p["id"] for p in data["predictions"]] == np.argsort(-probs)[:5].tolist()
    for p in data["predictions"]:
        assert p["prob"] == probs[p["id"]]
        assert p["logit"] == experiment.trace["logits"].value[-1, p["id"]]
        assert p["token"] == experiment.model.tokenizer.piece(p["id"])
    assert len(desdecero("predict", TEXT, "--top", "5").out.splitlines()) == 6


def test_predict_gives_all_tokens_if_asked_for_more(
    desdecero: Callable[..., Result], model: Path
) -> None:
    found = strict(desdecero("predict", "", "--top", "99999", "--json").out)["predictions"]
    assert len(found) == len(load(model).tokenizer)
    assert sum(p["prob"] for p in found) == pytest.approx(1)


def test_generate_goes_on_with_the_text(desdecero: Callable[..., Result]) -> None:
    results = [desdecero("generate", TEXT, "--tokens", "4", "--seed", s) for s in "112"]
    assert results[0] == results[1] != results[2]
    assert all(r.status == 0 and r.out.startswith(TEXT) for r in results)
    greedy = {desdecero("generate", TEXT, "--tokens", "4", "--temperature", "0") for _ in range(3)}
    assert len(greedy) == 1


def test_generate_says_when_the_sentence_is_full(desdecero: Callable[..., Result]) -> None:
    result = desdecero("generate", "el " * 99, "--tokens", "9", "--seed", "0")
    assert result.status == 0
    assert "64 tokens" in result.err.splitlines()[-1]


def test_generate_holds_back_half_a_character() -> None:
    from tui.commands.generate import growing

    tokenizer = Tokenizer.train({}, whole=["el"])
    ids = tokenizer.encode("el ñ€ fin")
    assert len(ids) > 8
    parts = list(growing(tokenizer, ids[:1], ids[1:]))
    assert "".join(parts) == "el ñ€ fin"
    assert not any("\ufffd" in part for part in parts)
    assert "".join(growing(tokenizer, ids[:1], ids[1:3])) == "el \ufffd"


def test_models_lists_what_is_shipped(
    desdecero: Callable[..., Result], model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = {"train_loss": 1.5, "held_out_loss": 1.25, "entropy_floor": 1.0}
    (model / "training.json").write_text(json.dumps(notes))
    monkeypatch.setattr("engine.store.shipped", lambda: {"tiny": model})
    (found,) = strict(desdecero("models", "--json").out)
    config = load(model).config
    n_params = sum(x.size for x in load(model).parameters.values())
    assert found == {
        "name": "tiny",
        "path": str(model),
        "n_params": n_params,
        "config": config.to_dict(),
        **notes,
    }
    out = desdecero("models").out
    assert "1.2500" in out
    assert "+25.0%" in out
    (model / "training.json").unlink()
    assert strict(desdecero("models", "--json").out)[0]["held_out_loss"] is None
    assert desdecero("models").status == 0


def test_models_of_this_checkout(desdecero: Callable[..., Result]) -> None:
    assert {m["name"] for m in strict(desdecero("models", "--json").out)} == set(shipped())


# --- Whatever is typed ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_read_and_nothing_of_it_commands_the_terminal(
    desdecero: Callable[..., Result], text: str
) -> None:
    for arguments in (
        ("trace", "--step", "tokens", "embed", "--", text),
        ("predict", "--", text),
        ("generate", "--tokens", "2", "--seed", "0", "--", text),
        ("why", "--", text, "logits[0,0]"),
    ):
        status, out, err = desdecero(*arguments)
        assert (status, err) == (0, "")
        assert all(c == "\n" or c.isprintable() or c == "\u200d" for c in out)
    data = strict(desdecero("predict", "--json", "--", text).out)
    assert data["text"] == text.replace("\ud800", "\ufffd")


def test_text_from_standard_input(
    desdecero: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    for data, text in [
        (b"el gato come\n", "el gato come"),
        (b"el gato\r\n", "el gato"),
        (b"el\n\n", "el\n"),
        (b"", ""),
        ("\ufeffniño".encode(), "niño"),
        (b"ni\xf1o", "ni\ufffdo"),
    ]:
        typed(monkeypatch, data)
        assert strict(desdecero("predict", "-", "--json").out)["text"] == text


def test_after_two_dashes_a_text_may_begin_with_one(desdecero: Callable[..., Result]) -> None:
    for text in ("-hola", "--json", "--", "-h"):
        assert strict(desdecero("predict", "--json", "--", text).out)["text"] == text


# --- Help, language, start -----------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", "trace", "why", "predict", "generate", "models", "train"])
def test_help_in_both_languages(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    helps = []
    for lang in ("es", "en"):
        assert main([*command.split(), "--help", "--lang", lang]) == 0
        helps.append(capsys.readouterr().out)
    assert helps[0].startswith("uso: desdecero")
    assert helps[1].startswith("usage: desdecero")
    for line in set(helps[0].splitlines()) & set(helps[1].splitlines()):
        assert not line.strip() or line.lstrip().startswith(("[", "-", "np.array")), line


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "es"}, "es"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "es_ES", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US", "LC_ALL": "", "LC_MESSAGES": "es_ES"}, "es"),
        ({"LANG": "est_EE"}, "en"),
        ({}, "en"),
    ],
)
def test_the_locale_decides_language_and_model(
    environment: dict[str, str],
    lang: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("engine.store.shipped", dict)
    assert main(["predict", "x"]) == 2
    assert f"mini-{lang}" in capsys.readouterr().err
    assert main(["predict", "--lang", "es", "x"]) == main(["--lang", "es", "predict", "x"]) == 2
    assert capsys.readouterr().err.count("No existe ningún modelo ni carpeta mini-es") == 2


def test_without_a_command_the_app_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, object] = {}

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("tui.app.run_app", lambda **settings: given.update(settings))
    monkeypatch.setenv("TEXTUAL_COLOR_SYSTEM", "256")
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    options = ["--text", "-", "--model", "m", "--lang", "es", "--theme", "dark"]
    assert main(options) == 0
    expected = {"text": "-", "model": "m", "lang": "es", "theme": "dark", "share": None}
    assert given == expected | {"colours": "256"}


def test_textual_is_imported_for_the_app_only(model: Path) -> None:
    program = """
import sys
from tui.cli import main
assert main(["--help"]) == 0
assert "numpy" not in sys.modules
assert main(["trace", "el gato", "--model", sys.argv[1]]) == 0
assert main(["why", "el gato", "logits[0,0]", "--model", sys.argv[1]]) == 0
assert not any(name.split(".")[0] == "textual" for name in sys.modules)
"""
    subprocess.run([sys.executable, "-c", program, str(model)], check=True, capture_output=True)


def test_a_real_process_with_a_narrow_encoding(model: Path) -> None:
    for encoding in ("ascii", "latin-1", "utf-8"):
        environment = os.environ | {"PYTHONIOENCODING": encoding, "LC_ALL": "C.UTF-8"}
        for form in ((), ("--json",)):
            result = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "tui.cli",
                    "predict",
                    "niño 👩‍👩‍👧‍👦 €",
                    *form,
                    "--model",
                    model,
                ],
                capture_output=True,
                env=environment,
            )
            assert (result.returncode, result.stderr) == (0, b"")
            if form:
                assert strict(result.stdout.decode(encoding))["text"] == "niño 👩‍👩‍👧‍👦 €"
