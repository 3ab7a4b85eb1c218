"""When a question is asked again: the FSRS scheduler (Ye et al. 2022, and the library `fsrs`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

SKIPPED_FOR = timedelta(days=1)


@cache
def _scheduler() -> Scheduler:
    """Days, not minutes: a question comes again another day. No chance in it, so that what a
    learner is told to expect is what comes."""
    from fsrs import Scheduler

    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def reviewed(
    known: Mapping[str, Any] | None, right: bool, with_hints: bool, time: str
) -> dict[str, Any]:
    """What is known of a question after an answer.

    known: what was known before, None for a question that is new.
    """
    from fsrs import Rating

    card, moment = _card(known, time)
    rating = (Rating.Hard if with_hints else Rating.Good) if right else Rating.Again
    after, _ = _scheduler().review_card(card, rating, review_datetime=moment)
    return _table(after)


def postponed(known: Mapping[str, Any] | None, time: str) -> dict[str, Any]:
    """What is known of a question that was skipped: no more than before; it comes the next day."""
    card, moment = _card(known, time)
    card.due = moment + SKIPPED_FOR
    return _table(card)


def _card(known: Mapping[str, Any] | None, time: str) -> tuple[Card, datetime]:
    """What is known as the library has it, and the moment of an answer.

    A clock that was set back a little counts as standing still. One that was far ahead once must
    not put a question off for years: then the last answer counts as given just now.
    """
    from fsrs import Card

    moment = datetime.fromisoformat(time).astimezone(UTC)
    card = Card(due=moment)
    if known is not None:
        with suppress(KeyError, TypeError, ValueError):  # somebody wrote into the file by hand
            card = Card.from_dict({"card_id": 0, **known})  # type: ignore[typeddict-item]
    if card.last_review is not None and ahead(card.last_review, moment):
        card.last_review = moment
    elif card.last_review is not None:
        moment = max(moment, card.last_review)
    return card, moment


def ahead(last: datetime, now: datetime) -> bool:
    """Whether an answer seems to come from a day that has not come yet."""
    return last > now + timedelta(days=1)


def _table(card: Card) -> dict[str, Any]:
    table: dict[str, Any] = dict(card.to_dict())
    del table["card_id"]  # a question has an id of its own
    return table
