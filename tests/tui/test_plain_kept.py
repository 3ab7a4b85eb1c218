"""The dialogue and the world: progress is one with the app's, and every end is a clean one."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lessons.progress.file import read
from tests.tui.lesson_helper import lesson_app, lesson_of
from tests.tui.plain_helper import Typist, said, talk
from tests.tui.walk_helper import until
from tui import cli
from tui.data import progress_path
from tui.plain.speech import Speaker, spelled, undrawn
from tui.plain.start import run_plain
from tui.plain.wanted import plain_wanted

DESDECERO = [sys.executable, "-m", "tui.cli"]
ROOT = Path(__file__).parents[2]


class Stream(io.StringIO):
    """A stream that says whether it is a terminal."""

    def __init__(self, terminal: bool, text: str = "") -> None:
        super().__init__(text)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_where_there_is_no_terminal_the_dialogue_is_chosen() -> None:
    yes, no = Stream(True), Stream(False)
    assert not plain_wanted({"TERM": "xterm-256color"}, yes, yes)
    assert not plain_wanted({}, yes, yes)
    assert plain_wanted({"TERM": "dumb"}, yes, yes)
    assert plain_wanted({}, no, yes)
    assert plain_wanted({}, yes, no)
    assert plain_wanted({}, None, yes)
    no.close()
    assert plain_wanted({}, yes, no)


async def test_the_app_goes_on_where_the_dialogue_was_left() -> None:
    talk(["n", "1", "n", "n"], lang="es", lesson="why-transformers")
    left = read(progress_path())
    assert len(left.seen["why-transformers"]) == 4
    assert len(left.guesses["why-transformers"]) == 1
    assert left.settings["language"] == "es"
    from tui.app import app_of

    app = app_of()
    async with app.run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)
        assert lesson.view.key == (
            left.settings["place"]["lesson"],
            left.settings["place"]["card"],
        )
        assert lesson.view.journey.answers.keys() == {
            ("why-transformers", card) for card in left.guesses["why-transformers"]
        }
        seen = len(lesson.view.journey.seen)
        await pilot.press("right")
        await until(pilot, lambda: len(lesson.view.journey.seen) == seen + 1)
        place = lesson.view.card.title
        app.exit()
    app.learner.close()
    told = said(talk([], lang=None)[0])
    assert place in told
    assert "Sigues donde lo dejaste" in told


def test_the_walk_and_what_is_changed_are_found_again() -> None:
    talk(["s el perro come", "stage pattern", "head 2", "what if 1"], lang="es")
    told = talk([""], lang=None)
    assert "el perro come" in told[0] or "perro" in told[0]
    assert "Cabeza 2" in told[0]
    assert read(progress_path()).settings["forced"] == ["pos_embed=0"]


def test_ctrl_c_is_a_clean_end(capsys: pytest.CaptureFixture[str]) -> None:
    class Interrupted(Typist):
        def readline(self, limit: int = -1) -> str:
            line = super().readline(limit)
            if not line:
                raise KeyboardInterrupt
            return line

    out = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        run_plain(lang="en", lesson="softmax", source=Interrupted(["n"], out), out=out)  # type: ignore[arg-type]
    assert out.getvalue().endswith("> \n")
    assert len(read(progress_path()).seen["softmax"]) == 2


def test_a_damaged_file_is_said_once_and_one_goes_on() -> None:
    progress_path().parent.mkdir(parents=True)
    progress_path().write_text("{", encoding="utf-8")
    told = talk(["", "", ""], lang="en")
    assert sum("set aside" in reply or "damaged" in reply for reply in told) == 1
    assert read(progress_path()).settings["language"] == "en"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8", "utf-16"])
def test_what_an_encoding_lacks_is_replaced(encoding: str) -> None:
    text = "«á» −0.5 → √8 ≤ 2 … ¿qué? 🙂 ₂ ⟨inicio⟩"
    found = spelled(text, encoding)
    found.encode(encoding)
    assert "-0.5" in found or "−0.5" in found
    assert found == text or "\\u" not in found
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    run_plain(lang="es", source=io.StringIO("\nl 14\n"), out=stream)
    stream.flush()
    assert "softmax" in raw.getvalue().decode(encoding)


def test_lines_are_as_wide_as_asked_and_nothing_is_drawn() -> None:
    out = io.StringIO()
    Speaker(out, 30).say(["a word and " * 20, "\t  a   b", "x\x1b[2Jy\u202e"])
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= 30
    assert "  a   b" in lines
    assert "\x1b" not in out.getvalue()
    assert undrawn("│   a  in  block      −0.06        5.15") == "a, in, block, −0.06, 5.15"
    assert undrawn("──▶──") == ""


def test_options_reach_the_dialogue(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    assert cli.main(["--plain", "--text", "el gato come", "--lang", "es"]) == 0
    out = capsys.readouterr().out
    assert "«el gato come»" in out
    assert out.endswith("recorrido> q\nTu progreso está guardado.\n")
    assert cli.main(["--plain", "--lesson", "nowhere"]) == 2
    assert cli.main(["--plain", "--model", "nowhere", "--text", "x"]) == 2
    monkeypatch.setattr(sys, "stdin", None)
    assert cli.main(["--lang", "en", "--lesson", "softmax"]) == 0


def test_a_real_pipe_and_a_dumb_terminal(data_folder: str) -> None:
    environ = {**os.environ, "TERM": "dumb", "PYTHONIOENCODING": "ascii"}
    script = b"s el perro come\n\nl softmax\n0.5\nn\n\xff\xfe\n"
    done = subprocess.run(
        [*DESDECERO, "--lang", "es"], input=script, env=environ, capture_output=True, cwd=ROOT
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\x1b" not in done.stdout
    assert b"Leccion 14" in done.stdout
    assert "softmax" in read(progress_path()).seen
    shell = f"'{sys.executable}' -m tui.cli --plain --lang en < /dev/zero"
    done = subprocess.run(["sh", "-c", shell], env=environ, capture_output=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, b"")
    shell = f"'{sys.executable}' -m tui.cli --plain --lang en < README.md | head -c 300"
    done = subprocess.run(["sh", "-c", shell], env=environ, capture_output=True, cwd=ROOT)
    assert done.stderr == b""
    assert len(done.stdout) == 300


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no such signals here")
def test_who_ends_it_from_outside_loses_nothing() -> None:
    process = subprocess.Popen(
        [*DESDECERO, "--plain", "--lang", "en", "--lesson", "softmax"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"n\n")
    process.stdin.flush()
    heard = b""
    while heard.count(b"lesson> ") < 2:
        heard += process.stdout.read1(1)  # type: ignore[attr-defined]
    process.send_signal(signal.SIGTERM)
    _, trouble = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert trouble == b""
    assert len(read(progress_path()).seen["softmax"]) == 2


def test_the_app_is_still_what_a_terminal_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lesson_app("softmax") is not None
    called: list[str] = []
    monkeypatch.setattr("tui.app.run_app", lambda **_: called.append("app"))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr(sys, "stdin", Stream(True))
    terminal = Stream(True)
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(cli, "speaks_utf_8", lambda _: True)
    assert cli.main([]) == 0
    assert called == ["app"]
