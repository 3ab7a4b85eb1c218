"""Who does what: pools of words, and relations from a subject to what goes with it.

A pool is "gato 3, #bird 2, perro.p": lemmas and #categories with weights, `.p` for the plural.
A category shares its weight among its members. A relation has one line for each subject, lemma
or #category; the most specific line wins, and nothing is related to itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.corpus.lexicon import Lexicon, Value
from engine.corpus.table import Table, WorldError


@dataclass(frozen=True)
class Coin:
    """In place of a word: invent a noun that belongs to `category`."""

    category: str
    plural: bool


Choice = Value | Coin
Pairs = list[tuple[Choice, float]]


def _lines(text: str) -> Iterator[str]:
    lines = (line.strip() for line in text.splitlines())
    return (line for line in lines if line and not line.startswith("//"))


class Meaning:
    """The pools and relations of meaning.toml, resolved against a lexicon.

    `coin_rate` is the share of a coinable category that goes to invented nouns.
    """

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon, coin_rate: float) -> None:
        self.lexicon = lexicon
        self.coin_rate = coin_rate
        self.pools: dict[str, str] = {k: " ".join(v.split()) for k, v in data["pool"].items()}
        self.relations: dict[str, dict[str, str]] = {}
        for name, text in data["relation"].items():
            lines = self.relations[name] = {}
            for line in _lines(text):
                subjects, colon, pool = line.partition(":")
                if not colon:
                    raise WorldError(f"relation {name}: no colon in {line!r}")
                for subject in subjects.split(","):
                    self._check(name, subject.strip())
                    lines[subject.strip()] = pool.strip()
        self._pairs: dict[tuple[str, bool], Pairs] = {}
        self._related: dict[tuple[str, Value, bool], Table[Choice] | None] = {}

    def pool(self, name: str, plural: bool = False) -> Table[Choice]:
        """The table of a named pool or of a "#category"."""
        if not name.startswith("#") and name not in self.pools:
            raise WorldError(f"there is no pool {name!r}")
        return Table(self._resolve(self.pools.get(name, name), plural))

    def related(self, relation: str, subject: Value, plural: bool = False) -> Table[Choice] | None:
        """What `relation` gives for `subject`, or None if it has no line for it."""
        key = (relation, subject, plural)
        if key not in self._related:
            self._related[key] = self._relate(relation, subject, plural)
        return self._related[key]

    def _relate(self, relation: str, subject: Value, plural: bool) -> Table[Choice] | None:
        lines = self.relations[relation]
        names = (subject.lemma, *(f"#{category}" for category in subject.lineage))
        line = next((lines[name] for name in names if name in lines), "")
        if not line:
            return None
        pairs = self._resolve(line, plural)
        table = Table(
            (item, weight)
            for item, weight in pairs
            if isinstance(item, Coin) or item.sort != subject.sort or item.lemma != subject.lemma
        )
        return table if table.items else None

    def _check(self, relation: str, subject: str) -> None:
        known = self.lexicon.by_category if subject.startswith("#") else self.lexicon.by_lemma
        if subject.removeprefix("#") not in known:
            raise WorldError(f"relation {relation}: the lexicon has no {subject!r}")

    def _resolve(self, line: str, plural: bool) -> Pairs:
        if (line, plural) not in self._pairs:
            terms = (term.split() for term in line.split(",") if term.strip())
            self._pairs[line, plural] = [
                pair
                for name, *weight in terms
                for pair in self._term(name, float(weight[0]) if weight else 1.0, plural)
            ]
        return self._pairs[line, plural]

    def _term(self, name: str, weight: float, plural: bool) -> Pairs:
        name, dot, _ = name.partition(".")
        plural = plural or bool(dot)
        if not name.startswith("#"):
            return [(self._numbered(self.lexicon.find(name), plural), weight)]
        category = name[1:]
        members = self.lexicon.by_category.get(category)
        if not members:
            raise WorldError(f"no word of the lexicon belongs to {name!r}")
        coined = weight * self.coin_rate if category in self.lexicon.coinable else 0.0
        if plural:  # a name has none; a mass noun stays as it is
            members = [value for value in members if "proper" not in value.traits]
        share = (weight - coined) / sum(value.weight for value in members)
        pairs: Pairs = [(self._numbered(value, plural), value.weight * share) for value in members]
        return [*pairs, (Coin(category, plural), coined)] if coined else pairs

    def _numbered(self, value: Value, plural: bool) -> Value:
        return self.lexicon.plural.get(value, value) if plural else value
