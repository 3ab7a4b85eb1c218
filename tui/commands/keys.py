"""`desdecero keys`: every key, in the form of the file in which a person can change them."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from tui.commands.base import Command
from tui.messages import Words


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    pass


def _run(args: Namespace, words: Words) -> None:
    from tui.keymap_sheet import keymap_sheet  # and with it Textual, which knows the keys' names

    print("\n".join(keymap_sheet(words)))


COMMAND = Command("keys", _add_arguments, _run)
