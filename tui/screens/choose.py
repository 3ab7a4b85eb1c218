"""A short list to choose from, and where the choice needs one, the name of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.errors import EngineError
from tui.messages import Words, error_sentence
from tui.screens.dialog import Dialog
from tui.widgets.line_input import LineInput


class ChooseScreen(Dialog[tuple[str, str]]):
    """Answers with the chosen id and, where files are asked for, the name that was typed.

    table: the section of the words that names the title, the choices and the way out.
    choices: the ids, each with the name of the file that is proposed; empty where none is needed.
    check: raises EngineError for a name that cannot be used, which is told here.
    """

    AUTO_FOCUS = "#choices"

    def __init__(
        self,
        words: Words,
        table: str,
        choices: Mapping[str, str],
        check: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._check = check
        self._words = words
        self._table = table
        self._choices = dict(choices)

    def compose(self) -> ComposeResult:
        words, table = self._words, self._table
        with Vertical(id="dialog"):
            yield Static(words(f"{table}.title"), id="dialog-title", markup=False)
            yield OptionList(
                *(Option(words(f"{table}.{choice}"), choice) for choice in self._choices),
                id="choices",
                compact=True,
                markup=False,
            )
            if any(self._choices.values()):
                yield Static(words(f"{table}.file"), classes="quiet", markup=False)
                yield LineInput(id="file", compact=True)
            yield Static(id="dialog-trouble", markup=False)
            yield Static(words(f"{table}.close"), id="dialog-close", markup=False)

    def on_mount(self) -> None:
        self.query_one(OptionList).highlighted = 0

    @property
    def _chosen(self) -> str:
        return list(self._choices)[self.query_one(OptionList).highlighted or 0]

    @on(OptionList.OptionHighlighted)
    def _propose(self) -> None:
        for box in self.query(Input):
            box.value = self._choices[self._chosen]

    @on(OptionList.OptionSelected)
    def _select(self) -> None:
        if self._choices[self._chosen]:
            self.query_one(Input).focus()
        else:
            self.dismiss((self._chosen, ""))

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        name = event.value.strip()
        if not name:
            return
        try:
            if self._check is not None:
                self._check(name)
        except EngineError as error:
            self.say(error_sentence(error, self._words.lang))
        else:
            self.dismiss((self._chosen, name))
