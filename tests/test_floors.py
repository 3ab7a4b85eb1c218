"""The floors of the house: imports go down only, and nobody opens a door to the outside."""

import ast
import sys
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
FILES = sorted(path for floor in ALLOWED for path in (ROOT / floor).rglob("*.py"))


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
            and ast.unparse(node.func) in ("__import__", "import_module", "importlib.import_module")
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value).split(".")[0]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_imports_go_down_only(path):
    floor = path.relative_to(ROOT).parts[0]
    names = set(imported(ast.parse(path.read_text(encoding="utf-8"))))
    assert names <= ALLOWED[floor] | sys.stdlib_module_names | {"__future__"}
    assert names.isdisjoint(FORBIDDEN)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_runs_text_as_code(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called.isdisjoint({"eval", "exec", "os.system"})


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.is_relative_to(ROOT / "engine")], ids=name_of
)
def test_the_engine_prints_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert called.isdisjoint({"print", "input", "sys.stdout.write", "sys.stderr.write"})


def test_all_floors_are_here():
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == set(ALLOWED)
