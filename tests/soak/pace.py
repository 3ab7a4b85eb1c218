"""How slow the machine is at this moment: the time of a processor grows too where others use it."""

from __future__ import annotations

from time import thread_time

_TURNS, _TRIES, _WORK = 40, 7, 20_000


def _turn() -> float:
    """Seconds of the processor for always the same work, of the kind that drawing is."""
    began = thread_time()
    words = {n: str(n) for n in range(_WORK)}
    "".join(words.values())
    return thread_time() - began


class Pace:
    """Knows how quick the machine can be, and so how much of a time is its own."""

    def __init__(self) -> None:
        self._best = min(_turn() for _ in range(_TURNS))

    def slowness(self) -> float:
        """How many times longer than at its best the machine takes now; 1 or more."""
        found = sorted(_turn() for _ in range(_TRIES))
        self._best = min(self._best, found[0])
        return found[_TRIES // 2] / self._best
