"""An input of one line that says where its text goes on."""

from __future__ import annotations

from typing import Any

from rich.cells import cell_len
from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widgets import Input

from tui.renderables.matrix_labels import ELLIPSIS


class LineInput(Input):
    """Shows the text around the cursor while it has the focus, and its beginning otherwise."""

    def on_blur(self) -> None:
        self.scroll_to(0, 0, animate=False, force=True)

    def on_focus(self, event: events.Focus) -> None:
        # A click puts the cursor where the text is now, so that must not move away under it;
        # but whoever comes back from another window looks for the cursor.
        if event.from_app_focus:
            self.mutate_reactive(LineInput.selection)

    def scroll_to_region(self, region: Region, **details: Any) -> Offset:
        """Follow the cursor, unless nobody sees it."""
        return super().scroll_to_region(region, **details) if self.has_focus else Offset()

    def render_line(self, y: int) -> Strip:
        """The line, with an ellipsis at each end where the text goes on."""
        strip = super().render_line(y)
        x, width = self.scroll_offset.x, self.scrollable_content_region.width
        if y or cell_len(self.value) < width:
            return strip
        more = Strip([Segment(ELLIPSIS, self.get_component_rich_style("input--placeholder"))])
        if x + width < cell_len(self.value):
            strip = Strip.join([strip.crop(0, width - 1), more])
        return Strip.join([more, strip.crop(1)]) if x > 0 else strip
