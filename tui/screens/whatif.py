"""The what-ifs: those that hold now, each of them removable, and the ready-made ones."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.whatif import Force
from lessons.whatifs import WhatIf
from tui.messages import Words
from tui.screens.dialog import Dialog

NOW, READY = "now", "ready"


class WhatIfScreen(Dialog[tuple[Force, ...]]):
    """Answers with all the changes that are to hold from now on, or with None.

    present: the changes that hold now. ready: what can be chosen beside them.
    """

    AUTO_FOCUS = "#whatif-list"
    BINDINGS: ClassVar = [
        Binding("delete,backspace,x", "remove", show=False, id="whatif.remove"),
        Binding("r", "clear", show=False, id="whatif.clear"),
    ]

    def __init__(self, words: Words, present: tuple[Force, ...], ready: tuple[WhatIf, ...]) -> None:
        super().__init__()
        self._words = words
        self._present = present
        self._ready = ready

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(id="dialog"):
            yield Static(words("whatif.title"), id="dialog-title", markup=False)
            yield OptionList(*self._options(), id="whatif-list", compact=True, markup=False)
            yield Static(id="dialog-trouble", markup=False)
            key = "whatif.close_some" if self._present else "whatif.close"
            yield Static(words(key), id="dialog-close", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.highlighted = next(
            i for i, option in enumerate(options.options) if not option.disabled
        )

    def _options(self) -> list[Option]:
        words = self._words
        options = []
        if self._present:
            options.append(Option(words("whatif.now"), disabled=True))
            options += [Option(f"  {force}", f"{NOW}.{i}") for i, force in enumerate(self._present)]
        options.append(Option(words("whatif.ready"), disabled=True))
        return options + [
            Option(Content.assemble("  ", preset(words, one)), f"{READY}.{i}")
            for i, one in enumerate(self._ready)
        ]

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        kind, _, number = str(event.option.id).partition(".")
        if kind == READY:
            self.dismiss((*self._present, *self._ready[int(number)].forces))

    def action_remove(self) -> None:
        """Take the change under the cursor back."""
        options = self.query_one(OptionList)
        if options.highlighted is None:
            return
        kind, _, number = str(options.get_option_at_index(options.highlighted).id).partition(".")
        if kind == NOW:
            at = int(number)
            self.dismiss((*self._present[:at], *self._present[at + 1 :]))
        else:
            self.say(self._words("whatif.not_set"))

    def action_clear(self) -> None:
        """Take all changes back."""
        self.dismiss(())


def preset(words: Words, one: WhatIf) -> str:
    """What a ready-made what-if is called."""
    return words(f"preset.{one.key}", **one.values)
