"""A lesson in the dialogue: from card to card, answering, asking doubts, turning knobs."""

from __future__ import annotations

from dataclasses import replace

from engine.errors import EngineError
from lessons.course import Guess
from lessons.findings.registry import filled_plain
from tui.plain.card import CardRoom
from tui.plain.session import Session, Texts
from tui.plain.trouble import PlainError
from tui.plain.verbs import folded, integers, is_command, read
from tui.screens.lesson_guess import answer_of
from tui.screens.lesson_knobs import knob_name, knob_of, typed
from tui.screens.lesson_state import step
from tui.screens.lesson_view import HEAD

COMMANDS = {"next", "back", "again", "more", "doubts", "course", "help", "quit", "lang"}
"""What is done even while words are waited for; anything else is an answer then."""


class LessonRoom(CardRoom):
    """The course, at the card where the journey is."""

    def takes(self, line: str) -> Texts | None:
        """An answer in words, where one is waited for."""
        view, guess = self.view, self.view.card.guess
        if guess is None or not view.is_open or guess.kind not in ("word", "open", "number"):
            return None
        if guess.kind == "number":
            return None if read(line)[0] else self.answer(line)
        return None if is_command(line, COMMANDS) else self.answer(line)

    def do(self, verb: str, rest: str) -> Texts | None:
        view, guess = self.view, self.view.card.guess
        if verb == "enter":
            return [self.words("ask.first")] if view.is_open else self.move(1)
        if verb in ("next", "back"):
            return self.move(1 if verb == "next" else -1)
        if verb == "answer" or (verb == "" and guess is not None and view.is_open):
            return self.answer(rest)
        if verb in ("", "tick") and guess is not None and guess.kind == "open" and integers(rest):
            return self._tick(guess, integers(rest))
        if verb == "" and 0 < len(integers(rest)) < 3:
            return self.session.open(*self.cell(integers(rest)))
        if verb == "doubts":
            return self._doubts(rest)
        if verb == "turn":
            return self._turn(rest)
        if verb == "head":
            return self._head(rest)
        return None

    def move(self, by: int) -> Texts:
        """Go to another card."""
        session, view = self.session, self.view
        journey = step(session.journey, view.course, by)
        if journey.card_in(journey.lesson_in(view.course)) is view.card:
            return [view.words("notice.last_card" if by > 0 else "notice.first_card")]
        session.journey = journey
        return self.arrive()

    def answer(self, said: str) -> Texts:
        """Take an answer, and say what is so. Raises PlainError for what is none."""
        view, guess = self.view, self.view.card.guess
        if guess is None or not view.is_open:
            raise PlainError("trouble.nothing_asked")
        given = answer_of(guess, view.finished.scene, self._meant(guess, said.strip()))
        if given is None:
            raise PlainError(f"trouble.ask_{guess.kind}", last=len(guess.choices))
        hidden = view.hidden
        self.session.journey = self.session.journey.answered(view.key, given)
        told = self.asked(again=False)
        return [*told, *(self.exhibit(self.lines(told)) if hidden else [])]

    def _meant(self, guess: Guess, said: str) -> str:
        """The id of a choice, or a position; what was typed where that is the answer."""
        n = integers(said)
        if guess.kind == "pick":
            if len(n) != 1 or not 1 <= n[0] <= len(guess.choices):
                raise PlainError("trouble.ask_pick", last=len(guess.choices))
            return guess.choices[n[0] - 1][0]
        if guess.kind == "point":
            labels = self.view.finished.scene.labels
            alike = [i for i, label in enumerate(labels) if folded(label) == folded(said)]
            if len(n) == 1 and 1 <= n[0] <= len(labels):
                return str(n[0] - 1)
            if len(alike) != 1:
                raise PlainError("trouble.ask_point", last=len(labels))
            return str(alike[0])
        return said

    def _tick(self, guess: Guess, points: list[int]) -> Texts:
        view, answer = self.view, self.view.answer
        if answer is None or not all(1 <= n <= len(guess.points) for n in points):
            raise PlainError("trouble.points", last=len(guess.points))
        ticked = answer.ticked ^ {n - 1 for n in points}
        self.session.journey = view.journey.answered(view.key, replace(answer, ticked=ticked))
        return self.asked()[-len(guess.points) :]

    def _doubts(self, rest: str) -> Texts:
        """The doubts of the card by number; the answer to the one that is asked for."""
        view = self.view
        doubts, n = view.card.doubts, integers(rest)
        if not doubts:
            return [view.words("doubts.none")]
        questions = [filled_plain(one.question, view.scene) for one in doubts]
        if len(doubts) > 1 and not n:
            listed = [f"{i}) {text}" for i, text in enumerate(questions, 1)]
            return [*listed, self.words("lesson.which_doubt")]
        at = n[0] if n else 1
        if not 1 <= at <= len(doubts):
            raise PlainError("trouble.doubt", last=len(doubts))
        answer = filled_plain(doubts[at - 1].answer, view.scene)
        return [questions[at - 1], *answer.split("\n\n")]

    def _turn(self, rest: str) -> Texts:
        """Give a knob another value: its number and the value; the value alone, of the first."""
        view = self.view
        knobs = view.knobs
        if view.hidden:
            raise PlainError("trouble.answer_first")
        if not knobs:
            raise PlainError("trouble.no_knob")
        first, _, value = rest.partition(" ")
        n = integers(first)
        if not value.strip():
            first, value, n = "1", rest, [1]
        if not value.strip() or len(n) != 1 or not 1 <= n[0] <= len(knobs):
            raise PlainError("trouble.turn", last=len(knobs))
        knob = knob_of(view, knobs[n[0] - 1].id)
        assert knob is not None
        new = typed(view, knob, value)
        if new is None:
            name = knob_name(view, knob)
            return [view.words("notice.no_value", text=value.strip(), knob=name)]
        return self._turned(knob.id, new)

    def _head(self, rest: str) -> Texts | None:
        """Another head of a station."""
        view, n = self.view, integers(rest)
        if view.walk is None or not view.tells_heads or view.hidden:
            return None
        heads = view.experiment.model.config.n_heads
        head = n[0] - 1 if n else (view.walk.head + 1) % heads
        if not 0 <= head < heads:
            raise PlainError("trouble.head", last=heads)
        return self._turned(HEAD, head)

    def _turned(self, knob: str, value: float | int | str) -> Texts:
        before = self.session.journey
        self.session.journey = before.turned(self.view.key, knob, value)
        try:
            return self.exhibit(0)
        except EngineError:
            self.session.journey = before
            raise


def enter_lesson(session: Session, lesson: str, card: str = "") -> Texts:
    """Go to a lesson: to a card, or to where it was left."""
    there, journey = session.course.lesson(lesson), session.journey
    known = card in [one.id for one in there.cards]
    session.journey = journey.at(lesson, card) if known else journey.entered(there)
    room = session.rooms[0] if session.rooms else None
    return session.go(room if isinstance(room, LessonRoom) else LessonRoom(session))
