"""The floors of the house: imports go down only, and nobody opens a door to the outside."""

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What each floor may import beside the standard library.
ALLOWED = {
    "engine": {"engine", "numpy", "safetensors"},
    "lessons": {"engine", "lessons", "numpy", "filelock", "fsrs"},
    "tui": {"engine", "lessons", "tui", "numpy", "platformdirs", "rich", "textual"},
}
# Modules that run what they read, or speak to the network; no floor needs them.
FORBIDDEN = {
    *("pickle", "shelve", "marshal", "dill", "joblib"),
    *("socket", "socketserver", "ssl", "http", "urllib", "ftplib", "smtplib", "poplib", "imaplib"),
    *("xmlrpc", "telnetlib", "webbrowser", "requests", "httpx", "aiohttp"),
}
# `desdecero serve` listens for browsers, nothing else does: only these import what it needs.
LISTENING = ("tui/web/", "tui/commands/serve.py")
TO_LISTEN = {"aiohttp", "socket", "textual_serve", "yarl"}
FILES_OF = {floor: sorted((ROOT / floor).rglob("*.py")) for floor in ALLOWED}


def name_of(path):
    return str(path.relative_to(ROOT))


def imported(tree):
    """The top-level name of every module that a file imports, wherever in the file."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            yield (node.module or "").split(".")[0]
        elif (
            isinstance(node, ast.Call)
            and dotted(node.func) in ("__import__", "import_module", "importlib.import_module")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value).split(".")[0]


def dotted(node):
    """A name as it is written, such as "os.system"; "" for what is no name."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@cache
def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def called(path):
    """What a file calls by name, as it is written there."""
    return {dotted(x.func) for x in ast.walk(tree_of(path)) if isinstance(x, ast.Call)}


@pytest.mark.parametrize("floor", ALLOWED)
def test_imports_go_down_only(floor):
    allowed = ALLOWED[floor] | sys.stdlib_module_names - FORBIDDEN | {"__future__"}
    wrong = {}
    for path in FILES_OF[floor]:
        more = TO_LISTEN if name_of(path).startswith(LISTENING) else set()
        wrong[name_of(path)] = set(imported(tree_of(path))) - allowed - more
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize("floor", ALLOWED)
def test_nothing_runs_text_as_code(floor):
    runs = {"eval", "exec", "os.system"}
    wrong = {name_of(path): called(path) & runs for path in FILES_OF[floor]}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_the_engine_prints_nothing():
    speaks = {"print", "input", "sys.stdout.write", "sys.stderr.write"}
    wrong = {name_of(path): called(path) & speaks for path in FILES_OF["engine"]}
    assert {path: found for path, found in wrong.items() if found} == {}


def test_all_floors_are_here():
    assert all(FILES_OF.values())
