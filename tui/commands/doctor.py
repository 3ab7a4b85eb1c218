"""`desdecero doctor`: what a report of trouble needs, and nothing that is private.

Paths inside the home folder begin with "~", and nothing that was typed or answered is shown.
"""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tui.commands.base import Command, add_json
from tui.messages import Words, error_sentence

_PACKAGES = ("textual", "rich", "numpy", "safetensors", "platformdirs", "filelock", "fsrs")
_VARIABLES = ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "TMUX", "SSH_CONNECTION")
_SAID = ("SSH_CONNECTION", "TMUX")
"""Of these only whether they are set: they hold addresses and paths."""

LEAST_SIZE = (80, 24)
SAMPLES = ("█▇▆▅▄▃▂▁", "⣀⣤⣶⣿", "┌─┬─┐", "←↑→↓", "√Σ·×−≈", "10⁻⁶", "áéíóúñ¿¡")
WIDEST = max(map(len, SAMPLES))
"""What the screens are drawn with: each sign is one column wide in a terminal that has it."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: its key names it in the words, `good` is False where it means trouble."""

    key: str
    value: str
    good: bool = True


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    sections = {
        "program": program(),
        "terminal": terminal(words),
        "folders": folders(words),
        "models": models(words),
    }
    if args.json:
        from tui.commands.output import print_json

        print_json({name: [_plain(fact) for fact in facts] for name, facts in sections.items()})
        return
    for name, facts in sections.items():
        print(words(f"doctor.{name}"))
        for fact in facts:
            label = words.sentences.get(f"doctor.{fact.key}", fact.key)
            print(f"  {'' if fact.good else '! '}{label}: {fact.value}")
    print(words("doctor.signs"))
    for sample in SAMPLES:
        print(f"  {sample}{' ' * (WIDEST - len(sample))}|")
    print(words("doctor.signs_told"))


def _plain(fact: Fact) -> dict[str, Any]:
    return {"name": fact.key, "value": fact.value, "good": fact.good}


def program() -> list[Fact]:
    """Versions, and what they run on."""
    system = f"{platform.system()} {platform.release()} ({platform.machine()})"
    return [
        Fact("desdecero", _version("desdecero")),
        Fact("python", platform.python_version()),
        *(Fact(name, _version(name)) for name in _PACKAGES),
        Fact("system", system),
        Fact("cores", str(os.cpu_count() or 1)),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "-"


def terminal(words: Words) -> list[Fact]:
    """What the terminal says of itself."""
    from rich.console import Console

    columns, lines = shutil.get_terminal_size()
    there = bool(sys.stdout and sys.stdout.isatty() and sys.stdin and sys.stdin.isatty())
    encoding = getattr(sys.stdout, "encoding", None) or "-"
    colours = Console(force_terminal=True).color_system or "-"
    known = [
        Fact(name, words("doctor.is_set") if name in _SAID else os.environ[name])
        for name in _VARIABLES
        if os.environ.get(name)
    ]
    return [
        Fact("a_terminal", words("doctor.yes" if there else "doctor.no")),
        Fact("size", f"{columns}x{lines}", columns >= LEAST_SIZE[0] and lines >= LEAST_SIZE[1]),
        Fact("colours", colours),
        Fact("encoding", encoding, encoding.lower().replace("-", "") == "utf8"),
        Fact("locale", ".".join(part or "-" for part in locale.getlocale())),
        *known,
    ]


def folders(words: Words) -> list[Fact]:
    """Where things are, and whether they can be used."""
    from engine.errors import EngineError
    from lessons.progress.file import read
    from tui.data import in_home, models_path, progress_path

    path = progress_path()
    try:
        read(path)
        state, good = words("doctor.sound"), True
    except FileNotFoundError:
        state, good = words("doctor.absent"), True
    except EngineError as error:
        state, good = error_sentence(error, words.lang).replace(str(path), in_home(path)), False
    parent = next(folder for folder in path.parents if folder.exists())
    writable = os.access(parent, os.W_OK)
    return [
        Fact("program_folder", in_home(Path(__file__).parents[2])),
        Fact("data_folder", in_home(path.parent)),
        Fact("writable", words("doctor.yes" if writable else "doctor.no"), writable),
        Fact("progress_file", state, good),
        Fact("own_models", in_home(models_path())),
    ]


def models(words: Words) -> list[Fact]:
    """Every shipped model: whether its weights are those that were shipped."""
    from engine.store import WEIGHTS, shipped

    sums = expected_sums()
    facts = []
    for name, folder in shipped().items():
        try:
            found = sha256((folder / WEIGHTS).read_bytes()).hexdigest()
        except OSError as error:
            facts.append(Fact(name, error.strerror or type(error).__name__, False))
            continue
        same = sums.get(f"{name}/{WEIGHTS}") == found
        told = words("doctor.as_shipped" if same else "doctor.changed")
        facts.append(Fact(name, f"{found[:12]} {told}", same))
    return facts


def expected_sums() -> dict[str, str]:
    """The checksums of the shipped weights by path; empty if their list is not there."""
    import engine

    path = Path(engine.__file__).parent / "models" / "SHA256SUMS"
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except OSError:
        return {}
    return {name: digest for digest, name in (line.split() for line in lines)}


COMMAND = Command("doctor", _add_arguments, _run)
