"""The comparison's widgets and how a `CompareView` fills them, without what they do.

Where there is room both exhibits are in view, side by side or one above the other; else they take
turns. Nothing is built when a key is pressed.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Static

from engine.experiment import Experiment
from engine.store import checkpoint_steps
from lessons.compare import FIRST, SECOND
from tui.screens.along import AlongScreen
from tui.screens.compare_draw import (
    difference_heading,
    draw_band,
    draw_difference,
    draw_side,
    heading,
    marked_groups,
    marked_stations,
    summary,
)
from tui.screens.compare_keys import bar_chips
from tui.screens.compare_view import CompareView
from tui.screens.compare_words import reading
from tui.screens.fitted import fit
from tui.screens.walk_line import status_chips, status_width
from tui.widgets.chips import Chips
from tui.widgets.compare import CompareBand, CompareColumn, ComparePane
from tui.widgets.readout import Readout

DIFFERENCE = 2
"""The number of the column that shows the difference."""
COLUMNS = ("first", "second", "difference")
BESIDE, ABOVE = 110, 44
"""Columns from which on the exhibits stand side by side, and lines for one above the other."""


class CompareFrame(AlongScreen[tuple[Experiment, Experiment]]):
    """Lays the comparison out and shows one moment of it."""

    CSS_PATH = "compare.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (as Textual declares it)
        (0, "-tiny"),
        (60, "-narrow"),
        (BESIDE, "-wide"),
        (170, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-flat"),
        (20, "-low"),
        (30, "-tall"),
    ]

    def __init__(self, view: CompareView) -> None:
        super().__init__()
        said = view.walk_words
        self._too_small = Static(said("app.too_small"), id="too-small", markup=False)
        self.bands = tuple(
            CompareBand(side, one.text, said("sentence.placeholder"), id=f"band-{side}")
            for side, one in enumerate(view.comparison.sides)
        )
        self._groups, self._stations = Chips(id="groups"), Chips(id="stations")
        self._status = Chips("right", id="status")
        self._title = Static(id="title", markup=False)
        self._summary = Static(id="summary", markup=False)
        self.columns = tuple(CompareColumn(id=name) for name in COLUMNS)
        self._readout = Readout(id="readout")
        self._keys, self._moves = Chips("drop", id="keys"), Chips("drop", id="moves")

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield Container(*self.bands, id="bands")
        yield Vertical(Horizontal(self._groups, self._status), self._stations, id="line")
        yield Vertical(self._title, self._summary, id="said")
        yield Container(*self.columns, id="columns")
        yield self._readout
        yield self.scrubber
        yield Vertical(self._keys, self._moves, id="footer")

    @property
    def both(self) -> bool:
        """Whether there is room for both exhibits."""
        return self.size.width >= BESIDE or self.size.height >= ABOVE

    def shown_columns(self, view: CompareView) -> list[int]:
        """The columns in view: both sides, the one that has the turn, or the difference."""
        if view.subtracted:
            return [DIFFERENCE]
        return [FIRST, SECOND] if self.both else [view.side]

    def pane_of(self, view: CompareView) -> ComparePane:
        """The pane that carries the cursor."""
        return self.columns[DIFFERENCE if view.subtracted else view.side].pane

    def draw(self, view: CompareView, new_run: bool) -> None:
        """Show a moment; `new_run` says that more than the place in the runs may differ."""
        shown = self.shown_columns(view)
        for number, column in enumerate(self.columns):
            column.display = number in shown  # a class of the screen would restyle all of it
        if new_run:
            self._draw_run(view)
            self.show_time()
        self._groups.show(marked_groups(view))
        self._stations.show(marked_stations(view))
        first = view.views[FIRST]
        self._status.show(status_chips(first))
        said = view.prose.told(view.stage, first.experiment, first.head, first.word)
        self._title.update(said.title, layout=False)
        self._summary.update(summary(view), layout=False)
        for side, band in enumerate(self.bands):
            band.set_class(view.side == side and not view.subtracted, "-turn")
        self.draw_exhibits(view)

    def draw_exhibits(self, view: CompareView, but: ComparePane | None = None) -> None:
        """Show the exhibits that are in view, but not the one that shows it already."""
        for number in self.shown_columns(view):
            column = self.columns[number]
            if number == DIFFERENCE:
                column.heading.show(difference_heading(view))
            else:
                column.heading.show(heading(view, number, self.both))
            if column.pane is but:
                continue
            if number == DIFFERENCE:
                draw_difference(view, column.pane)
            else:
                draw_side(view, number, column.pane)
        self.draw_readout(view)

    def _draw_run(self, view: CompareView) -> None:
        """What stays the same from station to station."""
        for side, band in enumerate(self.bands):
            draw_band(view, side, band)
        self._status.styles.width = status_width(view.views[FIRST])
        self._too_small.update(view.walk_words("app.too_small"))

    def draw_readout(self, view: CompareView, aside: str = "") -> None:
        """Say the cell under the cursor: both numbers, and how the active side's came about."""
        said = [reading(view)]
        # The candidates of the difference stand in an order of their own.
        if view.has(view.side) and not (view.subtracted and view.active.in_list):
            said.append(view.active.reading)
        self._readout.show("\n".join(part for part in said if part), aside)

    def draw_footer(self, view: CompareView, bar: str) -> None:
        """Show the keys of "move", "cells" or "edit", and above them those of the comparison."""
        first, second = view.comparison.sides
        hidden = set()
        if not first.forced:
            hidden.add("without")
        if not has_moments(second):
            hidden |= {"checkpoint", "moment_back", "moment_next"}
        # While one types, a letter is a letter.
        above = [] if bar == "edit" else bar_chips(view.words, "both", frozenset(hidden))
        self._keys.show(above)
        self._moves.show(bar_chips(view.words, bar))


def has_moments(experiment: Experiment) -> bool:
    """Whether moments of the training of an experiment's model are kept."""
    folder = experiment.model.folder
    return folder is not None and bool(checkpoint_steps(folder))
