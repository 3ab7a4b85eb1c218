"""Whatever goes wrong is one clear line on standard error and exit status 2, never a traceback."""

import ast
import json
import os
import shutil
import string
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from engine.config import Config, init_parameters
from engine.errors import EngineError
from engine.store import Model, save
from engine.tokenizer import Tokenizer
from tui import cli
from tui.cli import main
from tui.messages import LANGUAGES, error_sentence, words

TOKENIZER = Tokenizer.train({}, whole=["el", "gato"])
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = Config(8, 2, 4, 16, 1, 12, len(TOKENIZER))
    parameters = init_parameters(config, np.random.default_rng(0))
    save(Model("tiny", None, config, parameters, TOKENIZER), tmp_path / "tiny")
    return tmp_path / "tiny"


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("desdecero: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    assert err[:-1].isprintable()
    return err


# --- The command line itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["foo"], "there is no command 'foo'"),
        (["el gato come"], "--text"),
        (["trace"], "missing: TEXT"),
        (["trace", "--step", "embed"], "missing: TEXT"),
        (["why", "el"], "missing: REF"),
        (["predict", "el", "gato"], "quotes"),
        (["predict", "el", "--mode", "x"], "not understood: --mode x"),
        (["predict", "el", "--model"], "--model needs a value"),
        (["predict", "el", "--top", "0"], "whole number from 1"),
        (["predict", "el", "--top", "1.5"], "whole number from 1"),
        (["generate", "el", "--tokens", "-1"], "whole number from 0"),
        (["generate", "el", "--tokens", "9" * 5000], "whole number from 0"),
        (["generate", "el", "--tokens", "1", "--temperature", "hot"], "is not a number"),
        (["predict", "el", "--lang", "fr"], "choose from"),
        (["trace", "el", "--json", "--out", "x"], "exclude each other"),
        (["predict", "el\n\x1b", "two\nlines\x1b[2J"], "two\\nlines\\x1b[2J"),
    ],
)
def test_what_cannot_be_followed(
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert main(arguments) == 2
    assert said in one_line(capsys)
    monkeypatch.setenv("LC_ALL", "es_ES.UTF-8")
    assert main(arguments) == 2
    assert not {"missing", "not", "needs", "choose"} & set(one_line(capsys).split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["why", "el", "nonsense["], "blocks.0.attn.pattern[0,2,1]"),
        (["why", "el", ""], "blocks.0.attn.pattern[0,2,1]"),
        (["why", "el", "nothing[0]"], "no step called nothing"),
        (["why", "el", "logits"], "shape"),
        (["why", "el", "logits[0]"], "shape"),
        (["why", "el", "logits[9,0]"], "shape"),
        (["why", "el", "logits[-1,0]"], "shape"),
        (["why", "el", "d_head[0]"], "shape"),
        (["why", "el", f"logits[0,{'9' * 5000}]"], "blocks.0.attn.pattern[0,2,1]"),
        (["trace", "el", "--step", "embed", "--step", "blokcs.*"], "blokcs.*"),
        (["trace", "el", "--out", "/"], "cannot be written"),
        (["trace", "el", "--out", "no/such/folder/x.npz"], "cannot be written"),
        (["trace", "el", "--out", "a\0b"], "cannot be written"),
        (["generate", "el", "--tokens", "1", "--temperature", "-1"], "temperature"),
        (["generate", "el", "--tokens", "1", "--temperature", "nan"], "temperature"),
        (["generate", "el", "--tokens", "0", "--top-p", "0"], "top_p"),
    ],
)
def test_what_the_engine_refuses(
    folder: Path,
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert main([*arguments, "--model", str(folder)]) == 2
    assert said in one_line(capsys)


# --- Models --------------------------------------------------------------------------------------


def tensor(values: Callable[[np.ndarray], np.ndarray]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        weights = load_file(folder / "model.safetensors")
        save_file(weights | {"W_E": values(weights["W_E"])}, folder / "model.safetensors")

    return change


def setting(name: str, value: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps(config | {name: value}))

    return change


def half(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "gone": (shutil.rmtree, "no model or folder"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), "no file"),
    "no JSON": (lambda f: (f / "config.json").write_text("d_model = 8"), "not a JSON object"),
    "truncated": (half, "part of it is missing"),
    "wrong shape": (tensor(lambda x: x[:, :-1].copy()), "shape"),
    "NaN": (tensor(lambda x: x * np.float32("nan")), "NaN"),
    "float64": (tensor(lambda x: x.astype(np.float64)), "F64"),
    "absurd": (setting("n_heads", 10**30), "n_heads"),
    "not a number": (setting("d_model", "eight"), "eight"),
    "other vocabulary": (setting("d_vocab", 5), "5"),
    "no vocabulary": (lambda f: (f / "vocab.json").write_text("{}"), "vocab.json"),
}


@pytest.mark.parametrize(("break_it", "said"), BROKEN.values(), ids=BROKEN)
def test_a_broken_model(
    folder: Path,
    break_it: Callable[[Path], object],
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    break_it(folder)
    for lang in LANGUAGES:
        for command in (["predict", "el"], ["trace", "el"], ["generate", "el", "--tokens", "1"]):
            assert main([*command, "--model", str(folder), "--lang", lang]) == 2
            line = one_line(capsys)
            assert str(folder) in line
            assert lang == "es" or said in line


def test_weights_that_overflow_are_shown_and_not_sampled(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = load_file(folder / "model.safetensors")
    giants = {name: np.full_like(x, 3e38) for name, x in weights.items()}
    save_file(giants, folder / "model.safetensors")
    model = ["--model", str(folder), "--lang", "en"]
    assert main(["trace", "el", "--json", *model]) == 0
    out, err = capsys.readouterr()
    json.loads(out, parse_constant=lambda name: pytest.fail(name))
    assert err == ""
    assert main(["generate", "el", "--tokens", "1", *model]) in (0, 2)
    assert "Traceback" not in capsys.readouterr().err


# --- Sentences -----------------------------------------------------------------------------------


def codes() -> dict[str, set[str]]:
    """The code of every EngineError in the source, and the particulars it always has."""
    found: dict[str, set[str]] = {}
    for package in ("engine", "lessons", "tui"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                named = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "EngineError"
                if named and node.args and isinstance(node.args[0], ast.Constant):
                    params = {keyword.arg for keyword in node.keywords if keyword.arg}
                    code = node.args[0].value
                    found[code] = found.get(code, params) & params
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_a_sentence_that_its_particulars_fill(lang: str) -> None:
    sentences = words("errors", lang).sentences
    for code, params in codes().items():
        assert code in sentences, f"errors.{lang}.toml says nothing for {code}"
        places = {name for _, name, _, _ in string.Formatter().parse(sentences[code]) if name}
        assert places <= params | {"path"}, code


@pytest.mark.parametrize("table", ["errors", "cli"])
def test_both_languages_say_the_same(table: str) -> None:
    es, en = (words(table, lang).sentences for lang in LANGUAGES)
    assert es.keys() == en.keys()
    for key in es:
        places = [
            {name for _, name, _, _ in string.Formatter().parse(sentences[key]) if name}
            for sentences in (es, en)
        ]
        assert places[0] == places[1], key


def test_an_error_without_a_sentence_is_shown_as_it_is() -> None:
    assert error_sentence(EngineError("brand_new", x=1), "es") == "brand_new (x=1)"
    assert "bad_setting" in error_sentence(EngineError("bad_setting"), "en")


def test_sentences_name_the_file_and_stay_short() -> None:
    error = EngineError("bad_setting", name="d_model", value="9" * 999, path=Path("m/config.json"))
    sentence = error_sentence(error, "en")
    assert sentence.startswith("m/config.json: The setting d_model cannot be 999")
    assert len(sentence) < 200


# --- The world around ----------------------------------------------------------------------------


def raising(error: BaseException) -> Callable[..., int]:
    def run(*_: object) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (OSError(28, "No space left on device"), 2, "No space left"),
        (ZeroDivisionError("what\nhappened"), 2, "ZeroDivisionError: what\\nhappened"),
        (MemoryError(), 2, "MemoryError"),
        (RecursionError("too deep"), 2, "too deep"),
    ],
)
def test_what_nobody_foresaw(
    error: BaseException,
    status: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cli, "_run", raising(error))
    monkeypatch.setattr(cli, "_abandon_output", lambda: None)
    assert main(["models"]) == status
    if said:
        assert said in one_line(capsys)


def process(*arguments: str, **settings: object) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "tui.cli", *arguments]
    environment = os.environ | {"LC_ALL": "C.UTF-8"}
    return subprocess.run(command, stderr=subprocess.PIPE, env=environment, cwd=ROOT, **settings)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        result = process("trace", "el", "--model", str(folder), stdout=full)
    assert result.returncode == 2
    assert result.stderr.startswith(b"desdecero: The output cannot be written")
    assert result.stderr.count(b"\n") == 1


def test_a_reader_that_stops_reading(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        result = process("trace", "el", "--model", str(folder), stdout=writing)
    finally:
        os.close(writing)
    assert (result.returncode, result.stderr) == (141, b"")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_closed_streams(folder: Path) -> None:
    desdecero = f"'{sys.executable}' -m tui.cli predict --lang en --model '{folder}'"
    for command, said in [
        (f"{desdecero} el >&-", "The output cannot be written"),
        (f"{desdecero} - <&-", "no standard input"),
        (f"{desdecero} --nope 2>&-", ""),
    ]:
        result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=ROOT)
        assert result.returncode == 2, result
        assert said in result.stderr
        assert result.stderr.count("\n") == (1 if said else 0)
