"""A figure of a lesson on the screen: a cursor among its numbers, which open, and its knobs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message

from engine.expr import Ref
from lessons.figures.parts import Figure
from tui.renderables.figure_block import Look, Spot
from tui.renderables.figure_knobs import KnobLine
from tui.renderables.figure_move import spot_at, turned_at
from tui.renderables.figure_style import NAMED
from tui.widgets.figure_cursor import FigureWithCursor

MOST_TYPED: Final = 12


class FigureView(FigureWithCursor, can_focus=True, inherit_bindings=False):
    """Shows one figure at a time; `show` replaces it."""

    DEFAULT_CSS = """
    FigureView { color: $foreground; scrollbar-size: 1 1; overflow-x: hidden; }
    FigureView > .figure--quiet { color: $quiet; }
    FigureView > .figure--rule { color: $line; }
    FigureView > .figure--accent { color: $accent; }
    FigureView > .figure--good { color: $success; }
    FigureView > .figure--bad { color: $error; }
    FigureView > .figure--knob { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"figure--{ink}" for ink in NAMED}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move_line(-1)", "Up", show=False, id="figure.up"),
        Binding("down", "move_line(1)", "Down", show=False, id="figure.down"),
        Binding("left", "move_along(-1)", "Left", show=False, id="figure.left"),
        Binding("right", "move_along(1)", "Right", show=False, id="figure.right"),
        Binding("home", "edge('first')", "First", show=False, id="figure.first"),
        Binding("end", "edge('last')", "Last", show=False, id="figure.last"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="figure.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="figure.page_down"),
        Binding("plus,equals_sign", "turn(1)", "More", show=False, id="figure.more"),
        Binding("minus", "turn(-1)", "Less", show=False, id="figure.less"),
        Binding("enter", "open", "Open", show=False, id="figure.open"),
    ]

    @dataclass
    class FigureMessage(Message):
        """Something happened at a spot of a figure."""

        figure: FigureView

        @property
        def control(self) -> FigureView:
            """The figure of the spot, for the selector of `on`."""
            return self.figure

    @dataclass
    class Moved(FigureMessage):
        """The person moved the cursor to another spot."""

        spot: Spot

    @dataclass
    class Opened(FigureMessage):
        """The person asked where a number comes from."""

        ref: Ref
        run: int

    @dataclass
    class Turned(FigureMessage):
        """The person turned a knob by so many steps."""

        knob: str
        by: int

    @dataclass
    class Typed(FigureMessage):
        """The person typed a number for a knob: digits, points, commas, a minus before."""

        knob: str
        text: str

    def __init__(
        self, *, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._typed: str | None = None

    # What is shown

    def show(
        self,
        figure: Figure,
        cursor_hint: int | str | Ref | None = None,
        *,
        knobs: Sequence[KnobLine] = (),
        lang: str = "",
    ) -> None:
        """Show a figure, and above it the knobs that no cell of it shows.

        cursor_hint: the spot under the cursor, by its index, its knob or its address; if left
        out, the cursor stays on its knob, or on the spot of the same number; 0 begins anew, at
        the top. lang: the language of the names of axes.
        """
        look, knobs = Look(lang=lang), tuple(knobs)
        if figure is self._figure and (knobs, look) == (self._knobs, self._look):
            if cursor_hint is not None:
                self._place(cursor_hint)
            return
        before = self.spot
        self._figure, self._knobs, self._look = figure, knobs, look
        self._typed = None
        self._drawn.clear()
        hint = before.knob if cursor_hint is None and before and before.knob else cursor_hint
        self._place(hint)
        self._arrange()
        self.refresh()

    @property
    def typed(self) -> str | None:
        """What has been typed so far; None while nothing is."""
        return self._typed

    # What the person does at a spot

    def tell_moved(self, spot: Spot) -> None:
        """Say that the person moved the cursor to a spot."""
        self.post_message(self.Moved(self, spot))

    def action_open(self) -> None:
        """Ask for the number under the cursor; on a knob, confirm, type, or take the next."""
        spot = self.spot
        if self._typed is not None:
            self.leave_spot()
        elif spot is not None and spot.ref is not None:
            self.post_message(self.Opened(self, spot.ref, spot.run))
        elif spot is not None and spot.knob:
            if any(character.isdigit() for character in spot.text):
                self._type("")
            else:
                self.post_message(self.Turned(self, spot.knob, 1))
        else:
            raise SkipAction

    def action_turn(self, by: int) -> None:
        """Turn the knob under the cursor; while a number is typed, minus changes its sign."""
        spot = self.spot
        if spot is None or not spot.knob:
            raise SkipAction
        if self._typed is None:
            self.post_message(self.Turned(self, spot.knob, by))
        elif by < 0:
            self._type(self._typed[1:] if self._typed.startswith("-") else f"-{self._typed}")

    def on_key(self, event: events.Key) -> None:
        spot = self.spot
        if spot is None or not spot.knob:
            return
        character = event.character or ""
        # A number begins with a digit: point and comma alone mean something else.
        if character.isdecimal() or (self._typed is not None and character in {".", ","}):
            event.stop()
            event.prevent_default()
            self._type((self._typed or "") + character)
        elif self._typed is not None and event.key in ("backspace", "escape"):
            event.stop()
            event.prevent_default()
            self._type(self._typed[:-1] if event.key == "backspace" and self._typed else None)

    def on_blur(self) -> None:
        self.leave_spot()
        self._strips.clear()
        self.refresh()

    def on_focus(self) -> None:
        self._strips.clear()
        self.refresh()

    def _type(self, text: str | None) -> None:
        self._typed = text if text is None else text[:MOST_TYPED]
        self._redraw(self.spot)

    def leave_spot(self) -> None:
        """Hand over what has been typed, if anything has."""
        text, spot = self._typed, self.spot
        self._type(None)
        if text and text != "-" and spot is not None and spot.knob:
            self.post_message(self.Typed(self, spot.knob, text))

    def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        if offset is None:
            return
        x, y = offset.x, offset.y + self.scroll_offset.y
        turned = turned_at(self.spots, x, y)
        if turned is not None:
            self.move_cursor(turned[0])
            self.leave_spot()
            self.post_message(self.Turned(self, self.spots[turned[0]].knob, turned[1]))
            return
        index = spot_at(self.spots, x, y)
        if index is None:
            return
        if event.chain < 2:
            self.move_cursor(index)
        elif event.chain == 2:
            self.action_open()
