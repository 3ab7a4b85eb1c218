"""Invented nouns: syllables, a last consonant, and an ending that shows the gender.

"bafulo" is ba + fu + l + o. Every invented word has one reading only, so its probability is
exact. Words that the lexicon has are never invented; what is left is normalised again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.corpus.lexicon import Entry, Lexicon, Value, inflect
from engine.corpus.meaning import Coin
from engine.corpus.table import Table


class Inventor:
    """Draws invented nouns, and says how probable one is."""

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.onsets: tuple[str, ...] = tuple(data["onsets"].split())
        self.nuclei: tuple[str, ...] = tuple(data["nuclei"].split())
        self.finals: tuple[str, ...] = tuple(data["finals"].split())
        self.lengths = Table((int(n), float(w)) for n, w in data["syllables"].items())
        self.endings: dict[str, str] = data["endings"]
        self._kinds: dict[tuple[Coin, str], Value] = {}
        known = {word for values in lexicon.by_lemma.values() for v in values for word in v.says}
        known |= {word for value in lexicon.plural.values() for word in value.says}
        self._known = frozenset(known)
        self._free = {
            gender: math.log1p(
                -math.fsum(math.exp(self._spelling(word, gender)) for word in self._known)
            )
            for gender in self.endings
        }

    def draw(self, coin: Coin, random: Callable[[], float]) -> tuple[Value, float]:
        """A new noun and the log-probability (nats) of its gender and spelling."""
        gender = list(self.endings)[int(random() * len(self.endings))]
        while True:
            n = self.lengths.items[self.lengths.draw(random)]
            parts = (self.onsets, self.nuclei) * n + (self.finals,)
            letters = [part[int(random() * len(part))] for part in parts]
            word = "".join(letters) + self.endings[gender]
            if word not in self._known:
                break
        return self._value(coin, word, gender), self.log_prob(word, gender)

    def read(self, coin: Coin, word: str) -> Iterator[tuple[Value, float]]:
        """The nouns that `coin` can have made of `word`, with their log-probabilities."""
        for gender, ending in self.endings.items():
            if not coin.plural:
                singular = word
            else:
                plural = self._plural("", gender)
                if not word.endswith(plural):
                    continue
                singular = word[: len(word) - len(plural)] + ending
            log_prob = self.log_prob(singular, gender)
            if log_prob > -math.inf:
                yield self._value(coin, singular, gender), log_prob

    def invented(self, word: str) -> bool:
        """Whether `word` can be an invented noun."""
        coins = (Coin("", plural) for plural in (False, True))
        return any(True for coin in coins for _ in self.read(coin, word))

    def log_prob(self, word: str, gender: str) -> float:
        """The log-probability (nats) of inventing the singular `word`, -inf if it cannot be."""
        if word in self._known:
            return -math.inf
        return self._spelling(word, gender) - self._free[gender] - math.log(len(self.endings))

    def _spelling(self, word: str, gender: str) -> float:
        ending = self.endings[gender]
        stem = word[: len(word) - len(ending)] if word.endswith(ending) else ""
        n, odd = divmod(len(stem), 2)
        if not odd or n not in self.lengths.items or stem[-1] not in self.finals:
            return -math.inf
        if set(stem[0:-1:2]) - set(self.onsets) or set(stem[1:-1:2]) - set(self.nuclei):
            return -math.inf
        syllable = math.log(len(self.onsets) * len(self.nuclei))
        length = self.lengths.logs[self.lengths.items.index(n)]
        return length - n * syllable - math.log(len(self.finals))

    def _plural(self, stem: str, gender: str) -> str:
        entry = Entry(stem + self.endings[gender], (), {}, 1.0)
        return inflect(entry, self.lexicon.endings["noun"])["p"]

    def _value(self, coin: Coin, word: str, gender: str) -> Value:
        lineage = self.lexicon.lineage(coin.category)
        agreement = gender + ("p" if coin.plural else "s")
        traits = ("invented", *self.lexicon.flags.get(coin.category, ()))
        kind = self._kinds.get((coin, gender))
        if kind is None:
            kind = self.lexicon.noun("", "", lineage, traits, agreement)
            self._kinds[coin, gender] = kind
        form = self._plural(word[: len(word) - len(self.endings[gender])], gender)
        form = form if coin.plural else word
        return self.lexicon.noun(word, form, lineage, traits, agreement, kind=kind)
