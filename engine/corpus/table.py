"""A weighted choice: what may be chosen, and with which probability."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class WorldError(ValueError):
    """The data of a world does not hold together; the message says where."""


class Table(Generic[T]):
    """Alternatives with their probabilities.

    `logs[i]` is the log-probability (nats) of `items[i]`. Equal items are merged, so that one
    outcome is one alternative.
    """

    __slots__ = ("items", "logs", "steps")

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        merged: dict[T, float] = {}
        for item, weight in pairs:
            if weight > 0:
                merged[item] = merged.get(item, 0.0) + weight
        total = sum(merged.values())
        self.items = tuple(merged)
        self.logs = tuple(math.log(weight / total) for weight in merged.values())
        self.steps = [step / total for step in accumulate(merged.values())]
        if self.steps:
            self.steps[-1] = 1.0  # rounding must not leave a gap below 1

    def draw(self, random: Callable[[], float]) -> int:
        """The index of one alternative; `random` gives uniform numbers in [0, 1)."""
        return bisect(self.steps, random()) if len(self.items) > 1 else 0
