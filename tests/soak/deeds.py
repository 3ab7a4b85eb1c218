"""What a soak does to the app: drawn from a seed alone, so that a run can be had again."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tui.actions import ACTIONS, FREE_ACTION, LESSON_ACTIONS, QUIZ_ACTIONS

LEAVING = "leaving"
"""What ends the program: q pressed twice."""
LEAVE_ONCE_IN = 1500

ARROWS = ("up", "down", "left", "right")
EDITING = ("enter", "escape", "tab", "shift+tab", "backspace", "delete", "space", "home", "end")
FUNCTION_KEYS = tuple(f"f{n}" for n in range(1, 13))
ODD_KEYS = ("ctrl+a", "ctrl+k", "ctrl+w", "ctrl+c", "ctrl+left", "shift+right", "alt+x", "insert")
LETTERS = "áéñüß¿αЖ中あ😀e\u0301\u202e"
PRINTABLE = tuple(sorted({*string.printable[:94], *LETTERS} - {"q"}))

SIZES = ((80, 24), (120, 40), (200, 60), (60, 20))
"""What terminals have; between them come sizes from 1x1 to LARGEST."""
LARGEST = (250, 80)

SENTENCES = ("El gato come", "the cat eats fish", "la niña está muy")
PASTES = (
    *SENTENCES,
    "el gato se subió al árbol porque tenía miedo del perro . " * 400,
    "x" * 20_000,
    "línea\n" * 300,
    "👨‍👩‍👧 🏳️‍🌈 e\u0301\u0302 \u202eabc\u202c \u200b\u200d \ufeff 中文 मराठी",
    "".join(map(chr, range(32))) + "\x7f\x80\x9b[2J\x1b[2J\x1b]0;t\x07",
    "[bold]x[/] [@click=app.bell]y[/] {0} %s \\n **z** `w` <b> ___",
    "\ud800\udfff",
    "",
)


@dataclass(frozen=True)
class Deed:
    """One thing done to the app.

    kind: "key", "paste", "resize", "click", "scroll", "wait" (for what is done by the clock), or
    LEAVING. text: the key, or what is pasted. size: columns and lines. x, y: where the mouse is,
    in parts of the screen. up: whether it is scrolled upwards.
    """

    kind: str
    text: str = ""
    size: tuple[int, int] = (0, 0)
    x: float = 0.0
    y: float = 0.0
    up: bool = False

    def __str__(self) -> str:
        if self.kind == "key":
            return self.text
        if self.kind == "resize":
            return "<{}x{}>".format(*self.size)
        if self.kind == "paste":
            return f"<paste {PASTES.index(self.text)}>"
        if self.kind == "scroll":
            return f"<scroll {'up' if self.up else 'down'} {self.x:.3f} {self.y:.3f}>"
        if self.kind == "click":
            return f"<click {self.x:.3f} {self.y:.3f}>"
        return f"<{self.kind}>"


def action_keys() -> tuple[str, ...]:
    """Every key of the tables of actions, but for the one that ends the program."""
    tables = (*ACTIONS, *LESSON_ACTIONS, *QUIZ_ACTIONS, FREE_ACTION)
    return tuple(sorted({key for action in tables for key in action.keys} - {"q"}))


def deeds(seed: int) -> Iterator[Deed]:
    """Without end; the same for the same seed, whatever the app makes of them."""
    chance, keys = Random(seed), action_keys()
    kinds = {
        "action": 46, "arrow": 12, "edit": 14, "print": 8, "function": 2, "odd": 2,
        "click": 8, "scroll": 3, "resize": 3, "paste": 1.5, "wait": 0.5,
    }  # fmt: skip
    while True:
        if chance.randrange(LEAVE_ONCE_IN) == 0:
            yield Deed(LEAVING)
        kind = chance.choices(list(kinds), list(kinds.values()))[0]
        yield from _of_kind(kind, chance, keys)


def _of_kind(kind: str, chance: Random, keys: tuple[str, ...]) -> Iterator[Deed]:
    pools = {
        "action": keys,
        "arrow": ARROWS,
        "edit": EDITING,
        "print": PRINTABLE,
        "function": FUNCTION_KEYS,
        "odd": ODD_KEYS,
    }
    if kind in pools:
        # A key that is held down comes several times.
        for _ in range(chance.choices((1, 5, 20), (90, 8, 2))[0]) if kind == "arrow" else (0,):
            yield Deed("key", chance.choice(pools[kind]))
    elif kind == "resize":
        yield Deed("resize", size=_size(chance))
    elif kind == "paste":
        yield Deed("paste", chance.choice(PASTES))
    else:
        place = chance.random(), chance.random()
        yield Deed(kind, x=place[0], y=place[1], up=chance.random() < 0.5)


def _size(chance: Random) -> tuple[int, int]:
    """A usual size twice in three times: the most can be done there."""
    if chance.random() < 2 / 3:
        return chance.choice(SIZES)
    if chance.random() < 0.2:
        return (1, 1)
    return chance.randint(1, LARGEST[0]), chance.randint(1, LARGEST[1])
