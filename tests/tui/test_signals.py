"""What a terminal may do to the program: send noise, be closed while it runs."""

from __future__ import annotations

import random
import signal
import sys
from collections.abc import Callable, Iterator

import pytest
from textual import events

from tests.tui.quiz_helper import kept
from tests.tui.terminal_helper import Terminal

if sys.platform == "win32":
    pytest.skip("terminals work in another way there", allow_module_level=True)

from tui.steady_driver import Keys, Lasting

TYPED = "The cat eats fish"
ENDS = (b"q", b"\x11")
"""What ends the program by right: q twice, and Ctrl+Q."""
LOOKS_LIKE_SOMETHING = (
    "\x1b[48;0;0;0;0t",
    "\x1b[48;24;80;0;0t\x1b[<0;5;5M",
    "\x1b[48;99999999;99999999;1;1t",
    "\x1b[<35;99999;99999M\x1b[<0;1;1M\x1b[<0;99999;1m",
    "\x1b[99999999999u\x1b[1114112;5u\x1b[55296u",
    "\x1b[999;999R\x1b[?2026;9$y\x1b[?2048;2$y",
    "\x1b]52;c;????\x07\x1bP+q\x1b\\",
)
"""Beginnings of messages of a terminal, and whole ones with numbers that mean nothing."""


def noise(seed: int, n: int) -> bytes:
    """Bytes of all kinds, but none that ends the program by right."""
    chance = random.Random(seed)
    parts: list[bytes] = []
    for _ in range(n):
        pick = chance.random()
        if pick < 0.7:
            parts.append(chance.randbytes(chance.randint(1, 40)))
        elif pick < 0.9:
            parts.append(chance.choice(LOOKS_LIKE_SOMETHING).encode())
        else:
            parts.append("ñ😀中".encode()[: chance.randint(1, 9)])
    data = b"".join(parts)
    for end in ENDS:
        data = data.replace(end, b"z")
    return data.replace(b"\x1b[200~", b"z")  # what is pasted ends where the terminal says


@pytest.fixture
def start() -> Iterator[Callable[..., Terminal]]:
    """Starts the program at a sentence, once it is there."""
    shown: list[Terminal] = []

    def begin(owned: bool = True, sign: str = "Your sentence") -> Terminal:
        terminal = Terminal("--lang", "en", "--text", TYPED, owned=owned)
        shown.append(terminal)
        terminal.until(sign)
        return terminal

    yield begin
    for terminal in shown:
        terminal.close()


def test_noise_is_no_reason_to_end(start: Callable[..., Terminal]) -> None:
    terminal = start()
    terminal.send(b"\xff\xfe\x80 \xc3")
    terminal.send(noise(1, 60))
    terminal.send(b"\x1b[1;1R" + b"\x11")
    assert terminal.wait() == 0
    assert b"Traceback" not in terminal.written
    assert terminal.restored()
    assert kept()["settings"]["language"] in ("en", "es")


def test_an_end_within_the_first_frame_leaves_a_terminal_that_can_be_used(
    start: Callable[..., Terminal],
) -> None:
    terminal = start(sign="")
    while b"\x1b[?1049h" not in terminal.written:
        terminal.read(0.01)
    assert terminal.end(signal.SIGTERM) == 0
    assert terminal.restored()


@pytest.mark.parametrize("owned", [True, False])
def test_a_closed_terminal_ends_it_and_nothing_is_lost(
    owned: bool, start: Callable[..., Terminal]
) -> None:
    terminal = start(owned)
    terminal.hang_up()
    assert terminal.program.wait(60) == 0
    assert kept()["settings"]["text"] == TYPED


@pytest.mark.parametrize("seed", range(40))
def test_keys_are_read_again_after_noise(seed: int) -> None:
    keys = Keys(debug=False)
    text = noise(seed, 30).decode("utf-8", "replace")
    for at in range(0, len(text), 97):
        keys.feed(text[at : at + 97])
    keys.feed("\x1b[1;1R" + "z" * 40)  # whatever was begun is over after that
    found = keys.feed("a\x1b[A")
    assert [key.key for key in found if isinstance(key, events.Key)] == ["a", "up"]


def test_half_a_character_is_no_end() -> None:
    keys = Keys(debug=False)
    assert keys.feed("") == []
    assert [key.key for key in keys.feed("b") if isinstance(key, events.Key)] == ["b"]


def test_what_is_written_to_nobody_is_gone_without_harm() -> None:
    class Closed:
        def write(self, text: str) -> int:
            raise OSError(5, "Input/output error")

        flush = fileno = isatty = write

    file = Lasting(Closed())  # type: ignore[arg-type]
    assert file.write("text") == 4
    file.flush()
    assert file.write("more") == 4
    assert Lasting(None).write("text") == 4
