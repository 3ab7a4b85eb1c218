"""Running text in a given room: what does not fit ends in an ellipsis. Pure."""

from __future__ import annotations

from textual.content import Content

from tui.renderables.matrix_labels import ELLIPSIS
from tui.renderables.running import lines_of, running


def shortened(text: Content, width: int, lines: int) -> Content:
    """The text as far as it fits in so many lines, with an ellipsis where it goes on."""
    set_out = running(text, width)
    if width < 1 or lines < 1 or set_out.get_height({}, width) <= lines:
        return set_out
    kept = lines_of(text, width)[:lines]
    last = kept.pop().rstrip()
    kept.append(last.truncate(min(last.cell_length, width - 1)) + ELLIPSIS)
    return Content("\n").join(kept)
