"""An end from outside, as by a shutdown: nothing that was shown as saved is lost."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.quiz_helper import LESSON, kept, replies
from tests.tui.terminal_helper import Terminal
from tui.screens.quiz_kept import SETTING


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    shown = Terminal("--lang", "en", "--lesson", LESSON, "--text", "The cat eats fish")
    yield shown
    shown.close()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_whoever_ends_it_from_outside_loses_nothing_that_was_saved(
    number: str, terminal: Terminal, data_folder: Path
) -> None:
    terminal.until("1/")
    terminal.press("x")
    terminal.until("Question 1 of 5")
    for n in range(3):
        terminal.press("s")
        terminal.until("Skipped: saved.")
        assert len(replies()) == n + 1
        terminal.press("\r")
        terminal.until(f"Question {n + 2} of 5")
    status = terminal.end(getattr(signal, number))
    assert len(replies()) == 3
    assert len(kept()["settings"][SETTING][f"lesson:{LESSON}"]["replies"]) == 3
    if number != "SIGKILL":  # then there is time for what is written at the end, too
        assert status == 0
        assert terminal.restored()
        assert kept()["settings"]["place"]["lesson"] == LESSON
        assert kept()["settings"]["text"] == "The cat eats fish"
