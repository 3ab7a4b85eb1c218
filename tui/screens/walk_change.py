"""The walk's what-ifs: set, undone, redone, taken back; what hangs on what; copying and saving.

Undoing gives the run before: the history keeps what was forced, and a run follows from that alone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.blame import true_next
from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.whatif import Force
from lessons.whatifs import WhatIf, whatifs
from tui.messages import Words
from tui.screens.choose import ChooseScreen
from tui.screens.force import ForceScreen
from tui.screens.walk_copy import copied, exported
from tui.screens.walk_frame import WalkFrame
from tui.screens.walk_view import BLAMES, View
from tui.screens.whatif import WhatIfScreen, preset

FILES = {"svg": ".svg", "numpy": ".py", "html": ".html"}
"""What can be saved, and how its name ends."""


class ChangeableWalk(WalkFrame):
    """A walk whose numbers open and can be changed; what it shows is the subclass's."""

    def __init__(self, text: str, words: Words) -> None:
        super().__init__(text, words)
        self._undo: list[tuple[Force, ...]] = []
        self._redo: list[tuple[Force, ...]] = []

    @property
    def view(self) -> View:
        """What is shown now."""
        raise NotImplementedError

    def _become(self, view: View) -> bool:
        """Show another moment, or say why not; whether it is shown."""
        raise NotImplementedError

    def say(self, trouble: EngineError | str) -> None:
        """Tell the person one sentence."""
        raise NotImplementedError

    def restart(self, experiment: Experiment) -> None:
        """Go on with another run, its sentence in the box."""
        raise NotImplementedError

    # What if

    def set_forced(self, forced: tuple[Force, ...]) -> None:
        """Let these changes hold, and no others."""
        before = self.view.experiment
        if self._become(replace(self.view, experiment=before.with_forced(forced))):
            self._undo.append(before.forced)
            self._redo.clear()

    def force_more(self, forces: tuple[Force, ...]) -> None:
        """Let these changes hold too."""
        self.set_forced((*self.view.experiment.forced, *forces))

    def carried(self, experiment: Experiment) -> Experiment:
        """An experiment on another sentence or model, with the present changes that fit it."""
        present = self.view.experiment
        kept, dropped = [], []
        experiment = replace(experiment, other=present.other)
        for force in present.forced:
            try:
                experiment.with_forced((force,)).trace  # noqa: B018 (to see whether it can be)
            except EngineError:
                dropped.append(force)
            else:
                kept.append(force)
        if dropped:
            forces = "; ".join(map(str, dropped))
            self.say(self.view.change_words("whatif.carried", forces=forces))
        return experiment.with_forced(tuple(kept)) if kept else experiment

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
        self._swap(self._undo, self._redo, "whatif.none_to_undo")

    def action_redo(self) -> None:
        """Do again what was undone."""
        self._swap(self._redo, self._undo, "whatif.none_to_redo")

    def _swap(
        self, source: list[tuple[Force, ...]], target: list[tuple[Force, ...]], none: str
    ) -> None:
        if not source:
            self.say(self.view.change_words(none))
            return
        before = self.view.experiment
        if self._become(replace(self.view, experiment=before.with_forced(source[-1]))):
            source.pop()
            target.append(before.forced)

    def action_clear_forced(self) -> None:
        """Take all changes back."""
        if self.view.experiment.forced:
            self.set_forced(())
        self.say(self.view.change_words("whatif.cleared"))

    # Why, and what hangs on it

    def _ref(self) -> Ref | None:
        """The address of the number under the cursor; where there is none, that is said."""
        ref = self.view.exhibit.ref(*self.view.cell)
        if ref is None:
            self.say(self.view.change_words("whatif.no_cell"))
        return ref

    def action_why(self) -> None:
        """Open the arithmetic of the number under the cursor."""
        from tui.screens.why import open_why  # not needed before the first number is opened

        ref = self._ref()
        if ref is not None:
            open_why(self.app, self.view.experiment, ref, self.view.words.lang)

    def action_blame(self) -> None:
        """Colour by what the next word's logit hangs on, then by the surprise, then by values."""
        view = self.view
        blame = BLAMES[(BLAMES.index(view.blame) + 1) % len(BLAMES)]
        if blame == "loss" and true_next(view.experiment.trace) is None:
            self.say(view.change_words("blame.no_loss"))
            blame = ""
        self._become(replace(view, blame=blame))

    def action_compare(self) -> None:
        """Put another run beside this one."""
        from tui.screens.compare import CompareScreen

        view = self.view
        first = replace(view.experiment, other=None)
        other = view.experiment.other
        self.app.push_screen(
            CompareScreen(first, view.place, view.words.lang, other), self._compared
        )

    def _compared(self, runs: tuple[Experiment, Experiment] | None) -> None:
        """Go on with the first run; the other stays at hand, to take numbers from."""
        if runs is not None:
            first, other = runs
            self.restart(replace(first, other=other))

    # Copying and saving

    def action_copy(self) -> None:
        """Copy what is shown."""
        choices = dict.fromkeys(("text", "csv", "numpy", "share"), "")
        self.app.push_screen(ChooseScreen(self.view.change_words, "copy", choices), self._copy)

    def _copy(self, answer: tuple[str, str] | None) -> None:
        if answer is None:
            return
        text = copied(self.view, answer[0])
        if text:
            self.app.copy_to_clipboard(text)
        self.say(self.view.change_words("copy.done" if text else "copy.nothing"))

    def action_save(self) -> None:
        """Save a picture, the run as a program, or its stages as a page."""
        from tui.export.files import free_path

        here, text = Path.cwd(), self.view.experiment.text
        choices = {kind: free_path(here, text, suffix).name for kind, suffix in FILES.items()}
        self.app.push_screen(ChooseScreen(self.view.change_words, "save", choices), self._save)

    def _save(self, answer: tuple[str, str] | None) -> None:
        if answer is not None:
            self.call_after_refresh(self._write_file, *answer)  # a picture is one of the walk

    def _write_file(self, kind: str, name: str) -> None:
        from tui.export.files import write_whole

        path = Path(name).expanduser()
        try:
            write_whole(path, exported(self.app, self.view, kind))
        except EngineError as error:
            self.say(error)
        else:
            self.say(self.view.change_words("save.done", path=path))
