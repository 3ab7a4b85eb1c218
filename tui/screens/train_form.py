"""What one can choose before a training: the form, and the boxes in which one types."""

from __future__ import annotations

from textual.widget import Widget

from engine.errors import EngineError
from tui.messages import error_sentence
from tui.screens.train_choices import NUMBERS, TEXTS, USUAL, trouble, turned, written
from tui.screens.train_draw import BESIDE, form, time_text, whole
from tui.screens.train_frame import TALL, TrainFrame
from tui.screens.train_plan import n_numbers
from tui.studio import Studio, paced_by

SIDE, AROUND = 4, 12
"""Of a tall window: the columns beside the form, and the lines above and below it."""
MOST_WIDTH = 172
"""Columns of the form where the window has more; it then stands in the middle."""


class TrainForm(TrainFrame):
    """Shows the choices, and takes what is chosen.

    models: the names of those that can go on learning.
    """

    def __init__(self, studio: Studio, lang: str, models: tuple[str, ...]) -> None:
        super().__init__(studio, lang)
        self._models = models

    # What is shown

    def draw_choices(self) -> None:
        said, choices = self.words, self.studio.choices
        if self.field not in choices.fields:
            self.field = "source"
        wrong = self.wrong or trouble(choices)
        # What is merely missing yet is no mistake until one wants to start.
        marked = wrong[0] if wrong is not None and (self.wrong or wrong[0] == "heads") else ""
        self.intro.update(said("train.intro"))
        self.form.show(lambda w, h: form(choices, self.field, said, marked, w, h))
        beside = self._arrange(marked)
        sentence = error_sentence(wrong[1], self.lang) if wrong is not None and marked else ""
        # What is wrong, and what helps, takes all the lines: it may name a long path.
        about = "" if sentence or beside else said(f"about.{self.field}")
        self.about.show(about, sentence)
        self.count.update(f"{self._n_told()} {self._pace_told()}", layout=False)

    def _arrange(self, marked: str) -> bool:
        """In a tall window the form stands apart and in the middle, as high as it is, and what is
        said of a choice near it; elsewhere it takes the lines that there are.

        Returns whether the form itself says something of every choice, beside it.
        """
        tall = self.size.height >= TALL
        side = max(SIDE, (self.size.width - MOST_WIDTH) // 2)
        width, room = self.size.width - 2 * side, self.size.height - AROUND
        drawn = form(self.studio.choices, self.field, self.words, marked, width, room)
        above = max(room - len(drawn.lines), 0) // 3
        self.form.styles.height = len(drawn.lines) if tall else "1fr"
        self.form.styles.margin = (1, side) if tall else (1, 0, 0, 0)
        self.intro.styles.padding = (1 + above, side + 2, 0, side + 2) if tall else (1, 2, 0, 2)
        for one in (self.about, self.count):
            one.styles.padding = (0, side + 2 if tall else 2)
        return width >= BESIDE

    def _n_told(self) -> str:
        said, choices = self.words, self.studio.choices
        if choices.source == "more":
            return said("train.n_of_model")
        if (found := trouble(choices)) is not None and found[0] == "heads":
            return ""
        n = n_numbers(choices)
        if n is None:
            return said("train.n_unknown")
        return said("train.n_numbers", n=whole(n, said))

    def _pace_told(self) -> str:
        choices = self.studio.choices
        pace = self.studio.paces.get(paced_by(choices))
        if pace is None:
            return self.words("train.no_pace")
        return self.words("train.pace", time=time_text(pace * choices.value("steps"), self.words))

    # Choosing

    def action_field(self, by: int) -> None:
        """Go to another choice."""
        if self.choosing and not self.writing:
            fields = self.studio.choices.fields
            self.field = fields[(fields.index(self.field) + by) % len(fields)]
            self.draw()

    def action_value(self, by: int) -> None:
        """Choose another value."""
        if not self.choosing or self.writing:
            return
        if self.field in (*TEXTS, "lines"):
            self.action_write()
            return
        studio = self.studio
        studio.choices = turned(studio.choices, self.field, by, self._models)
        self.wrong = None
        self.draw()

    def action_write(self, begin: str = "") -> None:
        """Let the person type what a choice is."""
        if not self.choosing or self.writing:
            return
        if self.field == "lines":
            self.writing = "lines"
            self.lines.text = self.studio.choices.lines
            self.lines.border_title = self.words("box.lines")
            self._show_box(self.lines, True)
            return
        if self.field not in (*NUMBERS, *TEXTS):
            return
        self.writing = self.field
        numeric = self.field in NUMBERS
        value = self.studio.choices.value(self.field)
        self.box.value = begin or (f"{value:g}" if isinstance(value, float) else str(value))
        empty = "usual" if self.field in USUAL else "number" if numeric else self.field
        self.box.placeholder = self.words(f"box.{empty}")
        self._show_box(self.box, True)
        if numeric and not begin:  # what is typed takes the place of the number
            self.box.action_select_all()
        else:
            self.box.cursor_position = len(self.box.value)

    def _show_box(self, box: Widget | None, shown: bool) -> None:
        for one in (self.box, self.lines):
            one.display = shown and one is box
        # By a class: what is displayed by hand would stay so while a model is trained.
        self.set_class(shown and box is self.lines, "-lines")
        # At once: the next key may be on its way.
        self.set_focus(box if shown else None)
        self.draw_footer()

    def _close_box(self) -> bool:
        """Take what was typed; where it cannot be, say so and let it stand."""
        field, studio = self.writing, self.studio
        text = self.lines.text if field == "lines" else self.box.value
        try:
            studio.choices = written(studio.choices, field, text)
        except EngineError as error:
            self.wrong = field, error
            self.draw()
            return False
        self.writing, self.wrong = "", None
        self._show_box(None, False)
        self.draw()
        return True

    def on_input_submitted(self) -> None:
        if self.writing:
            self._close_box()

    def key_digit(self, character: str) -> None:
        """A digit begins to type a number."""
        if self.choosing and not self.writing and self.field in NUMBERS:
            self.action_write(character)

    def on_key(self, event: object) -> None:
        character = getattr(event, "character", None) or ""
        if character.isdigit() and not self.writing:
            self.key_digit(character)
