"""What happens at a stage, in words: title, a few sentences, the formula."""

from __future__ import annotations

import re

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.renderables.running import running
from tui.renderables.shorten import shortened

COLUMN = 70
"""Columns from which on the words fill a line across the window."""
MANY_LINES = 10
_ASIDE = re.compile(" {3,}")  # stands between the parts of a formula


class About(Vertical):
    """Shows the words of one stage; the heights are fixed, so that nothing jumps on a step."""

    DEFAULT_CSS = """
    About { height: auto; }
    About #title { height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    About #prose { height: 6; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = Static(id="title", markup=False)
        self._prose = Static(id="prose", markup=False)
        self._said = ("", "", "")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._prose

    def show(self, title: str, what: str, mind: str, formula: str) -> None:
        """Show the words of a stage; `mind` follows `what` in a quieter colour."""
        self._title.update(Content(title), layout=False)
        self._said = (what, mind, formula)
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        """Say as much as there is room for; what happens comes before what to mind."""
        what, mind, formula = self._said
        width, height = self._prose.size
        # A narrow column has lines to spare: it keeps the formula apart.
        apart = "\n"
        if width < COLUMN and height > MANY_LINES:
            apart, formula = "\n\n", _ASIDE.sub("\n", formula)
        below = Content.assemble(apart, (formula, "$accent"))
        aside = Content.styled(f" {mind}" if mind else "", "$quiet")
        text = Content(what)
        for wanted in (text + aside + below, text + below, text + aside, text):
            if running(wanted, width).get_height({}, max(width, 1)) <= height:
                break
        else:
            wanted = shortened(text, width, height)
        self._prose.update(running(wanted, width), layout=False)
