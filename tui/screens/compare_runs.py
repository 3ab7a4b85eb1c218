"""The two runs of the comparison: how each is given another sentence, model, or moment."""

from __future__ import annotations

from dataclasses import replace

from textual.widgets import Input

from engine.experiment import Experiment
from engine.store import Model
from lessons.compare import SECOND, Comparison
from lessons.moments import Moment, moment_of, read_at
from tui.examples import learned
from tui.screens.compare_frame import CompareFrame, has_moments
from tui.screens.compare_view import CompareView
from tui.screens.walk_words import appended, best_next
from tui.widgets.sentence import one_line


class ChangeableRuns(CompareFrame):
    """A comparison whose two runs can be changed; what it shows is the subclass's."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._wished = [run.forced for run in view.comparison.sides]

    @property
    def view(self) -> CompareView:
        """What is shown now."""
        raise NotImplementedError

    def _become(self, view: CompareView) -> bool:
        """Show another moment, or say why not; whether it is shown."""
        raise NotImplementedError

    @property
    def lang(self) -> str:
        """The language of what is said."""
        return self.view.lang

    def read_boxes(self) -> None:
        """Run what stands in the boxes."""
        for side, band in enumerate(self.bands):
            self.read(side, band.box.value)

    def _set(self, side: int, experiment: Experiment) -> bool:
        """Put another run on a side."""
        sides = list(self.view.comparison.sides)
        sides[side] = experiment
        shown = self._become(replace(self.view, comparison=Comparison(*sides)))
        if shown:
            self._wished[side] = experiment.forced
            self._write(side, experiment.text)
        return shown

    def _write(self, side: int, text: str) -> None:
        box = self.bands[side].box
        if text != box.value:
            with self.prevent(Input.Changed):
                box.value = text

    def _change(self, side: int, text: str | None = None, model: Model | None = None) -> None:
        """Run another sentence or another model on a side; its changes stay as far as they fit."""
        present = self.view.comparison.sides[side]
        wanted = Experiment(model or present.model, present.text if text is None else text)
        # What is wished for stays so while one types: the sentence may be shorter for a moment.
        wished = self._wished[side] or present.forced
        if self._set(side, wanted.carrying(replace(present, forced=wished))[0]):
            self._wished[side] = wished

    def action_leave(self) -> None:
        """Take the focus from wherever it is; changes that do not fit what was typed end."""
        super().action_leave()
        self._settle()

    def _settle(self) -> None:
        for side, run in enumerate(self.view.comparison.sides):
            dropped = [str(force) for force in self._wished[side] if force not in run.forced]
            self._wished[side] = run.forced
            if dropped:
                self.say(self.view.words("notice.carried", forces="; ".join(dropped)))

    def read(self, side: int, text: str) -> None:
        """Run another sentence on a side."""
        self._write(side, text)
        if text != self.view.comparison.sides[side].text:
            self._change(side, text=text)

    def use(self, side: int, model: Model) -> None:
        """Run the sentence of a side on another model."""
        self.flush()
        present = self.view.comparison.sides[side]
        new = learned(model.name)
        self._change(side, model=model)
        self._settle()
        # The sentence stays, since it is what is compared: that its language is another is told.
        if new is not None and new != (learned(present.model.name) or self.view.lang):
            self.say(self.view.walk_words(f"notice.learned_{new}"))

    # The time of the training

    @property
    def timed_side(self) -> int:
        """The run that goes through its training: the one that has the focus, else the second."""
        inside = [column.pane.target.has_focus for column in self.columns[: SECOND + 1]]
        return inside.index(True) if any(inside) else SECOND

    @property
    def moment(self) -> Moment:
        """The moment of that run's model."""
        return moment_of(self.view.comparison.sides[self.timed_side].model)

    @property
    def whose_time(self) -> str:
        """The number of that run."""
        return f"{self.timed_side + 1} · "

    def turn(self, moment: Moment) -> bool:
        """Put the same sentence and changes at another moment of the training on that side."""
        self.flush()
        side = self.timed_side
        wished = self._wished[side]
        shown = self._set(side, read_at(self.view.comparison.sides[side], moment.model))
        self._wished[side] = wished
        return shown

    # Keys

    def action_edit(self, side: int) -> None:
        """Let the person type one of the sentences."""
        box = self.bands[side].box
        box.focus(scroll_visible=False)
        box.select_all()

    def action_generate(self) -> None:
        """Add a word to the sentence that has the turn: the likeliest, or the one chosen."""
        view = self.view
        chosen = view.stage.view == "choice" and view.has(view.side) and not view.subtracted
        self.add(view.side, view.active.cell[0] if chosen else 0)

    def add(self, side: int, rank: int) -> None:
        """Add the candidate of a rank, 0 for the likeliest, to a sentence."""
        self.flush()
        experiment, said = self.view.comparison.sides[side], self.view.walk_words
        model, marks = experiment.model, self.view.prose.words.marks
        token, _, _ = best_next(experiment, rank + 1, marks)[rank]
        if token == model.tokenizer.start_id:
            self.say(said("notice.text_ends"))
        elif len(experiment.pieces) >= model.config.n_ctx:
            self.say(said("notice.full", n_ctx=model.config.n_ctx))
        else:
            self.read(side, one_line(appended(experiment, token)))

    def action_model(self, side: int) -> None:
        """Let the person choose the model of a side."""
        from tui.screens.models import ModelsScreen  # its widgets are not needed before

        model = self.view.comparison.sides[side].model

        def chosen(model: Model | None) -> None:
            if model is not None:
                self.use(side, model)

        chooser = ModelsScreen(self.view.walk_words, model.name, model.folder)
        self.app.push_screen(chooser, chosen)

    def action_checkpoint(self) -> None:
        """Let the person choose a moment of the training of the second model."""
        from tui.screens.compare_moments import MomentsScreen

        second = self.view.comparison.second
        if not has_moments(second):
            self.say(self.view.words("notice.no_checkpoints"))
            return

        def chosen(model: Model | None) -> None:
            if model is not None:
                self.use(SECOND, model)

        self.app.push_screen(MomentsScreen(self.view.words, second.model), chosen)

    def action_without(self) -> None:
        """Make the second the first without what is changed by hand."""
        self.flush()
        first = self.view.comparison.first
        if not first.forced:
            self.say(self.view.words("notice.no_changes"))
        elif self._set(SECOND, first.with_forced(())):
            self.say(self.view.words("notice.without"))
