"""`desdecero serve`: its command line, visitors' folders, and what their processes may touch."""

from __future__ import annotations

import builtins
import json
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
from tui.web.process import environment, fitted
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


# --- A visitor's process -------------------------------------------------------------------------


def test_a_visitors_process_is_told_nothing_of_who_serves(tmp_path):
    given = {"PATH": "/bin", "SECRET": "x", "NO_COLOR": "1", "XDG_DATA_HOME": "/x", "HOME": "/x"}
    told = environment(tmp_path, (90, 30), given)
    assert told["PATH"] == "/bin"
    assert told["HOME"] == told["DESDECERO_DATA"] == str(tmp_path)
    assert (told["COLUMNS"], told["ROWS"]) == ("90", "30")
    assert not {"SECRET", "NO_COLOR", "XDG_DATA_HOME"} & told.keys()


def test_only_sizes_that_can_be_drawn_are_drawn():
    assert fitted(120, 40) == (120, 40)
    assert fitted(10**9, -5) == (400, 4)


GUARDED = """
import json, os, shutil, subprocess, sys
from pathlib import Path
from tui.web.guard import guard

mine, secret = Path(sys.argv[1]), Path(sys.argv[2])
guard(mine)

def tried(what):
    try:
        what()
    except PermissionError:
        return "refused"
    return "done"

(mine / "a").write_text("x")
link = tried(lambda: (mine / "link").symlink_to(secret))
print(json.dumps({
    "read": tried(secret.read_text),
    "read low": tried(lambda: os.open(secret, os.O_RDONLY)),
    "read bytes": tried(lambda: open(os.fsencode(secret))),
    "through ..": tried((mine / ".." / "secret").read_text),
    "through a link": tried((mine / "old link").read_text),
    "list": tried(lambda: list(secret.parent.iterdir())),
    "scan": tried(lambda: os.scandir(secret.parent)),
    "write": tried(lambda: (secret.parent / "new").write_text("x")),
    "write into the program": tried(lambda: Path(os.__file__).with_name("x").write_text("x")),
    "append": tried(lambda: secret.open("a")),
    "remove": tried(secret.unlink),
    "rename out": tried(lambda: (mine / "a").rename(secret.parent / "b")),
    "rename in": tried(lambda: secret.rename(mine / "b")),
    "make": tried(lambda: (secret.parent / "folder").mkdir()),
    "tree": tried(lambda: shutil.rmtree(secret.parent / "tree")),
    "passwords": tried(Path("/etc/passwd").read_text),
    "of mine": tried(lambda: (mine / "a").read_text()),
    "list mine": tried(lambda: os.listdir(mine)),
    "rename mine": tried(lambda: (mine / "a").rename(mine / "c")),
    "the program": tried(lambda: __import__("lessons.course")),
    "a process": tried(lambda: subprocess.run([sys.executable, "-c", ""], check=True)),
}))
"""


def test_the_fence_around_a_visitors_process(tmp_path):
    mine, secret = tmp_path / "mine", tmp_path / "secret"
    mine.mkdir()
    (tmp_path / "tree").mkdir()
    secret.write_text("secret")
    (mine / "old link").symlink_to(secret)
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, mine, secret], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    allowed = {"of mine", "list mine", "rename mine", "the program", "a process"}
    assert {name for name, what in outcome.items() if what == "done"} == allowed
    assert secret.read_text() == "secret"
    assert sorted(x.name for x in tmp_path.iterdir()) == ["mine", "secret", "tree"]


def packet(kind, data):
    return kind + len(data).to_bytes(4, "big") + data


def drawn_until(app, text):
    """Read what an app draws until a text is among it."""
    drawn = b""
    while text not in drawn:
        head = app.stdout.read(5)
        assert len(head) == 5, drawn
        drawn += app.stdout.read(int.from_bytes(head[1:], "big"))


def test_the_real_app_ends_and_saves_when_the_server_is_gone(tmp_path):
    said = environment(tmp_path, (80, 24), os.environ)
    app = subprocess.Popen(
        [sys.executable, "-P", "-m", "tui.web.session", "en", ""],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=said,
        cwd=tmp_path,
    )
    with app:
        assert app.stdout.readline() == b"__GANGLION__\n"
        drawn_until(app, b"Your sentence, as you typed it")
        app.stdin.write(packet(b"M", b'{"type": "focus"}') + packet(b"D", b"the dog eats\r"))
        app.stdin.flush()
        drawn_until(app, b"the dog eats")
        app.stdin.close()  # all that is left of a server that was killed
        rest, errors = app.stdout.read(), app.stderr.read()
    assert app.returncode == 0, errors
    assert errors == b""
    assert rest.endswith(packet(b"M", b'{"type": "exit"}'))
    kept = json.loads((tmp_path / "progress.json").read_text())["settings"]
    assert kept["text"] == "the dog eats"
    assert kept["language"] == "en"
