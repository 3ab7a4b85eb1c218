"""What the command palette finds: actions, stations, lessons, cards and terms, by what they say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, cast

from textual.command import Hit, Hits, Provider
from textual.content import Content

import lessons.course
from lessons.course import Card
from lessons.markup import plain
from lessons.prose import prose
from lessons.stages import stages
from tui.screens.lesson_words import lesson_words
from tui.screens.lookup import plainly, says

if TYPE_CHECKING:
    from tui.course_app import CourseApp

MOST_HITS = 40
_PLACE = re.compile(r"\{\w+\}")
_NAMED, _SAID = 0.6, 0.4
"""Scores of what is found by its name, and of what only says the words: below most actions."""


@dataclass(frozen=True)
class Place:
    """Something to go to. name: by which it is shown; says: its words; go: goes there."""

    name: str
    says: str
    help: str
    go: Callable[[], None]


class CourseProvider(Provider):
    """Finds places of the course and of the walk by every word in them."""

    async def search(self, query: str) -> Hits:
        """The places that say all the words, those first that have them in their name."""
        app = cast("CourseApp", self.app)
        found = [place for place in places(app) if says(query, place.name, place.says)]
        # A walk offers its stations by their names already.
        known = {command.title for command in app.get_system_commands(self.screen)}
        matcher = self.matcher(query)
        found = [p for p in found if p.name not in known or not matcher.match(p.name)]
        found.sort(key=lambda place: not says(query, place.name))
        for rank, place in enumerate(found[:MOST_HITS]):
            named = says(query, place.name)
            score = (_NAMED if named else _SAID) - rank / 1000
            yield Hit(score, lit(place.name, query), place.go, place.name, place.help)


def lit(name: str, query: str) -> Content:
    """The name with the first place of every word of the query underlined."""
    content, said = Content(name), plainly(name)
    if len(said) != len(name):  # letters that are written otherwise without their accents
        return content
    for word in plainly(query).split():
        at = said.find(word)
        if at >= 0:
            content = content.stylize("underline", at, at + len(word))
    return content


def unfilled(text: str) -> str:
    """A text without its marks and without the places that a run fills."""
    return plain(_PLACE.sub(" ", text))


@cache
def _said_in(lang: str) -> Mapping[tuple[str, str], str]:
    """All that the cards say, by lesson and card; gathered at the first search."""
    return {
        (lesson.id, card.id): said_on(card)
        for lesson in lessons.course.course(lang).lessons
        for card in lesson.cards
    }


def said_on(card: Card) -> str:
    """All that a card says: its prose, its question with choices and answer, its doubts."""
    texts = [card.prose]
    if card.guess is not None:
        guess = card.guess
        texts += [guess.question, *(text for _, text in guess.choices), guess.reveal, *guess.points]
    for doubt in card.doubts:
        texts += [doubt.question, doubt.answer]
    return "\n".join(map(unfilled, texts))


def places(app: CourseApp) -> Iterator[Place]:
    """Every place of the course in its order, then the terms, then the stations."""
    words, course = lesson_words(app.lang), lessons.course.course(app.lang)
    said = _said_in(app.lang)
    for lesson in course.lessons:
        number = f"{lesson.number}. " if lesson.number else ""
        where = f"{number}{lesson.title}"
        yield Place(
            words("find.lesson", title=where),
            f"{unfilled(lesson.goal)} {lesson.id}",
            plain(lesson.goal),
            partial(app.open_lesson, lesson.id),
        )
        for card in lesson.cards:
            yield Place(
                words("find.card", title=card.title),
                said[lesson.id, card.id],
                where,
                partial(app.open_lesson, lesson.id, card.id),
            )
    for term in course.terms:
        yield Place(
            words("find.term", name=term.name),
            " ".join((*term.forms, unfilled(term.definition))),
            plain(term.definition),
            partial(app.action_glossary, term.id),
        )
    run = app.run_now
    if run is not None:
        told = prose(app.lang)
        for stage in stages(run.model.config):
            if stage.block in (None, 0):
                shown = told.stage(stage.key)
                yield Place(
                    words("palette.stage", name=shown.name, title=shown.title),
                    f"{shown.name} {unfilled(shown.what)}",
                    shown.name,
                    partial(app.open_station, stage.id),
                )
