"""The help: every key on one page, from the table of actions. A click on a line does it."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from tui.messages import Words
from tui.renderables.help import help_content
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingModal


class HelpScreen(LeavingModal[str | None]):
    """Shows the keys. Answers with the id of the action that was clicked, or with None.

    screen: whose keys, "walk" or "lesson".
    """

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("escape,q,f1,question_mark,enter,space", "dismiss", show=False, id="help.close"),
        Binding("up", "scroll(-1)", show=False, id="help.up"),
        Binding("down", "scroll(1)", show=False, id="help.down"),
        Binding("pageup", "scroll(-10)", show=False, id="help.pageup"),
        Binding("pagedown", "scroll(10)", show=False, id="help.pagedown"),
    ]

    def __init__(self, words: Words, screen: str = "walk") -> None:
        super().__init__()
        self._words = words
        self._of = screen

    def compose(self) -> ComposeResult:
        fit(self)
        words = self._words
        with Vertical(id="help"):
            yield Static(words("help.title"), id="help-title", markup=False)
            yield Static(words("help.intro"), classes="quiet", markup=False)
            with VerticalScroll(id="help-body", can_focus=False):
                yield Static(help_content(words, self._of, self._width), id="help-keys")
            yield Static(words("help.mouse"), classes="quiet", markup=False)
            yield Static(words("help.close"), id="help-close", markup=False)

    @property
    def _width(self) -> int:
        return self.app.size.width - 4

    def on_resize(self) -> None:
        self.query_one("#help-keys", Static).update(
            help_content(self._words, self._of, self._width)
        )

    def action_scroll(self, lines: int) -> None:
        """Show what has no room."""
        self.query_one("#help-body").scroll_relative(y=lines, animate=False)

    def action_choose(self, action_id: str) -> None:
        """Close, and do what was clicked."""
        self.dismiss(action_id)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if "@click" not in event.style.meta:
            self.dismiss()
