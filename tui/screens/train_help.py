"""The help of the screens that train: every key of one of them on one page."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.actions import Action
from tui.messages import Words
from tui.screens.dialog import Dialog
from tui.screens.train_keys import KEYS, help_lines, owner

SIGNS = 10


class TrainHelp(Dialog[None]):
    """Any key that opens the help closes it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("q,f1,question_mark,enter,space", "leave", show=False, id="train_help.close")
    ]

    def __init__(self, words: Words, keys: tuple[Action, ...]) -> None:
        super().__init__()
        self._words, self._keys = words, keys

    def compose(self) -> ComposeResult:
        words = self._words
        lines = [
            Content.assemble((signs, "$accent"), " " * max(SIGNS - cell_len(signs), 1), does)
            for signs, does in help_lines(words, self._keys)
        ]
        with Vertical(id="dialog"):
            title = words(f"help.{owner(self._keys)}title")
            yield Static(title, id="dialog-title", markup=False)
            yield Static(Content("\n").join(lines))
            if self._keys is KEYS:
                yield Static(words("help.background"), classes="quiet", markup=False)
            yield Static(words("help.close"), id="dialog-close", markup=False)
