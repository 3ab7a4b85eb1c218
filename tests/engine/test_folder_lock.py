"""One process at a time in a folder, and nobody once it is gone."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import EngineError
from engine.folder_lock import LOCK, hold

HOLDS = """
import sys
from pathlib import Path
from engine.folder_lock import hold
held = hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_is_held_until_the_process_is_gone_even_if_killed(tmp_path):
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
    ) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(EngineError, match="folder_busy"):
            hold(tmp_path)
        other.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        other.wait(60)
    hold(tmp_path).close()
    assert not list(tmp_path.iterdir())


def test_letting_go_lets_the_next_in(tmp_path):
    first = hold(tmp_path)
    with pytest.raises(EngineError, match="folder_busy"):
        hold(tmp_path)
    first.close()
    first.close()
    second = hold(tmp_path)
    del second  # forgotten is let go
    assert {path.name for path in tmp_path.iterdir()} <= {LOCK}
    hold(tmp_path).close()


def test_what_cannot_be_held_hinders_nobody(tmp_path):
    hold(tmp_path / "nowhere").close()
