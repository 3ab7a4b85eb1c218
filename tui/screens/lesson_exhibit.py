"""The exhibit of a card under the learner's hands: its cursor, its knobs, the numbers that open."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from lessons.figures.knobs import Knob, Value
from tui.screens import walk_state as state
from tui.screens.lesson_ask import AskingLesson
from tui.screens.lesson_knobs import knob_name, knob_of, turned, typed
from tui.screens.lesson_view import HEAD
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.figure import FigureView
from tui.widgets.heads import HeadsView


class LiveLesson(AskingLesson):
    """A lesson whose exhibits are alive."""

    _opened_run = 0

    def action_exhibit(self) -> None:
        """Put the focus into the exhibit or the answer's line, or take it out."""
        view, target = self.view, self.exhibit
        if self.focused is not None:
            self.action_leave()
        elif view.is_open and self.body.asks:
            self.set_focus(self.body.answer, scroll_visible=False)
        elif target is None:
            self.say(view.words("notice.answer_first" if view.hidden else "notice.no_exhibit"))
        elif not self.body.is_exhibited:
            self.body.want(True)
            self.call_after_refresh(self._enter_exhibit)
        else:
            self._enter_exhibit()

    def _enter_exhibit(self) -> None:
        target = self.exhibit
        if target is not None and target.focusable:
            self.set_focus(target, scroll_visible=False)
        else:
            self.say(self.view.words("notice.no_cell"))

    # Knobs

    def action_turn(self, by: int) -> None:
        """Turn the card's first knob, or at a station its head."""
        view, knob = self.view, knob_of(self.view)
        if view.hidden:
            self.say(view.words("notice.answer_first"))
        elif knob is not None:
            self._set(knob, turned(view, knob, by))
        elif view.walk is not None and view.tells_heads:
            self._turn_head((view.walk.head + by) % view.experiment.model.config.n_heads)
        else:
            self.say(view.words("notice.no_knob"))

    def _turn_head(self, head: int) -> None:
        view = self.view
        self.become(replace(view, journey=view.journey.turned(view.key, HEAD, head)))

    def _set(self, knob: Knob, value: Value) -> None:
        view = self.view
        self.become(replace(view, journey=view.journey.turned(view.key, knob.id, value)))

    def on_figure_view_turned(self, event: FigureView.Turned) -> None:
        knob = knob_of(self.view, event.knob)
        if knob is not None:
            self._set(knob, turned(self.view, knob, event.by))

    def on_figure_view_typed(self, event: FigureView.Typed) -> None:
        knob = knob_of(self.view, event.knob)
        if knob is None:
            return
        value = typed(self.view, knob, event.text)
        if value is None:
            name = knob_name(self.view, knob)
            self.say(self.view.words("notice.no_value", text=event.text, knob=name))
        else:
            self._set(knob, value)

    def on_heads_view_chosen(self, event: HeadsView.Chosen) -> None:
        self._turn_head(event.head)

    # The cursor, and what is behind a number

    def on_figure_view_moved(self) -> None:
        self.draw_readout(self.view)

    def on_figure_view_opened(self, event: FigureView.Opened) -> None:
        self._open(self.view.run(event.run), event.ref, event.run)

    def on_exhibit_pane_moved(self, event: ExhibitPane.Moved) -> None:
        view, walk = self.view, self.view.walk
        if walk is None:
            return
        if walk.in_list:
            place = replace(view.place, pick=event.row)
        else:
            place = state.to_word(view.place, view.experiment, event.row)
            place = replace(place, col=event.col)
        moved = replace(view, place=place)
        # The exhibit has moved its cursor already; of some stations another word shows another.
        self.become(moved, redraw=walk.word != state.word_of(place, view.experiment))

    def on_exhibit_pane_opened(self) -> None:
        self.action_why()

    def action_why(self) -> None:
        """Open the arithmetic of the number under the cursor."""
        view = self.view
        if view.live is not None:
            self.body.figure.action_open()
            return
        ref = None if view.walk is None else view.walk.exhibit.ref(*view.walk.cell)
        if ref is None:
            self.say(view.words("notice.no_cell"))
        else:
            self._open(view.experiment, ref)

    def why_run(self) -> Experiment:
        """The run whose number is open."""
        return self.view.run(self._opened_run)

    @property
    def untold(self) -> frozenset[str]:
        """Heads and blocks, until their lessons."""
        terms = {"head": HEAD, "n_heads": HEAD, "block": "block"}
        return frozenset(axis for axis, term in terms.items() if term not in self.view.known)

    def _open(self, experiment: Experiment, ref: Ref, run: int = 0) -> None:
        """Open a number of a run, which has that number among those of `LessonView.run`."""
        from tui.screens.why import open_why  # not needed before the first number is opened

        self._opened_run = run
        try:
            open_why(self.app, experiment, ref, self.view.lang, self)
        except EngineError as error:
            self.say(error)
