"""`desdecero serve`: its command line, its page, and visitors' folders."""

from __future__ import annotations

import builtins
import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from time import time

import pytest

from tui.cli import main
from tui.commands.serve import REQUIREMENT, is_loopback
from tui.messages import LANGUAGES, words

pytest.importorskip("textual_serve", reason="the extra `web` is not installed")

from tui.web.page import page
from tui.web.visitors import DAY, Visitors, is_token, new_token

ROOT = Path(__file__).parents[2]


# --- The command line ----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_served_is_one_sentence(lang, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for arguments, said in (
            (["--port", port], port),
            (["--port", "0", "--host", "203.0.113.7"], "203.0.113.7"),
            (["--port", "0", "--host", "no.such.host.invalid"], "no.such.host.invalid"),
            (["--port", "65536"], "65536"),
            (["--port", "x"], "65535"),
            (["--sessions", "0"], "--sessions"),
            (["--model", "."], "mini-es"),
        ):
            assert main(["serve", *arguments, "--lang", lang]) == 2
            out, err = capsys.readouterr()
            assert out == ""
            assert said in err
            assert err.count("\n") == 1
            assert "Traceback" not in err


def test_without_the_extra_it_is_said_what_to_install(capsys, monkeypatch):
    usual = builtins.__import__

    def without(name, *more, **settings):
        if name.partition(".")[0] in ("aiohttp", "textual_serve"):
            raise ModuleNotFoundError(name)
        return usual(name, *more, **settings)

    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["serve", "--lang", "en"]) == 2
    assert f'pip install "{REQUIREMENT}"' in capsys.readouterr().err


def test_what_is_said_to_install_is_the_extra():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["optional-dependencies"]["web"] == [REQUIREMENT]


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x.org", False)],
)
def test_an_address_that_others_reach_is_known(host, only_here):
    assert is_loopback(host) == only_here


def test_help_and_the_app_need_nothing_of_the_web(tmp_path):
    code = (
        "import sys; from tui.cli import main; assert main(['serve', '--help']) == 0;"
        "import tui.app; sys.exit(any(x in sys.modules for x in ('aiohttp', 'textual_serve')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--sessions" in done.stdout


# --- The page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_a_sentence_for_every_end(lang):
    said = words("serve", lang).sentences
    whole = page(lang)
    for key, sentence in said.items():
        assert sentence in whole, key
    assert "-closed" not in whole
    assert '<p id="why"></p>' in whole
    full = page(lang, "full")
    assert f'<p id="why">{said["over.full"]}</p>' in full
    assert '<body class="-closed">' in full


# --- Visitors ------------------------------------------------------------------------------------


def test_only_our_own_secrets_are_taken():
    tokens = {new_token() for _ in range(20)}
    assert len(tokens) == 20
    assert all(map(is_token, tokens))
    for other in (None, "", "../" * 11, "x" * 31, "x" * 33, "é" * 32, "x" * 31 + "\n"):
        assert not is_token(other)


def test_old_folders_go_and_then_the_oldest_above_the_limit(tmp_path):
    visitors = Visitors(tmp_path / "visitors", keep_days=30, most=2)
    assert visitors.sweep(()) == 0  # there is nothing yet
    days = {"in use": 99, "forgotten": 31, "older": 20, "newer": 10, "newest": 0}
    folders = {}
    for name, ago in days.items():
        folders[name] = visitors.open(new_token())
        (folders[name] / "progress.json").write_text("{}")
        when = time() - ago * DAY
        os.utime(folders[name] / "seen", (when, when))
    (other := tmp_path / "visitors" / "somebody else's").mkdir()
    assert visitors.sweep({folders["in use"]}) == 2
    left = {name for name, folder in folders.items() if folder.exists()}
    assert left == {"in use", "newer", "newest"}
    assert other.exists()


def test_the_secret_is_not_in_the_name_of_the_folder(tmp_path):
    token = new_token()
    folder = Visitors(tmp_path, 1).open(token)
    assert folder.parent == tmp_path
    assert token not in str(folder)
    assert token not in "".join(x.read_text() for x in folder.iterdir())
