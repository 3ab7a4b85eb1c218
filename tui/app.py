"""The app: language, theme, the command palette, and the way in and out."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.app import App, SystemCommand
from textual.screen import Screen

from engine.errors import EngineError
from tui.actions import ACTIONS, bindings, by_id
from tui.examples import example
from tui.messages import LANGUAGES, Words, language, words
from tui.renderables.footer import signs_of
from tui.renderables.themes import DARK, LIGHT, THEMES, theme_of
from tui.screens.opening import OpeningScreen

if TYPE_CHECKING:  # NumPy and the engine are not imported before the first frame
    from engine.experiment import Experiment
    from engine.store import Model
    from tui.screens.walk import WalkScreen

DEFAULT_MODEL = "mini"
QUIT_WITHIN = 4.0
"""Seconds within which the second q ends the program."""


class DesdeCero(App[None]):
    """Walks sentences through small transformers.

    model: the one to start with; the small one of the language, loaded after the first frame, if
    left out. text: the sentence to start with; an example if left out. typing: begin with the
    cursor in the sentence, so that whoever just types writes a sentence of their own. start: a run
    to begin with instead, what is forced in it included.
    """

    CSS_PATH = "app.tcss"
    AUTO_FOCUS = None
    BINDINGS: ClassVar = bindings("app")

    def __init__(
        self,
        model: Model | None = None,
        text: str | None = None,
        lang: str = "es",
        theme: str | None = None,
        typing: bool = False,
        start: Experiment | None = None,
    ) -> None:
        super().__init__()
        self.lang = lang
        for known in THEMES:
            self.register_theme(known)
        # Not assigned: nothing is drawn yet, and every style would be read twice.
        self.set_reactive(App.theme, theme_of(theme))
        self.stylesheet.set_variables(self.get_css_variables())
        self.title = self.words("app.title")
        self._model = model
        self._start = start
        if start is not None:
            self._model, text = start.model, start.text
        self._text = example(model.name if model else "", lang) if text is None else text
        self._typing = typing
        self._asked_to_leave = 0.0
        self._walk: WalkScreen | None = None
        self.trouble: EngineError | None = None

    @property
    def words(self) -> Words:
        """The interface's strings in the present language."""
        return words("app", self.lang)

    def get_default_screen(self) -> Screen[None]:
        """The first frame."""
        bar = "edit" if self._typing else "walk"
        return OpeningScreen(self.words, self._text, bar, self._open)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours that only our own themes define, so that any other theme works too."""
        return THEMES[0].variables

    def _open(self) -> None:
        """Read the engine and the model, and begin the walk."""
        from engine.experiment import Experiment
        from tui.screens.walk import WalkScreen

        try:
            model = self._model or load_model(f"{DEFAULT_MODEL}-{self.lang}")
        except EngineError as error:
            self.trouble = error
            self.exit(return_code=2)
            return
        start = self._start or Experiment(model, self._text)
        self._walk = WalkScreen(start, self.lang, self._typing)
        self.push_screen(self._walk)  # a default screen cannot be switched away
        # What is loaded now stays until the end: without this, searching it for garbage makes
        # every hundredth key wait.
        self.call_later(gc.freeze)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the table by its name, and every stage of the line."""
        walk = self._walk
        if walk is None or screen is not walk:
            return
        for action in ACTIONS:
            if action.palette:
                name = self.words(f"command.{action.id}")
                run = partial(walk.run_action, action.call)
                yield SystemCommand(name, signs_of(action, self.words), run)
        for name, forces in walk.ready_made():
            yield SystemCommand(
                name, self.words("palette.whatif"), partial(walk.force_more, forces)
            )
        for stage in walk.view.line:
            said = walk.view.prose.stage(stage.key)
            name = self.words("palette.stage", name=said.name, title=said.title)
            where = "" if stage.block is None else self.words("line.block", n=stage.block + 1)
            yield SystemCommand(name, where, partial(walk.go_to, stage.id), discover=False)

    def action_command_palette(self) -> None:
        """Search the actions by name."""
        from textual.command import CommandPalette

        if not isinstance(self.screen, CommandPalette):
            placeholder = self.words("palette.placeholder")
            self.push_screen(CommandPalette(placeholder=placeholder, id="--command-palette"))

    def action_next_language(self) -> None:
        """Go on in the other language; nothing else changes."""
        self.lang = LANGUAGES[(LANGUAGES.index(self.lang) + 1) % len(LANGUAGES)]
        for screen in self.screen_stack:
            speak = getattr(screen, "speak", None)
            if speak is not None:
                speak(self.lang)

    def action_next_theme(self) -> None:
        """Light after dark, dark after light."""
        self.theme = LIGHT if self.theme == DARK else DARK

    def action_help(self) -> None:
        """Show what every key does."""
        from tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.words), self._do)

    async def _do(self, action_id: str | None) -> None:
        if action_id is not None and self._walk is not None:
            await self._walk.run_action(by_id(action_id).call)

    def action_help_quit(self) -> None:
        """Ctrl+C, which ends most programs, says how this one is left."""
        self.notify(self.words("notice.quit"), markup=False)

    def action_leave_app(self) -> None:
        """End the program at the second time: a q may be the first letter of a sentence."""
        now = monotonic()
        if now - self._asked_to_leave < QUIT_WITHIN:
            self.exit()
        else:
            self._asked_to_leave = now
            self.notify(self.words("notice.quit_again"), timeout=QUIT_WITHIN, markup=False)


def run_app(
    text: str | None = None,
    model: str | None = None,
    lang: str | None = None,
    theme: str | None = None,
    share: str | None = None,
) -> None:
    """Start the app and come back when the person leaves it.

    model: a shipped model's name or a folder; the small one of the language if left out.
    lang: "es" or "en", by the locale if left out. theme: "dark" or "light".
    share: a run to begin with, as `engine.share` writes it; it names its model and its text.
    Raises EngineError where the model cannot be loaded, or the shared line cannot be read.
    """
    lang = lang if lang in LANGUAGES else language(os.environ)
    start = None
    if share is not None:
        from engine.share import from_line, open_shared

        start = open_shared(from_line(share), [load_model(model)] if model else [])
    typing = text is None and start is None
    app = DesdeCero(load_model(model) if model else None, text, lang, theme, typing, start)
    app.run()
    if app.trouble is not None:
        raise app.trouble


def load_model(name: str) -> Model:
    """The model of a shipped name or a folder. Raises EngineError."""
    from engine.store import find, load

    return load(find(name))
