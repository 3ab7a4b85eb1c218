"""The choice of a moment of a model's training, among those whose weights were kept."""

from __future__ import annotations

from asyncio import to_thread

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from engine.errors import EngineError
from engine.store import Model, checkpoint_steps, load, load_checkpoint
from tui.messages import Words, error_sentence
from tui.screens.dialog import Dialog

FINISHED = "finished"


class MomentsScreen(Dialog[Model]):
    """Answers with the model as it was at the chosen moment, or with None."""

    AUTO_FOCUS = "#moments"

    def __init__(self, words: Words, model: Model) -> None:
        super().__init__()
        self._words = words
        self._model = model
        assert model.folder is not None
        steps = [None, *reversed(checkpoint_steps(model.folder))]
        self._steps: list[int | None] = steps

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(id="dialog"):
            yield Static(words("checkpoints.title"), id="dialog-title", markup=False)
            yield OptionList(
                *(Option(self._named(step), str(i)) for i, step in enumerate(self._steps)),
                id="moments",
                compact=True,
            )
            yield Static(id="dialog-trouble", markup=False)
            yield Static(words("checkpoints.close"), id="dialog-close", markup=False)

    def on_mount(self) -> None:
        present = self._model.step
        at = self._steps.index(present) if present in self._steps else 0
        self.query_one(OptionList).highlighted = at

    def _named(self, step: int | None) -> Content:
        words = self._words
        if step is None:
            name = words("checkpoints.finished")
        else:
            name = words("checkpoints.step", step=step) if step else words("checkpoints.start")
        here = f"  {words('checkpoints.present')}" if step == self._model.step else ""
        return Content(name + here)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self._open(self._steps[int(str(event.option.id))])

    @work(exclusive=True)
    async def _open(self, step: int | None) -> None:
        # Loading reads files: in a thread, so that the keys stay alive.
        folder = self._model.folder
        assert folder is not None
        try:
            if step is None:
                model = await to_thread(load, folder)
            else:
                model = await to_thread(load_checkpoint, self._model, step)
        except EngineError as error:
            self.say(error_sentence(error, self._words.lang))
        else:
            self.dismiss(model)
