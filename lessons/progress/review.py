"""When a question is asked again: the FSRS scheduler (Ye et al. 2022, and the library `fsrs`)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fsrs import Scheduler


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

    known: what was known before, None for a question that is new. A clock that was set back
    counts as standing still.
    """
    from fsrs import Card, Rating

    moment = datetime.fromisoformat(time).astimezone(UTC)
    card = Card(due=moment)
    if known is not None:
        with suppress(KeyError, TypeError, ValueError):  # somebody wrote into the file by hand
            card = Card.from_dict({"card_id": 0, **known})  # type: ignore[typeddict-item]
    if card.last_review is not None:
        moment = max(moment, card.last_review)
    rating = (Rating.Hard if with_hints else Rating.Good) if right else Rating.Again
    after, _ = _scheduler().review_card(card, rating, review_datetime=moment)
    table: dict[str, Any] = dict(after.to_dict())
    del table["card_id"]  # a question has an id of its own
    return table
