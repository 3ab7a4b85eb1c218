"""How a key is written on the screen. Pure, but for the keys that the person has chosen."""

from __future__ import annotations

from textual.keys import format_key

from tui.actions import Action
from tui.keymap import chosen_key
from tui.messages import Words

SIGNS = {
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "backspace": "⌫",
    "delete": "Del",
    "insert": "Ins",
}


def signs_of(action: Action, words: Words, owner: str = "") -> str:
    """The key of an action, as the keyboards of the language name it.

    owner: what its id begins with in the keymap, on screens that have a table of their own.
    """
    chosen = chosen_key(owner + action.id)
    sign = sign_of(chosen) if chosen else action.signs
    return words.sentences.get(f"key.{sign}", sign)


def sign_of(key: str) -> str:
    """A key of Textual's as it stands on a keyboard: "Ctrl+P" for "ctrl+p", "?" for its name."""
    *modifiers, last = key.split("+")
    sign = SIGNS.get(last) or format_key(last)
    if modifiers or last[1:].isdigit():  # Ctrl+P, F5
        sign = sign.capitalize()
    return "+".join([*(x.capitalize() for x in modifiers), sign])
