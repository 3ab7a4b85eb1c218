"""The first frame of whoever begins with a lesson: its card, while the engine is read from disk."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import Screen

from lessons.first_card import FirstCard
from lessons.markup import spans
from tui.messages import Words
from tui.renderables.card_text import Bit, Block
from tui.renderables.chips import Chip
from tui.renderables.footer import bar_chips
from tui.screens.fitted import fit
from tui.widgets.card import CardView
from tui.widgets.chips import Chips
from tui.widgets.lesson_head import LessonHead

HERE, OTHER = "◉", "○"


class OpeningLesson(Screen[None]):
    """Shows a card as far as it can be said yet."""

    DEFAULT_CSS = """
    OpeningLesson { background: $background; color: $foreground; }
    OpeningLesson > CardView { height: 1fr; margin: 0 1; max-width: 78; }
    OpeningLesson > #footer { background: $surface; padding: 0 1; color: $quiet; }
    OpeningLesson.-wide > CardView { margin: 1 3; max-width: 48; }
    OpeningLesson.-wide > LessonHead, OpeningLesson.-wide > #footer { padding: 0 3; }
    OpeningLesson.-huge > CardView { margin: 1 6; max-width: 62; }
    OpeningLesson.-huge > LessonHead, OpeningLesson.-huge > #footer { padding: 0 6; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (170, "-huge")]  # noqa: RUF012
    AUTO_FOCUS = ""

    def __init__(self, words: Words, text: str, first: FirstCard) -> None:
        super().__init__()
        self._words, self._text, self._first = words, text, first

    def compose(self) -> ComposeResult:
        fit(self)
        yield LessonHead(self._text, self._words("sentence.placeholder"), id="head")
        yield CardView(id="card")
        yield Chips("drop", id="footer")

    def on_mount(self) -> None:
        first, words = self._first, self._words
        number = words("lesson.number", n=first.number) if first.number else ""
        dots = [
            Chip("", HERE if i == first.place else OTHER, look="quiet", gap=int(i > 0))
            for i in range(first.n_cards)
        ]
        count = words("lesson.count", n=first.place + 1, total=first.n_cards)
        self.query_one(LessonHead).show(
            number, first.lesson, [*dots, Chip("", count, look="quiet", gap=2)], []
        )
        prose = tuple(Bit(span.text, span.kind or "text") for span in spans(first.prose))
        self.query_one(CardView).show([Block((Bit(first.title, "title"),), 0), Block(prose, 2)])
        self.query_one("#footer", Chips).show(bar_chips(words, "lesson"))
