"""Every way in which a compiled grammar can say given words, and how probable they are together.

The steps are the sampler's; where it draws, the search tries all choices, and gives up a way as
soon as it says another word than the text has next.
"""

from __future__ import annotations

import math

from engine.corpus.invented import Inventor
from engine.corpus.lexicon import Value
from engine.corpus.meaning import Choice, Coin
from engine.corpus.steps import LIMIT, Branch, Pick, Say, Sequence, Variables
from engine.corpus.table import Table

# What is still to be done: a sequence, how far it is, and what comes after it.
Frame = tuple[Sequence, int, "Frame | None"]


def log_prob(
    steps: Sequence, nothing: Variables, words: tuple[str, ...], inventor: Inventor
) -> float:
    """The log (nats) of the summed probability of all derivations of `words`; -inf if none.

    `nothing` holds the variables before anything is bound.
    """
    if len(words) > LIMIT:
        return -math.inf
    search = _Search(words, inventor)
    search.follow((steps, 0, None), 0, list(nothing), 0.0)
    if not search.found:
        return -math.inf
    best = max(search.found)
    return best + math.log(math.fsum(math.exp(found - best) for found in search.found))


class _Search:
    def __init__(self, words: tuple[str, ...], inventor: Inventor) -> None:
        self.inventor = inventor
        self.words = words
        self.present = frozenset(words)
        self.found: list[float] = []
        self._fitting: dict[Table[Choice], list[tuple[Value, float]]] = {}

    def follow(self, frame: Frame, at: int, variables: Variables, log_prob: float) -> None:
        """Tries everything from `frame` on; adds the log-probability of each way to the end."""
        steps, i, after = frame
        while True:
            while i == len(steps):
                if after is None:
                    if at == len(self.words):
                        self.found.append(log_prob)
                    return
                steps, i, after = after
            step = steps[i]
            i += 1
            if isinstance(step, Say):
                said = step.words(variables)
                if self.words[at : at + len(said)] != said:
                    return
                at += len(said)
            elif isinstance(step, Branch):
                self._branch(step, (steps, i, after), at, variables, log_prob)
                return
            else:
                self._pick(step, (steps, i, after), at, variables, log_prob)
                return

    def _branch(
        self, step: Branch, after: Frame, at: int, variables: Variables, log_prob: float
    ) -> None:
        table = step.table(variables, at)
        for steps, log in zip(table.items, table.logs, strict=True):
            first = steps[0] if steps else None
            if isinstance(first, Say):  # the common dead end, seen before a frame is made
                said = first.words(variables)
                if self.words[at : at + len(said)] != said:
                    continue
            self.follow((steps, 0, after), at, variables, log_prob + log)

    def _pick(
        self, step: Pick, after: Frame, at: int, variables: Variables, log_prob: float
    ) -> None:
        for value, log in self._choices(step.choices(variables)):
            bound = variables.copy()
            bound[step.slot] = value
            self.follow(after, at, bound, log_prob + log)

    def _choices(self, table: Table[Choice]) -> list[tuple[Value, float]]:
        """The values that the text can be about: whatever is picked is said somewhere in it."""
        if table not in self._fitting:
            fitting: list[tuple[Value, float]] = []
            for item, log in zip(table.items, table.logs, strict=True):
                if not isinstance(item, Coin):
                    if not item.says or not item.says.isdisjoint(self.present):
                        fitting.append((item, log))
                else:
                    fitting += [
                        (value, log + spelling)
                        for word in self.present
                        for value, spelling in self.inventor.read(item, word)
                    ]
            self._fitting[table] = fitting
        return self._fitting[table]
