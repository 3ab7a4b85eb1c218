"""The help of the screen on the whole training: what emerges and when, and every key."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lessons.emergence import marks
from tui.screens.dialog import Dialog
from tui.screens.through_keys import help_lines
from tui.screens.through_view import ThroughView

SIGNS, COLUMN = 6, 37
"""Columns for the keys; those of the left column with what its keys do."""


class ThroughHelp(Dialog[None]):
    """Tells how the screen is read; any key that opens the help closes it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("q,f1,question_mark,enter,space,k", "leave", show=False, id="through_help.close")
    ]

    def __init__(self, view: ThroughView) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        words = self._view.words
        with Vertical(id="dialog"):
            yield Static(words("help.title"), id="dialog-title", markup=False)
            yield Static(words("help.moments"), classes="quiet", markup=False)
            yield Static(_emerged(self._view), id="emerged")
            yield Static(_keys(self._view))
            yield Static(words("help.leave"), id="dialog-close", markup=False)


def _emerged(view: ThroughView) -> Content:
    """What emerges: from which step on, and its number in the end."""
    found = marks(view.found)
    if not found:
        return Content(view.words("help.no_marks"))
    lines = [Content.styled(view.words("help.marks"), "bold")]
    for one in found:
        step = view.written(view.steps[one.place or 0])
        share = view.prose.words.share(one.values[-1])
        said = view.words("marks.since", step=step, told=one.probe.told[view.lang], share=share)
        lines.append(Content.assemble(("◆ ", "$accent"), said))
    return Content("\n").join(lines)


def _keys(view: ThroughView) -> Content:
    """Every key and what it does, in two columns."""
    lines = help_lines(view.words)
    height = -(-len(lines) // 2)
    rows = [Content("")]
    for i in range(height):
        left, *right = (
            Content.assemble((signs, "$accent"), " " * max(SIGNS - cell_len(signs), 1), does)
            for signs, does in lines[i::height]
        )
        gap = Content(" " * max(COLUMN - left.cell_length, 2))
        rows.append(Content("").join([left, gap, *right]))
    return Content("\n").join([*rows, Content("")])
