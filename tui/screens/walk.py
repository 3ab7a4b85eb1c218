"""The walk: a sentence, station by station, through the model.

The screen owns the state, an `Experiment` and a `Place` in it, and nothing else does: widgets are
told what to show and answer with messages. Every change of the run goes through `_become`.
"""

from __future__ import annotations

from dataclasses import replace

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import find, load
from lessons.moments import finished
from lessons.prose import prose
from tui.actions import bindings, by_id
from tui.examples import example, usual_model
from tui.messages import LANGUAGES, words
from tui.screens import walk_state as state
from tui.screens.walk_open import OpenWalk
from tui.screens.walk_view import View
from tui.widgets.chips import Chips
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.sentence import one_line

PREPARING_PAUSE = 1.0
"""Seconds after the start when what the first opened number needs is made ready."""


class WalkScreen(OpenWalk):
    """Walks a sentence through a model.

    start: the run to begin with, what is forced in it included. place: where on the walk.
    """

    BINDINGS = bindings("screen")

    def __init__(
        self, start: Experiment, lang: str, typing: bool = False, place: state.Place = state.START
    ) -> None:
        experiment = replace(start, text=one_line(start.text))
        self._view = View(experiment, place, words("app", lang), prose(lang))
        super().__init__(experiment, self._view.words)
        self._typing = typing
        self._bar = "walk"

    @property
    def view(self) -> View:
        """What is shown now."""
        return self._view

    def on_mount(self) -> None:
        self.draw(self._view, new_run=True)
        self._draw_footer()
        if self._typing:
            self.action_edit()
        self.set_timer(PREPARING_PAUSE, self._prepare)

    def _prepare(self) -> None:
        """Build the panel for the arithmetic while nobody waits for it."""
        from tui.screens.why import prepare_why

        prepare_why(self.app, self._view.experiment, self._view.words.lang)

    # State: the only way to change it

    def _become(self, view: View) -> bool:
        """Show another moment. Where it cannot be computed, say why and keep the present one."""
        before = self._view
        try:
            view.experiment.trace  # noqa: B018 (computed here, so that nothing fails half drawn)
        except EngineError as error:
            self.say(error)
            return False
        self._view = view
        self.draw(view, new_run=view.experiment is not before.experiment)
        if finished(view.experiment.model) is not finished(before.experiment.model):
            self._draw_footer()
        return True

    def go(self, place: state.Place) -> None:
        """Show another place."""
        if place != self._view.place:
            self._become(replace(self._view, place=place))

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self._view = replace(self._view, words=words("app", lang), prose=prose(lang))
        self.draw(self._view, new_run=True)
        self._draw_footer()
        if self._bar == "edit":
            self._begin_in(lang)

    def _begin_in(self, lang: str) -> None:
        """Who still has the example before them gets that of the language, and its model."""
        before, usual = self._view.experiment.model.name, usual_model(lang)
        untouched = self.band.box.value == example(before, lang)
        if untouched and before in map(usual_model, LANGUAGES) and before != usual:
            self.use(load(find(usual)))
            self.action_edit()

    @property
    def idle_keys(self) -> frozenset[str]:
        """The actions that do nothing with this model."""
        return frozenset() if self.moment.of.kept else frozenset(("moment_back", "moment_next"))

    def _draw_footer(self) -> None:
        self.draw_footer(self._view.words, self._bar, self.idle_keys)

    # Keys

    def action_word(self, by: int) -> None:
        """Go some words on in the sentence."""
        view = self._view
        self.go(state.to_word(view.place, view.experiment, view.word + by))

    def action_head(self, by: int) -> None:
        """Go to another head."""
        self.go(state.turn(self._view.place, self._view.experiment.model.config, by))

    def action_cells(self) -> None:
        """Put the focus into the exhibit, or take it out."""
        if self.pane.target.has_focus:
            self.action_leave()
        elif self._view.stage.focus is None:
            self.say(self._view.words("notice.no_cells"))
        else:
            self.pane.target.focus(scroll_visible=False)

    def action_cell_mode(self) -> None:
        """Show numbers, or only colours, and say which."""
        matrix = self.pane.matrix
        if self.pane.target is matrix:
            matrix.action_cycle_mode()
            self.draw_readout(self._view, self._view.mode_in_words(matrix.layout_plan.mode))
        else:
            self.say(self._view.words("notice.no_modes"))

    def action_edit(self) -> None:
        """Let the person type: a new sentence at once, or from a cursor key on the present one."""
        self.band.box.focus(scroll_visible=False)
        self.band.box.select_all()

    # What the widgets tell

    def on_descendant_focus(self) -> None:
        self._focus_moved()

    def on_descendant_blur(self) -> None:
        self._focus_moved()

    def _focus_moved(self) -> None:
        focused = self.focused
        bar = "walk" if focused is None else "edit" if focused is self.band.box else "cells"
        if bar != self._bar:
            left_the_box, self._bar = self._bar == "edit", bar
            self._draw_footer()
            if left_the_box:
                self.flush()
                self.settle()

    def on_exhibit_pane_moved(self, event: ExhibitPane.Moved) -> None:
        view = self._view
        if view.in_list:
            place = replace(view.place, pick=event.row)
        else:
            place = state.to_word(view.place, view.experiment, event.row)
            place = replace(place, col=event.col)
        # The exhibit has moved its cursor already: only what else depends on it is drawn.
        same_word = state.word_of(place, view.experiment) == view.word
        self._view = replace(view, place=place)
        if same_word:
            self.draw_readout(self._view)
        else:
            self.draw(self._view, new_run=False)

    def on_exhibit_pane_opened(self) -> None:
        self.action_why()

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        line, chosen = event.chips.id, event.chip_id
        view = self._view
        if line == "groups":
            self.go(state.to_group(view.place, view.line, chosen))
        elif line == "stations" and chosen == view.stage.id and view.stage.parts:
            self.action_inside()
        elif line == "stations":
            self.go_to(chosen)
        elif chosen.startswith("head."):
            self.go(replace(view.place, head=int(chosen.removeprefix("head."))))
        elif chosen.startswith("next."):
            self.add(int(chosen.removeprefix("next.")))
        elif chosen:
            await self.run_action(by_id(chosen).call or "nothing")

    def go_to(self, stage_id: str) -> None:
        """Go to a stage."""
        self.go(replace(self._view.place, stage=stage_id, pick=0))
