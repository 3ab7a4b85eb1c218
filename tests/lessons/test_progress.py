"""Nothing that was said to be saved is ever lost."""

import errno
import json
import os
import random
import subprocess
import sys
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


N_WRITES = 200

# Writes answers in a process of its own, which is killed: at a line that is executed while it
# writes the last of them, or after some time. A line here is one of what touches the disk.
KILLED = """
import os, signal, sys, time
from pathlib import Path
import fsrs
from lessons.progress.file import ProgressFile
from lessons.progress.record import Reply

MODULES = ("progress/file.py", "tempfile.py", "filelock/_unix.py")
path = Path(sys.argv[1])

def write(first, last, at, say):
    kept = ProgressFile(path)
    kept.load()
    say(b"ready\\n")
    for n in range(first, last):
        if at is not None and n == last - 1:
            seen = traced(at)
        kept.add(Reply("q", "softmax", "right", id=str(n)))
        say(b"%d\\n" % n)
    if at is not None:
        sys.settrace(None)
        say(b"lines %d\\n" % seen[0])

def traced(at):
    # Kills at line number `at`; the number of lines so far stands in the list.
    seen, known = [0], {}
    def trace(frame, event, _):
        name = frame.f_code.co_filename
        if name not in known:
            known[name] = any(part in name for part in MODULES)
        if not known[name]:
            return None
        if event == "line":
            if seen[0] == at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen[0] += 1
        return trace
    sys.settrace(trace)
    return seen

def child(first, last, at, seconds):
    come, go = os.pipe()
    pid = os.fork()
    if not pid:
        write(first, last, at, lambda line: os.write(go, line))
        os._exit(0)
    os.close(go)
    with os.fdopen(come) as said:
        said.readline()
        if seconds is not None:
            time.sleep(seconds)
            os.kill(pid, signal.SIGKILL)
        lines = said.read().splitlines()
    _, status = os.waitpid(pid, 0)
    return lines, os.WIFSIGNALED(status)

for order in sys.stdin:
    first, last, at, seconds = eval(order)
    lines, killed = child(first, last, at, seconds)
    print(int(killed), *lines, sep=",", flush=True)
"""


class Killing:
    """The program above: it makes a process that writes, kills it, and tells what that one said."""

    def __init__(self, path):
        arguments = [sys.executable, "-c", KILLED, str(path)]
        self._program = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._program.communicate(timeout=60)
        assert self._program.returncode == 0

    def write(self, first, last, at=None, seconds=None):
        """Whether it was killed, and all that it said."""
        self._program.stdin.write(f"{(first, last, at, seconds)}\n")
        self._program.stdin.flush()
        killed, *said = self._program.stdout.readline().strip().split(",")
        return killed == "1", said


def kept_ids(path):
    """The answers in the file, in order; the file can always be read."""
    return [int(reply.id) for reply in read(path).replies] if path.exists() else []


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_whoever_is_killed_at_any_moment_of_a_write_has_saved_what_was_said(path):
    with Killing(path) as killing:
        _, said = killing.write(0, 3, at=-1)
        n_lines = int(said[-1].split()[1])
        assert n_lines > 100  # else the moments would be few
        before = after = 0
        found = kept_ids(path)
        for n in range(3, N_WRITES):
            # Each write is killed at another moment; together they are spread over all of it.
            first = len(found)
            killed, said = killing.write(first, n + 1, at=n * n_lines // N_WRITES)
            assert killed, said
            found = kept_ids(path)
            assert found == list(range(len(found)))
            assert len(found) in (n, n + 1)
            assert said == [str(n - 1)] * (first < n) + [str(n)] * (str(n) in said)
            assert len(found) > n or str(n) not in said
            before, after = before + (len(found) == n), after + (len(found) > n)
        assert min(before, after) > 5  # some are killed before the file is in place, some after
        killing.write(len(found), N_WRITES + 1)
    assert kept_ids(path) == list(range(N_WRITES + 1))
    assert asides(path) == []  # what a killed one leaves is cleared away by the next


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_whoever_is_killed_at_random_while_writing_has_saved_what_was_said(path):
    rng = random.Random(0)
    n = 0
    with Killing(path) as killing:
        for _ in range(30):
            killed, said = killing.write(n, 1_000_000, seconds=rng.uniform(0, 0.04))
            found, told = kept_ids(path), [int(one) for one in said]
            assert killed
            assert found == list(range(len(found)))
            assert told == list(range(n, n + len(told)))
            assert n + len(told) <= len(found) <= n + len(told) + 1
            n = len(found)
        killing.write(n, n + 1)
    assert kept_ids(path) == list(range(n + 1))
    assert asides(path) == []


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


def test_halves_of_characters_are_no_reason_not_to_write(path):
    kept = ProgressFile(path)
    kept.add(Set("text", "a\ud800b"), Seen("a", "b"))
    assert read(path).settings["text"] == "a?b"
    assert "b" in read(path).seen["a"]


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
    back = Reply("q", "softmax", "right", time=at(9.9)).apply(progress)
    assert len(back.replies) == 2
    assert back.reviews["q"]["due"] >= progress.reviews["q"]["due"]


def test_a_clock_that_was_far_ahead_puts_nothing_off_for_years():
    ahead = Reply("q", "softmax", "right", time=at(30_000)).apply(Progress())
    assert ahead.due(at(0)) == ["q"]
    back = Reply("q", "softmax", "right", time=at(0)).apply(ahead)
    assert len(back.replies) == 2
    assert at(0) < back.reviews["q"]["due"] < at(60)
    assert back.due(at(0)) == []


def test_what_was_skipped_comes_again_the_next_day():
    skipped = Reply("q", "softmax", "skipped", time=at(0)).apply(Progress())
    assert [reply.result for reply in skipped.replies] == ["skipped"]
    assert skipped.due(at(0)) == []
    assert skipped.due(at(1)) == ["q"]
    # What is known of a question that was answered before is not lost by skipping it once.
    known = Reply("k", "softmax", "right", time=at(0)).apply(Progress())
    later = Reply("k", "softmax", "skipped", time=at(1)).apply(known)
    assert later.due(at(2)) == ["k"]
    assert later.reviews["k"]["stability"] == known.reviews["k"]["stability"]
    again = Reply("q", "softmax", "right", time=at(1)).apply(skipped)
    assert again.due(at(1.5)) == []
    assert again.reviews["q"]["due"] > at(2)
