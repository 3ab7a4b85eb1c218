"""Every key, in the form of the file in which a person can change them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from textual.keys import format_key

from tui.actions import Action
from tui.data import in_home, keys_path
from tui.keymap import read_keymap
from tui.keys import Table, tables
from tui.messages import Words, error_sentence
from tui.messages import words as table_of
from tui.renderables.signs import SIGNS

WIDTH = 38
"""Columns for a line's id and its keys, before what they do."""


def keymap_sheet(words: Words) -> Iterator[str]:
    """The lines of the file: what the person has changed as it is now, all else as it always was.

    What cannot be followed in their file stands above it. words: of the command line.
    """
    every = tables()
    chosen, troubles = read_keymap(keys_path(), [table.keymap() for table in every])
    yield from (f"# {error_sentence(trouble, words.lang)}" for trouble in troubles)
    path = in_home(keys_path())
    yield from (f"# {words(f'keys.top_{n}', path=path)}" for n in (1, 2, 3))
    told: set[str] = set()
    for table in every:
        new = [x for x in table.actions if x.keys and x.call and table.id_of(x) not in told]
        if new:
            yield ""
            yield f"# {words(f'keys.{table.name}')}"
        for action in new:
            name = table.id_of(action)
            told.add(name)
            yield _line(name, chosen.get(name, action.keys), says(table, action, words.lang))


def _line(name: str, keys: tuple[str, ...], does: str) -> str:
    """One line of the file."""
    written = [json.dumps(_written(key), ensure_ascii=False) for key in keys]
    value = written[0] if len(written) == 1 else f"[{', '.join(written)}]"
    name = json.dumps(name) if "." in name else name
    return f"{f'{name} = {value}':{WIDTH}}  # {does}"


def _written(key: str) -> str:
    """A key as one would write it: the sign itself where it has one."""
    return key if key in SIGNS else sign if len(sign := format_key(key)) == 1 else key


def says(table: Table, action: Action, lang: str) -> str:
    """What an action does, in the words in which its screen tells it."""
    own, app = table_of(table.words, lang), table_of("app", lang)
    later = table.actions[table.actions.index(action) :]
    for of in later:  # two keys that are told as one have the name of the second
        for words in (own, app):
            for key in (f"command.{of.id}", f"pair.{of.id}", f"help.{of.id}", f"help.{of.group}"):
                if key in words.sentences:
                    return words(key)
        if f"action.{of.id}" in own.sentences:
            return own(f"action.{of.id}")
    return action.id
