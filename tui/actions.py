"""One table of everything a person can do: it feeds keys, footer, help and command palette.

The words for an action stand in `text/app.*.toml` under `action.<id>` (a short name for the footer)
and `command.<id>` (for help and palette), so that this table has no language.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding, BindingType

SQUARE = ("left_square_bracket", "right_square_bracket")
CURLY = ("left_curly_bracket", "right_curly_bracket")

IN_LESSON = ("lesson", "lesson_guess", "lesson_cells")
"""The footers of a lesson, but for the one while a sentence is typed."""

IN_QUIZ = ("quiz_asked", "quiz_told", "quiz_check")
"""The footers of a quiz: while one is asked, while it is told, while one checks oneself."""

IN_ALL = ("walk", "cells", *IN_LESSON, *IN_QUIZ)
"""Wherever nothing is being typed."""


@dataclass(frozen=True)
class Action:
    """One thing to do.

    id: stable name, for the key map and the words.
    call: Textual's action string, run by the screen (or by the app where it begins with "app.").
    keys: Textual's names of the keys. signs: how the first of them is written, here in English;
    `key.<sign>` in the words names it as a keyboard of the language does.
    group: the heading under which the help lists it.
    bars: the footers that show it, by what has the focus: "walk", "edit", "cells", or in a lesson
    "lesson", "lesson_guess" (with an open question), "lesson_cells", "lesson_edit"; in a quiz
    those of IN_QUIZ, "quiz_edit", and "quiz_end".
    rank: where the footer is too narrow, high ranks go first.
    palette: whether the command palette offers it; moving a cursor one step is no command.
    """

    id: str
    call: str
    keys: tuple[str, ...]
    signs: str
    group: str
    bars: tuple[str, ...] = ()
    rank: int = 5
    palette: bool = True


def _through_time(bar: str, group: str) -> tuple[Action, ...]:
    """Moving through the training, which the walk and a lesson do alike."""
    return (
        Action("moment_back", "moment(-1)", ("comma",), ",", group, (bar,), 5),
        Action("moment_next", "moment(1)", ("full_stop",), ".", group, (bar,), 5),
        Action("moment_first", "moment_end(-1)", ("less_than_sign",), "<", group),
        Action("moment_last", "moment_end(1)", ("greater_than_sign",), ">", group),
        Action("moment_play", "moment_play", ("semicolon",), ";", "app"),
        Action("training", "training", ("k",), "k", "app"),
    )


MOVING_IN_TIME = ("moment_back", "moment_next", "moment_first", "moment_last", "moment_play")
"""Of these, what the screens over a walk or a lesson do as well."""

ACTIONS: tuple[Action, ...] = (
    Action("stage_back", "step(-1)", ("left",), "←", "move", ("walk",), 0),
    Action("stage_next", "step(1)", ("right", "space"), "→", "move", ("walk",), 0),
    Action("stage_first", "ends(-1)", ("home",), "Home", "move"),
    Action("stage_last", "ends(1)", ("end",), "End", "move"),
    Action("word_up", "word(-1)", ("up",), "↑", "move", ("walk",), 2, False),
    Action("word_down", "word(1)", ("down",), "↓", "move", ("walk",), 2, False),
    # Brackets and braces need a second key held down on many keyboards, a Spanish one among them:
    # what the footer shows needs none.
    Action("block_back", "block(-1)", ("pageup", SQUARE[0]), "PgUp", "move", ("walk",), 3),
    Action("block_next", "block(1)", ("pagedown", SQUARE[1]), "PgDn", "move", ("walk",), 3),
    Action("head_back", "head(-1)", ("minus", CURLY[0]), "-", "move", ("walk",), 4),
    Action("head_next", "head(1)", ("plus", CURLY[1]), "+", "move", ("walk",), 4),
    Action("inside", "inside", ("o",), "o", "move"),
    Action("cells", "cells", ("tab", "shift+tab"), "Tab", "cells", ("walk",), 2),
    Action("cells_move", "", (), "←↑↓→", "cells", ("cells",), 0, False),
    Action("cells_mode", "cell_mode", ("v",), "v", "cells", ("cells",), 1),
    Action("cells_leave", "leave", ("escape",), "Esc", "cells", ("cells",), 0, False),
    Action("why", "why", ("enter",), "Enter", "whatif", ("walk", "cells"), 1),
    Action("force", "force", ("e",), "e", "whatif", ("walk", "cells"), 3),
    Action("force_wide", "force(True)", ("E",), "E", "whatif"),
    Action("whatif", "whatif", ("f",), "f", "whatif", ("walk",), 3),
    Action("undo", "undo", ("u",), "u", "whatif"),
    Action("redo", "redo", ("U",), "U", "whatif"),
    Action("clear", "clear_forced", ("r",), "r", "whatif"),
    Action("blame", "blame", ("b",), "b", "whatif", ("cells",), 4),
    Action("compare", "compare", ("c",), "c", "whatif"),
    Action("copy", "copy", ("y",), "y", "whatif"),
    Action("save", "save", ("s",), "s", "whatif"),
    *_through_time("walk", "move"),
    Action("edit", "edit", ("i",), "i", "sentence", ("walk", "cells"), 1),
    Action("edit_type", "", (), "", "", ("edit",), 2, False),
    Action("edit_end", "leave", (), "Enter", "sentence", ("edit",), 0, False),
    Action("generate", "generate", ("g",), "g", "sentence", ("walk", "cells"), 3),
    Action("contents", "app.contents", ("t",), "t", "app", ("walk", "lesson", "lesson_guess"), 1),
    Action("glossary", "app.glossary", ("w",), "w", "app", ("lesson",), 3),
    Action("review", "app.review", ("f2",), "F2", "app", (), 6),
    Action("progress", "app.progress", ("f3",), "F3", "app", (), 6),
    Action("exam", "app.exam", (), "", "", (), 6),
    Action("model", "model", ("m",), "m", "app", ("walk",), 2),
    Action("train", "app.train", ("n",), "n", "app", ("walk",), 6),
    Action("trials", "app.trials", (), "", "", (), 6),
    Action("contents_edit", "app.contents", (), "Esc t", "", ("edit",), 1, False),
    Action("language", "app.next_language", ("l", "f4"), "l", "app", (), 6),
    Action("language_edit", "app.next_language", (), "F4", "", ("edit",), 3, False),
    Action("theme", "app.next_theme", ("T",), "T", "app", (), 6),
    Action("palette", "app.command_palette", ("ctrl+p",), "Ctrl+P", "app", (), 7, False),
    Action("help", "app.help", ("f1", "question_mark"), "?", "app", IN_ALL, 0),
    Action("help_edit", "app.help", (), "F1", "", ("edit", "lesson_edit"), 0, False),
    Action("quit", "app.leave_app", ("q",), "q", "app", ("walk", "cells", *IN_LESSON[:2]), 1),
)
"""What can be done on the walk, and what the app does wherever one is."""

GROUPS = ("move", "whatif", "cells", "app", "sentence")
"""The headings of the help: in turn at its left and at its right."""

LESSON_ACTIONS: tuple[Action, ...] = (
    Action("card_back", "step(-1)", ("left",), "←", "cards", IN_LESSON[:2], 0),
    Action("card_next", "step(1)", ("right",), "→", "cards", IN_LESSON[:2], 0),
    Action("card_first", "ends(-1)", ("home",), "Home", "cards"),
    Action("card_last", "ends(1)", ("end",), "End", "cards"),
    Action("text_up", "scroll(-1)", ("pageup",), "PgUp", "cards", (), 5, False),
    Action("text_down", "scroll(1)", ("pagedown",), "PgDn", "cards", (), 5, False),
    Action("pick_up", "pick(-1)", ("up",), "↑", "guess", ("lesson_guess",), 1, False),
    Action("pick_down", "pick(1)", ("down",), "↓", "guess", ("lesson_guess",), 1, False),
    Action("pick_number", "", (), "1–4", "guess", (), 5, False),
    Action("enter", "enter", ("enter", "space"), "Enter", "guess", ("lesson_guess",), 1, False),
    Action("term", "enter", (), "Enter", "", ("lesson",), 2, False),
    Action("exhibit", "exhibit", ("tab", "shift+tab"), "Tab", "exhibit", IN_LESSON[:1], 1),
    Action("cells_move", "", (), "←↑↓→", "exhibit", IN_LESSON[2:], 0, False),
    Action("turn_down", "turn(-1)", ("minus",), "-", "exhibit", IN_LESSON[2:], 1, False),
    Action("turn_up", "turn(1)", ("plus",), "+", "exhibit", IN_LESSON[2:], 1, False),
    Action("set_knob", "", (), "0–9", "exhibit", IN_LESSON[2:], 3, False),
    Action("why", "why", (), "Enter", "exhibit", IN_LESSON[2:], 1, False),
    Action("cells_leave", "leave", ("escape",), "Esc", "exhibit", IN_LESSON[2:], 0, False),
    Action("free", "free", ("p",), "p", "exhibit", (IN_LESSON[0], IN_LESSON[2]), 2),
    *_through_time("lesson", "exhibit"),
    Action("edit", "edit", ("i",), "i", "sentence", IN_LESSON, 1),
    Action("edit_end", "leave", (), "Enter", "sentence", ("lesson_edit",), 0, False),
    Action("doubts", "doubts", ("d",), "d", "app", IN_LESSON[:2], 1),
    Action("quiz", "quiz", ("x",), "x", "app", IN_LESSON[:2], 1),
    Action("lesson_back", "back", ("backspace",), "⌫", "app", IN_LESSON[:1], 4),
    Action("model", "model", ("m",), "m", "app", IN_LESSON[:1], 4),
)
"""What can be done in a lesson, besides what the app does."""

LESSON_GROUPS = ("cards", "guess", "exhibit", "app", "sentence")

QUIZ_ACTIONS: tuple[Action, ...] = (
    Action("quiz_up", "move(-1)", ("up",), "↑", "choose", (*IN_QUIZ[::2], "quiz_end"), 1, False),
    Action("quiz_down", "move(1)", ("down",), "↓", "choose", (*IN_QUIZ[::2], "quiz_end"), 1, False),
    Action("quiz_digit", "", (), "1–9", "choose", (), 5, False),
    Action("quiz_tick", "tick", ("space",), "Space", "choose", IN_QUIZ[::2], 1, False),
    Action("quiz_shift_up", "shift(-1)", ("minus", "shift+up"), "-", "choose", IN_QUIZ[:1], 1),
    Action("quiz_shift_down", "shift(1)", ("plus", "shift+down"), "+", "choose", IN_QUIZ[:1], 1),
    Action("quiz_true", "truth(0)", ("v", "t"), "v", "choose", (), 5, False),
    Action("quiz_false", "truth(1)", ("f",), "f", "choose", (), 5, False),
    Action("quiz_give", "", (), "1–9", "", IN_QUIZ[:1], 1, False),
    Action("quiz_point", "", (), "←↑↓→", "choose", IN_QUIZ[:1], 1, False),
    Action("quiz_text_up", "scroll(-1)", ("pageup",), "PgUp", "choose", (), 5, False),
    Action("quiz_text_down", "scroll(1)", ("pagedown",), "PgDn", "choose", (), 5, False),
    Action("quiz_enter", "enter", ("enter",), "Enter", "answer", (IN_QUIZ[0], "quiz_edit"), 0),
    Action("quiz_write", "enter", (), "Enter", "", IN_QUIZ[:1], 0, False),
    Action("quiz_go_on", "enter", (), "Enter", "", (*IN_QUIZ[1:], "quiz_end"), 0, False),
    Action("quiz_why", "why", ("o",), "o", "answer", IN_QUIZ[1:], 1),
    Action("quiz_hint", "hint", ("h",), "h", "answer", (IN_QUIZ[0], "quiz_edit"), 1),
    Action("quiz_skip", "skip", ("s",), "s", "answer", (IN_QUIZ[0], "quiz_edit"), 1),
    Action("quiz_anew", "anew", ("n",), "n", "answer", (), 5, False),
    Action("quiz_sentence", "edit", ("i",), "i", "", ("quiz_end",), 1, False),
    Action("quiz_leave", "leave", ("escape",), "Esc", "answer", (*IN_QUIZ, "quiz_end"), 2),
    Action("quiz_box_leave", "leave", (), "Esc", "", ("quiz_edit",), 2, False),
)
"""What can be done in a quiz, besides what the app does."""

QUIZ_GROUPS = ("choose", "answer", "app")

FREE_ACTION = Action("free_back", "back", ("backspace",), "⌫", "app", ("free",), 0)
"""What can be done besides on a walk to which a lesson has lent its run."""

PAIRS = {
    "stage_back": "stage_next",
    "word_up": "word_down",
    "block_back": "block_next",
    "head_back": "head_next",
    "stage_first": "stage_last",
    "force": "force_wide",
    "undo": "redo",
    "copy": "save",
    "moment_back": "moment_next",
    "moment_first": "moment_last",
    "moment_play": "training",
    "contents": "glossary",
    "review": "progress",
    "language": "theme",
    "model": "train",
    "card_back": "card_next",
    "card_first": "card_last",
    "text_up": "text_down",
    "pick_up": "pick_down",
    "turn_down": "turn_up",
    "quiz_up": "quiz_down",
    "quiz_shift_up": "quiz_shift_down",
    "quiz_true": "quiz_false",
    "quiz_text_up": "quiz_text_down",
}
"""Actions that the footer and the help show as one: two signs, one name (`pair.<id>`)."""

APART = ("contents", "review", "language", "model", "moment_play")
"""Of these, what only the help shows as one: they are told in one line, but are two things."""


IN_EVERY_SCREEN = ("language", "theme", "help", "quit")
"""What the app does wherever one is; the rest it does on the walk and in a lesson."""


def bindings(owner: str) -> list[BindingType]:
    """The key bindings of the walk (owner "screen"), of a "lesson", of a "quiz", or of the app."""
    table = {"lesson": LESSON_ACTIONS, "quiz": QUIZ_ACTIONS}.get(owner, ACTIONS)
    return [
        Binding(
            ",".join(action.keys),
            action.call.removeprefix("app."),
            show=False,
            id=action.id,
        )
        for action in table
        if action.keys
        and (action.group or owner == "quiz")
        and action.call.startswith("app.") == (owner == "app")
    ]


def time_bindings(owner: str) -> list[BindingType]:
    """The same for moving through the training, in a screen whose ids begin with `owner`."""
    return [
        Binding(",".join(action.keys), action.call, show=False, id=f"{owner}.{action.id}")
        for action in map(by_id, MOVING_IN_TIME)
    ]


def help_table(screen: str) -> tuple[tuple[str, ...], tuple[Action, ...]]:
    """The groups of the help of "walk", "lesson" or "quiz", and the actions that it tells."""
    if screen == "walk":
        return GROUPS, ACTIONS
    shared = (action for action in ACTIONS if action.call.startswith("app."))
    if screen == "quiz":
        here = (x for x in shared if x.id in IN_EVERY_SCREEN)
        return QUIZ_GROUPS, (*QUIZ_ACTIONS, *here)
    return LESSON_GROUPS, (*LESSON_ACTIONS, *shared)


def by_id(action_id: str) -> Action:
    """The action of that id. Raises KeyError where there is none.

    Where the walk and a lesson both have one, they call the same.
    """
    return _BY_ID[action_id]


def of_bar(bar: str) -> Iterable[Action]:
    """What a footer shows, in order; `bar` as in `Action.bars`."""
    return (action for action in _ALL if bar in action.bars)


_ALL = (FREE_ACTION, *LESSON_ACTIONS, *QUIZ_ACTIONS, *ACTIONS)
_BY_ID = {action.id: action for action in _ALL}
