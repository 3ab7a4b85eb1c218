"""The keys of the screen on the whole training: one table for bindings, footer and help."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.actions import Action, by_id
from tui.messages import Words
from tui.renderables.chips import Chip
from tui.renderables.signs import signs_of

OWNER = "through."
"""What the ids of these keys begin with in the keymap."""

KEYS: tuple[Action, ...] = (
    Action("view_back", "turn_view(-1)", ("left",), "←", "view", ("bar",), 2),
    Action("view_next", "turn_view(1)", ("right",), "→", "view", ("bar",), 2),
    Action("word_up", "word(-1)", ("up",), "↑", "word", ("bar",), 1),
    Action("word_down", "word(1)", ("down",), "↓", "word", ("bar",), 1),
    by_id("moment_back"),
    by_id("moment_next"),
    by_id("moment_first"),
    by_id("moment_last"),
    by_id("moment_play"),
    Action("head_back", "head(-1)", ("minus",), "-", "head", ("heads",), 3),
    Action("head_next", "head(1)", ("plus",), "+", "head", ("heads",), 3),
    Action("walk", "walk", ("enter",), "Enter", "walk", ("bar",), 3),
    Action("help", "help", ("f1", "question_mark"), "?", "help", ("bar",), 0),
    Action("close", "close", ("escape", "k", "backspace"), "Esc", "close", ("bar",), 0),
)

TIME = {"moment_back": 0, "moment_next": 0, "moment_play": 1}
"""Of moving in time, what the footer shows, with its rank."""

BINDINGS: list[BindingType] = [
    *(
        Binding(",".join(action.keys), action.call, show=False, id=f"{OWNER}{action.id}")
        for action in KEYS
    ),
    *(Binding(str(n), f"view({n - 1})", show=False, id=f"through.view_{n}") for n in range(1, 5)),
]

PAIRS = ("view_back", "word_up", "moment_back", "moment_first", "head_back")
"""Keys that are shown with the next one: two signs, one name, that of the second."""


def bar_chips(words: Words, view: str) -> list[Chip]:
    """The footer in a view."""
    chips: list[Chip] = []
    joined = False
    for action in KEYS:
        rank = TIME.get(action.id, action.rank)
        if action.id not in TIME and not {"bar", view} & set(action.bars):
            continue
        first = action.id in PAIRS
        name = "" if first else words(f"action.{action.id}")
        chips.append(
            Chip(action.id, name, signs_of(action, words, OWNER), rank=rank, gap=0 if joined else 2)
        )
        joined = first
    return chips


def call_of(action_id: str) -> str:
    """What a key does, as Textual writes it; empty for none."""
    return next((action.call for action in KEYS if action.id == action_id), "")


def help_lines(words: Words) -> list[tuple[str, str]]:
    """Every key with what it does; pairs on one line."""
    lines: list[tuple[str, str]] = [("1–4", words("help.views"))]
    before = ""
    for action in KEYS:
        signs = f"{before} {signs_of(action, words, OWNER)}".strip()
        if action.id in PAIRS:
            before = signs
        else:
            lines.append((signs, words(f"help.{action.id}")))
            before = ""
    return lines
