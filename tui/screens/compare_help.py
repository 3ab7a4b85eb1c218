"""The help of the comparison: what the signs mean, and every key."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.messages import Words
from tui.screens.compare_keys import help_lines
from tui.screens.dialog import Dialog

SIGNS, COLUMN = (6, 13), 35
"""Columns for the keys at the left and at the right; those of the left with what they do."""


class CompareHelp(Dialog[None]):
    """Tells how the comparison is read; any key that opens the help closes it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("q,f1,question_mark,enter,space", "leave", show=False, id="compare_help.close")
    ]

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(id="dialog"):
            yield Static(words("help.title"), id="dialog-title", markup=False)
            for about in ("pairs", "marks", "share"):
                yield Static(words(f"help.{about}"), classes="quiet", markup=False)
            yield Static(_keys(words))
            yield Static(words("help.leave"), id="dialog-close", markup=False)


def _keys(words: Words) -> Content:
    """Every key and what it does, in two columns."""
    lines = help_lines(words)
    height = -(-len(lines) // 2)
    rows = [Content("")]
    for i in range(height):
        left, *right = (
            Content.assemble((signs, "$accent"), " " * max(width - cell_len(signs), 1), does)
            for (signs, does), width in zip(lines[i::height], SIGNS, strict=False)
        )
        gap = Content(" " * max(COLUMN - left.cell_length, 2))
        rows.append(Content("").join([left, gap, *right]))
    return Content("\n").join([*rows, Content("")])
