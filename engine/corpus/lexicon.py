"""The words of a world: each with what it is (traits) and how it is said (forms).

A noun is two values, one for each number, because a text is about "el gato" or "los gatos", never
about the lemma. Inflection is data: for each sort of word a table of endings, the longest ending
of the lemma wins, and an entry may override any form or stem.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.corpus.table import WorldError

Words = tuple[str, ...]
SORTS = ("noun", "verb", "adjective", "word", "tag")


class Value:
    """What a variable of a template can stand for.

    `forms` maps a key to the words said: a determiner for a noun ("the" -> el gato), tense and
    person for a verb ("pres3s" -> come), agreement for an adjective ("fs" -> negra), "" for a
    word that never changes. `kind` is the value whose traits decide what may be said of this one:
    itself, except for an invented noun, which is known by its category alone.
    """

    __slots__ = ("agreement", "forms", "kind", "lemma", "lineage", "person", "says", "sort",
                 "traits", "weight")  # fmt: skip

    def __init__(
        self,
        lemma: str,
        sort: str,
        lineage: Words,
        traits: Iterable[str],
        forms: dict[str, Words],
        agreement: str = "",
        weight: float = 1.0,
        kind: Value | None = None,
    ) -> None:
        self.lemma = lemma
        self.sort = sort
        self.lineage = lineage
        self.traits = frozenset(traits) | frozenset(lineage)
        self.forms = forms
        self.agreement = agreement
        self.person = "3" + agreement[-1:]
        self.weight = weight
        self.kind = kind or self
        self.says = frozenset(word for words in forms.values() for word in words[-1:])

    def __repr__(self) -> str:
        return f"Value({self.lemma!r}, {self.agreement or self.sort!r})"


@dataclass(frozen=True)
class Entry:
    """One line of the lexicon: `lemma flag flag form=words *weight`."""

    lemma: str
    flags: Words
    given: Mapping[str, str]
    weight: float


def fitting(table: Mapping[str, str], traits: Iterable[str]) -> str | None:
    """The form under the first key, in written order, that is "*" or one of `traits`."""
    known = frozenset(traits)
    return next((form for key, form in table.items() if key == "*" or key in known), None)


def read_entries(text: str, whole_lines: bool = False) -> Iterator[Entry]:
    """The entries of a category, most frequent first; without `*weight` weights fall Zipf-like."""
    lines = [line.strip() for line in text.splitlines()]
    for rank, line in enumerate(line for line in lines if line and not line.startswith("#")):
        fields = line.split()
        weight = 1.5 / (rank + 1.5)
        if fields[-1].startswith("*"):
            weight = float(fields.pop()[1:])
        if whole_lines:
            yield Entry(" ".join(fields), (), {}, weight)
            continue
        given = dict(field.split("=", 1) for field in fields[1:] if "=" in field)
        flags = tuple(field for field in fields[1:] if "=" not in field)
        yield Entry(fields[0], flags, {k: v.replace("_", " ") for k, v in given.items()}, weight)


class _Stems(dict[str, str]):
    """The stems of a lemma; one that is not given is the regular one."""

    def __missing__(self, name: str) -> str:
        return self["stem"]


def inflect(entry: Entry, endings: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Every form of a lemma, by the longest ending that it has in `endings`."""
    fits = [ending for ending in endings if entry.lemma.endswith(ending)]
    if not fits:
        raise WorldError(f"no ending fits the lemma {entry.lemma!r}")
    ending = max(fits, key=len)
    stems = _Stems(stem=entry.lemma[: len(entry.lemma) - len(ending)])
    stems.update(entry.given)
    forms = {name: form.format_map(stems) for name, form in endings[ending].items()}
    forms.update((name, form) for name, form in entry.given.items() if name in forms)
    return forms


class Lexicon:
    """All values of a world, by lemma and by category.

    `data` is lexicon.toml; `morphology` is the part of grammar.toml that says how words change:
    endings, determiners, and agreeing words. Raises WorldError for an entry that does not fit.
    """

    def __init__(self, data: Mapping[str, Any], morphology: Mapping[str, Any]) -> None:
        self.determiners: dict[str, dict[str, str]] = morphology["determiners"]
        self.endings: dict[str, dict[str, dict[str, str]]] = morphology["endings"]
        # Data may say "al final"; inside, words that join are apart: a + el.
        joins: dict[str, str] = morphology["spelling"].get("join", {})
        self.splits = {joined: tuple(pair.split()) for pair, joined in joins.items()}
        self.parents: dict[str, Words] = {}
        self.coinable: set[str] = set()
        self.by_lemma: dict[str, list[Value]] = {}
        self.by_category: dict[str, list[Value]] = {}
        self.plural: dict[Value, Value] = {}
        self.agreements: tuple[str, ...] = tuple(
            gender + number for gender in morphology["genders"] for number in "sp"
        )
        self.flags: dict[str, Words] = {}
        for sort in SORTS:
            for category, body in data.get(sort, {}).items():
                if category in self.parents:
                    raise WorldError(f"two categories are called {category!r}")
                self.parents[category] = tuple(body.get("is", "").split())
                flags = set(body.get("flags", "").split())
                self.flags[category] = tuple(sorted(flags - {"coinable"}))
                if "coinable" in flags:
                    self.coinable.add(category)
        for sort in SORTS:
            for category, body in data.get(sort, {}).items():
                for entry in read_entries(body["words"], sort in ("word", "tag")):
                    self._enter(sort, category, entry)
        self.agreeing = {
            name: Value(name, "adjective", (), (), self._agreeing_forms(table))
            for name, table in morphology["agreeing"].items()
        }

    def sort(self, sort: str) -> list[Value]:
        """Every value of one sort."""
        return [v for values in self.by_lemma.values() for v in values if v.sort == sort]

    def lineage(self, category: str) -> Words:
        """The category and its ancestors, nearest first."""
        line = [category]
        for name in line:
            line.extend(parent for parent in self.parents.get(name, ()) if parent not in line)
        return tuple(line)

    def find(self, name: str, sort: str | None = None) -> Value:
        """The value of `lemma` or `lemma/category`; WorldError if there is none, or several."""
        lemma, _, category = name.partition("/")
        found = [
            value
            for value in self.by_lemma.get(lemma, ())
            if (not category or category in value.lineage) and sort in (None, value.sort)
        ]
        if len(found) != 1:
            raise WorldError(f"{len(found)} entries of the lexicon are called {name!r}")
        return found[0]

    def noun(
        self, lemma: str, form: str, lineage: Words, traits: Iterable[str], agreement: str,
        weight: float = 1.0, kind: Value | None = None,
    ) -> Value:  # fmt: skip
        """A noun in one number, with every determiner that it can take."""
        known = {*traits, *lineage, *agreement, agreement}
        forms: dict[str, Words] = {}
        for name, table in self.determiners.items():
            determiner = "" if "proper" in known else fitting(table, known)
            if determiner is not None:
                forms[name] = (*determiner.split(), form)
        return Value(lemma, "noun", lineage, known, forms, agreement, weight, kind)

    def _enter(self, sort: str, category: str, entry: Entry) -> None:
        lineage = self.lineage(category)
        flags = (*self.flags[category], *entry.flags)
        if sort == "noun":
            self._enter_noun(lineage, flags, entry)
            return
        if sort in ("word", "tag"):
            said = entry.lemma.split() if sort == "word" else ()
            forms = {"": tuple(part for word in said for part in self.splits.get(word, (word,)))}
        elif sort == "verb":
            inflected = inflect(entry, self.endings["verb"])
            forms = {name: tuple(form.split()) for name, form in inflected.items()}
        else:
            forms = self._agreeing_forms(inflect(entry, self.endings["adjective"]))
        traits = (*flags, entry.lemma) if sort == "tag" else flags
        self._add(Value(entry.lemma, sort, lineage, traits, forms, weight=entry.weight))

    def _enter_noun(self, lineage: Words, flags: Words, entry: Entry) -> None:
        gender = next((flag for flag in entry.flags if flag + "s" in self.agreements), None)
        if gender is None:
            raise WorldError(f"the noun {entry.lemma!r} has no gender")
        said = inflect(entry, self.endings["noun"])
        numbers = "p" if "only_p" in flags else "s" if {"mass", "proper"} & set(flags) else "sp"
        values = [
            self.noun(entry.lemma, entry.lemma if n == "s" or numbers == "p" else said["p"],
                      lineage, flags, gender + n, entry.weight)
            for n in numbers
        ]  # fmt: skip
        self._add(values[0])
        self.plural[values[0]] = values[-1] if numbers != "s" else values[0]

    def _agreeing_forms(self, table: Mapping[str, str]) -> dict[str, Words]:
        forms = {agr: fitting(table, {agr, *agr}) for agr in self.agreements}
        return {agr: tuple(form.split()) for agr, form in forms.items() if form is not None}

    def _add(self, value: Value) -> None:
        self.by_lemma.setdefault(value.lemma, []).append(value)
        for category in value.lineage:
            self.by_category.setdefault(category, []).append(value)
