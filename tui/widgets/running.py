"""A text of several lines whose numbers and shares stay whole."""

from __future__ import annotations

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static

from tui.renderables.running import running


class RunningText(Static):
    """Shows text as `Static` does, and breaks no line within a number or before its sign."""

    def __init__(self, text: Content | str = "", *, id: str | None = None) -> None:
        self._text: VisualType = text
        super().__init__(text, id=id, markup=False)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show another text."""
        self._text = content
        super().update(self._set_out(), layout=layout)

    def on_resize(self) -> None:
        if isinstance(self._text, Content | str):
            super().update(self._set_out())

    def _set_out(self) -> VisualType:
        text = self._text
        plain = Content(text) if isinstance(text, str) else text
        return running(plain, self.size.width) if isinstance(plain, Content) else text
