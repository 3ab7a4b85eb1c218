"""Answering: what the keys mean while a card asks something, and what is kept of an answer."""

from __future__ import annotations

from dataclasses import replace

from textual import events
from textual.widgets import Input

from lessons.course import Guess
from tui.screens.lesson_card import TOKEN, first_guess, is_pointing, links, targets
from tui.screens.lesson_frame import TYPED_KINDS, LessonFrame
from tui.screens.lesson_guess import answer_of, begins
from tui.screens.lesson_view import LessonView
from tui.widgets.card import CardView


class AskingLesson(LessonFrame):
    """A lesson whose questions can be answered, and whose links can be followed."""

    @property
    def view(self) -> LessonView:
        """What is shown now."""
        raise NotImplementedError

    def become(self, view: LessonView, redraw: bool = True) -> bool:
        """Show another moment, or say why not; whether it is shown.

        redraw: whether more than the line under the card can differ.
        """
        raise NotImplementedError

    def follow(self, link: str) -> None:
        """Open a term or a lesson."""
        raise NotImplementedError

    def step_card(self, by: int) -> None:
        """Go some cards on."""
        raise NotImplementedError

    def light(self, target: str) -> None:
        """Choose something in the words of the card."""
        self.become(replace(self.view, lit=target))

    def action_pick(self, by: int) -> None:
        """Go to the next thing that can be chosen; the first time, to the first answer."""
        view = self.view
        there = targets(view)
        if not there:
            return
        if view.lit in there:
            self.light(there[(there.index(view.lit) + by) % len(there)])
        else:
            answers = first_guess(view)
            start = there.index(answers) if answers else 0
            self.light(there[start if by > 0 or not answers else start - 1])

    def action_step(self, by: int) -> None:
        """Go to the next word while one is pointed at; else to the next card."""
        if not is_pointing(self.view):
            self.step_card(by)
            return
        words = [target for target in targets(self.view) if target.startswith(TOKEN)]
        at = words.index(self.view.lit) + by
        if 0 <= at < len(words):
            self.light(words[at])

    def action_enter(self) -> None:
        """Give the answer that is chosen, or follow what is chosen; else begin to answer."""
        view, guess = self.view, self.view.card.guess
        if view.lit.startswith(("term:", "lesson:")):
            self.follow(view.lit)
        elif view.lit:
            self._take(view.lit)
        elif view.is_open and guess is not None:
            if guess.kind in TYPED_KINDS:
                self.set_focus(self.body.answer, scroll_visible=False)
            else:
                self.say(view.words("ask.none"))
        else:
            named = [link for link in links(view) if link.startswith("term:")]
            if named:
                self.light(named[0])
                self.follow(named[0])

    def _take(self, target: str) -> None:
        """Give the chosen answer; or tick a point of an open one."""
        kind, _, said = target.partition(":")
        if kind == "point":
            self._tick(int(said))
        elif self.view.is_open:
            self.answer(said)

    def answer(self, said: str) -> bool:
        """Keep an answer and show what is so; whether it was one."""
        view, guess = self.view, self.view.card.guess
        given = None if guess is None else answer_of(guess, view.finished.scene, said)
        if given is None:
            return False
        journey = view.journey.answered(view.key, given)
        self.become(replace(view, journey=journey, lit=""))
        # What is so comes last: where not all has room, that is what is looked for now.
        self.call_after_refresh(self.body.card.scroll_end, animate=False)
        return True

    def _tick(self, point: int) -> None:
        view, answer = self.view, self.view.answer
        if answer is not None:
            ticked = replace(answer, ticked=answer.ticked ^ {point})
            self.become(replace(view, journey=view.journey.answered(view.key, ticked)))

    # The line to answer in, and digits

    def answer_typed(self) -> None:
        """Give what was typed into the line."""
        box, guess = self.body.answer, self.view.card.guess
        if not box.value.strip() or guess is None:
            return
        if self.answer(box.value):
            self._empty_box()
            self.set_focus(None)
        elif guess.kind == "number":
            self.say(self.view.words("ask.no_number"))

    def _empty_box(self) -> None:
        with self.prevent(Input.Changed):
            self.body.answer.value = ""

    def on_key(self, event: events.Key) -> None:
        """A digit chooses an answer by its number; what can begin an answer begins to write it."""
        view, guess = self.view, self.view.card.guess
        if self.focused is not None or guess is None or not view.is_open:
            return
        character = event.character or ""
        if guess.kind == "pick" and character.isdecimal() and character.isascii():
            self._choose(guess, int(character))
            event.stop()
        elif begins(guess, character):
            self.set_focus(self.body.answer, scroll_visible=False)
            self.body.answer.insert_text_at_cursor(character)
            event.stop()
            event.prevent_default()  # or the letter would also do what it does elsewhere

    def _choose(self, guess: Guess, n: int) -> None:
        if 1 <= n <= len(guess.choices):
            self.light(f"choice:{guess.choices[n - 1][0]}")

    # The mouse

    def on_card_view_chosen(self, event: CardView.Chosen) -> None:
        """A click chooses an answer, and a second one gives it; links and points at once."""
        target, view = event.target, self.view
        if target.startswith(("term:", "lesson:")):
            self.light(target)
            self.follow(target)
        elif target.startswith("point:") or target == view.lit:
            self._take(target)
        else:
            self.light(target)
