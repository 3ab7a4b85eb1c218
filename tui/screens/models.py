"""The choice of a model: those that are shipped, or a folder. A broken one is told, not used."""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.errors import EngineError
from engine.store import Model, load, n_parameters, read_config, shipped
from tui.messages import Words, error_sentence
from tui.widgets.line_input import LineInput


class ModelsScreen(ModalScreen[Model | None]):
    """Answers with the model that was chosen and loaded, or with None."""

    CSS_PATH = "models.tcss"
    AUTO_FOCUS = "#models-list"
    BINDINGS: ClassVar = [Binding("escape", "dismiss", show=False, id="models.close")]

    def __init__(self, words: Words, present: str, folder: Path | None) -> None:
        super().__init__()
        self._words = words
        self._present = present
        self._folders = shipped()
        if folder is not None and present not in self._folders:
            self._folders[present] = folder

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(id="models"):
            yield Static(words("models.title"), id="models-title", markup=False)
            yield Static(words("models.heading"), classes="quiet", markup=False)
            options = [Option(self._describe(name), name) for name in self._folders]
            yield OptionList(*options, id="models-list", compact=True)
            yield Static(words("models.folder"), classes="quiet", markup=False)
            yield LineInput(
                placeholder=words("models.folder_hint"), id="models-folder", compact=True
            )
            yield Static(id="models-trouble", markup=False)
            yield Static(words("models.close"), id="models-close", markup=False)

    def on_mount(self) -> None:
        names = list(self._folders)
        if self._present in names:
            self.query_one(OptionList).highlighted = names.index(self._present)
        elif not names:
            self.query_one(OptionList).display = False
            self._say(self._words("models.none"))
            self.query_one(Input).focus()

    def on_click(self, event: events.Click) -> None:
        if event.widget is not None and event.widget.id in (None, "models-close"):
            self.dismiss()

    def _describe(self, name: str) -> Content:
        """A model's name and what it is, its sizes beneath."""
        words = self._words
        about = words.sentences.get(f"models.about.{name}") or words("models.about.other")
        here = f"  {words('models.present')}" if name == self._present else ""
        try:
            config = read_config(self._folders[name])
        except EngineError as error:
            sizes = error_sentence(error, words.lang)
        else:
            sizes = words(
                "models.line",
                layers=config.n_layers,
                heads=config.n_heads,
                d_model=config.d_model,
                n=f"{n_parameters(config):,}".replace(",", words("models.thousands")),
            )
        return Content.assemble((name, "bold"), here, "  ", about, "\n", sizes)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self._open(self._folders[str(event.option.id)])

    @on(Input.Submitted)
    def _choose_folder(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if typed:
            self._open(Path(typed).expanduser())

    @work(exclusive=True)
    async def _open(self, folder: Path) -> None:
        # Loading reads files, perhaps large ones: in a thread, so that the keys stay alive.
        try:
            model = await to_thread(load, folder)
        except EngineError as error:
            self._say(error_sentence(error, self._words.lang))
        else:
            self.dismiss(model)

    def _say(self, sentence: str) -> None:
        self.query_one("#models-trouble", Static).update(sentence)
