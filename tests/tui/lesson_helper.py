"""What the tests of the lessons share: the app at a lesson, and cards of each kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from textual.pilot import Pilot

from engine.experiment import Experiment
from engine.store import Model, load, shipped
from lessons.course import Card, Course, Lesson, course
from tests.tui.walk_helper import until
from tui.app import DesdeCero
from tui.screens.lesson import LessonScreen
from tui.screens.lesson_state import Answer, Journey
from tui.screens.lesson_view import LessonView

TEXTS = {
    "es": "El gato se subió al árbol porque tenía miedo del",
    "en": "The cat climbed the tree because it was afraid of the",
}
ODD = {
    "empty": "",
    "one word": "gato",
    "unknown": "zyx qwrtp blarg",
    "emoji": "👨‍👩‍👧 hola 🏳️‍🌈",
    "forty": " ".join(["el gato come un pez y"] * 7),
    "markup": "**gato** [x](#y) {last} `z`",
}
"""Sentences that every card has to stand."""


@cache
def mini(lang: str) -> Model:
    """The smallest shipped model of a language."""
    return load(shipped()[f"mini-{lang}"])


def lesson_app(lesson: str = "", lang: str = "es", text: str | None = None) -> DesdeCero:
    """The app, beginning with a lesson, the first one if none is given."""
    first = course(lang).lessons[0].id
    return DesdeCero(
        mini(lang), TEXTS[lang] if text is None else text, lang, lesson=lesson or first
    )


async def lesson_of(pilot: Pilot[None]) -> LessonScreen:
    """The lesson screen of a running app, once it is drawn."""
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, LessonScreen) and app.screen.is_mounted)
    await pilot.pause()
    assert isinstance(app.screen, LessonScreen)
    return app.screen


def all_cards(lang: str) -> list[tuple[Lesson, Card]]:
    """Every card of the course, in order."""
    return [(lesson, card) for lesson in course(lang).lessons for card in lesson.cards]


def card_where(wanted: Callable[[Card], bool], lang: str = "es") -> tuple[str, str]:
    """Lesson and id of the first card of a kind."""
    return next((lesson.id, card.id) for lesson, card in all_cards(lang) if wanted(card))


def asks(kind: str) -> Callable[[Card], bool]:
    """Whether a card asks a question of a kind, and has an exhibit that waits for the answer."""
    return lambda card: (
        card.guess is not None
        and card.guess.kind == kind
        and not card.guess.show
        and bool(card.figure or card.stage)
    )


def answered(whole: Course) -> Journey:
    """With something said to every question of the course."""
    journey = Journey()
    for lesson in whole.lessons:
        for card in lesson.cards:
            if card.guess is not None:
                choices = card.guess.choices
                journey = journey.answered((lesson.id, card.id), Answer(
                    choices[0][0] if choices else 1, "1"))  # fmt: skip
    return journey


def view_at(lesson: str, card: str, lang: str = "es", text: str | None = None) -> LessonView:
    """A card on a sentence, without an app."""
    run = Experiment(mini(lang), TEXTS[lang] if text is None else text)
    return LessonView(run, lang, Journey().at(lesson, card))
