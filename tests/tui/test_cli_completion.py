"""What Tab offers after `desdecero`, in the shells that are there."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from engine.store import shipped
from lessons.first_card import lesson_ids
from lessons.trials.all import TRIALS
from tui.cli import main
from tui.commands.completion import script
from tui.commands.table import COMMANDS
from tui.completion.shells import SHELLS
from tui.messages import LANGUAGES, words

MODELS, LESSONS = set(shipped()), set(lesson_ids())
COMMAND_NAMES = {command.name for command in COMMANDS}

LINES: list[tuple[str, set[str]]] = [
    ("", COMMAND_NAMES),
    ("le", {"lesson", "lessons"}),
    ("--the", {"--theme"}),
    ("--theme ", {"dark", "light", "contrast"}),
    ("--lesson soft", {"softmax"}),
    ("--text x tra", {"trace", "train"}),
    ("--lang es predict --mod", {"--model"}),
    ("predict --model ", MODELS),
    ("predict --model paper-", {"paper-es", "paper-en"}),
    ("predict --lang e", {"es", "en"}),
    ("lesson ", LESSONS),
    ("lesson softmax ", set()),
    ("lesson --text trace soft", {"softmax"}),
    ("quiz --lesson ", LESSONS),
    ("experiment ", {trial.id for trial in TRIALS}),
    ("train --preset mini-bidi-", {"mini-bidi-es", "mini-bidi-en"}),
    ("train --from ", MODELS),
    ("progress ", {"export", "import", "reset"}),
    ("completion ", set(SHELLS)),
]
"""What was typed after `desdecero`, and what is offered; folders and files aside."""


def bash(lines: list[str]) -> list[set[str]]:
    """What bash offers for each line."""
    asked = ""
    for line in lines:
        typed = ["desdecero", *line.split(" ")]
        asked += f"COMP_WORDS=({shlex.join(typed)}); COMP_CWORD={len(typed) - 1}; COMPREPLY=()\n"
        asked += '_desdecero; printf "%s " "${COMPREPLY[@]}"; echo\n'
    return run("bash", ["--norc", "-c"], script("bash", words("cli", "en")) + asked)


def zsh(lines: list[str]) -> list[set[str]]:
    """What zsh offers; what it draws with is made to print."""
    told = "compdef() { }; _files() { }; _describe() { print -rn -- ${found%%:*} ''; }\n"
    told += script("zsh", words("cli", "en"))
    for line in lines:
        typed = ["desdecero", *line.split(" ")]
        told += f"words=({shlex.join(typed)}); CURRENT={len(typed)}; _desdecero; print\n"
    # It offers all that fits the place; what fits the letters is for zsh itself to choose.
    offered = run("zsh", ["-f", "-c"], told)
    starts = [line.rpartition(" ")[2] for line in lines]
    return [{x for x in xs if x.startswith(y)} for xs, y in zip(offered, starts, strict=True)]


def fish(lines: list[str]) -> list[set[str]]:
    """What fish offers."""
    asked = script("fish", words("cli", "en"))
    for line in lines:
        asked += f"echo (complete -C {shlex.quote(f'desdecero {line}')} | cut -f1)\n"
    return run("fish", ["--no-config", "-c"], asked)


def run(shell: str, options: list[str], told: str) -> list[set[str]]:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"there is no {shell}")
    done = subprocess.run([path, *options, told], capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    return [set(line.split()) for line in done.stdout.splitlines()]


ASK: dict[str, Callable[[list[str]], list[set[str]]]] = {"bash": bash, "zsh": zsh, "fish": fish}


@cache
def offered(shell: str) -> dict[str, set[str]]:
    """Every line of LINES with what is offered, asked in one start of the shell."""
    return dict(zip([line for line, _ in LINES], ASK[shell]([x for x, _ in LINES]), strict=True))


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_what_is_offered(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where there are no folders to offer
    assert offered(shell) == dict(LINES)


def test_what_fish_offers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = offered("fish")
    # fish does not count the places of a command.
    assert {line for line, wanted in LINES if not wanted <= found[line]} == set()
    assert found["le"] == {"lesson", "lessons"}
    assert found["predict --model paper-"] == {"paper-es", "paper-en"}


def test_bash_takes_an_equals_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert bash(["--lang = e", "--lang = es predict --model = mini-e"]) == [
        {"es", "en"},
        {"mini-es", "mini-en"},
    ]


def test_bash_offers_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own").mkdir()
    (tmp_path / "own.txt").touch()
    assert bash(["train ow", "train --out ow", "train a ow", "predict ow", "export --svg o"]) == [
        {"own", "own.txt"}, {"own"}, {"own", "own.txt"}, set(), {"own", "own.txt"},
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_option_is_told_in_the_language(lang: str) -> None:
    said = words("cli", lang)
    for shell in ("zsh", "fish"):
        assert said("help.theme").replace("'", "'\"'\"'") in script(shell, said)


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash", "--lang", "en"]) == 0
    assert capsys.readouterr().out == script("bash", words("cli", "en"))
    assert main(["completion", "tcsh"]) == 2
