"""Running text for Textual, whose own wrapping breaks a line at every blank. Pure."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from tui.renderables.unbroken import NO_BREAK, unbroken

GLUES: Final = {"\ue000": " ", "\ue001": NO_BREAK}
"""What stands for a blank at which no line ends, while lines are broken: as wide, and no blank to
Textual."""
_BACK = str.maketrans(GLUES)


def lines_of(text: Content, width: int) -> list[Content]:
    """The text in lines of at most so many columns, its numbers and shares whole."""
    glued = _with(text, _glued(text.plain))
    return [_with(line, line.plain.translate(_BACK)) for line in glued.wrap(width)]


def running(text: Content, width: int) -> Content:
    """The text so that Textual breaks its lines as `lines_of` does; itself where it does anyhow."""
    if width < 1 or NO_BREAK not in unbroken(text.plain):
        return text
    return Content("\n").join(lines_of(text, width))


def _glued(plain: str) -> str:
    blank, no_break = GLUES
    kept = plain.replace(NO_BREAK, no_break)
    return unbroken(kept).replace(NO_BREAK, blank)


def _with(text: Content, plain: str) -> Content:
    """The same with other letters, as many as before."""
    return Content(plain, spans=list(text.spans))
