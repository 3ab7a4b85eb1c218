"""What can be taken out of the walk: the arithmetic of a number, what hangs on it, another run
beside it, a copy, a file.
"""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

from engine.blame import true_next
from engine.errors import EngineError
from engine.experiment import Experiment
from tui.screens.choose import ChooseScreen
from tui.screens.walk_change import ChangeableWalk
from tui.screens.walk_copy import copied, exported
from tui.screens.walk_view import BLAMES
from tui.served import is_served

FILES = {"svg": ".svg", "numpy": ".py", "html": ".html"}
"""What can be saved, and how its name ends."""


class OpenWalk(ChangeableWalk):
    """A walk whose numbers open."""

    # Why, and what hangs on it

    def action_why(self) -> None:
        """Open the arithmetic of the number under the cursor."""
        from tui.screens.why import open_why  # not needed before the first number is opened

        ref = self._ref()
        if ref is not None:
            open_why(self.app, self.view.experiment, ref, self.view.words.lang, self)

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
        first = view.experiment
        beside = CompareScreen(first, view.place, view.words.lang, first.other)

        def compared(runs: tuple[Experiment, Experiment] | None) -> None:
            """Go on with the first run; the other stays at hand, to take numbers from."""
            if runs is not None:
                first, other = runs
                wanted = replace(first, other=other)
                kept, dropped = wanted.with_forced(()).carrying(wanted)
                self.restart(kept, beside.view.place)
                if dropped:
                    self.say_forces("whatif.carried", dropped)

        self.app.push_screen(beside, compared)

    def action_training(self) -> None:
        """Show the whole training of the model, on this sentence."""
        if not self.moment.of.kept:
            self.tell_no_moments()
            return
        from tui.screens.through import Answer, ThroughScreen

        view = self.view
        head = (view.stage.block or 0) * view.experiment.model.config.n_heads + view.head
        shown = ThroughScreen(view.experiment, view.words.lang, view.word, head)

        def left(answer: Answer | None) -> None:
            """Go on at the moment at which the training was left, or to what was chosen there."""
            if answer is not None:
                moment, place = answer
                if moment.place != self.moment.place:
                    self.scrubs = True
                    self.turn(moment)
                if place is not None:
                    self.go(place)
                self.show_time()

        self.app.push_screen(shown, left)

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
        words = self.view.change_words
        if text and answer[0] == "share":
            # Not every terminal lets a program fill the clipboard: the line can be read as well.
            self.say(f"{words('copy.done')} {text}")
        else:
            self.say(words("copy.done" if text else "copy.nothing"))

    def action_save(self) -> None:
        """Save a picture, the run as a program, or its stages as a page."""
        from tui.export.files import check_free, free_path

        text = self.view.experiment.text
        choices = {kind: free_path(Path(), text, suffix).name for kind, suffix in FILES.items()}
        # In a web page it becomes a download: whether such a file is on this computer is nothing
        # that a visitor may ask.
        check = None if is_served() else lambda name: check_free(_path(name))
        dialog = ChooseScreen(self.view.change_words, "save", choices, check)
        self.app.push_screen(dialog, self._save)

    def _save(self, answer: tuple[str, str] | None) -> None:
        if answer is not None:
            self.call_after_refresh(self._write_file, *answer)  # a picture is one of the walk

    def _write_file(self, kind: str, name: str) -> None:
        from tui.export.files import write_whole

        path = _path(name)
        try:
            text = exported(self.app, self.view, kind)
            if is_served():
                path = Path(path.name or FILES[kind])
                self.app.deliver_text(StringIO(text), save_filename=path.name)
            else:
                write_whole(path, text)
        except EngineError as error:
            self.say(error)
        else:
            self.say(self.view.change_words("save.done", path=path))


def _path(name: str) -> Path:
    """Where a typed name leads. A home folder that cannot be found is left as it is typed."""
    try:
        return Path(name).expanduser()
    except RuntimeError:
        return Path(name)
