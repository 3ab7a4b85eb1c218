"""Every surface form that a compiled grammar can emit.

The steps are walked without chance: each variable stands for all the values that it can have,
narrowed by guards, and each place for whether a sentence can begin there (and with a capital).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from engine.corpus.lexicon import Value
from engine.corpus.meaning import Choice, Coin
from engine.corpus.spelling import ENDS, RIGHT, Spelling
from engine.corpus.steps import Alternative, Branch, Pick, Say, Sequence, Variables
from engine.corpus.table import Table

Domain = frozenset[Value]
Domains = dict[int, Domain]
Place = tuple[bool, str]  # whether a sentence begins here, and the word before
Starts = frozenset[Place]


class Survey:
    """Collects the words that `steps` can say; `words` has them as they stand in a text."""

    def __init__(self, steps: Sequence, nothing: Variables, spelling: Spelling) -> None:
        self.spelling = spelling
        self.nothing = nothing
        self.words: set[str] = set()
        self._seen: dict[object, tuple[Domains, Starts]] = {}
        self._said: dict[tuple[Say, tuple[Domain, ...]], set[tuple[str, ...]]] = {}
        self._origin: dict[int, tuple[int, dict[str, set[Value]]]] = {}
        everything = {slot: frozenset((value,)) for slot, value in enumerate(nothing)}
        self._sequence(steps, everything, frozenset(((True, ""),)))

    def _sequence(
        self, steps: Sequence, domains: Domains, starts: Starts
    ) -> tuple[Domains, Starts]:
        for step in steps:
            if isinstance(step, Say):
                starts = self._say(step, domains, starts)
            elif isinstance(step, Pick):
                domains = {**domains, step.slot: self._picked(step, domains)}
            else:
                domains, starts = self._branch(step, domains, starts)
        return domains, starts

    def _picked(self, step: Pick, domains: Domains) -> Domain:
        if step.related is None:
            return frozenset(_values(step.table))
        related: dict[str, set[Value]] = {}
        for subject in domains[step.source]:
            values = related.setdefault(subject.agreement, set())
            values.update(_values(step.related(subject.kind)))
        # An adjective agrees with the subject it was picked for: remember which go together.
        self._origin[step.slot] = (step.source, related)
        return frozenset().union(*related.values())

    def _branch(self, step: Branch, domains: Domains, starts: Starts) -> tuple[Domains, Starts]:
        key = (step, starts, tuple(sorted(domains.items())))
        if key in self._seen:
            return self._seen[key]
        after: Domains = {}
        ends: set[Place] = set()
        for alternative in step.alternatives:
            inside = _narrowed(alternative, domains)
            if inside is None:
                continue
            left, end = self._sequence(alternative.steps, inside, starts)
            ends |= end
            for slot, domain in left.items():
                after[slot] = after.get(slot, frozenset()) | domain
        self._seen[key] = (after, frozenset(ends))
        return self._seen[key]

    def _say(self, step: Say, domains: Domains, starts: Starts) -> Starts:
        values = tuple(domains[slot] for slot in step.reads)
        key = (step, values)
        if key not in self._said:
            self._said[key] = set(self._possible(step, values))
        ends: set[Place] = set()
        for words in self._said[key]:
            for place in starts:
                for word in words:
                    place = self._write(word, *place)
                ends.add(place)
        return frozenset(ends)

    def _possible(self, step: Say, values: tuple[Domain, ...]) -> Iterable[tuple[str, ...]]:
        variables = list(self.nothing)
        if len(step.reads) == 2 and self._origin.get(step.reads[0], (-1,))[0] == step.reads[1]:
            together = self._origin[step.reads[0]][1]
            pairs: Iterable[tuple[Value, ...]] = (
                (value, subject)
                for subject in {v.agreement: v for v in values[1]}.values()
                for value in values[0] & together.get(subject.agreement, set())
            )
        else:
            pairs = product(*values)
        for chosen in pairs:
            for slot, value in zip(step.reads, chosen, strict=True):
                variables[slot] = value
            try:
                yield step.words(variables)
            except KeyError:  # a combination that the guards exclude
                continue

    def _write(self, word: str, start: bool, before: str) -> Place:
        """Adds the shapes of a word that follows `before`; gives the place after it."""
        shape = _capital(word) if start and word not in RIGHT else word
        if start and word in self.spelling.proper:
            shape = word
        self.words |= {word, shape}
        joined = self.spelling.meet(before.lower(), word)
        if joined:
            self.words |= {joined, _capital(joined)} if before != before.lower() else {joined}
        opens = word in ENDS or (start and word in RIGHT)
        return opens, shape if self.spelling.can_meet(word) else ""


def _values(table: Table[Choice] | None) -> list[Value]:
    return [item for item in table.items if not isinstance(item, Coin)] if table else []


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]


def _narrowed(alternative: Alternative, domains: Domains) -> Domains | None:
    """The domains where the guards hold, or None if they cannot."""
    narrowed = dict(domains)
    for slot, traits, wanted in alternative.guards:
        domain = frozenset(
            value for value in narrowed[slot] if value.traits.isdisjoint(traits) is not wanted
        )
        if not domain:
            return None
        narrowed[slot] = domain
    return narrowed
