"""Widgets that put their parts where they want them, without asking the styles.

With styles (`display`, `height`) every part would ask for a layout of its own, and what changes
on a key press would cost two or three frames.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

Places = list[tuple[Widget, Region]]


@runtime_checkable
class MakesRoom(Protocol):
    """A part that shows something else in another size.

    It would hear of a new size only after it was drawn in it, and be drawn a second time.
    """

    def make_room(self, size: Size) -> None:
        """Be ready to be drawn in that size."""


class Placing(Widget):
    """Shows those of its parts that `places` names, there where it says; the others nowhere."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._placed: Places = []

    @property
    def layout(self) -> Layout:
        """Its own, whatever the styles say."""
        return OWN

    def places(self, size: Size) -> Places:
        """Which parts are shown, and where in so much room."""
        raise NotImplementedError

    def place(self) -> None:
        """Lay the parts out again if they are others, or elsewhere, than before."""
        if not (self.is_mounted and self.children):  # a key can be quicker than a new screen
            return
        placed = self.places(self.size)
        if placed != self._placed:
            self._placed = placed
            self.children[0].refresh(layout=True)  # a child asks: that makes its parent arrange


class _Own(Layout):
    name = "own"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Place the parts as their parent says."""
        assert isinstance(parent, Placing)
        parent._placed = parent.places(size)
        for part, region in parent._placed:
            if isinstance(part, MakesRoom):
                part.make_room(region.size)
        return [
            WidgetPlacement(region, NULL_OFFSET, Spacing(), part)
            for part, region in parent._placed
            if region.area
        ]


OWN = _Own()
