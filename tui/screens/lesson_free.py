"""A walk to which a lesson has lent its run: play as one likes, the card waits as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import Binding

from engine.experiment import Experiment
from tui.actions import FREE_ACTION
from tui.messages import Words
from tui.renderables.footer import bar_chips
from tui.screens.lesson_words import lesson_words
from tui.screens.walk import WalkScreen
from tui.screens.walk_state import Place


class FreeWalkScreen(WalkScreen):
    """The walk, at a station, with a way back to the lesson."""

    BINDINGS: ClassVar = [
        Binding(",".join(FREE_ACTION.keys), FREE_ACTION.call, show=False, id=FREE_ACTION.id)
    ]

    def __init__(self, start: Experiment, lang: str, place: Place) -> None:
        super().__init__(start, lang)
        self._view = replace(self._view, experiment=start, place=place)  # computed already

    @property
    def free_words(self) -> Words:
        """What the way back is called."""
        return lesson_words(self.lang)

    def _draw_footer(self) -> None:
        back = bar_chips(self.free_words, "free") if self._bar == "walk" else []
        self._footer.show([*back, *bar_chips(self._view.words, self._bar, self.idle_keys)])

    def action_back(self) -> None:
        """Return to the card."""
        self.app.pop_screen()
