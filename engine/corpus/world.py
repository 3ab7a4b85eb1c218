"""The small world of one language: texts of known probability.

The data of a world are three files: lexicon.toml (words), meaning.toml (who does what) and
grammar.toml (how it is said). README.md in this folder tells how to extend them.
"""

from __future__ import annotations

import math
import random
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any

from engine.corpus.compiler import Compiler
from engine.corpus.invented import Inventor
from engine.corpus.lexicon import Lexicon, Value
from engine.corpus.meaning import Meaning
from engine.corpus.search import log_prob
from engine.corpus.spelling import Spelling
from engine.corpus.steps import LIMIT, length
from engine.corpus.survey import Survey
from engine.corpus.table import Table, WorldError
from engine.errors import EngineError

NOTHING = Value("", "tag", (), (), {})


@dataclass(frozen=True, slots=True)
class Sample:
    """A text of the world.

    log_prob: of the derivation that made the text, in nats.
    n_words: words and punctuation marks; a vocabulary of words() has one token for each.
    """

    text: str
    log_prob: float
    n_words: int


class World:
    """A language's grammar, ready to sample from and to measure with."""

    def __init__(
        self, lexicon: dict[str, Any], meaning: dict[str, Any], grammar: dict[str, Any]
    ) -> None:
        """From the contents of the three files. Raises WorldError where they do not agree."""
        self._lexicon = Lexicon(lexicon, grammar)
        self._inventor = Inventor(grammar["invented"], self._lexicon)
        relations = Meaning(meaning, self._lexicon, grammar["invented"]["rate"])
        compiler = Compiler(grammar, self._lexicon, relations, self._inventor)
        self._steps = compiler.rule("text")
        if length(self._steps) > LIMIT:
            raise WorldError(f"a text may need {length(self._steps)} words; {LIMIT} is the limit")
        self._nothing = [NOTHING] * len(compiler.slots)
        proper = {
            word
            for values in self._lexicon.by_lemma.values()
            for value in values
            if "proper" in value.traits
            for word in value.says
        }
        proper.update(grammar["spelling"].get("proper", ()))  # other words with a capital: I
        self._spelling = Spelling(grammar["spelling"], frozenset(proper))
        weights = grammar["spelling"]["styles"]
        self._styles = Table(
            ((("capitals" in name), ("stop" in name)), weight) for name, weight in weights.items()
        )
        # Two styles that write a text alike are one way to write it: their sum counts.
        self._style_logs = {
            (capitals, stop, capital, stopped): math.log(
                math.fsum(
                    math.exp(log)
                    for (c, s), log in zip(self._styles.items, self._styles.logs, strict=True)
                    if (c == capitals or not capital) and (s == stop or not stopped)
                )
            )
            for capitals, stop in self._styles.items
            for capital in (False, True)
            for stopped in (False, True)
        }

    @classmethod
    def load(cls, language: str) -> World:
        """The world of "es" or "en". Raises EngineError if there is none for `language`."""
        folder = resources.files("engine.corpus") / language
        try:
            lexicon, meaning, grammar = (
                tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
                for name in ("lexicon", "meaning", "grammar")
            )
        except FileNotFoundError as error:
            raise EngineError("unknown_language", language=language) from error
        return cls(lexicon, meaning, grammar)

    def sample(self, rng: random.Random) -> Sample:
        """One text, drawn with `rng`, and the log-probability (nats) of its derivation."""
        draw = rng.random
        capitals, stop = self._styles.items[self._styles.draw(draw)]
        total = 0.0
        variables = self._nothing.copy()
        said: list[str] = []
        for step in self._steps:
            total += step.draw(variables, said, draw)
        written = self._spelling.write(said, capitals, stop)
        style = self._style_logs[capitals, stop, written.capital, written.stopped]
        return Sample(written.text, total + style, written.n_words)

    def log_prob(self, text: str) -> float:
        """The log-probability (nats) of a text, over all its derivations; -inf if it has none."""
        readings: dict[tuple[str, ...], float] = {}
        for (capitals, stop), log in zip(self._styles.items, self._styles.logs, strict=True):
            words = self._spelling.read(text, capitals, stop)
            if words is not None:
                readings[words] = readings.get(words, 0.0) + math.exp(log)
        total = math.fsum(
            style * math.exp(log_prob(self._steps, self._nothing, words, self._inventor))
            for words, style in readings.items()
        )
        return math.log(total) if total > 0 else -math.inf

    def words(self) -> set[str]:
        """Every surface form of a text, as it is written there; invented nouns excepted."""
        survey = Survey(self._steps, self._nothing, self._spelling)
        return survey.words

    def nouns(self) -> dict[str, str]:
        """The singular of each common noun, and its category (the first, if it has several)."""
        nouns: dict[str, str] = {}
        for lemma, values in self._lexicon.by_lemma.items():
            for value in values:
                if value.sort == "noun" and "proper" not in value.traits:
                    nouns.setdefault(lemma, value.lineage[0])
        return nouns

    def invented(self, word: str) -> bool:
        """Whether `word` can be an invented noun in the singular or plural."""
        return self._inventor.invented(word)
