"""Nothing that was said to be saved is ever lost."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import EngineError
from lessons.progress import file as file_module
from lessons.progress.file import ProgressFile, read
from lessons.progress.record import Guessed, Progress, Reply, Seen, Set

EVENTS = (
    Seen("softmax", "naive"),
    Guessed("softmax", "naive", {"said": "b", "shown": "b", "ticked": [0, 2]}),
    Reply("softmax-by-hand", "softmax", "wrong", mistake="forgot-exp", hints=1),
    Reply("softmax-by-hand", "softmax", "right"),
    Reply("scores-row", "scores", "skipped"),
    Set("lang", "es"),
    Set("place", ["softmax", "naive"]),
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "progress.json"


def asides(path):
    return sorted(p.name for p in path.parent.iterdir() if p.name not in (path.name, lock(path)))


def lock(path):
    return path.with_suffix(".lock").name


def test_what_is_added_is_read_again(path):
    first = ProgressFile(path)
    first.load()
    for event in EVENTS:
        first.add(event)
    second = ProgressFile(path)
    second.load()
    assert second.progress == first.progress
    assert json.loads(path.read_text("utf-8"))["schema"] == 1
    assert asides(path) == []


def test_an_event_that_comes_twice_counts_once(path):
    kept = ProgressFile(path)
    reply = Reply("q", "softmax", "right")
    kept.add(reply, reply)
    kept.add(reply)
    assert kept.progress.replies == (reply,)


def test_what_only_another_version_knows_is_kept(path):
    path.parent.mkdir()
    table = Progress().to_json() | {"medals": [1, 2]}
    path.write_text(json.dumps(table), "utf-8")
    kept = ProgressFile(path)
    kept.load()
    kept.add(Seen("a", "b"))
    assert json.loads(path.read_text("utf-8"))["medals"] == [1, 2]


WRITER = """
import sys
from pathlib import Path
from lessons.progress.file import ProgressFile
from lessons.progress.record import Reply
kept = ProgressFile(Path(sys.argv[1]))
kept.load()
for n in range(int(sys.argv[3])):
    kept.add(Reply("q", sys.argv[2], "right", id=f"{sys.argv[2]}-{n}"))
    print(n, flush=True)
"""


def writer(path, name, n):
    arguments = [sys.executable, "-c", WRITER, str(path), name, str(n)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_two_programs_at_once_lose_nothing(path):
    pair = [writer(path, name, 40) for name in ("one", "two")]
    for process in pair:
        process.communicate(timeout=60)
        assert process.returncode == 0
    ids = [reply.id for reply in read(path).replies]
    assert sorted(ids) == sorted(f"{name}-{n}" for name in ("one", "two") for n in range(40))


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_program_that_is_killed_has_saved_what_it_said(path):
    rng = random.Random(0)
    said = set()
    for round in range(12):
        process = writer(path, f"run{round}", 200)
        lines = [process.stdout.readline() for _ in range(rng.randrange(1, 30))]
        time.sleep(rng.random() / 200)
        process.send_signal(signal.SIGKILL)
        rest = process.communicate()[0].split()
        said |= {f"run{round}-{n.strip()}" for n in (*lines, *rest) if n.strip()}
        found = {reply.id for reply in read(path).replies}
        assert said <= found
        # One more may have been written whose line was not printed any more.
        assert len(found - said) <= round + 1
    assert len(said) > 50


def test_a_full_disk_is_said_and_what_happened_is_kept(path, monkeypatch):
    kept = ProgressFile(path)
    kept.add(Seen("a", "first"))
    before = path.read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(file_module.os, "fsync", full)
    with pytest.raises(EngineError) as caught:
        kept.add(Seen("a", "second"))
    assert caught.value.code == "progress_unwritable"
    assert path.read_bytes() == before
    assert asides(path) == []
    assert "second" in kept.progress.seen["a"]
    monkeypatch.undo()
    kept.add(Seen("a", "third"))
    assert set(read(path).seen["a"]) == {"first", "second", "third"}


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    kept = ProgressFile(tmp_path / "data" / "progress.json")
    with pytest.raises(EngineError) as caught:
        kept.add(Seen("a", "b"))
    assert caught.value.code in ("progress_unwritable", "progress_unreadable")
    assert kept.progress.seen["a"]


GARBAGE = {
    "truncated": json.dumps(Progress().to_json())[:-20].encode(),
    "empty": b"",
    "binary": bytes(range(256)),
    "a list": b"[]",
    "wrong types": b'{"schema": 1, "settings": 3, "seen": {}, "guesses": {}}',
    "a deep one": b"[" * 100_000,
    "no schema": b"{}",
    "a bad time": json.dumps(
        Progress().to_json() | {"reviews": {"q": {"due": "yesterday"}}}
    ).encode(),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_a_damaged_file_is_set_aside_and_said(path, name):
    path.parent.mkdir()
    path.write_bytes(GARBAGE[name])
    kept = ProgressFile(path)
    with pytest.raises(EngineError) as caught:
        kept.load()
    assert caught.value.code == "progress_damaged"
    (aside,) = asides(path)
    assert (path.parent / aside).read_bytes() == GARBAGE[name]
    kept.add(Seen("a", "b"))
    assert "b" in read(path).seen["a"]


def test_a_file_damaged_while_the_program_runs_loses_nothing(path):
    kept = ProgressFile(path)
    kept.add(Seen("a", "first"))
    path.write_bytes(b"{")
    with pytest.raises(EngineError) as caught:
        kept.add(Seen("a", "second"))
    assert caught.value.code == "progress_damaged"
    assert set(read(path).seen["a"]) == {"first", "second"}


def test_a_file_of_a_newer_version_is_left_untouched(path):
    path.parent.mkdir()
    newer = json.dumps({"schema": 99, "soul": True}).encode()
    path.write_bytes(newer)
    kept = ProgressFile(path)
    with pytest.raises(EngineError) as caught:
        kept.load()
    assert caught.value.code == "progress_newer"
    kept.add(Seen("a", "b"))  # the program goes on
    assert path.read_bytes() == newer
    assert asides(path) == []


def test_replacing_sets_aside_what_was_there(path):
    kept = ProgressFile(path)
    kept.add(*EVENTS)
    before = kept.progress
    kept.replace(Progress())
    (aside,) = asides(path)
    assert read(path.parent / aside) == before
    assert read(path) == Progress()


def at(days):
    return (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)).isoformat()


def test_what_is_known_comes_later_and_what_is_not_comes_soon():
    right = Reply("known", "softmax", "right", time=at(0)).apply(Progress())
    both = Reply("unknown", "softmax", "wrong", time=at(0)).apply(right)
    dues = {id: review["due"] for id, review in both.reviews.items()}
    assert dues["unknown"] < dues["known"]
    assert both.due(at(0)) == []
    assert both.due(at(400)) == ["unknown", "known"]
    again = Reply("known", "softmax", "right", time=at(3)).apply(both)
    first, second = (
        datetime.fromisoformat(p.reviews["known"]["due"]) - datetime.fromisoformat(at(day))
        for p, day in ((both, 0), (again, 3))
    )
    assert second > first


def test_a_clock_that_jumps_back_harms_nothing():
    progress = Reply("q", "softmax", "right", time=at(10)).apply(Progress())
    back = Reply("q", "softmax", "right", time=at(0)).apply(progress)
    assert len(back.replies) == 2
    assert back.reviews["q"]["due"] >= progress.reviews["q"]["due"]
