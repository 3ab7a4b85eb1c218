"""The name under which a model is saved."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from engine.errors import EngineError
from tui.messages import Words, error_sentence
from tui.own_models import folder_for
from tui.screens.dialog import Dialog
from tui.widgets.line_input import LineInput


class NameScreen(Dialog[str]):
    """Answers with a name that no model has yet, or with None."""

    AUTO_FOCUS = "#name"

    def __init__(self, words: Words, proposed: str) -> None:
        super().__init__()
        self._words, self._proposed = words, proposed

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(id="dialog"):
            yield Static(words("name.title"), id="dialog-title", markup=False)
            yield LineInput(self._proposed, placeholder=words("name.hint"), id="name", compact=True)
            yield Static(id="dialog-trouble", markup=False)
            yield Static(words("name.close"), id="dialog-close", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        try:
            folder_for(name)
        except EngineError as error:
            self.say(error_sentence(error, self._words.lang))
        else:
            self.dismiss(name)
