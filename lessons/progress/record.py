"""What a learner has done, as one frozen object, and the events that change it.

Everything is keyed by the ids of lessons, cards and questions, never by their places, so that a
course that grows or is put in another order loses nothing. What a file holds and this version
does not know is kept as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from lessons.progress.review import ahead, postponed, reviewed

SCHEMA = 1
RESULTS = ("right", "wrong", "skipped")
Json = Mapping[str, Any]
_NOTHING: Json = MappingProxyType({})


def now() -> str:
    """The present moment, as the file writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Reply:
    """What was said to a question.

    question, lesson: ids. result: one of RESULTS. mistake: the name of the known mistake that was
    made, if it was one. hints: how many were asked for. id: unique, so that no reply is counted
    twice.
    """

    question: str
    lesson: str
    result: str
    mistake: str = ""
    hints: int = 0
    time: str = field(default_factory=now)
    id: str = field(default_factory=lambda: uuid4().hex)

    def apply(self, progress: Progress) -> Progress:
        """With the reply, and the question's next day; a reply that is there changes nothing."""
        if any(reply.id == self.id for reply in progress.replies):
            return progress
        reviews = dict(progress.reviews)
        known = reviews.get(self.question)
        reviews[self.question] = (
            postponed(known, self.time)
            if self.result == "skipped"
            else reviewed(known, self.result == "right", self.hints > 0, self.time)
        )
        return replace(
            progress, replies=(*progress.replies, self), reviews=MappingProxyType(reviews)
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """A card was looked at."""

    lesson: str
    card: str
    time: str = field(default_factory=now)

    def apply(self, progress: Progress) -> Progress:
        """With the card seen, at the time when it was first."""
        cards = {**progress.seen.get(self.lesson, _NOTHING)}
        cards.setdefault(self.card, self.time)
        return replace(progress, seen=_with(progress.seen, self.lesson, MappingProxyType(cards)))


@dataclass(frozen=True, slots=True)
class Guessed:
    """What was said to the guess of a card, as the lesson keeps it."""

    lesson: str
    card: str
    said: Json

    def apply(self, progress: Progress) -> Progress:
        """With the latest guess."""
        cards = _with(progress.guesses.get(self.lesson, _NOTHING), self.card, dict(self.said))
        return replace(progress, guesses=_with(progress.guesses, self.lesson, cards))


@dataclass(frozen=True, slots=True)
class Set:
    """A setting, such as the language, the last sentence or the place in the course."""

    name: str
    value: Any

    def apply(self, progress: Progress) -> Progress:
        """With the latest value."""
        return replace(progress, settings=_with(progress.settings, self.name, self.value))


Event = Reply | Seen | Guessed | Set


@dataclass(frozen=True)
class Progress:
    """All of it.

    settings: by name. seen: when each card was first looked at, by lesson and card. guesses: what
    was said on each card. replies: answers to questions, the oldest first. reviews: for each
    question what the scheduler knows, "due" among it. rest: what only other versions know.
    """

    settings: Json = field(default_factory=lambda: _NOTHING)
    seen: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    guesses: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    replies: tuple[Reply, ...] = ()
    reviews: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    rest: Json = field(default_factory=lambda: _NOTHING)

    def due(self, at: str) -> list[str]:
        """The questions that are due, the longest overdue first.

        One that was answered on a day yet to come, by a clock that was wrong, is due as well.
        """
        now = _moment(at)
        waiting = []
        for id, review in self.reviews.items():
            last = review.get("last_review")
            if _moment(str(review["due"])) <= now or (last and ahead(_moment(str(last)), now)):
                waiting.append((str(review["due"]), id))
        return [id for _, id in sorted(waiting)]

    def to_json(self) -> dict[str, Any]:
        """The object that the file holds."""
        return {
            **self.rest,
            "schema": SCHEMA,
            "settings": dict(self.settings),
            "seen": {lesson: dict(cards) for lesson, cards in self.seen.items()},
            "guesses": {lesson: dict(cards) for lesson, cards in self.guesses.items()},
            "replies": [_reply_json(reply) for reply in self.replies],
            "reviews": {id: dict(review) for id, review in self.reviews.items()},
        }

    @classmethod
    def from_json(cls, table: Any) -> Progress:
        """What `to_json` wrote. Raises ValueError for anything else."""
        try:
            known = {"schema", "settings", "seen", "guesses", "replies", "reviews"}
            found = cls(
                MappingProxyType(dict(table["settings"])),
                MappingProxyType({k: MappingProxyType(dict(v)) for k, v in table["seen"].items()}),
                MappingProxyType({k: dict(v) for k, v in table["guesses"].items()}),
                tuple(Reply(**reply) for reply in table["replies"]),
                MappingProxyType({k: dict(v) for k, v in table["reviews"].items()}),
                MappingProxyType({k: v for k, v in table.items() if k not in known}),
            )
            for reply in found.replies:
                _moment(reply.time)
                if reply.result not in RESULTS:
                    raise ValueError(reply.result)
            for review in found.reviews.values():
                _moment(str(review["due"]))
                _moment(str(review.get("last_review") or review["due"]))
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(str(error)) from error
        return found


def _reply_json(reply: Reply) -> dict[str, Any]:
    return {name: getattr(reply, name) for name in Reply.__slots__}


def _with(table: Mapping[str, Any], key: str, value: Any) -> Mapping[str, Any]:
    return MappingProxyType({**table, key: value})


def _moment(written: str) -> datetime:
    """A moment that a file tells. Raises ValueError."""
    moment = datetime.fromisoformat(written)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
