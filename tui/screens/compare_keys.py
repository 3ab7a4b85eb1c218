"""The keys of the comparison: one table for bindings, footer and help, as the walk has one."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.actions import CURLY, SQUARE, Action
from tui.messages import Words
from tui.renderables.chips import Chip
from tui.renderables.signs import signs_of

OWNER = "compare."
"""What the ids of these keys begin with in the keymap."""

TURN = Action("turn", "turn", ("x",), "x", "turn", ("both",), 0)
SUBTRACT = Action("subtract", "subtract", ("D",), "D", "subtract", ("both",), 0)

KEYS: tuple[Action, ...] = (
    TURN,
    SUBTRACT,
    Action("edit_first", "edit(0)", ("i",), "i", "edit", ("both",), 1),
    Action("edit_second", "edit(1)", ("I",), "I", "edit", ("both",), 1),
    Action("model_first", "model(0)", ("m",), "m", "model", ("both",), 3),
    Action("model_second", "model(1)", ("M",), "M", "model", ("both",), 3),
    Action("checkpoint", "checkpoint", ("k",), "k", "checkpoint", ("both",), 4),
    Action("without", "without", ("w",), "w", "without", ("both",), 4),
    Action("close", "close", ("c", "escape"), "c", "close", ("both",), 0),
    Action("stage_back", "step(-1)", ("left",), "←", "stage", ("move",), 0),
    Action("stage_next", "step(1)", ("right", "space"), "→", "stage", ("move",), 0),
    Action("stage_first", "ends(-1)", ("home",), "Home", "ends"),
    Action("stage_last", "ends(1)", ("end",), "End", "ends"),
    Action("word_up", "word(-1)", ("up",), "↑", "word", ("move",), 2),
    Action("word_down", "word(1)", ("down",), "↓", "word", ("move",), 2),
    Action("block_back", "block(-1)", ("pageup", SQUARE[0]), "PgUp", "block", ("move",), 3),
    Action("block_next", "block(1)", ("pagedown", SQUARE[1]), "PgDn", "block", ("move",), 3),
    Action("head_back", "head(-1)", ("minus", CURLY[0]), "-", "head", ("move",), 4),
    Action("head_next", "head(1)", ("plus", CURLY[1]), "+", "head", ("move",), 4),
    Action("moment_back", "moment(-1)", ("comma",), ",", "time", ("both",), 5),
    Action("moment_next", "moment(1)", ("full_stop",), ".", "time", ("both",), 5),
    Action("moment_first", "moment_end(-1)", ("less_than_sign",), "<", "time"),
    Action("moment_last", "moment_end(1)", ("greater_than_sign",), ">", "time"),
    Action("moment_play", "moment_play", ("semicolon",), ";", "time"),
    Action("inside", "inside", ("o",), "o", "inside"),
    Action("cells", "tab", ("tab", "shift+tab"), "Tab", "cells", ("move",), 1),
    Action("cells_move", "", (), "←↑↓→", "", ("cells",), 0),
    Action("open", "open_cell", ("enter",), "Enter", "open", ("cells",), 1),
    Action("mode", "cell_mode", ("v",), "v", "mode", ("cells",), 3),
    Action("leave", "leave", (), "Tab", "", ("cells",), 0),
    Action("edit_end", "leave", (), "Enter", "", ("edit",), 0),
    Action("edit_other", "tab", (), "Tab", "", ("edit",), 1),
    Action("generate", "generate", ("g",), "g", "generate", ("move",), 5),
    Action("help_edit", "help", (), "F1", "", ("edit",), 0),
    Action("help", "help", ("f1", "question_mark"), "?", "", ("move", "cells"), 0),
)

BINDINGS: list[BindingType] = [
    Binding(",".join(action.keys), action.call, show=False, id=f"{OWNER}{action.id}")
    for action in KEYS
    if action.keys
]

PAIRS = {
    "edit_first": "edit_second",
    "model_first": "model_second",
    "moment_back": "moment_next",
    "stage_back": "stage_next",
    "word_up": "word_down",
    "block_back": "block_next",
    "head_back": "head_next",
}
"""Keys that footer and help show as one: two signs, one name, that of the second."""


def call_of(action_id: str) -> str:
    """What a key does, as Textual writes it; empty for none."""
    return next((action.call for action in KEYS if action.id == action_id), "")


def bar_chips(words: Words, bar: str, hidden: frozenset[str] = frozenset()) -> list[Chip]:
    """The keys of one line of the footer: "both", "move", "cells" or "edit"."""
    chips: list[Chip] = []
    joined = False
    for action in KEYS:
        if bar not in action.bars or action.id in hidden:
            continue
        name = "" if action.id in PAIRS else words(f"action.{action.id}")
        signs = signs_of(action, words, OWNER)
        # Of a pair, two single signs stand side by side; two words need a space between.
        gap = 2 if not joined else min(len(signs) - 1, 1)
        chips.append(Chip(action.id, name, signs, rank=action.rank, gap=gap))
        joined = action.id in PAIRS
    return chips


def help_lines(words: Words) -> list[tuple[str, str]]:
    """Every key with what it does; those of the same group on one line."""
    lines: dict[str, list[str]] = {}
    for action in KEYS:
        if action.group:
            lines.setdefault(action.group, []).append(signs_of(action, words, OWNER))
    return [(" ".join(signs), words(f"help.{group}")) for group, signs in lines.items()]
