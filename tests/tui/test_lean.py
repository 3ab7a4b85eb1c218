"""What is sent over a slow line shows the same as what would be sent otherwise."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.drivers.headless_driver import HeadlessDriver

from tests.tui.walk_helper import walk_app, walk_of
from tui.lean_driver import lean
from tui.renderables.lean import PLAIN, Lean, look_of
from tui.terminal import is_far

LINED = {"4", "7", "9", "21", "53"}


class Screen:
    """A terminal that understands looks, places and letters."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], tuple[str, object]] = {}
        self.x = self.y = 0
        self.look = PLAIN

    def write(self, data: str) -> None:
        for piece in re.split(r"(\x1b\[[\d;?]*[a-zA-Z]|\r?\n)", data):
            if piece.endswith("m") and piece[0] == "\x1b":
                self.look = look_of(piece[2:-1], self.look)
            elif piece.endswith("H") and piece[0] == "\x1b":
                y, x = piece[2:-1].split(";")
                self.x, self.y = int(x) - 1, int(y) - 1
            elif piece.endswith("C") and piece[0] == "\x1b":
                self.x += int(piece[2:-1])
            elif piece in ("\n", "\r\n"):
                self.x, self.y = 0, self.y + 1
            elif not piece.startswith("\x1b"):
                ink, ground, more = self.look
                for sign in piece:
                    sign = (
                        " " if sign == "▀" and ink[:2] == "38" and ink[2:] == ground[2:] else sign
                    )
                    bare = sign == " " and LINED.isdisjoint(more)
                    self.cells[self.x, self.y] = sign, ("", ground, ()) if bare else self.look
                    self.x += 1


codes = st.sampled_from(
    ["0", "1", "4", "7", "38;2;1;2;3", "48;2;1;2;3", "38;5;17", "48;5;200", "31", "97", "44", "39",
     "1;38;2;9;9;9;48;2;0;0;0", "38;2;9;9;9;48;2;9;9;9", ""]
)  # fmt: skip
pieces = st.one_of(
    codes.map(lambda code: f"\x1b[{code}m"),
    st.builds("\x1b[{};{}H".format, st.integers(1, 3), st.integers(1, 12)),
    st.text("ab  ▀é", min_size=1, max_size=8),
    st.sampled_from(["\r\n", "\n"]),
    st.just("\x1b[0m"),
)
frames = st.lists(pieces, max_size=12).map(lambda made: "\x1b[0m\x1b[1;1H" + "".join(made))


@given(st.lists(frames, min_size=1, max_size=5), st.integers(0, 4))
def test_the_terminal_shows_the_same(written: list[str], forgets: int) -> None:
    plain, short, line = Screen(), Screen(), Lean()
    for n, frame in enumerate(written):
        if n == forgets:
            line.forget()
        plain.look = PLAIN
        plain.write(frame)
        short.write(line.shortened(frame))
        assert short.cells == plain.cells
        assert (short.x, short.y) == (plain.x, plain.y)


def test_what_is_there_already_is_not_sent() -> None:
    line, frame = Lean(), "\x1b[1;1H\x1b[38;2;1;2;3;48;2;4;5;6mtext of a line\x1b[0m"
    first, second = line.shortened(frame), line.shortened(frame)
    assert "text of a line" in first
    assert "text" not in second
    assert len(second) < 10
    third = line.shortened(frame.replace("text", "tent"))
    assert "n" in third
    assert "tent" not in third


@pytest.mark.parametrize("other", ["\x1b[2J", "\x1b[?1049h", "\x1b]52;c;eA==\a", "\x07"])
def test_after_what_is_not_understood_all_is_sent(other: str) -> None:
    line, frame = Lean(), "\x1b[1;1H\x1b[31mtext\x1b[0m"
    line.shortened(frame)
    assert other in line.shortened(other)
    assert "text" in line.shortened(frame)


def test_wide_signs_are_sent_as_they_are() -> None:
    line, frame = Lean(), "\x1b[2;1H\x1b[31m猫 and\x1b[0m"
    assert "猫 and" in line.shortened(frame)
    assert "猫 and" in line.shortened(frame)
    assert line.shortened("\x1b[?2026h" + frame).startswith("\x1b[?2026h")


async def test_the_app_over_a_slow_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
    shown, whole = Screen(), Screen()
    sizes = [0, 0]

    class Far(HeadlessDriver):
        is_headless = False

        def write(self, data: str) -> None:
            shown.write(data)
            sizes[0] += len(data)

    class Both(lean(Far)):  # type: ignore[misc]
        def write(self, data: str) -> None:
            if re.search(r"\x1b[^\[]", data) is None:
                whole.look = PLAIN
                whole.write(data)
                sizes[1] += len(data)
                super().write(data)

    app = walk_app()
    assert app.driver_class.__name__ == "LeanDriver"
    app.driver_class = Both
    async with app.run_test(size=(80, 24), headless=False) as pilot:
        await walk_of(pilot)
        await pilot.press(*["right"] * 8, "down", "left")
        await pilot.pause()
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
    assert len(shown.cells) > 1900
    assert shown.cells == whole.cells
    assert sizes[0] < 0.5 * sizes[1]


def test_far_is_what_ssh_says() -> None:
    assert is_far({"SSH_TTY": "/dev/pts/1"})
    assert not is_far({"SSH_AUTH_SOCK": "/tmp/x"})
