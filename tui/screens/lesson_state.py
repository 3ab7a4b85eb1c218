"""What a learner has seen, said and turned in the course. Pure, and all of it keyed by ids.

Ids outlive what positions do not: a card added, a lesson moved. So what is kept here can be saved
and found again, and what it names and the course no longer has is passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lessons.course import Card, Course, Lesson
from lessons.figures.knobs import Value

Key = tuple[str, str]
"""A lesson's id and a card's."""
NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to a guess.

    said: the id of a choice, a position of the sentence, a number, or a text.
    shown: how it is written when it is told again: for a position its word, since another sentence
    has other words there. ticked: the points of an open question that the answer was found to hold.
    """

    said: str | int | float
    shown: str
    ticked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Journey:
    """Where the learner is and has been.

    lesson: the present one. cards: the card where each lesson was left. seen: the cards that were
    looked at. answers: what was said. knobs: what was turned, card by card.
    """

    lesson: str = ""
    cards: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    seen: frozenset[Key] = frozenset()
    answers: Mapping[Key, Answer] = field(default_factory=lambda: MappingProxyType({}))
    knobs: Mapping[Key, Mapping[str, Value]] = field(default_factory=lambda: MappingProxyType({}))

    def at(self, lesson: str, card: str) -> Journey:
        """On a card, which is seen then."""
        cards = MappingProxyType({**self.cards, lesson: card})
        return replace(self, lesson=lesson, cards=cards, seen=self.seen | {(lesson, card)})

    def answered(self, key: Key, answer: Answer) -> Journey:
        """With an answer."""
        return replace(self, answers=MappingProxyType({**self.answers, key: answer}))

    def turned(self, key: Key, knob: str, value: Value) -> Journey:
        """With a knob turned."""
        present = MappingProxyType({**self.knobs.get(key, NOTHING), knob: value})
        return replace(self, knobs=MappingProxyType({**self.knobs, key: present}))

    def done(self, lesson: Lesson) -> str:
        """How much of a lesson was seen: "none", "some" or "all" of its cards."""
        seen = [(lesson.id, card.id) in self.seen for card in lesson.cards]
        return "all" if all(seen) else "some" if any(seen) else "none"

    def lesson_in(self, course: Course) -> Lesson:
        """The present lesson, or the first one."""
        ids = [lesson.id for lesson in course.lessons]
        return course.lessons[ids.index(self.lesson) if self.lesson in ids else 0]

    def card_in(self, lesson: Lesson) -> Card:
        """The card where a lesson was left, or its first one."""
        ids = [card.id for card in lesson.cards]
        left = self.cards.get(lesson.id, "")
        return lesson.cards[ids.index(left) if left in ids else 0]

    def entered(self, lesson: Lesson) -> Journey:
        """In a lesson: where it was left, or at its beginning if it is new or was all seen."""
        card = self.card_in(lesson) if self.done(lesson) == "some" else lesson.cards[0]
        return self.at(lesson.id, card.id)

    def begun(self, course: Course, lesson_id: str) -> bool:
        """Whether a lesson is the present one, an earlier one, or one that was looked into."""
        lesson = course.lesson(lesson_id)
        here = course.index(self.lesson_in(course).id) if self.lesson else -1
        return course.index(lesson_id) <= here or self.done(lesson) != "none"

    def known(self, course: Course) -> frozenset[str]:
        """The ids of the terms that begun lessons introduce."""
        begun = (lesson for lesson in course.lessons if self.begun(course, lesson.id))
        return frozenset(term.id for lesson in begun for term in lesson.terms)


def step(journey: Journey, course: Course, by: int) -> Journey:
    """So many cards on, over the ends of lessons; the ends of the course hold."""
    here = journey.lesson_in(course)
    index, card = course.index(here.id), here.card_index(journey.card_in(here).id)
    while by:
        way = 1 if by > 0 else -1
        if 0 <= card + way < len(course.lessons[index].cards):
            card += way
        elif 0 <= index + way < len(course.lessons):
            index += way
            card = 0 if way > 0 else len(course.lessons[index].cards) - 1
        else:
            break
        by -= way
    lesson = course.lessons[index]
    return journey.at(lesson.id, lesson.cards[card].id)
