"""Walking along the line of stations: what the walk and the comparison do alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Generic, Protocol

from lessons.stages import Stage
from tui.messages import words
from tui.screens import walk_state as state
from tui.screens.timed import TimedScreen
from tui.screens.typed import Answer, TypedScreen
from tui.widgets.chips import Chips
from tui.widgets.heads import HeadsView


class Moment(Protocol):
    """What is shown, as far as the line goes."""

    @property
    def place(self) -> state.Place:
        """Where we are."""

    @property
    def line(self) -> Sequence[Stage]:
        """The stations."""


class AlongScreen(TimedScreen[Answer], TypedScreen[Answer], Generic[Answer]):
    """A screen with a line of stations, by keys, by wheel and by mouse."""

    @property
    def view(self) -> Moment:
        """What is shown now."""
        raise NotImplementedError

    def go(self, place: state.Place) -> None:
        """Show another place."""
        raise NotImplementedError

    def action_step(self, by: int) -> None:
        """Go some stages on."""
        self.go(state.step(self.view.place, self.view.line, by))

    def action_ends(self, where: int) -> None:
        """Go to the first (-1) or last (1) stage."""
        self.action_step(where * len(self.view.line))

    def action_block(self, by: int) -> None:
        """Go to the same stage of another block."""
        self.go(state.jump(self.view.place, self.view.line, by))

    def action_inside(self) -> None:
        """Make the inner steps of the stage stations of the line, or no longer."""
        place = state.look_inside(self.view.place, self.view.line)
        if place == self.view.place:
            self.say(words("app", self.lang)("notice.no_inside"))
        self.go(place)

    def on_heads_view_chosen(self, event: HeadsView.Chosen) -> None:
        self.go(replace(self.view.place, head=event.head))

    def on_chips_rolled(self, event: Chips.Rolled) -> None:
        if event.chips.id == "stations":
            self.action_step(event.step)
        elif event.chips.id == "groups":
            self.action_block(event.step)
