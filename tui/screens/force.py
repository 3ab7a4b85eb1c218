"""Setting a number by hand: which cells, and to what. A value that cannot be is told, not used."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.whatif import Force, parse_value
from lessons.extents import extents
from lessons.words import number
from tui.messages import Words, error_sentence
from tui.screens.dialog import Dialog
from tui.widgets.line_input import LineInput


class ForceScreen(Dialog[Force]):
    """Answers with a change that can be computed, or with None.

    wide: whether more than the one cell can be chosen.
    """

    AUTO_FOCUS = "#force-value"

    def __init__(self, words: Words, experiment: Experiment, ref: Ref, wide: bool) -> None:
        super().__init__()
        self._words = words
        self._experiment = experiment
        self._ref = ref
        found = extents(experiment.trace, ref)
        self._parts = found if wide else {"cell": found["cell"]}

    def compose(self) -> ComposeResult:
        words, value = self._words, self._experiment.trace.value(self._ref)
        with Vertical(id="dialog"):
            yield Static(words("force.title"), id="dialog-title", markup=False)
            yield Static(
                words("force.now", ref=self._ref, value=number(value)),
                classes="quiet",
                markup=False,
            )
            if len(self._parts) > 1:
                options = [
                    Option(f"{words(f'force.{name}'):<13} {part}", name)
                    for name, part in self._parts.items()
                ]
                yield OptionList(*options, id="force-parts", compact=True, markup=False)
            yield LineInput(placeholder=words("force.hint"), id="force-value", compact=True)
            yield Static(self._told(), id="force-told", classes="quiet", markup=False)
            yield Static(id="dialog-trouble", markup=False)
            yield Static(
                words("force.close_wide" if len(self._parts) > 1 else "force.close"),
                id="dialog-close",
                markup=False,
            )

    def on_mount(self) -> None:
        for options in self.query(OptionList):
            options.highlighted = 0
            options.focus()

    def _told(self) -> str:
        other = self._experiment.other
        if other is None:
            return self._words("force.values")
        return self._words("force.other", text=other.text, model=other.model.name)

    @property
    def _chosen(self) -> str:
        for options in self.query(OptionList):
            return list(self._parts)[options.highlighted or 0]
        return "cell"

    @on(OptionList.OptionSelected)
    def _go_on(self) -> None:
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _quiet(self) -> None:
        self.say("")

    @on(Input.Submitted)
    def _try(self, event: Input.Submitted) -> None:
        """Answer with the change if the run with it can be computed."""
        try:
            force = Force(self._parts[self._chosen], parse_value(event.value))
            self._experiment.force(force).trace  # noqa: B018 (computed to see whether it can be)
        except EngineError as error:
            if error.code == "unknown_step":  # a word that is no number and no step either
                error = EngineError("bad_value", text=event.value.strip())
            self.say(error_sentence(error, self._words.lang))
        else:
            self.dismiss(force)
