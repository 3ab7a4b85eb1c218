"""A lesson: card by card, each with a live exhibit on the learner's own sentence.

The screen owns the state, a `LessonView`, and nothing else does: widgets are told what to show and
answer with messages. Every change goes through `become`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual.timer import Timer

from engine.errors import EngineError
from engine.experiment import Experiment
from tui.actions import bindings, by_id
from tui.screens.lesson_away import RoamingLesson
from tui.screens.lesson_state import Journey, step
from tui.screens.lesson_view import LessonView
from tui.screens.progress_journey import events_between
from tui.screens.walk_state import Place
from tui.widgets.chips import Chips
from tui.widgets.sentence import one_line

if TYPE_CHECKING:
    from tui.learning_app import LearningApp

NO_JOURNEY = Journey()
READING_PAUSE = 0.2
"""Seconds on a card after which it is being read, and the next one is made ready."""
PREPARING_PAUSE = 1.0
"""Seconds after the start when what the first opened number needs is made ready."""


class LessonScreen(RoamingLesson):
    """Teaches the course. It is kept while the app runs, and with it where the learner was.

    start: the run to begin with. lesson, card: where to begin; the first ones if left out, of a
    lesson that was begun the card where it was left. journey: what was seen and said before.
    """

    BINDINGS = bindings("lesson")

    def __init__(
        self,
        start: Experiment,
        lang: str,
        lesson: str = "",
        card: str = "",
        journey: Journey = NO_JOURNEY,
    ) -> None:
        line = one_line(start.text)
        experiment = start if line == start.text else replace(start, text=line)
        cards = {**journey.cards, lesson: card} if card else journey.cards
        begin = LessonView(experiment, lang, replace(journey, lesson=lesson, cards=cards))
        at = begin.journey.at(*begin.key) if card else begin.journey.entered(begin.lesson)
        self._view, self._before = replace(begin, journey=at), journey
        super().__init__(self._view)
        self._bar = ""
        self._ahead: Timer | None = None

    @property
    def view(self) -> LessonView:
        """What is shown now."""
        return self._view

    @property
    def lang(self) -> str:
        """The language of what is said."""
        return self._view.lang

    def on_mount(self) -> None:
        self.draw(self._view)
        self._note(self._before)
        self.set_timer(PREPARING_PAUSE, self._prepare)
        self._look_ahead()

    def on_screen_resume(self) -> None:
        self._draw_bar()

    def on_resize(self) -> None:
        # What is said below depends on what has room above.
        self.call_after_refresh(lambda: self.draw_readout(self._view))

    def _prepare(self) -> None:
        """Build the panel for the arithmetic while nobody waits for it."""
        from tui.screens.why import prepare_why

        prepare_why(self.app, self._view.experiment, self._view.lang)

    def _look_ahead(self) -> None:
        """Soon compute what is likely to be shown next, while the card is read."""
        if self._ahead is not None:
            self._ahead.stop()
        self._ahead = self.set_timer(READING_PAUSE, self._make_ahead)

    def _make_ahead(self) -> None:
        """Compute the exhibit behind the question, else the next card's."""
        view = self._view
        if not view.hidden:
            view = replace(view, journey=step(view.journey, view.course, 1))
        with suppress(EngineError):  # told when it is shown
            self.figure(view)

    # State: the only way to change it

    def become(self, view: LessonView, redraw: bool = True) -> bool:
        """Show another moment. Where it cannot be computed, say why and keep the present one."""
        try:
            view.experiment.trace  # noqa: B018 (computed here, so that nothing fails half drawn)
        except EngineError as error:
            self.say(error)
            return False
        before, self._view = self._view, view
        if view.journey is not before.journey:
            self._note(before.journey)
        if view.key != before.key:
            self._leave_exhibit()
            self.hush()
            self._look_ahead()
        if redraw:
            self.draw(view)
            self._draw_bar()
        else:
            self.draw_readout(view)
        return True

    def _note(self, before: Journey) -> None:
        """Have what was newly seen and said kept."""
        events = events_between(before, self._view.journey)
        if events:
            cast("LearningApp", self.app).learner.take(*events)

    def _leave_exhibit(self) -> None:
        """What had the focus belongs to the card before."""
        if self.focused is not None and self.focused is not self.head.box:
            self._empty_box()
            self.set_focus(None)

    def show_at(self, journey: Journey) -> None:
        """Go to a card."""
        self.become(replace(self._view, journey=journey, lit="", place=Place()))

    def enter(self, lesson: str, card: str = "", experiment: Experiment | None = None) -> None:
        """Go to a lesson, at a card or where it was left, and with another run if one is given."""
        view = self._view
        if experiment is not None and experiment is not view.experiment:
            view = replace(view, experiment=experiment)
            self.wish(experiment)
        here = lesson == view.lesson.id and not card
        journey = view.journey
        if not here:
            there = view.course.lesson(lesson)
            journey = journey.at(lesson, card) if card else journey.entered(there)
        self.become(replace(view, journey=journey, lit="", place=Place()))

    def speak(self, lang: str) -> None:
        """Say everything in another language."""
        self._view = replace(self._view, lang=lang)
        self._too_small.update(self._view.words("app.too_small"))
        self.head.box.placeholder = self._view.words("sentence.placeholder")
        self.draw(self._view)
        self._draw_bar()

    def _draw_bar(self) -> None:
        self.draw_footer(self._view, self._bar_now())

    def _bar_now(self) -> str:
        focused = self.focused
        if focused in (self.head.box, self.body.answer):
            return "lesson_edit"
        if focused is not None:
            return "lesson_cells"
        return "lesson_guess" if self._view.is_open else "lesson"

    # Keys: from card to card

    def step_card(self, by: int) -> None:
        """Go some cards on, over the ends of lessons."""
        view = self._view
        journey = step(view.journey, view.course, by)
        if journey.card_in(journey.lesson_in(view.course)) is view.card:
            self.say(view.words("notice.last_card" if by > 0 else "notice.first_card"))
        else:
            self.show_at(journey)

    def action_ends(self, where: int) -> None:
        """Go to the first (-1) or last (1) card of the lesson."""
        lesson = self._view.lesson
        card = lesson.cards[0 if where < 0 else -1]
        self.show_at(self._view.journey.at(lesson.id, card.id))

    def action_scroll(self, pages: int) -> None:
        """Go on in words that are longer than their room, else in an exhibit that is."""
        figure = self.body.figure
        if self.body.fits and self.body.exhibit is figure:
            figure.scroll_relative(y=pages * max(figure.size.height - 1, 1), animate=False)
            self.draw_readout(self._view)
        else:
            self.body.card.scroll_page(pages)

    def action_leave(self) -> None:
        """Take the focus from wherever it is; from nowhere, choose nothing any more."""
        if self.focused is None and self._view.lit:
            self.light("")
        super().action_leave()

    # What the widgets tell

    def on_descendant_focus(self) -> None:
        self._focus_moved()

    def on_descendant_blur(self) -> None:
        self._focus_moved()

    def _focus_moved(self) -> None:
        self.body.want(self.focused is not None and self.focused is self.exhibit)
        self._draw_bar()
        self.draw_readout(self._view)

    async def on_chips_chosen(self, event: Chips.Chosen) -> None:
        chosen = event.chip_id
        if chosen.startswith("card."):
            card = chosen.removeprefix("card.")
            self.show_at(self._view.journey.at(self._view.lesson.id, card))
        elif chosen:
            await self.run_action(by_id(chosen).call or "nothing")

    def on_chips_rolled(self, event: Chips.Rolled) -> None:
        if event.chips.id == "dots":
            self.step_card(event.step)
