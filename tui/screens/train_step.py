"""A single training step opened: any weight, and the arithmetic that moved it."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from math import prod

import numpy as np
from textual import work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Static

from engine.expr import Ref
from engine.ops import Array
from engine.plan import Plan
from engine.train import StepRecord
from lessons.adamw_step import gradients_by_row
from tui.messages import words
from tui.renderables.chips import Chip
from tui.renderables.figure_block import Drawn
from tui.renderables.why_place import what
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingScreen
from tui.screens.train_draw import whole
from tui.screens.train_keys import STEP_KEYS, bar_chips, bindings, call_of
from tui.screens.train_step_draw import halved, sums
from tui.screens.train_step_place import (
    Weight,
    first_weight,
    row_label,
    steepest,
    told_place,
    typed_weight,
    unit_of,
)
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView
from tui.widgets.line_input import LineInput
from tui.widgets.matrix import MatrixView

TALL, HUGE, AROUND_SUMS = 30, 170, 15
"""Lines of a tall window and columns of a wide one, where the arithmetic stands beside the matrix;
and lines of a tall one that the arithmetic leaves to the rest."""


class StepScreen(LeavingScreen[None]):
    """Shows one recorded step of a training.

    sentence: the learner's own; it begins at a weight of one of its words.
    """

    CSS_PATH = "train.tcss"
    AUTO_FOCUS = "#matrix"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide"), (HUGE, "-huge")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (TALL, "-tall")]  # noqa: RUF012
    BINDINGS = bindings(STEP_KEYS)

    def __init__(self, plan: Plan, record: StepRecord, lang: str, sentence: str = "") -> None:
        super().__init__()
        self.plan, self.record, self.lang = plan, record, lang
        self.names = list(record.gradient)
        self.second = False
        self.weight = first_weight(plan, record, sentence)
        self.rows: Mapping[str, Array] | None = None
        self._too_small = Static(id="too-small", markup=False)
        self._head, self._place = Chips("drop", id="head"), Static(id="place", markup=False)
        self._what = Static(id="what", markup=False)
        self.matrix = MatrixView(id="matrix")
        self.sums = DrawnView(id="sums")
        self._readout = Static(id="readout", markup=False)
        self.box = LineInput(id="box", compact=True)
        self._footer = Chips("drop", id="footer")

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self._head
        yield self._place
        yield self._what
        yield Container(self.matrix, self.sums, id="both")
        yield self.box
        yield self._readout
        yield self._footer

    def on_mount(self) -> None:
        self._draw_part()
        self._compute()

    @work(exclusive=True, group="pulls")
    async def _compute(self) -> None:
        """Find how each sentence pulls; in a thread, for each is run once more."""
        self.rows = await to_thread(gradients_by_row, self.plan.config, self.record)
        if self.is_attached:
            self._draw()

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self.lang = lang
        self._draw_part()

    # What is shown

    def _draw_part(self) -> None:
        """Show the gradients of another parameter, in a unit in which they can be read."""
        said, name, index = words("train", self.lang), self.weight.name, self.weight.index
        part = self.record.gradient[name]
        n_cols = part.shape[-1]
        table = part.reshape(prod(part.shape[:-1]), n_cols)
        labels = [row_label(self.plan, name, part.shape, i, said) for i in range(len(table))]
        row = int(np.ravel_multi_index(index[:-1], part.shape[:-1])) if part.ndim > 1 else 0
        columns = [str(i + 1) for i in range(n_cols)]
        unit = unit_of(float(np.abs(table).max()))
        scaled = np.asarray(table, np.float64) * 10.0**unit
        self.matrix.show(scaled, labels, columns, cursor=(row, index[-1]))
        at = said("step.part", n=self.names.index(name) + 1, total=len(self.names))
        of = what(Ref(name, index), words("why", self.lang))
        self._what.update(f"{said(f'step.unit.{unit}')} ({at}). {of}", layout=False)
        self._draw()

    def _draw(self) -> None:
        said, weight = words("train", self.lang), self.weight
        self._too_small.update(words("app", self.lang)("app.too_small"))
        title = said("step.title", step=whole(self.record.step, said))
        self._head.show([Chip("", title, look="current", gap=0, pad=1)])
        shape = self.record.gradient[weight.name].shape
        place = told_place(self.plan, weight, shape, said)
        self._place.update(said("step.place", place=place, address=weight.address), layout=False)
        rows = None if self.rows is None else dict(self.rows)

        def drawn(width: int, height: int) -> Drawn:
            second = self.second
            return sums(self.plan, self.record, rows, weight, said, width, height, second)

        if self._stands_below:  # the matrix takes the lines that the arithmetic leaves
            room = self._room()
            self.sums.styles.height = len(drawn(*room).lines)
            self.sums.show(lambda w, h: drawn(w, room[1]))
        else:
            self.sums.styles.height = "1fr"
            self.sums.show(drawn)
        self._readout.update(said("step.choose"), layout=False)
        self._footer.show(bar_chips(said, STEP_KEYS, *self._bars()))

    @property
    def _stands_below(self) -> bool:
        """Whether the arithmetic stands under a matrix that has more than a few lines."""
        return self.size.height >= TALL and self.size.width < HUGE

    def _bars(self) -> tuple[str, ...]:
        return ("step", "halved") if halved(*self._room()) else ("step",)

    def _room(self) -> tuple[int, int]:
        """The columns and lines that the arithmetic may take."""
        if not self._stands_below:
            return self.sums.size
        return self.size.width - 2, self.size.height - AROUND_SUMS

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    # Keys

    def action_half(self) -> None:
        """Show the other half of the arithmetic, where only one has room."""
        self.second = not self.second
        self._draw()

    def go(self, weight: Weight) -> None:
        """Show another weight."""
        self.weight = weight
        self._draw_part()

    def action_part(self, by: int) -> None:
        """Go to another parameter, at its steepest weight."""
        at = (self.names.index(self.weight.name) + by) % len(self.names)
        self.go(steepest(self.record, self.names[at]))

    def on_matrix_view_cursor_moved(self, event: MatrixView.CursorMoved) -> None:
        name = self.weight.name
        above = self.record.gradient[name].shape[:-1]
        before = np.unravel_index(event.row, above) if above else ()
        self.weight = Weight(name, (*(int(i) for i in before), event.col))
        self._draw()

    def action_write(self) -> None:
        """Let the person type a word, or a weight's address."""
        said = words("train", self.lang)
        self.box.value, self.box.placeholder = "", said("step.type")
        self.box.display = True
        self.call_after_refresh(self.box.focus)

    def on_input_submitted(self) -> None:
        try:
            weight = typed_weight(self.plan, self.record, self.box.value)
        except (ValueError, KeyError):
            said = words("train", self.lang)
            self._readout.update(said("step.bad_name", text=self.box.value.strip()), layout=False)
            return
        self._close_box()
        self.go(weight)

    def _close_box(self) -> None:
        self.box.display = False
        self.set_focus(self.matrix)

    def action_help(self) -> None:
        """Show what every key does."""
        from tui.screens.train_help import TrainHelp

        self.app.push_screen(TrainHelp(words("train", self.lang), STEP_KEYS))

    def action_close(self) -> None:
        """Leave the box; from elsewhere the step."""
        if self.box.display:
            self._close_box()
            self._draw()
        else:
            self.dismiss(None)

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        if event.chip_id:
            await self.run_action(call_of(STEP_KEYS, event.chip_id) or "nothing")
