"""`desdecero doctor`: what it tells is true, and nothing private is in it."""

import json
import subprocess
from importlib.metadata import version
from pathlib import Path
from shutil import which

import pytest
from rich.cells import cell_len

from engine.store import shipped
from tui.cli import main
from tui.commands.doctor import SAMPLES, expected_sums
from tui.data import in_home, progress_path


def asked(capsys):
    assert main(["doctor", "--json"]) == 0
    sections = json.loads(capsys.readouterr().out)
    return {fact["name"]: fact for facts in sections.values() for fact in facts}


def test_all_shipped_weights_are_as_shipped(capsys):
    facts = asked(capsys)
    assert len(expected_sums()) == len(shipped())
    for name in shipped():
        assert facts[name]["good"], name


def test_weights_that_were_changed_are_found(capsys, monkeypatch, tmp_path):
    name, folder = next(iter(shipped().items()))
    changed = tmp_path / name
    changed.mkdir()
    weights = bytearray((folder / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (changed / "model.safetensors").write_bytes(weights)
    monkeypatch.setattr("engine.store.shipped", lambda: {name: changed, "gone": tmp_path / "gone"})
    facts = asked(capsys)
    assert not facts[name]["good"]
    assert not facts["gone"]["good"]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_home_folder_is_not_named(lang, capsys, data_folder, monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "203.0.113.7 1 2 3")
    assert main(["doctor", "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert str(Path.home()) not in said
    assert "203.0.113.7" not in said
    assert in_home(progress_path().parent) in said
    assert str(in_home(Path.home() / "x")) == "~/x"
    assert in_home(Path("/somewhere")) == "/somewhere"


@pytest.mark.parametrize(
    ("content", "good"),
    [(None, True), ('{"schema": 1', False), ("[]", False), ('{"schema": 999999}', False)],
)
def test_the_state_of_the_progress_file_is_told(content, good, capsys):
    path = progress_path()
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    fact = asked(capsys)["progress_file"]
    assert fact["good"] == good
    assert str(Path.home()) not in fact["value"]
    if content is not None:
        assert path.read_text() == content  # looked at, and left as it is


def test_every_sign_is_one_column_wide():
    for sample in SAMPLES:
        assert cell_len(sample) == len(sample)


@pytest.mark.skipif(which("sha256sum") is None, reason="sha256sum is missing")
def test_the_list_of_checksums_is_one_that_other_tools_read():
    folder = next(iter(shipped().values())).parent
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, capture_output=True
    )
    assert done.returncode == 0, done.stdout


def test_the_version_is_that_of_the_package(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.split() == ["desdecero", version("desdecero")]
