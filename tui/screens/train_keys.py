"""The keys of the screens that train: one table for bindings, footer and help."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tui.actions import Action
from tui.messages import Words
from tui.renderables.chips import Chip
from tui.renderables.signs import signs_of

RUN, WAIT, START, DONE, FAILED = "run", "wait", "begun", "done", "failed"
RESCUE = "rescue"
"""The footers of a training: it runs, it is paused, it stands at its start, it is over, it went
wrong, and left something to keep; "choose" is the one before it, "write" the one while something
is typed."""
_ALIVE = (RUN, WAIT, START, DONE, FAILED)

KEYS: tuple[Action, ...] = (
    Action("field_up", "field(-1)", ("up",), "↑", "choose", ("choose",), 1),
    Action("field_down", "field(1)", ("down",), "↓", "choose", ("choose",), 1),
    Action("value_back", "value(-1)", ("left", "minus"), "←", "choose", ("choose",), 1),
    Action("value_next", "value(1)", ("right", "plus"), "→", "choose", ("choose",), 1),
    Action("write", "write", ("i",), "i", "choose", ("choose",), 1),
    Action("start", "enter", ("enter",), "Enter", "choose", ("choose",), 0),
    Action("pause", "pause", ("space",), "Space", "run", (RUN, WAIT, START), 0),
    Action("single", "single", ("s",), "s", "run", (RUN, WAIT, START), 1),
    Action("open", "enter", ("e",), "Enter", "run", ("record",), 0),
    Action("stop", "stop", ("x",), "x", "run", (RUN, WAIT), 2),
    Action("best", "best", ("b",), "b", "run", (RESCUE,), 0),
    Action("slower", "slower", ("t",), "t", "run", (FAILED,), 0),
    Action("use", "use", ("o",), "o", "run", (WAIT, DONE), 1),
    Action("save", "save", ("g",), "g", "run", (WAIT, DONE), 1),
    Action("compare", "compare", ("v",), "v", "run", (WAIT, DONE), 2),
    Action("rewind", "rewind", ("r", "z"), "r", "run", (RUN, WAIT, DONE, FAILED), 3),
    Action("choices", "choices", ("c",), "c", "run", (WAIT, START, DONE, FAILED), 2),
    Action("page", "page", ("tab",), "Tab", "app", ("choose",), 4),
    Action("help", "help", ("f1", "question_mark"), "?", "app", ("choose", *_ALIVE), 5),
    Action(
        "close",
        "close",
        ("escape", "n", "backspace"),
        "Esc",
        "app",
        ("choose", "write", *_ALIVE),
        0,
    ),
)

STEP_KEYS: tuple[Action, ...] = (
    Action("cell_next", "", (), "←↑↓→", "", ("step",), 1),
    Action("part_back", "part(-1)", ("minus",), "-", "", ("step",), 0),
    Action("part_next", "part(1)", ("plus", "equals_sign"), "+", "", ("step",), 0),
    Action("half", "half", ("space",), "Space", "", ("halved",), 0),
    Action("write", "write", ("i",), "i", "", ("step",), 1),
    Action("help", "help", ("f1", "question_mark"), "?", "", ("step",), 5),
    Action("close", "close", ("escape", "e", "backspace"), "Esc", "", ("step",), 0),
)

TRIAL_KEYS: tuple[Action, ...] = (
    Action("trial", "", (), "1–7", "", ("list", "asked", "told"), 1),
    Action("bet_back", "bet(-1)", ("up",), "↑", "", ("asked",), 1),
    Action("bet", "bet(1)", ("down",), "↓", "", ("asked",), 1),
    Action("go", "enter", ("enter",), "Enter", "", ("asked",), 0),
    Action("page_train", "page", ("tab",), "Tab", "", ("list",), 2),
    Action("help", "help", ("f1", "question_mark"), "?", "", ("list", "asked", "told"), 5),
    Action(
        "close",
        "close",
        ("escape", "backspace"),
        "Esc",
        "",
        ("list", "asked", "running", "told"),
        0,
    ),
)

PAIRS = ("field_up", "value_back", "part_back", "bet_back")
"""Keys that are shown with the next one: two signs, one name, that of the second."""


def owner(keys: tuple[Action, ...]) -> str:
    """What the ids of a table begin with in the keymap."""
    return "train." if keys is KEYS else "train_step." if keys is STEP_KEYS else "trials."


def bindings(keys: tuple[Action, ...]) -> list[BindingType]:
    """The key bindings of a table."""
    return [
        Binding(",".join(action.keys), action.call, show=False, id=f"{owner(keys)}{action.id}")
        for action in keys
        if action.keys
    ]


def bar_chips(words: Words, keys: tuple[Action, ...], *bars: str) -> list[Chip]:
    """The keys of some footers, each with its name."""
    chips: list[Chip] = []
    joined = False
    for action in keys:
        if not set(bars) & set(action.bars):
            continue
        first = action.id in PAIRS
        name = "" if first else words(f"action.{action.id}")
        gap = 0 if joined else 2
        signs = signs_of(action, words, owner(keys))
        chips.append(Chip(action.id, name, signs, rank=action.rank, gap=gap))
        joined = first
    return chips


def call_of(keys: tuple[Action, ...], action_id: str) -> str:
    """What a key does, as Textual writes it; empty for none."""
    return next((action.call for action in keys if action.id == action_id), "")


def help_lines(words: Words, keys: tuple[Action, ...]) -> list[tuple[str, str]]:
    """Every key of a table with what it does; pairs on one line."""
    lines: list[tuple[str, str]] = []
    before = ""
    for action in keys:
        if action.id == "help":
            continue
        signs = f"{before} {signs_of(action, words, owner(keys))}".strip()
        if action.id in PAIRS:
            before = signs
            continue
        own = f"help.{owner(keys)}{action.id}"  # where the key does something else than elsewhere
        key = own if own in words.sentences else f"help.{action.id}"
        lines.append((signs, words(key)))
        before = ""
    return lines
