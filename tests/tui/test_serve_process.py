"""A visitor's process of `desdecero serve`: what it is told, what it may touch, and how it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest
from textual.app import App
from textual.drivers import web_driver

pytest.importorskip("textual_serve", reason="the extra `web` is not installed")

from tui.web.driver import ServedDriver
from tui.web.process import environment, fitted

ROOT = Path(__file__).parents[2]


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


async def test_packets_of_two_threads_do_not_end_up_in_each_other(monkeypatch):
    monkeypatch.setattr(web_driver, "InputReader", object)  # nobody types here
    get, put = os.pipe()
    driver = ServedDriver(App())
    driver.fileno = put
    size, times = 200_000, 20
    frame, chunk = "f" * size, b"c" * size
    writes = (lambda: driver.write(frame), lambda: driver.write_binary_encoded(("chunk", chunk)))

    def write_both():
        threads = [Thread(target=lambda one=one: [one() for _ in range(times)]) for one in writes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os.close(put)

    writer = Thread(target=write_both)
    writer.start()
    came = Counter()
    with os.fdopen(get, "rb") as read:
        while head := read.read(5):
            body = read.read(int.from_bytes(head[1:], "big"))
            came[head[:1], body == frame.encode(), chunk in body] += 1
    writer.join()
    assert came == {(b"D", True, False): times, (b"P", False, True): times}


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
