"""Why: one number of a run, the arithmetic that made it, and the way down to the weights."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding

from engine.experiment import Experiment
from engine.expr import Ref, python
from lessons.moments import Moment
from lessons.prose import prose
from lessons.why_names import Names
from tui.actions import time_bindings
from tui.renderables.chips import Chip
from tui.renderables.why_frame import LEAST, Shown
from tui.renderables.why_sheet import Sheet, sheet
from tui.renderables.why_trail import Stop, Trail
from tui.screens.timed import TimedScreen
from tui.widgets.why import WhyView

NAME = "why"
RANKS = {"move": 0, "moment": 0, "open": 0, "close": 1, "back": 2, "copy": 3, "time": 4}
"""What the last line leaves out first, where it is too narrow, has the highest."""


class WhyScreen(TimedScreen[None]):
    """Explains a number; what it is made of opens in turn, and the trail leads back.

    `aim` points it at another number, so that one screen serves as often as it is needed. Through
    the training it goes with the screen below, if that can: the number stays, its value changes.
    """

    DEFAULT_CSS = """
    WhyScreen { background: $background; color: $foreground; }
    WhyScreen > WhyView { height: 1fr; }
    """
    AUTO_FOCUS = ""
    BINDINGS: ClassVar = [
        Binding("up", "move(-1)", show=False, id="why.up"),
        Binding("down", "move(1)", show=False, id="why.down"),
        Binding("left", "side(0)", show=False, id="why.left"),
        Binding("right", "side(1)", show=False, id="why.right"),
        Binding("pageup", "page(-1)", show=False, id="why.page_up"),
        Binding("pagedown", "page(1)", show=False, id="why.page_down"),
        Binding("home", "move(-999999)", show=False, id="why.first"),
        Binding("end", "move(999999)", show=False, id="why.last"),
        Binding("enter,space", "open", show=False, id="why.open"),
        Binding("escape", "close", show=False, id="why.close"),
        Binding("backspace", "back", show=False, id="why.back"),
        Binding("y", "copy", show=False, id="why.copy"),
        *time_bindings("why"),
    ]

    def __init__(self, experiment: Experiment, ref: Ref, lang: str) -> None:
        super().__init__()
        self.view = WhyView()
        self._below: TimedScreen[Any] | None = None
        self.aim(experiment, ref, lang)

    def aim(
        self, experiment: Experiment, ref: Ref, lang: str, below: TimedScreen[Any] | None = None
    ) -> None:
        """Begin a new trail. Raises EngineError where there is no such number.

        below: the screen whose run it is, which moves through the training.
        """
        self._below = below
        self.scrubs = below is not None and below.scrubs
        self._become(experiment, Trail((Stop(ref),)), lang)
        self.show_time()

    def speak(self, lang: str) -> None:
        """Say the same in another language."""
        self._become(self._experiment, self._trail, lang)

    @property
    def lang(self) -> str:
        """The language of what is said."""
        return self._lang

    @property
    def trail(self) -> Trail:
        """The numbers opened so far."""
        return self._trail

    @property
    def sheet(self) -> Sheet:
        """What is said about the present number."""
        return self._sheet

    def compose(self) -> ComposeResult:
        yield self.view
        yield self.scrubber

    # Time

    @property
    def moment(self) -> Moment | None:
        """That of the screen below."""
        return None if self._below is None else self._below.moment

    def turn(self, moment: Moment) -> bool:
        """Take the screen below to another moment, and explain the same number there."""
        below = self._below
        if below is None or not below.turn(moment):
            return False
        below.scrubs = True
        below.show_time()
        self._become(below.why_run(), self._trail, self._lang)
        return True

    def why_run(self) -> Experiment:
        """The run of the number."""
        return self._experiment

    def show_time(self) -> None:
        """Draw the scrubber, but not in the lines without which the panel is too small."""
        super().show_time()
        if self.is_mounted and self.size.height <= LEAST[1]:
            self.scrubber.show(None)

    # State

    def _become(self, experiment: Experiment, trail: Trail, lang: str) -> None:
        """Show another number, or the same one otherwise. Raises EngineError."""
        here = trail.here
        untold: frozenset[str] = frozenset() if self._below is None else self._below.untold
        self._sheet = sheet(experiment, here.ref, lang, untold)
        self._experiment, self._trail, self._lang = experiment, trail, lang
        way = Names(experiment, prose(lang).words).way([stop.ref for stop in trail.stops])
        self.view.show(Shown(self._sheet, tuple(way), self._keys()), here.row, here.side)

    def _keys(self) -> tuple[Chip, ...]:
        """The keys that mean something now."""
        table, texts = self._sheet.table, self._sheet.texts
        there = {
            "move": table.n_rows > 0 and table.can_open,
            "moment": table.n_rows > 0 and not table.can_open,
            "open": table.n_rows > 0 and table.can_open,
            "back": len(self._trail.stops) > 1,
            "time": self.moment is not None and self.moment.of.kept,
            "copy": True,
            "close": True,
        }
        return tuple(
            Chip(key, texts(f"action.{key}"), texts(f"key.{key}"), rank=RANKS[key])
            for key, is_there in there.items()
            if is_there
        )

    # Keys and the mouse

    @on(WhyView.Moved)
    def _moved(self, event: WhyView.Moved) -> None:
        self._trail = self._trail.moved(event.row, event.side)

    @on(WhyView.Opened)
    def _opened(self, event: WhyView.Opened) -> None:
        self._become(self._experiment, self._trail.opened(event.ref), self._lang)

    @on(WhyView.Chosen)
    async def _chosen(self, event: WhyView.Chosen) -> None:
        _, is_stop, index = event.chip_id.partition("stop.")
        if is_stop:
            self._go_back_to(int(index))
        elif event.chip_id in ("open", "back", "copy", "close"):
            await self.run_action(event.chip_id)

    def action_move(self, rows: int) -> None:
        """Move the cursor down by rows."""
        self.view.move(rows)

    def action_page(self, pages: int) -> None:
        """Move the cursor by as many rows as are in view."""
        self.view.turn(pages)

    def action_side(self, side: int) -> None:
        """Go to the left or right operand of a product."""
        self.view.turn_to(side)

    def action_open(self) -> None:
        """Open the number under the cursor."""
        self.view.open()

    def action_back(self) -> None:
        """Go back to the number before; at the first one nothing happens."""
        self._go_back_to(len(self._trail.stops) - 2)

    def _go_back_to(self, index: int) -> None:
        if 0 <= index < len(self._trail.stops) - 1:
            self._become(self._experiment, self._trail.back_to(index), self._lang)

    def action_copy(self) -> None:
        """Copy the exact arithmetic as one Python expression, and say so."""
        expression = python(self._sheet.why.expr)
        needs = "import math\n" if "math." in expression else ""
        self.app.copy_to_clipboard(f"{needs}{expression}\n")
        value = repr(self._sheet.why.expr.value)
        self.notify(self._sheet.texts("panel.copied", value=value), markup=False)

    def action_close(self) -> None:
        """Leave the panel."""
        self.dismiss()


def prepare_why(app: App[object], experiment: Experiment, lang: str) -> WhyScreen:
    """Build the panel before it is asked for, or find the one that was: it is used again and again.

    Called in an idle moment, it spares the first opening some milliseconds.
    """
    if not app.is_screen_installed(NAME):
        app.install_screen(WhyScreen(experiment, Ref("tokens", (0,)), lang), NAME)
    return app.get_screen(NAME, WhyScreen)


def open_why(
    app: App[object],
    experiment: Experiment,
    ref: Ref,
    lang: str,
    below: TimedScreen[Any] | None = None,
) -> WhyScreen:
    """Show the panel over whatever screen is there. Raises EngineError for no such number.

    below: that screen, where its run can be moved through the training.
    """
    panel = prepare_why(app, experiment, lang)
    panel.aim(experiment, ref, lang, below)
    if app.screen is not panel:
        app.push_screen(NAME)
    return panel
