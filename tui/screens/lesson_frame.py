"""The lesson's widgets and how a `LessonView` fills them, without what they do.

Turning a card builds no widget: one card, one figure and one station's exhibit serve them all.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Static

from lessons.figures.parts import Figure
from tui.actions import of_bar
from tui.renderables.chips import Chip
from tui.renderables.footer import bar_chips
from tui.screens.fitted import fit
from tui.screens.lesson_card import blocks, is_pointing, links
from tui.screens.lesson_guess import begins
from tui.screens.lesson_hint import hint
from tui.screens.lesson_knobs import knob_lines, knob_of
from tui.screens.lesson_view import LessonView
from tui.screens.timed import TimedScreen
from tui.screens.typed import TypedScreen
from tui.screens.walk_draw import draw_exhibit
from tui.widgets.chips import Chips
from tui.widgets.lesson_body import HUGE, WIDE, LessonBody
from tui.widgets.lesson_head import LessonHead

SEEN, UNSEEN, HERE = "●", "○", "◉"
TYPED_KINDS = ("number", "word", "open")
"""Guesses that are answered in a line of their own."""


class LessonFrame(TimedScreen[None], TypedScreen[None]):
    """Lays a lesson out and shows one moment of it."""

    CSS_PATH = "lesson.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (as Textual declares it)
        (0, "-tiny"),
        (60, "-narrow"),
        (WIDE, "-wide"),
        (HUGE, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-high")]  # noqa: RUF012

    def __init__(self, view: LessonView) -> None:
        super().__init__()
        said = view.words
        self._too_small = Static(said("app.too_small"), id="too-small", markup=False)
        self.head = LessonHead(view.experiment.text, said("sentence.placeholder"), id="head")
        self.body = LessonBody(id="body")
        self._footer = Chips("drop", id="footer")
        self._figures: list[tuple[object, Figure]] = []
        self._shown: object = None

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self.head
        yield self.body
        yield self.scrubber
        yield self._footer

    @property
    def can_go_back(self) -> bool:
        """Whether there is a walk to go back to."""
        return False

    def draw(self, view: LessonView) -> None:
        """Show a moment."""
        lesson, words = view.lesson, view.words
        number = words("lesson.number", n=lesson.number) if lesson.number else ""
        self.head.show(number, lesson.title, _dots(view), _aside(view))
        exhibit = self._fill(view)
        guess = view.card.guess
        asks = view.is_open and guess is not None and guess.kind in TYPED_KINDS
        if guess is not None and asks:
            self.body.answer.placeholder = words(f"ask.box_{guess.kind}")
        is_open = guess is not None and guess.kind == "open"
        self.body.show(blocks(view), view.lit, exhibit, view.hidden, asks, words_first=is_open)
        self.show_time()
        self.draw_readout(view)

    def _fill(self, view: LessonView) -> Widget | None:
        """Show the exhibit in the widget for it, which is returned; None where there is none."""
        if view.hidden:
            return None
        if view.live is not None:
            figure, other_card = self.figure(view), view.key != self._shown
            self._shown = view.key
            knobs, first = knob_lines(view, figure), knob_of(view)
            self.body.figure.show(figure, 0 if other_card else None, knobs=knobs, lang=view.lang)
            if other_card and first is not None:  # the cursor is where + and - do something
                self.body.figure.show(figure, first.id, knobs=knobs, lang=view.lang)
            return self.body.figure
        if view.walk is not None:
            draw_exhibit(view.walk, self.body.pane, others=view.tells_heads)
            return self.body.pane
        return None

    def figure(self, view: LessonView) -> Figure:
        """The figure of the card; computed only where something in it can have changed."""
        if view.live is None:
            return ()
        of = (view.key, view.experiment, view.lang, view.settings)
        for known, figure in self._figures:
            if known == of:
                return figure
        figure = view.live.show(view.turned)
        self._figures = [*self._figures[-1:], (of, figure)]  # this card's, and one made ahead
        return figure

    @property
    def exhibit(self) -> Widget | None:
        """The part of the exhibit that carries the cursor."""
        shown = self.body.exhibit
        return self.body.pane.target if shown is self.body.pane else shown

    def draw_readout(self, view: LessonView) -> None:
        """Say what is under the cursor, or what can be done."""
        inside = self.exhibit is not None and self.focused is self.exhibit
        typing = self.focused is self.body.answer
        said = hint(view, inside, typing, self.body.figure.spot)
        if not self.body.fits and not inside:
            said = f"{view.words('hint.more')} · {said}"
        elif self.body.is_cut and not inside:
            said = f"{view.words('hint.end' if self.body.at_end else 'hint.below')} · {said}"
        self.body.readout.set_class(inside or bool(view.lit), "-said")
        self.body.readout.show(said)

    def draw_footer(self, view: LessonView, bar: str) -> None:
        """Show the keys of a footer, as `Action.bars` calls it, without those that do nothing."""
        hidden = set()
        if view.live is None and view.walk is None:
            hidden |= {"exhibit", "free"}
        if not view.card.doubts:
            hidden.add("doubts")
        if bar == "lesson" and not links(view):
            hidden.add("enter")
        if not self.can_go_back:
            hidden.add("lesson_back")
        if view.is_last:
            hidden.add("term")
        if is_pointing(view):  # these keys go from word to word then
            hidden |= {"card_back", "card_next"}
        guess = view.card.guess
        if guess is not None and guess.kind in TYPED_KINDS:
            hidden |= {"pick_up", "pick_down"}
        if guess is not None and view.is_open:  # these keys begin the answer then
            hidden |= {one.id for one in of_bar(bar) if begins(guess, one.signs)}
        if not view.knobs:
            hidden |= {"set_knob", "turn_down", "turn_up"}
        if self.moment is None or not self.moment.of.kept:
            hidden |= {"moment_back", "moment_next"}
        self._footer.show(bar_chips(view.words, bar, frozenset(hidden)))


def _dots(view: LessonView) -> list[Chip]:
    """The cards of the lesson as dots, and how far along them we are."""
    lesson = view.lesson
    here = lesson.card_index(view.card.id)
    chips = []
    for i, card in enumerate(lesson.cards):
        seen = (lesson.id, card.id) in view.journey.seen
        sign = HERE if i == here else SEEN if seen else UNSEEN
        look = "key" if seen else "quiet"
        chips.append(Chip(f"card.{card.id}", sign, look=look, gap=int(i > 0)))  # type: ignore[arg-type]
    count = view.words("lesson.count", n=here + 1, total=len(lesson.cards))
    return [*chips, Chip("", count, look="quiet", gap=2)]


def _aside(view: LessonView) -> list[Chip]:
    """The name of the model; and of a long sentence, how far it is read."""
    experiment = view.experiment
    chips = [Chip("model", experiment.model.name, look="quiet", gap=3)]
    if experiment.cut_at is not None:
        read = view.words("lesson.read", n=experiment.model.config.n_ctx)
        chips.insert(0, Chip("edit", read, rank=1))
    return chips
