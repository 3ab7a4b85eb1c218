"""A single training step opened: any weight, and the arithmetic that moved it."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from math import prod

import numpy as np
from textual import work
from textual.app import ComposeResult
from textual.widgets import Static

from engine.expr import Ref
from engine.ops import Array
from engine.plan import Plan
from engine.train import StepRecord
from lessons.adamw_step import Index, gradients_by_row
from lessons.prose import prose
from tui.messages import words
from tui.renderables.chips import Chip
from tui.renderables.figure_block import Drawn
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingScreen
from tui.screens.train_draw import whole
from tui.screens.train_keys import STEP_KEYS, bar_chips, bindings, call_of
from tui.screens.train_step_draw import address, halved, sums
from tui.widgets.chips import Chips
from tui.widgets.drawn import DrawnView
from tui.widgets.line_input import LineInput
from tui.widgets.matrix import MatrixView

TALL, AROUND_SUMS = 30, 14
"""Lines of a tall window, and those of it that the arithmetic leaves to the rest."""


class StepScreen(LeavingScreen[None]):
    """Shows one recorded step of a training."""

    CSS_PATH = "train.tcss"
    AUTO_FOCUS = "#matrix"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (60, "-narrow"), (110, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-low"), (30, "-tall")]  # noqa: RUF012
    BINDINGS = bindings(STEP_KEYS)

    def __init__(self, plan: Plan, record: StepRecord, lang: str) -> None:
        super().__init__()
        self.plan, self.record, self.lang = plan, record, lang
        self.names = list(record.gradient)
        self.second = False
        self.name_now, self.index = self._steepest("W_E")
        self.rows: Mapping[str, Array] | None = None
        self._too_small = Static(id="too-small", markup=False)
        self._head, self._place = Chips("drop", id="head"), Static(id="place", markup=False)
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
        yield self.matrix
        yield self.sums
        yield self.box
        yield self._readout
        yield self._footer

    def _steepest(self, name: str) -> tuple[str, Index]:
        """The weight of a parameter with the largest gradient: one that has something to tell."""
        part = self.record.gradient[name]
        if name == "W_E":  # what stands at every start is pulled most, and tells least
            part = part.copy()
            part[self.plan.tokenizer.start_id] = 0.0
        place = np.unravel_index(int(np.abs(part).argmax()), part.shape)
        return name, tuple(int(i) for i in place)

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
        """Show another parameter."""
        part = self.record.gradient[self.name_now]
        n_cols = part.shape[-1]
        table = part.reshape(prod(part.shape[:-1]), n_cols)
        labels = [self._row_label(row) for row in range(len(table))]
        row = int(np.ravel_multi_index(self.index[:-1], part.shape[:-1])) if part.ndim > 1 else 0
        columns = [str(i) for i in range(n_cols)]
        self.matrix.show(table, labels, columns, cursor=(row, self.index[-1]))
        self._draw()

    def _row_label(self, row: int) -> str:
        shape = self.record.gradient[self.name_now].shape[:-1]
        if self.name_now in ("W_E", "W_U") and shape == (self.plan.config.d_vocab,):
            if row == self.plan.tokenizer.start_id:
                return prose(self.lang).words.marks.start
            return self.plan.tokenizer.piece(row).strip() or str(row)
        return ",".join(str(int(i)) for i in np.unravel_index(row, shape)) if shape else ""

    def _draw(self) -> None:
        said = words("train", self.lang)
        self._too_small.update(words("app", self.lang)("app.too_small"))
        title = said("step.title", step=whole(self.record.step, said))
        self._head.show([Chip("", title, look="current", gap=0, pad=1)])
        at, n = self.names.index(self.name_now) + 1, len(self.names)
        place = address(self.name_now, self.index)
        label = self._row_label(self.index[0]) if self.name_now == "W_E" else ""
        aside = f"  «{label}»" if label else ""
        self._place.update(f"{place}{aside}   ({at}/{n})", layout=False)
        rows = None if self.rows is None else dict(self.rows)
        name, index = self.name_now, self.index

        def drawn(width: int, height: int) -> Drawn:
            second = self.second
            return sums(self.plan, self.record, rows, name, index, said, width, height, second)

        if self.size.height >= TALL:  # the matrix takes the lines that the arithmetic leaves
            room = self._room()
            self.sums.styles.height = len(drawn(*room).lines)
            self.sums.show(lambda w, h: drawn(w, room[1]))
        else:
            self.sums.styles.height = "1fr"
            self.sums.show(drawn)
        self._readout.update(said("step.choose"), layout=False)
        self._footer.show(bar_chips(said, STEP_KEYS, *self._bars()))

    def _bars(self) -> tuple[str, ...]:
        return ("step", "halved") if halved(*self._room()) else ("step",)

    def _room(self) -> tuple[int, int]:
        """The columns and lines that the arithmetic may take."""
        if self.size.height < TALL:
            return self.sums.size
        return self.size.width - 2, self.size.height - AROUND_SUMS

    def on_resize(self) -> None:
        self.call_after_refresh(self._draw)

    # Keys

    def action_half(self) -> None:
        """Show the other half of the arithmetic, where only one has room."""
        self.second = not self.second
        self._draw()

    def go(self, name: str, index: Index) -> None:
        """Show another weight."""
        self.name_now, self.index = name, index
        self._draw_part()

    def action_part(self, by: int) -> None:
        """Go to another parameter, at its steepest weight."""
        at = (self.names.index(self.name_now) + by) % len(self.names)
        self.go(*self._steepest(self.names[at]))

    def on_matrix_view_cursor_moved(self, event: MatrixView.CursorMoved) -> None:
        shape = self.record.gradient[self.name_now].shape
        before = np.unravel_index(event.row, shape[:-1]) if shape[:-1] else ()
        self.index = (*(int(i) for i in before), event.col)
        self._draw()

    def action_write(self) -> None:
        """Let the person type a weight's address."""
        self.box.value = address(self.name_now, self.index)
        self.box.display = True
        self.call_after_refresh(self.box.focus)

    def on_input_submitted(self) -> None:
        text = self.box.value.strip()
        try:
            ref = Ref.parse(text)
            part = self.record.gradient[ref.name]
            if len(ref.index) != part.ndim or not all(
                0 <= i < n for i, n in zip(ref.index, part.shape, strict=True)
            ):
                raise ValueError(text)
        except (ValueError, KeyError):
            example = address(*self._steepest("W_E"))
            said = words("train", self.lang)("step.bad_name", text=text, example=example)
            self._readout.update(said, layout=False)
            return
        self._close_box()
        self.go(ref.name, ref.index)

    def _close_box(self) -> None:
        self.box.display = False
        self.set_focus(self.matrix)

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
