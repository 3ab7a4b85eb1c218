"""The app: language, theme, the command palette, and the way in and out."""

from __future__ import annotations

import os
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

from engine.errors import EngineError
from lessons.first_card import first_card
from tui.actions import bindings
from tui.data import keys_path, progress_path
from tui.examples import example, usual_model
from tui.keymap import chosen, read_keymap, use
from tui.learner import Learner, kept_settings
from tui.learning_app import LearningApp
from tui.messages import LANGUAGES, Words, error_sentence, language, words
from tui.renderables.themes import THEMES, theme_after, theme_of
from tui.resume import Resume, resume
from tui.screens.fitted import HEIGHTS, WIDTHS, cover, too_small
from tui.screens.opening import OpeningScreen
from tui.terminal import Colours

if TYPE_CHECKING:  # NumPy and the engine are not imported before the first frame
    from engine.experiment import Experiment
    from engine.store import Model

LOOKING_AROUND = 1.0
"""Seconds after which it is looked where one is, to keep it."""
QUIT_WITHIN = 4.0
"""Seconds within which the second q ends the program."""


class DesdeCero(LearningApp):
    """Walks sentences through small transformers, and teaches how they work.

    model: the one to start with; the small one of the language, loaded after the first frame, if
    left out. text: the sentence to start with; an example if left out. typing: begin with the
    cursor in the sentence, so that whoever just types writes a sentence of their own. start: a run
    to begin with instead, what is forced in it included. lesson: the id of a lesson to begin with.
    left: where one left the last time; what else is given goes before it.
    """

    CSS_PATH = "app.tcss"
    HORIZONTAL_BREAKPOINTS, VERTICAL_BREAKPOINTS = WIDTHS, HEIGHTS
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
        lesson: str = "",
        left: Resume | None = None,
    ) -> None:
        super().__init__()
        self.learner = Learner(progress_path(), self._tell, self.set_timer, self.call_later)
        self._left = left or Resume()
        self.lang = lang
        self._keymap_troubles = self._take_keys()
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
        if text is None:
            text = self._left.text
        self._text = example(model.name if model else "", lang) if text is None else text
        self._typing = typing
        self._asked_to_leave = 0.0
        self._had_keys: tuple[Screen[object], Widget | None] | None = None
        self._lesson, self._card = lesson, ""
        if not lesson and start is None:
            self._lesson, self._card = self._left.lesson, self._left.card
        self.trouble: EngineError | None = None

    @property
    def words(self) -> Words:
        """The interface's strings in the present language."""
        return words("app", self.lang)

    def get_default_screen(self) -> Screen[None]:
        """The first frame."""
        first = first_card(self._lesson, self._card, self.lang) if self._lesson else None
        if first is not None:
            from tui.screens.lesson_words import lesson_words
            from tui.screens.opening_lesson import OpeningLesson

            return OpeningLesson(lesson_words(self.lang), self._text, first)
        bar = "edit" if self._typing else "walk"
        return OpeningScreen(self.words, self._text, bar)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours that only our own themes define, so that any other theme works too."""
        return THEMES[0].variables

    def on_ready(self) -> None:
        """Go on as soon as the first frame is drawn, which may still wait in the screen's queue."""
        self.screen_change_signal.subscribe(self, self.style_seen, immediate=True)
        self.screen_change_signal.subscribe(self, cover)
        self.screen.call_later(self.call_later, self._open)

    def on_resize(self, event: events.Resize) -> None:
        """Say where a window is too small, and bring all back as it was when it is not any more."""
        self.forget_terminal()
        cover(self.screen, event.size)
        if too_small(event.size):
            # What is hidden loses the keys.
            self._had_keys = self._had_keys or (self.screen, self.screen.focused)
        elif self._had_keys is not None:
            screen, widget = self._had_keys
            self._had_keys = None
            if screen is self.screen and widget is not None:
                self.call_after_refresh(screen.set_focus, widget, scroll_visible=False)

    def _open(self) -> None:
        """Read the engine and the model, and begin the walk, or the lesson."""
        from engine.experiment import Experiment

        self.learner.load()
        try:
            model = self._model or self._last_model() or load_model(usual_model(self.lang))
        except EngineError as error:
            self.trouble = error
            self.exit(return_code=2)
            return
        start = self._start or Experiment(model, self._text)
        if self._left.forced and self._start is None:
            from tui.screens.progress_journey import with_changes

            start = with_changes(start, self._left.forced)
        # A default screen cannot be switched away: what comes is pushed over it.
        if self._lesson:
            self.push_lesson(start, self._lesson, self._card)
        else:
            from tui.screens.progress_journey import place_of
            from tui.screens.walk import WalkScreen

            place = place_of(self._left.walk)
            self.push_screen(WalkScreen(start, self.lang, self._typing, place))
        for trouble in self._keymap_troubles:
            self._tell(trouble)
        self.set_interval(LOOKING_AROUND, self.note_place)
        self.set_interval(LOOKING_AROUND, self.note_training)
        self.make_ready()

    def _last_model(self) -> Model | None:
        """The model that was used last; None where it is gone, which is said."""
        try:
            return load_model(self._left.model) if self._left.model else None
        except EngineError as error:
            self._tell(error)
            return None

    def _tell(self, trouble: EngineError) -> None:
        self.notify(error_sentence(trouble, self.lang), severity="warning", markup=False)

    def move(self, wish: bool | None) -> None:
        """Let things move by themselves, or not; None: as it was the last time.

        TEXTUAL_ANIMATIONS says no for one time.
        """
        moves = self._left.animation if wish is None else wish
        self.animated = moves
        if not moves:
            self.animation_level = "none"

    # Keys

    def _take_keys(self) -> list[EngineError]:
        """Take the keys that the person has chosen; what cannot be followed in their file."""
        use({})
        if not keys_path().exists():  # most often: the tables of all keys are not needed then
            return []
        from tui.keys import tables

        keymap, troubles = read_keymap(keys_path(), [table.keymap() for table in tables()])
        use(keymap)
        return troubles

    def on_load(self) -> None:
        """Before any key can be pressed."""
        if chosen():
            self.set_keymap({name: ",".join(keys) for name, keys in chosen().items()})

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
        """Light after dark, then the one with the greatest contrast."""
        self.theme = theme_after(self.theme)

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
            unsaved = self._studio is not None and self._studio.unsaved
            notice = self.words("notice.quit_training" if unsaved else "notice.quit_again")
            self.notify(notice, timeout=QUIT_WITHIN, markup=False)


def run_app(
    text: str | None = None,
    model: str | None = None,
    lang: str | None = None,
    theme: str | None = None,
    share: str | None = None,
    lesson: str = "",
    colours: Colours = "full",
    animation: bool | None = None,
) -> None:
    """Start the app and come back when the person leaves it.

    What is left out is as it was when the app was left the last time.
    model: a shipped model's name or a folder; in the end the small one of the language.
    lang: "es" or "en", in the end by the locale. theme: one of `themes.CHOICES`.
    share: a run to begin with, as `engine.share` writes it; it names its model and its text.
    lesson: the id of the lesson to begin with. colours: what is sent to the terminal.
    animation: whether anything moves by itself, in the end that it does.
    Raises EngineError where the model cannot be loaded, or the shared line cannot be read.
    """
    app = app_of(text, model, lang, theme, share, lesson)
    app.colours = colours
    app.move(animation)
    app.run()
    app.learner.close()
    if app.trouble is not None:
        raise app.trouble


def app_of(
    text: str | None = None,
    model: str | None = None,
    lang: str | None = None,
    theme: str | None = None,
    share: str | None = None,
    lesson: str = "",
) -> DesdeCero:
    """The app that `run_app` runs."""
    left = resume(kept_settings(progress_path()))
    known = lang if lang in LANGUAGES else left.lang
    lang = known or language(os.environ)
    begins = text is None and share is None and not lesson
    if not begins:  # what is asked for is not where one was
        left = replace(left, forced=(), lesson="", card="", walk={})
    if model is not None or share is not None:
        left = replace(left, model="", forced=())
    start = None
    if share is not None:
        from engine.share import from_line, open_shared

        start = open_shared(from_line(share), [load_model(model)] if model else [])
    typing = begins and left.text is None
    given = load_model(model) if model else None
    return DesdeCero(given, text, lang, theme or left.theme, typing, start, lesson, left)


def load_model(name: str) -> Model:
    """The model of a shipped name, an own one, or a folder. Raises EngineError."""
    from engine.store import load
    from tui.own_models import find_model

    return load(find_model(name))
