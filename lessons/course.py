"""The course of one language as frozen objects, read from content/ and checked as it is read.

content/index.toml names the lessons in their order. A lesson's folder holds what its languages
share, lesson.toml, and its prose, es.md and en.md, under the same headings. Whatever does not fit
together is a ContentError that says where, so that no learner meets it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from lessons.cards import GUESSES, Card, Doubt, Guess, Term
from lessons.content_error import ContentError
from lessons.course_text import CardText, GuessText, LessonText, TermText, read_text

__all__ = ["GUESSES", "Card", "Course", "Doubt", "Guess", "Lesson", "Term", "course", "read_lesson"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. needs: the lessons that it rests on. number: its place, from 1; 0 has none."""

    id: str
    number: int
    minutes: int
    needs: tuple[str, ...]
    title: str
    goal: str
    cards: tuple[Card, ...]
    terms: tuple[Term, ...]
    sources: tuple[str, ...]

    def card_index(self, id: str) -> int:
        """The place of a card. Raises KeyError."""
        for i, card in enumerate(self.cards):
            if card.id == id:
                return i
        raise KeyError(id)


@dataclass(frozen=True, slots=True)
class Course:
    """All lessons of a language, in their order. Get it with `course(lang)`."""

    lang: str
    lessons: tuple[Lesson, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term, in the order in which they are introduced."""
        return tuple(term for lesson in self.lessons for term in lesson.terms)

    def lesson(self, id: str) -> Lesson:
        """The lesson of an id. Raises KeyError."""
        return self.lessons[self.index(id)]

    def index(self, id: str) -> int:
        """The place of a lesson, from 0. Raises KeyError."""
        for i, lesson in enumerate(self.lessons):
            if lesson.id == id:
                return i
        raise KeyError(id)

    def term(self, id: str) -> Term:
        """The term of an id. Raises KeyError."""
        for term in self.terms:
            if term.id == id:
                return term
        raise KeyError(id)


@cache
def course(lang: str) -> Course:
    """The course of a language, such as "es". Raises ContentError."""
    index = _read_toml("index.toml")["lesson"]
    lessons: list[Lesson] = []
    number = 0
    for entry in index:
        number += not entry.get("unnumbered", False)
        here = 0 if entry.get("unnumbered", False) else number
        lessons.append(read_lesson(entry, here, lang))
    return Course(lang, tuple(lessons))


def read_lesson(entry: Mapping[str, Any], number: int, lang: str) -> Lesson:
    """One lesson, from its line of the index and its folder. Raises ContentError."""
    id = entry["id"]
    where = f"{id}/{lang}.md"
    table = _read_toml(f"{id}/lesson.toml")
    text = read_text(files("lessons").joinpath("content", id, f"{lang}.md").read_text("utf-8"))
    cards = [_card(one, text, where) for one in table["card"]]
    if [card.id for card in cards] != [*text.cards]:
        raise ContentError(f"{where}: cards {[*text.cards]} are not those of lesson.toml")
    if set(table["terms"]) != text.terms.keys():
        raise ContentError(f"{where}: terms {[*text.terms]} are not those of lesson.toml")
    used = {doubt.id for card in cards for doubt in card.doubts}
    if used != text.doubts.keys():
        raise ContentError(f"{where}: doubts {used ^ text.doubts.keys()} have no card or no answer")
    terms = tuple(_term(term, text.terms[term], id) for term in table["terms"])
    next_card = Card("next", "next", text.next_title, text.next)
    return Lesson(
        id,
        number,
        entry["minutes"],
        tuple(entry["needs"]),
        text.title,
        text.goal,
        (*cards, next_card),
        terms,
        tuple(table["sources"]),
    )


def _term(id: str, said: TermText, lesson: str) -> Term:
    return Term(id, said.names, said.forms, said.everyday, said.definition, said.example, lesson)


def _card(table: Mapping[str, Any], text: LessonText, where: str) -> Card:
    id = table["id"]
    unknown = table.keys() - {"id", "role", "figure", "stage", "block", "head", "set"}
    unknown -= {"guess", "doubts", "first", "later"}
    if unknown or (table.get("figure") and table.get("stage")):
        raise ContentError(f"{where}: card {id}: {unknown or 'a figure and a stage'}")
    try:
        said: CardText = text.cards[id]
        doubts = tuple(Doubt(one, *text.doubts[one]) for one in table.get("doubts", ()))
    except KeyError as error:
        raise ContentError(f"{where}: card {id}: nothing under {error}") from None
    card = Card(
        id,
        table.get("role", "idea"),
        said.title,
        said.prose,
        table.get("figure", ""),
        table.get("stage", ""),
        table.get("block", 0),
        table.get("head", 0),
        MappingProxyType(table.get("set", {})),
        doubts=doubts,
        first=table.get("first", ""),
        later=tuple(table.get("later", ())),
    )
    if ("guess" in table) != (said.guess is not None):
        raise ContentError(f"{where}: card {id}: a guess without a question, or the reverse")
    if said.guess is None:
        return card
    return replace(card, guess=_guess(table["guess"], said.guess, f"{where}: card {id}"))


def _guess(table: Mapping[str, Any], said: GuessText, where: str) -> Guess:
    guess = Guess(
        table["kind"],
        said.question,
        said.reveal,
        said.choices,
        table.get("answer", ""),
        table.get("computed", False),
        table.get("tolerance", 0.0),
        table.get("show", False),
        said.points,
    )
    picks = guess.kind == "pick"
    if guess.kind not in GUESSES or picks != bool(guess.choices):
        raise ContentError(f"{where}: a {guess.kind} with choices {guess.choices}")
    if picks and not guess.computed and guess.answer not in dict(guess.choices):
        raise ContentError(f"{where}: no choice is called {guess.answer!r}")
    if (guess.kind == "open") != bool(guess.points):
        raise ContentError(f"{where}: an open question needs points, and only that")
    return guess


def _read_toml(name: str) -> dict[str, Any]:
    path = files("lessons").joinpath("content", *name.split("/"))
    return tomllib.loads(path.read_text(encoding="utf-8"))
