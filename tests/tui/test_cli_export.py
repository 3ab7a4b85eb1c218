"""`desdecero export`: three kinds of files, written whole or not at all."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from engine.config import Config, init_parameters
from engine.experiment import Experiment
from engine.store import Model, load, save
from engine.tokenizer import Tokenizer
from lessons.numpy_export import to_python
from tui.cli import main
from tui.export.files import free_path, write_whole
from tui.export.page import to_page

TEXT = "el gato come"
FORMS = [("--numpy", "run.py"), ("--svg", "run.svg"), ("--html", "run.html")]
Export = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = Tokenizer.train({}, whole=["el", "la", "gato", "come", "pez"])
    config = Config(8, 2, 4, 16, 2, 64, len(tokenizer))
    parameters = init_parameters(config, np.random.default_rng(0))
    folder = tmp_path_factory.mktemp("models") / "tiny"
    save(Model("tiny", None, config, parameters, tokenizer), folder)
    return folder


@pytest.fixture
def export(
    model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Export:
    """Runs the command in an empty folder, with the tiny model, in English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["export", "--model", str(model), *arguments])
        return status, *capsys.readouterr()

    return run


def refused(result: tuple[int, str, str]) -> str:
    """The one sentence of a refusal."""
    status, out, err = result
    assert (status, out) == (2, "")
    assert err.startswith("desdecero: ")
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    return err


def test_the_numpy_program(export: Export, model: Path, tmp_path: Path) -> None:
    status, out, err = export(TEXT, "--numpy", "run.py")
    assert (status, err) == (0, "")
    assert out.startswith("run.py: ")
    source = (tmp_path / "run.py").read_text(encoding="utf-8")
    experiment = Experiment(load(model), TEXT)
    assert source == to_python(experiment)
    done = subprocess.run(
        [sys.executable, "-I", "run.py", "--save", "steps.npz"],
        cwd=tmp_path,
        capture_output=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    with np.load(tmp_path / "steps.npz") as steps:
        np.testing.assert_allclose(steps["probs"], experiment.trace["probs"].value, atol=1e-12)


def test_the_page_in_both_languages(export: Export, model: Path, tmp_path: Path) -> None:
    for lang in ("es", "en"):
        status, _, err = export(TEXT, "--html", f"{lang}.html", "--lang", lang)
        assert (status, err) == (0, "")
        page = (tmp_path / f"{lang}.html").read_text(encoding="utf-8")
        assert page == to_page(Experiment(load(model), TEXT), lang)


def test_the_picture_needs_no_terminal(export: Export, tmp_path: Path) -> None:
    options = ("--stage", "logits", "--size", "80x24", "--theme", "light")
    for name, more in (("plain.svg", ()), ("other.svg", options)):
        status, out, err = export(TEXT, "--svg", name, *more)
        assert (status, err) == (0, "")
        assert out.count("\n") == 1
    plain, other = (ElementTree.parse(tmp_path / name) for name in ("plain.svg", "other.svg"))
    assert plain.getroot().get("viewBox") != other.getroot().get("viewBox")


@pytest.mark.parametrize(("option", "name"), FORMS)
def test_a_file_is_replaced_only_when_asked(
    export: Export, tmp_path: Path, option: str, name: str
) -> None:
    path = tmp_path / name
    path.write_text("mine")
    said = refused(export(TEXT, option, name))
    assert name in said
    assert "--overwrite" in said
    assert path.read_text() == "mine"
    assert export(TEXT, option, name, "--overwrite")[0] == 0
    assert "mine" not in path.read_text(encoding="utf-8")[:100]
    assert [found.name for found in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((TEXT,), "--numpy, --svg or --html"),
        ((TEXT, "--numpy", "a.py", "--svg", "a.svg"), "exclude each other"),
        ((TEXT, "--numpy"), "needs a value"),
        (("--numpy", "a.py"), "missing: TEXT"),
        ((TEXT, "--numpy", "a.py", "--stage", "logits"), "--stage is of use only with --svg"),
        ((TEXT, "--html", "a.html", "--size", "80x24"), "--size is of use only with --svg"),
        ((TEXT, "--svg", "a.svg", "--size", "80"), "a size from 60x20"),
        ((TEXT, "--svg", "a.svg", "--size", "10x10"), "a size from 60x20"),
        ((TEXT, "--svg", "a.svg", "--size", "999x999"), "a size from 60x20"),
        ((TEXT, "--svg", "a.svg", "--theme", "blue"), "choose from"),
        ((TEXT, "--svg", "a.svg", "--stage", "blocks.0.patern"), "blocks.0.pattern"),
        ((TEXT, "--svg", "a.svg", "--stage", "\x1b["), "names like"),
        ((TEXT, "--svg", "no/such/a.svg"), "cannot be written"),
        ((TEXT, "--html", "."), "cannot be written"),
        ((TEXT, "--html", ".", "--overwrite"), "cannot be written"),
        ((TEXT, "--html", ""), "cannot be written"),
        ((TEXT, "--numpy", "a\0b"), "cannot be written"),
        ((TEXT, "--numpy", "a" * 5000), "cannot be written"),
        ((TEXT, "--numpy", os.devnull, "--overwrite"), "cannot be written"),
        ((TEXT, "--numpy", "a.py", "--model", "none"), "no model or folder"),
    ],
)
def test_what_is_refused_leaves_nothing(
    export: Export, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in refused(export(*arguments))
    assert list(tmp_path.iterdir()) == []


def test_what_is_refused_in_spanish(export: Export, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text("mine")
    for arguments in (
        (),
        ("--html", "b.html", "--size", "80x24"),
        ("--svg", "b.svg", "--size", "1"),
        ("--svg", "b.svg", "--stage", "x"),
        ("--svg", "a.svg"),
    ):
        said = refused(export(TEXT, *arguments, "--lang", "es"))
        assert not {"is", "the", "with", "not", "only"} & set(said.split())


@pytest.mark.parametrize("text", ["", "-x", "\x00\x1b\u202e", "👩‍👩‍👧‍👦", "el gato " * 300])
def test_any_text_can_be_exported(export: Export, text: str) -> None:
    for option, name in FORMS:
        status, out, err = export(option, name, "--", text)
        assert status == 0
        assert out.count("\n") == 1
        assert err == "" or "64 tokens" in err


def test_help_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    helps = []
    for lang in ("es", "en"):
        assert main(["export", "--help", "--lang", lang]) == 0
        helps.append(capsys.readouterr().out)
    for line in set(helps[0].splitlines()) & set(helps[1].splitlines()):
        assert not line.strip() or line.lstrip().startswith(("[", "-")), line


def test_textual_is_imported_for_the_picture_and_the_page_only(model: Path, tmp_path: Path) -> None:
    program = """
import sys
from tui.cli import main
assert main(["export", "el gato", "--numpy", "run.py", "--model", sys.argv[1]]) == 0
assert not any(name.split(".")[0] == "textual" for name in sys.modules)
"""
    root = str(Path(__file__).parents[2])
    subprocess.run(
        [sys.executable, "-c", program, str(model)],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
    )


# --- Files ---------------------------------------------------------------------------------------


def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run.py"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(Exception, match="unwritable"):
        write_whole(path, "new", overwrite=True)
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["run.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    assert write_whole(link, "niño\n", overwrite=True) == 6
    assert link.is_symlink()
    assert target.read_bytes() == "niño\n".encode()


def test_names_for_files_that_are_not_there(tmp_path: Path) -> None:
    first = free_path(tmp_path, "¿El niño está aquí?", ".svg")
    assert first.name == "el-nino-esta-aqui.svg"
    first.touch()
    assert free_path(tmp_path, "El niño está aquí", ".svg").name == "el-nino-esta-aqui-2.svg"
    assert free_path(tmp_path, "../..", ".py").name == "desdecero.py"
    assert len(free_path(tmp_path, "a" * 999, ".py").name) < 60
