"""What determines the run of the walk: the sentence, the model, and what is set by hand.

Undoing gives the run before: the history keeps what was forced, and a run follows from that alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from textual.widgets import Input

from engine.experiment import Experiment
from engine.expr import Ref
from engine.store import Model
from engine.whatif import Force
from lessons.moments import Moment, moment_of, read_at
from lessons.whatifs import WhatIf, whatifs
from tui.examples import carried_over
from tui.messages import Words
from tui.screens.force import ForceScreen
from tui.screens.walk_frame import WalkFrame
from tui.screens.walk_history import History
from tui.screens.walk_state import Place
from tui.screens.walk_view import View
from tui.screens.walk_words import appended, best_next
from tui.screens.whatif import WhatIfScreen, preset
from tui.widgets.sentence import one_line


class ChangeableWalk(WalkFrame):
    """A walk whose run can be changed; what it shows is the subclass's."""

    def __init__(self, start: Experiment, words: Words) -> None:
        super().__init__(start.text, words)
        self._history = History(start.forced)

    @property
    def view(self) -> View:
        """What is shown now."""
        raise NotImplementedError

    def _become(self, view: View) -> bool:
        """Show another moment, or say why not; whether it is shown."""
        raise NotImplementedError

    @property
    def lang(self) -> str:
        """The language of what is said."""
        return self.view.words.lang

    # The sentence and the model

    def _write(self, text: str) -> None:
        """Put a sentence into the box, as if it had been there."""
        if text != self.band.box.value:
            with self.prevent(Input.Changed):
                self.band.box.value = text

    def read_boxes(self) -> None:
        """Run what stands in the box."""
        self.read(self.band.box.value)

    def read(self, text: str) -> None:
        """Run another sentence."""
        self._write(text)
        if text != self.view.experiment.text:
            experiment = self.carried(Experiment(self.view.experiment.model, text))
            self._become(replace(self.view, experiment=experiment))

    def catch_up(self, run: Experiment) -> None:
        """Go on with the sentence and the model of a run, as if they had been chosen here."""
        present = self.view.experiment
        if run.model is present.model and run.text == one_line(present.text):
            return
        if self._become(replace(self.view, experiment=self.carried(replace(run, forced=())))):
            self._write(run.text)
            self.settle()

    def restart(self, experiment: Experiment, place: Place) -> None:
        """Go on with another run at another place, its sentence in the box."""
        if self._become(replace(self.view, experiment=experiment, place=place)):
            self._history.go(experiment.forced)
            self._write(experiment.text)

    def carried(self, experiment: Experiment) -> Experiment:
        """An experiment on another sentence or model, with the present changes that fit it."""
        present = replace(self.view.experiment, forced=self._history.present)
        return experiment.carrying(present)[0]

    def action_leave(self) -> None:
        """Take the focus from wherever it is; changes that do not fit what was typed end."""
        super().action_leave()
        self.settle()

    def settle(self) -> None:
        """Give up the changes that do not fit the sentence as it is now; undoing wishes again."""
        held = self.view.experiment.forced
        dropped = [force for force in self._history.present if force not in held]
        if dropped:
            self._history.go(held)
            self.say_forces("whatif.carried", dropped)

    def say_forces(self, key: str, forces: Sequence[Force]) -> None:
        """Tell something of some changes."""
        self.say(self.view.change_words(key, forces="; ".join(map(str, forces))))

    def use(self, model: Model) -> None:
        """Run the sentence on another model; the example sentence, in the model's language."""
        self.flush()
        text, notice = carried_over(
            self.view.experiment.text,
            self.view.experiment.model.name,
            model.name,
            self.view.words.lang,
        )
        self._become(replace(self.view, experiment=self.carried(Experiment(model, text))))
        self._write(self.view.experiment.text)
        self.settle()
        if notice and self.view.experiment.model is model:
            self.say(notice)

    # The time of the training

    @property
    def moment(self) -> Moment:
        """The moment of the model's training that is shown."""
        return moment_of(self.view.experiment.model)

    def turn(self, moment: Moment) -> bool:
        """Show the same sentence, changes and place at another moment of the training."""
        self.flush()
        view = self.view
        return self._become(replace(view, experiment=read_at(view.experiment, moment.model)))

    def why_run(self) -> Experiment:
        """The run on the screen."""
        return self.view.experiment

    def action_generate(self) -> None:
        """Add the likeliest word to the sentence; where one is chosen, the one under the cursor."""
        view = self.view
        self.add(view.cell[0] if view.stage.view == "choice" else 0)

    def add(self, rank: int) -> None:
        """Add the candidate of a rank, 0 for the likeliest, to the sentence."""
        self.flush()
        view, model = self.view, self.view.experiment.model
        token, _, _ = best_next(view.experiment, rank + 1, view.prose.words.marks)[rank]
        if token == model.tokenizer.start_id:
            self.say(view.words("notice.text_ends"))
        elif len(view.experiment.pieces) >= model.config.n_ctx:
            self.say(view.words("notice.full", n_ctx=model.config.n_ctx))
        else:
            self.band.box.value = one_line(appended(view.experiment, token))
            self.band.box.cursor_position = len(self.band.box.value)
            self.flush()

    def action_model(self) -> None:
        """Let the person choose a model."""
        from tui.screens.models import ModelsScreen  # its widgets are not needed before

        chooser = ModelsScreen(
            self.view.words, self.view.experiment.model.name, self.view.experiment.model.folder
        )
        self.app.push_screen(chooser, self._chosen)

    def _chosen(self, model: Model | None) -> None:
        if model is not None:
            self.use(model)

    # What if

    def _ref(self) -> Ref | None:
        """The address of the number under the cursor; where there is none, that is said."""
        ref = self.view.exhibit.ref(*self.view.cell)
        if ref is None:
            self.say(self.view.change_words("whatif.no_cell"))
        return ref

    def set_forced(self, forced: tuple[Force, ...]) -> None:
        """Let these changes hold, and no others."""
        before = self.view.experiment
        if self._become(replace(self.view, experiment=before.with_forced(forced))):
            self._history.go(forced)

    def force_more(self, forces: tuple[Force, ...]) -> None:
        """Let these changes hold too, after all others; none of them twice."""
        present = self._history.present
        self.set_forced((*(force for force in present if force not in forces), *forces))

    def action_force(self, wide: bool = False) -> None:
        """Set the number under the cursor, or what is around it, by hand."""
        view, ref = self.view, self._ref()
        if ref is not None:
            dialog = ForceScreen(view.change_words, view.experiment, ref, wide)
            self.app.push_screen(dialog, self._forced)

    def _forced(self, force: Force | None) -> None:
        if force is not None:
            self.force_more((force,))

    def _ready(self) -> tuple[WhatIf, ...]:
        """The ready-made what-ifs for this block and head."""
        view = self.view
        return whatifs(view.experiment.model.config, view.stage.block or 0, view.head)

    def ready_made(self) -> list[tuple[str, tuple[Force, ...]]]:
        """The same, each by its name and what it changes."""
        return [(preset(self.view.change_words, one), one.forces) for one in self._ready()]

    def action_whatif(self) -> None:
        """Show what is set by hand, and the ready-made what-ifs."""
        view = self.view
        dialog = WhatIfScreen(view.change_words, view.experiment.forced, self._ready())
        self.app.push_screen(dialog, self._chosen_forced)

    def _chosen_forced(self, forced: tuple[Force, ...] | None) -> None:
        if forced is not None:
            self.set_forced(forced)

    def action_undo(self) -> None:
        """Go back to what was forced before."""
        self._restore(self._history.back(), "whatif.none_to_undo")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self._restore(self._history.forth(), "whatif.none_to_redo")

    def _restore(self, moved: bool, none: str) -> None:
        """Let what is wished for now hold, as far as it fits the sentence."""
        view = self.view
        if not moved:
            self.say(view.change_words(none))
            return
        bare = view.experiment.with_forced(())
        self._become(replace(view, experiment=self.carried(bare)))
        held = self.view.experiment.forced
        missing = [force for force in self._history.present if force not in held]
        if missing:
            self.say_forces("whatif.missing", missing)

    def action_clear_forced(self) -> None:
        """Take all changes back."""
        if self._history.present:
            self.set_forced(())
        self.say(self.view.change_words("whatif.cleared"))
