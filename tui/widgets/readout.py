"""The cell under the cursor in words."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tui.renderables.shorten import shortened


class Readout(Static):
    """Shows a sentence in the lines that it has, and beneath it, for a while, an aside."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._said = Content(), Content()

    def show(self, reading: str, aside: str = "") -> None:
        """Say something of a cell; what is said aside stays until something else is said."""
        self._said = Content(reading), Content.styled(aside, "$accent")
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        """The aside goes first where there is no line left for it."""
        width, lines = self.size
        reading, aside = self._said
        said = [part for part in (reading, aside) if part]
        if aside and reading.get_height({}, max(width, 1)) >= lines:
            said.reverse()
        self.update(shortened(Content("\n").join(said), width, lines), layout=False)
