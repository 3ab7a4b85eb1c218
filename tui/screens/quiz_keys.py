"""Answering by keys and mouse: what each of them means for each kind of question."""

from __future__ import annotations

from dataclasses import replace

from textual import events, on
from textual.widgets import Input

from engine.errors import EngineError
from lessons.quiz.question import Answer
from tui.screens.lesson_guess import read_number
from tui.screens.quiz_frame import QuizFrame
from tui.screens.quiz_state import (
    Sitting,
    lit,
    matched,
    moved,
    put_at,
    reply_of,
    shifted,
    ticked,
)
from tui.screens.quiz_view import QuizView
from tui.widgets.card import CardView
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.quiz_body import AnswerBox

TRUE_KEYS, FALSE_KEYS = ("v", "t"), ("f",)
MISSING = {"all": "none_ticked", "match": "not_matched"}


class AnsweringQuiz(QuizFrame):
    """A quiz whose questions can be answered."""

    @property
    def view(self) -> QuizView:
        """What is shown now."""
        raise NotImplementedError

    def become(self, sitting: Sitting) -> None:
        """Show another moment of the sitting."""
        raise NotImplementedError

    def give(self, reply: Answer | None) -> None:
        """Take an answer, or None for a skipped question."""
        raise NotImplementedError

    def go_on(self) -> None:
        """Go from what is told to the next question, or from the end to what comes then."""
        raise NotImplementedError

    @property
    def _asking(self) -> str:
        """The kind of the question that waits for its answer; empty where none does."""
        view = self.view
        return "" if view.sitting.over or view.sitting.told else view.question.kind

    # Keys

    def action_move(self, by: int) -> None:
        """Choose the next line."""
        self.become(moved(self.view.sitting, by))

    def action_tick(self) -> None:
        """Tick the chosen line; of a single choice, choose it."""
        sitting = self.view.sitting
        if sitting.n_lines and sitting.draft.lit < 0:
            self.become(moved(sitting, 1))
        elif sitting.checks or self._asking == "all":
            self.become(ticked(sitting, sitting.draft.lit))

    def action_shift(self, by: int) -> None:
        """Move the chosen step of an order."""
        if self._asking == "order":
            self.become(shifted(self.view.sitting, by))

    def action_truth(self, line: int) -> None:
        """Choose true (0) or false (1)."""
        if self._asking == "truth":
            self.become(lit(self.view.sitting, line))

    def action_enter(self) -> None:
        """Answer; begin to write; or go on from what is told."""
        view = self.view
        if not self._asking:
            self.go_on()
            return
        if self._asking in ("number", "open"):
            self.set_focus(self.body.box, scroll_visible=False)
            return
        reply = reply_of(view.sitting)
        if reply is None:
            self.say(view.words(f"quiz_notice.{MISSING.get(self._asking, 'none')}"))
        else:
            self.give(reply)

    def action_hint(self) -> None:
        """Show one hint more."""
        sitting = self.view.sitting
        if not self._asking:
            return
        if sitting.hints < len(sitting.question.hints):
            self.become(replace(sitting, hints=sitting.hints + 1))
            self.call_after_refresh(self.body.card.scroll_end, animate=False)
        else:
            self.say(self.view.words("quiz_notice.no_hint"))

    def action_skip(self) -> None:
        """Leave the question without an answer, and see what is so."""
        if self._asking:
            self.give(None)
        elif self.view.sitting.told:
            self.go_on()

    def action_why(self) -> None:
        """Open the arithmetic of the number that was asked for: an answer can be contested."""
        view = self.view
        if not view.sitting.told:
            return
        if view.question.ref is None:
            self.say(view.words("quiz_notice.no_ref"))
            return
        from tui.screens.why import open_why  # not needed before the first number is opened

        try:
            open_why(self.app, view.experiment, view.question.ref, view.lang)
        except EngineError as error:
            self.say(error)

    def action_scroll(self, pages: int) -> None:
        """Go on in words that are longer than their room."""
        self.body.card.scroll_page(pages)

    def on_key(self, event: events.Key) -> None:
        """A digit chooses by number, or begins to write one."""
        if self.focused is not None or not self._asking:
            return
        character = event.character or ""
        if self._asking == "number" and character and character in "0123456789.,-−":
            self.set_focus(self.body.box, scroll_visible=False)
            self.body.box.insert_text_at_cursor(character)
        elif character.isdecimal() and character.isascii() and character != "0":
            self._choose(int(character) - 1)
        else:
            return
        event.stop()

    def _choose(self, n: int) -> None:
        """A line by its number: what that does depends on the kind."""
        sitting = self.view.sitting
        if self._asking == "match":
            self.become(matched(sitting, n))
        elif self._asking == "order":
            self.become(put_at(sitting, n))
        elif n < sitting.n_lines:
            self.become(ticked(sitting, n) if self._asking == "all" else lit(sitting, n))

    # The line to answer in

    @on(Input.Submitted, "#answer")
    def _typed(self, event: Input.Submitted) -> None:
        event.prevent_default()
        text, words = self.body.box.value.strip(), self.view.words
        if not self._asking:
            return
        if self._asking == "open":
            if text:
                self.give(text)
            else:
                self.say(words("quiz_notice.no_text"))
            return
        value = read_number(text)
        if value is None:
            self.say(words("quiz_notice.no_number"))
        else:
            self.give(value)

    async def on_answer_box_letter(self, event: AnswerBox.Letter) -> None:
        """What the key means where nothing is typed."""
        found = self.active_bindings.get(event.key)
        if found is not None:
            await self.app.run_action(found.binding.action, found.node)

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input is self.body.box:
            event.prevent_default()  # only the sentence is run as it is typed

    # The mouse, and the exhibit

    def on_card_view_chosen(self, event: CardView.Chosen) -> None:
        """A click chooses, and a second one answers; ticks and partners at once."""
        kind, _, number = event.target.partition(":")
        sitting = self.view.sitting
        if kind == "go":
            self.go_on()
        elif kind == "give":
            self.become(matched(sitting, int(number)))
        elif sitting.checks or self._asking == "all":
            self.become(ticked(sitting, int(number)))
        elif sitting.draft.lit != int(number):
            self.become(lit(sitting, int(number)))
        elif self._asking in ("pick", "truth"):
            self.action_enter()
        elif sitting.over:
            self.go_on()

    def on_exhibit_pane_moved(self, event: ExhibitPane.Moved) -> None:
        sitting = self.view.sitting
        if self._asking == "point":
            cell = event.row, event.col
            self.become(replace(sitting, draft=replace(sitting.draft, cell=cell)))

    def on_exhibit_pane_opened(self, event: ExhibitPane.Opened) -> None:
        """Enter, or a double click, on a cell is the answer; then it goes on."""
        if self._asking == "point":
            self.give((event.row, event.col))
        elif self.view.sitting.told:
            self.go_on()
