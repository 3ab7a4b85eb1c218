"""Templates into steps: every variable a number, every word looked up once, at load."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from engine.corpus.invented import Inventor
from engine.corpus.lexicon import Lexicon, Value, Words
from engine.corpus.meaning import Meaning
from engine.corpus.steps import (
    Alternative,
    Branch,
    Pick,
    Say,
    Sequence,
    Step,
    Variables,
)
from engine.corpus.table import WorldError
from engine.corpus.template import Call, Group, Line, Part, Slot, read_rule

Names = Mapping[str, str]
_VARIABLE = re.compile(r"[A-Z]\w*$")
_PERSON = re.compile(r"[123][sp]$")


class Compiler:
    """Compiles the rules of grammar.toml. Raises WorldError where they do not fit the lexicon."""

    def __init__(
        self, data: Mapping[str, Any], lexicon: Lexicon, meaning: Meaning, inventor: Inventor
    ) -> None:
        self.lexicon = lexicon
        self.meaning = meaning
        self.inventor = inventor
        self.tenses: dict[str, dict[str, str]] = data["tense"]
        self.rules = {name: read_rule(name, text) for name, text in data["rule"].items()}
        self.slots: dict[str, int] = {}
        self._compiled: dict[tuple[str, tuple[tuple[str, str], ...], bool], Sequence] = {}
        self._open: list[str] = []

    def rule(self, name: str, names: Names | None = None, bounded: bool = False) -> Sequence:
        """The steps of a rule, with its variables renamed by `names`."""
        names = names or {}
        key = (name, tuple(sorted(names.items())), bounded)
        if key not in self._compiled:
            if name not in self.rules:
                raise WorldError(f"there is no rule {name!r}")
            if name in self._open:
                raise WorldError(f"rule {name} calls itself: {' > '.join(self._open)}")
            self._open.append(name)
            self._compiled[key] = self._lines(name, self.rules[name], names, bounded)
            self._open.pop()
        return self._compiled[key]

    def _lines(self, name: str, lines: tuple[Line, ...], names: Names, bounded: bool) -> Sequence:
        alternatives = tuple(
            Alternative(
                line.weight,
                tuple((self._slot(v, names), traits, wanted) for v, traits, wanted in line.guards),
                self._sequence(name, line.parts, names),
            )
            for line in lines
        )
        if len(alternatives) == 1 and not alternatives[0].guards and not bounded:
            return alternatives[0].steps
        return (Branch(name, alternatives, bounded),)

    def _sequence(self, rule: str, parts: tuple[Part, ...], names: Names) -> Sequence:
        steps: list[Step] = []
        literal: list[str] = []
        for part in parts:
            if isinstance(part, str):
                literal += self.lexicon.splits.get(part, (part,))
                continue
            if literal:
                steps.append(_literal(tuple(literal)))
                literal = []
            try:
                steps.extend(self._part(rule, part, names))
            except WorldError as error:
                error.add_note(f"in rule {rule}: {part}")
                raise
        if literal:
            steps.append(_literal(tuple(literal)))
        return tuple(steps)

    def _part(self, rule: str, part: Slot | Call | Group, names: Names) -> Iterator[Step]:
        if isinstance(part, Group):
            # A group that holds a bounded call is bounded itself: it can be left out.
            bounded = any(
                isinstance(inner, Call) and inner.bounded
                for line in part.lines
                for inner in line.parts
            )
            yield from self._lines(rule, part.lines, names, bounded)
        elif isinstance(part, Call):
            renamed = {**names, **{to: names.get(v, v) for to, v in part.arguments}}
            yield from self.rule(part.rule, renamed, part.bounded)
        else:
            if part.variable:
                yield self._pick(part, names)
            say = self._say(part, names)
            if say:
                yield say

    def _slot(self, variable: str, names: Names) -> int:
        if not _VARIABLE.match(variable):
            raise WorldError(f"{variable!r} is not a variable")
        return self.slots.setdefault(names.get(variable, variable), len(self.slots))

    def _pick(self, slot: Slot, names: Names) -> Pick:
        target = self._slot(slot.variable, names)
        if not slot.argument:
            return Pick(target, self.inventor, self.meaning.pool(slot.pool, slot.plural))
        if slot.pool not in self.meaning.relations:
            raise WorldError(f"there is no relation {slot.pool!r}")
        related = partial(self.meaning.related, slot.pool, plural=slot.plural)
        return Pick(target, self.inventor, None, related, self._slot(slot.argument, names))

    def _say(self, slot: Slot, names: Names) -> Say | None:
        head, argument = slot.head, slot.variable or slot.argument
        if not head:
            return None
        word, tilde, with_ = head.partition("~")
        if tilde:
            return self._agreeing(word, with_, names)
        word, dot, tense = head.partition(".")
        if dot:
            return self._verb(word, tense, argument, names)
        if head in self.lexicon.determiners:
            longest = 1 + max(len(form.split()) for form in self.lexicon.determiners[head].values())
            return _lookup(self._slot(argument, names), head, longest)
        if _VARIABLE.match(head) and argument in ("", head):
            words = self.lexicon.by_category.get(slot.pool.strip("#")) or self.lexicon.sort("word")
            return _lookup(self._slot(head, names), "", max(map(_longest, words)))
        raise WorldError(f"cannot say {head!r}")

    def _value(self, word: str, sort: str, names: Names) -> Value | int:
        """The verb or adjective called `word`, or the number of the variable."""
        return self._slot(word, names) if _VARIABLE.match(word) else self.lexicon.find(word, sort)

    def _agreeing(self, word: str, with_: str, names: Names) -> Say:
        subject = self._slot(with_, names)
        value = self.lexicon.agreeing.get(word) or self._value(word, "adjective", names)
        if isinstance(value, int):
            adjective = value
            longest = max(map(_longest, self.lexicon.sort("adjective")))
            return Say(
                lambda v: v[adjective].forms[v[subject].agreement], (adjective, subject), longest
            )
        forms = value.forms
        return Say(lambda v: forms[v[subject].agreement], (subject,), _longest(value))

    def _verb(self, word: str, tense: str, argument: str, names: Names) -> Say:
        verb = self._value(word, "verb", names)
        verbs = self.lexicon.sort("verb") if isinstance(verb, int) else (verb,)
        bases = self.tenses.get(tense, {tense: tense})
        longest = max(_longest(value, base) for value in verbs for base in bases.values())
        reads = (verb,) if isinstance(verb, int) else ()
        if argument and not _PERSON.match(argument):
            person = self._slot(argument, names)
            if tense in self.tenses:
                clock = self._slot("T", names)
                return Say(_clocked(verb, bases, clock, person), (*reads, clock, person), longest)
            return Say(_conjugated(verb, tense, person), (*reads, person), longest)
        if tense in self.tenses:
            clock = self._slot("T", names)
            return Say(_timed(verb, bases, argument, clock), (*reads, clock), longest)
        return Say(_fixed(verb, tense + argument), reads, longest)


def _clocked(
    verb: Value | int, bases: Mapping[str, str], clock: int, person: int
) -> Callable[[Variables], Words]:
    """A verb in the tense that the text's clock gives, agreeing with a variable."""
    if isinstance(verb, int):
        return lambda v: v[verb].forms[bases[v[clock].lemma] + v[person].person]
    forms = verb.forms
    return lambda v: forms[bases[v[clock].lemma] + v[person].person]


def _timed(
    verb: Value | int, bases: Mapping[str, str], person: str, clock: int
) -> Callable[[Variables], Words]:
    """A verb in the tense that the text's clock gives, in a fixed person."""
    if isinstance(verb, int):
        return lambda v: v[verb].forms[bases[v[clock].lemma] + person]
    forms = verb.forms
    return lambda v: forms[bases[v[clock].lemma] + person]


def _conjugated(verb: Value | int, tense: str, person: int) -> Callable[[Variables], Words]:
    """A verb in a fixed tense, agreeing with a variable."""
    if isinstance(verb, int):
        return lambda v: v[verb].forms[tense + v[person].person]
    forms = verb.forms
    return lambda v: forms[tense + v[person].person]


def _fixed(verb: Value | int, form: str) -> Callable[[Variables], Words]:
    """One form of a verb."""
    if isinstance(verb, int):
        return lambda v: v[verb].forms[form]
    words = verb.forms[form]
    return lambda v: words


def _literal(words: Words) -> Say:
    return Say(lambda variables: words, (), len(words))


def _lookup(slot: int, key: str, longest: int) -> Say:
    return Say(lambda variables: variables[slot].forms[key], (slot,), longest)


def _longest(value: Value, base: str = "") -> int:
    lengths = [len(words) for form, words in value.forms.items() if form.startswith(base)]
    if not lengths:
        raise WorldError(f"{value.lemma!r} has no form {base!r}")
    return max(lengths)
