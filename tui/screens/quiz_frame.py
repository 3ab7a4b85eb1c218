"""The quiz's widgets and how a `QuizView` fills them, without what they do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from textual.app import ComposeResult
from textual.widgets import Static

from tui.renderables.card_text import Bit, Block
from tui.renderables.chips import Chip
from tui.renderables.footer import bar_chips
from tui.screens.fitted import fit
from tui.screens.quiz_card import asked
from tui.screens.quiz_empty import nothing
from tui.screens.quiz_end import end_blocks, next_lesson, to_choose
from tui.screens.quiz_told import told
from tui.screens.quiz_view import QuizView
from tui.screens.typed import TypedScreen
from tui.screens.walk_draw import draw_exhibit
from tui.widgets.chips import Chips
from tui.widgets.lesson_body import HUGE, WIDE
from tui.widgets.lesson_head import LessonHead
from tui.widgets.quiz_body import QuizBody

SIGNS = {"right": "✓", "wrong": "·", "skipped": "–"}
HERE, TO_COME = "◉", "○"
START = (0, 0)


class QuizFrame(TypedScreen[str | None]):
    """Lays a quiz out and shows one moment of it. It looks like a lesson."""

    CSS_PATH = "quiz.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (as Textual declares it)
        (0, "-tiny"),
        (60, "-narrow"),
        (WIDE, "-wide"),
        (HUGE, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (20, "-high")]  # noqa: RUF012

    def __init__(self, view: QuizView) -> None:
        super().__init__()
        said = view.words
        self._too_small = Static(said("app.too_small"), id="too-small", markup=False)
        self.head = LessonHead(view.experiment.text, said("sentence.placeholder"), id="head")
        self.body = QuizBody(id="body")
        self._footer = Chips("drop", id="footer")

    def compose(self) -> ComposeResult:
        fit(self)
        yield self._too_small
        yield self.head
        yield self.body
        yield self._footer

    @property
    def reviews(self) -> Mapping[str, Mapping[str, Any]]:
        """When which question comes again."""
        raise NotImplementedError

    def draw(self, view: QuizView) -> None:
        """Show a moment."""
        sitting = view.sitting
        self.head.show(*view.title, _dots(view), _aside(view))
        self.head.box.can_focus = view.can_rewrite
        exhibit, asks = None, False
        if view.is_empty:
            said = nothing(view, self.reviews, datetime.now().date())
            shown = [Block((Bit(said),), 0)]
        elif sitting.over:
            shown = end_blocks(view)
        else:
            outcome = sitting.outcome
            shown = list(asked(view) if outcome is None else told(view, outcome))
            asks = not sitting.told and view.question.kind in ("number", "open")
            self.body.box.numeric = view.question.kind == "number"
        if asks:
            self.body.box.placeholder = view.words(f"quiz.box_{view.question.kind}")
        if view.walk is not None:
            draw_exhibit(view.walk, self.body.pane, others=False)
            exhibit = self.body.pane
        lit = f"line:{sitting.draft.lit}" if sitting.n_lines or sitting.over else ""
        self.body.show(shown, lit, exhibit, False, asks)
        self.draw_below(view)

    def draw_below(self, view: QuizView) -> None:
        """Say under the card what can be done, and show the keys."""
        said = self._hint(view)
        if not self.body.fits:
            said = f"{view.words('hint.more')} · {said}"
        self.body.readout.show(said)
        bar = self.bar(view)
        self._footer.show(bar_chips(view.words, bar, _idle(view, bar == "quiz_edit")))

    def bar(self, view: QuizView) -> str:
        """The footer that holds now, as `Action.bars` calls it."""
        if view.is_empty or view.sitting.over:
            return "quiz_end"
        if self.focused is not None and self.focused is self.body.box:
            return "quiz_edit"
        if view.sitting.checks:
            return "quiz_check"
        return "quiz_told" if view.sitting.told else "quiz_asked"

    def _hint(self, view: QuizView) -> str:
        words, sitting = view.words, view.sitting
        if view.is_empty:
            return words("quiz_end.back")
        if sitting.over:
            if to_choose(view):
                return words("quiz_end.choose")
            return "" if next_lesson(view) is None else words("quiz_end.back")
        if sitting.checks:
            return words("ask_quiz.check")
        if sitting.outcome is not None:
            ref = view.question.ref is not None
            return f"{_kept(view)} {words('ask_quiz.go_on_why' if ref else 'ask_quiz.go_on')}"
        if self.bar(view) == "quiz_edit":
            return words("ask_quiz.typing")
        if view.pointing and sitting.draft.cell != START:
            return view.reading(sitting.draft.cell)
        return words(f"ask_quiz.{view.question.kind}")


def _kept(view: QuizView) -> str:
    """Whether the answer is on the disk."""
    outcome = view.sitting.outcome
    if outcome is None or outcome.kept is None:
        return view.words("quiz.saving")
    saved = "saved_skip" if outcome.result == "skipped" else "saved"
    return view.words(f"quiz.{saved if outcome.kept else 'not_saved'}")


def _idle(view: QuizView, typing: bool) -> frozenset[str]:
    """The actions of the footer that mean nothing now."""
    hidden = set()
    if view.is_empty or view.sitting.over:
        if view.is_empty or not to_choose(view):
            hidden |= {"quiz_up", "quiz_down"}
        if not view.can_rewrite:
            hidden.add("quiz_sentence")
        return frozenset(hidden)
    kind = view.question.kind
    if view.question.ref is None:
        hidden.add("quiz_why")
    if kind not in ("pick", "all", "order", "match", "truth") and not view.sitting.checks:
        hidden |= {"quiz_up", "quiz_down"}
    if kind != "all" and not view.sitting.checks:
        hidden.add("quiz_tick")
    if kind != "order":
        hidden |= {"quiz_shift_up", "quiz_shift_down"}
    if kind != "match":
        hidden.add("quiz_give")
    if kind != "point":
        hidden.add("quiz_point")
    hidden.add("quiz_enter" if kind == "open" and not typing else "quiz_write")
    if view.sitting.hints >= len(view.question.hints):
        hidden.add("quiz_hint")
    if typing and kind == "open":  # letters are written there
        hidden |= {"quiz_hint", "quiz_skip"}
    return frozenset(hidden)


def _dots(view: QuizView) -> list[Chip]:
    """The questions as signs: what became of each, and which one is asked."""
    sitting = view.sitting
    total = len(sitting.questions)
    if not total:
        return []
    chips = []
    for i in range(total):
        done = i < len(sitting.outcomes)
        sign = SIGNS[sitting.outcomes[i].result] if done else TO_COME
        if i == sitting.index and not done:
            sign = HERE
        chips.append(
            Chip("", sign, look="key" if done or i == sitting.index else "quiet", gap=i > 0)
        )
    n = min(sitting.index + 1, total)
    count = view.words("quiz.count", n=n, total=total)
    if view.wish.kind != "lesson" and not sitting.over:
        number = view.course.lesson(view.question.lesson).number
        count = view.words("quiz.of_lesson", count=count, n=number) if number else count
    told = view.words("quiz_end.title") if sitting.over else count
    return [*chips, Chip("", told, look="quiet", gap=2)]


def _aside(view: QuizView) -> list[Chip]:
    """The name of the model, where the lesson of the question does not need the room."""
    if view.wish.kind != "lesson":
        return []
    return [Chip("", view.experiment.model.name, look="quiet", gap=3)]
