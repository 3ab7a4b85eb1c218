"""The choice of a model: shipped, made here, or in a folder. A broken one is told, not used."""

from __future__ import annotations

from asyncio import to_thread
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from engine.errors import EngineError
from engine.store import Model, load, n_parameters, read_config, shipped
from lessons.prose import prose
from tui.messages import Words, error_sentence
from tui.own_models import delete_model, own_models
from tui.screens.leaving import LeavingModal
from tui.served import is_served
from tui.widgets.line_input import LineInput


class ModelsScreen(LeavingModal[Model | None]):
    """Answers with the model that was chosen and loaded, or with None."""

    CSS_PATH = "models.tcss"
    AUTO_FOCUS = "#models-list"
    BINDINGS: ClassVar = [
        Binding("escape", "dismiss", show=False, id="models.close"),
        Binding("delete", "delete", show=False, id="models.delete"),
    ]

    def __init__(self, words: Words, present: str, folder: Path | None) -> None:
        super().__init__()
        self._words = words
        self._present = present
        self._folders = shipped()
        self._own = own_models()
        self._asked = ""
        self._folders |= {name: x for name, x in self._own.items() if name not in self._folders}
        if folder is not None and present not in self._folders:
            self._folders[present] = folder

    def compose(self) -> ComposeResult:
        words = self._words
        with Vertical(id="models"):
            yield Static(words("models.title"), id="models-title", markup=False)
            yield Static(words("models.heading"), classes="quiet", markup=False)
            yield OptionList(*self._options(), id="models-list", compact=True)
            if not is_served():
                yield Static(words("models.folder"), classes="quiet", markup=False)
                yield LineInput(
                    placeholder=words("models.folder_hint"), id="models-folder", compact=True
                )
            yield Static(id="models-trouble", markup=False)
            yield Static(words("models.close"), id="models-close", markup=False)

    def _options(self) -> list[Option]:
        """The models, a heading above those that were made here."""
        options: list[Option] = []
        for name in self._folders:
            if self._is_own(name) and not any(x.disabled for x in options):
                options.append(Option(self._words("models.own"), disabled=True))
            options.append(Option(self._describe(name), name))
        return options

    def _is_own(self, name: str) -> bool:
        return name in self._own and self._folders.get(name) == self._own[name]

    def on_mount(self) -> None:
        names = list(self._folders)
        listed = self.query_one(OptionList)
        if self._present in names:
            listed.highlighted = listed.get_option_index(self._present)
            self.call_after_refresh(listed.scroll_to_highlight)  # which needs its size
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
        if self._is_own(name):
            about = ""
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
                n=prose(words.lang).words.whole(n_parameters(config)),
            )
        return Content.assemble((name, "bold"), here, "  ", about, "\n", sizes)

    def action_delete(self) -> None:
        """Ask whether an own model shall go for good."""
        listed = self.query_one(OptionList)
        at = listed.highlighted
        name = "" if at is None else str(listed.get_option_at_index(at).id)
        if listed.has_focus and self._is_own(name):
            self._asked = name
            self._say(self._words("models.ask_delete", name=name))

    def on_key(self, event: events.Key) -> None:
        if self._asked and event.key not in ("enter", "delete"):
            self._asked = ""
            self._say("")

    def _delete(self, name: str) -> None:
        self._asked = ""
        try:
            delete_model(name)
        except EngineError as error:
            self._say(error_sentence(error, self._words.lang))
            return
        del self._folders[name]
        listed = self.query_one(OptionList)
        listed.clear_options()
        listed.add_options(self._options())
        listed.highlighted = 0
        self._say(self._words("models.deleted", name=name))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        if self._asked:
            self._delete(self._asked)
            return
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
