"""Two runs side by side: two sentences, or one on two models, at two moments, with and without.

The screen owns the state, a `CompareView`; every change goes through `_become`.
"""

from __future__ import annotations

from dataclasses import replace

from engine.errors import EngineError
from engine.experiment import Experiment
from lessons.compare import FIRST, SECOND, Comparison
from tui.screens import compare_keys
from tui.screens import walk_state as state
from tui.screens.compare_runs import ChangeableRuns
from tui.screens.compare_start import second_of
from tui.screens.compare_view import CompareView
from tui.widgets.chips import Chips
from tui.widgets.compare import CompareBand, ComparePane


class CompareScreen(ChangeableRuns):
    """Compares two runs. Answers with both, as they are when it is left.

    first, place: the run to compare, and where in it. second: the other; one that already shows
    something where it is left out.
    """

    BINDINGS = compare_keys.BINDINGS

    def __init__(
        self, first: Experiment, place: state.Place, lang: str, second: Experiment | None = None
    ) -> None:
        comparison = Comparison(first, second or second_of(first, lang))
        self._view = CompareView(comparison, place, lang)
        super().__init__(self._view)
        self._bar = "move"
        self._opened_side = FIRST

    @property
    def view(self) -> CompareView:
        """What is shown now."""
        return self._view

    def on_mount(self) -> None:
        self._draw_all()

    def on_resize(self) -> None:
        # Which columns there are depends on the room, and only those in view were drawn.
        self.call_after_refresh(self._draw_all)

    def _draw_all(self) -> None:
        self.draw(self._view, new_run=True)
        self.draw_footer(self._view, self._bar)

    # State: the only way to change it

    def _become(self, view: CompareView) -> bool:
        """Show another moment. Where it cannot be computed, say why and keep the present one."""
        before = self._view
        try:
            for side in view.comparison.sides:
                side.trace  # noqa: B018 (computed here, so that nothing fails half drawn)
        except EngineError as error:
            self.say(error)
            return False
        focused = self.pane_of(before).target.has_focus
        self._view = view
        new_run = view.comparison is not before.comparison
        self.draw(view, new_run)
        if new_run:
            self.draw_footer(view, self._bar)
        if focused and self.pane_of(view) is not self.pane_of(before):
            self.pane_of(view).target.focus(scroll_visible=False)
        return True

    def go(self, place: state.Place) -> None:
        """Show another place."""
        if place != self._view.place:
            self._become(replace(self._view, place=place))

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self._view = replace(self._view, lang=lang)
        self._draw_all()

    # Keys: along the line

    def action_word(self, by: int) -> None:
        """Go some words on in the sentence that has the turn."""
        active = self._view.active
        self.go(state.to_word(active.place, active.experiment, active.word + by))

    def action_head(self, by: int) -> None:
        """Go to another head of the first model, and to the same of the second if it has it."""
        config = self._view.comparison.first.model.config
        self.go(state.turn(self._view.place, config, by))

    # Keys: which side

    def action_turn(self) -> None:
        """Give the turn to the other side; the cursor stays on the same cell."""
        self._become(replace(self._view.turned(), subtracted=False))

    def action_subtract(self) -> None:
        """Show the second minus the first, or both again."""
        view = self._view
        place = replace(view.place, pick=0)
        self._become(replace(view, place=place, subtracted=not view.subtracted))

    def action_tab(self) -> None:
        """From a sentence to the other; else into the cells, or out of them."""
        for side, band in enumerate(self.bands):
            if band.box.has_focus:
                self.action_edit(1 - side)
                return
        if self.focused is not None:
            self.action_leave()
        elif self._view.stage.focus is None:
            self.say(self._view.words("notice.no_cells"))
        elif not self._view.subtracted and not self._view.has(self._view.side):
            self.say(self._view.words("notice.no_stage"))
        else:
            self.pane_of(self._view).target.focus(scroll_visible=False)

    def action_cell_mode(self) -> None:
        """Show numbers, or only colours, in all exhibits, and say which."""
        pane, view = self.pane_of(self._view), self._view
        if pane.target is not pane.matrix:
            self.say(view.walk_words("notice.no_modes"))
            return
        pane.matrix.action_cycle_mode()
        for column in self.columns:
            if column.pane is not pane:
                column.pane.matrix.mode = pane.matrix.mode
        self.draw_readout(view, view.active.mode_in_words(pane.matrix.layout_plan.mode))

    def action_open_cell(self) -> None:
        """Open the arithmetic of the number under the cursor: that of the side with the turn.

        Of a difference too: it is the second number minus the first, which open one by one.
        """
        from tui.screens.why import open_why  # not needed before the first number is opened

        view = self._view
        side = view.side if view.refs[view.side] is not None else 1 - view.side
        ref = view.refs[side]
        if ref is None:
            self.say(view.words("notice.no_number"))
        else:
            self._opened_side = side
            # Through the training goes the panel only with the run that its keys move below.
            below = self if side == self.timed_side else None
            open_why(self.app, self.why_run(), ref, view.lang, below)

    def why_run(self) -> Experiment:
        """The run whose number is open."""
        return self._view.comparison.sides[self._opened_side]

    def action_help(self) -> None:
        """Show what the signs mean and what every key does."""
        from tui.screens.compare_help import CompareHelp

        self.app.push_screen(CompareHelp(self._view.words))

    def action_close(self) -> None:
        """Leave what has the focus; where nothing has, go back with both runs."""
        if self.focused is not None:
            self.action_leave()
            return
        self.flush()
        self.dismiss(self._view.comparison.sides)

    # What the widgets tell

    def on_descendant_focus(self) -> None:
        self._focus_moved()

    def on_descendant_blur(self) -> None:
        self._focus_moved()

    def _focus_moved(self) -> None:
        focused = self.focused
        boxes = [band.box for band in self.bands]
        bar = "move" if focused is None else "edit" if focused in boxes else "cells"
        if bar != self._bar:
            self._bar = bar
            self.draw_footer(self._view, bar)
        for side in (FIRST, SECOND):  # a click into the other exhibit gives it the turn
            inside = focused is not None and self.columns[side] in focused.ancestors
            if inside and side != self._view.side:
                self.action_turn()
        self.show_time()

    def on_compare_pane_at(self, event: ComparePane.At) -> None:
        if event.pane is not self.pane_of(self._view):
            self.action_turn()  # a click: what it hit has not got the turn yet
        if event.opened:
            self.action_open_cell()
            return
        view = self._view
        place = view.place_at(event.row, event.col)
        if place is not None:
            self._view = replace(view, place=place)
        # The pane has moved its cursor already: unless the row is another, only the rest is drawn.
        same = place is not None and place.word == view.place.word
        self.draw_exhibits(self._view, event.pane if same else None)

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        line, chosen, view = event.chips.id, event.chip_id, self._view
        side = next((b.side for b in event.chips.ancestors if isinstance(b, CompareBand)), FIRST)
        if line == "groups":
            self.go(state.to_group(view.place, view.line, chosen))
        elif line == "stations" and chosen == view.stage.id and view.stage.parts:
            self.action_inside()
        elif line == "stations":
            self.go(replace(view.place, stage=chosen, pick=0))
        elif chosen.startswith("head."):
            self.go(replace(view.place, head=int(chosen.removeprefix("head."))))
        elif chosen.startswith("next."):
            self.add(side, int(chosen.removeprefix("next.")))
        elif chosen.startswith("side."):
            if int(chosen.removeprefix("side.")) != view.side:
                self.action_turn()
        elif chosen == "model":
            self.action_model(side)
        elif chosen:
            await self.run_action(compare_keys.call_of(chosen) or "nothing")
