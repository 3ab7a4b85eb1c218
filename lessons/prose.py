"""The words of the stations, read from content/stages and checked as they are read.

A placeholder that nobody fills, or a table that lacks a part, stops the program at once and
says where: better than a brace in front of a learner.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, TypeVar

from engine.experiment import Experiment
from lessons.content_error import ContentError
from lessons.facts import FACTS, facts
from lessons.has_read import kind_read
from lessons.languages import languages
from lessons.stages import Stage
from lessons.words import Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StageProse:
    """What is said at one station.

    name: for the line of stations, at most 9 columns.
    title, what: a heading, and two or three sentences on what happens here.
    formula: the same in symbols, one line of at most 76 columns.
    mind: sets a usual misunderstanding right; empty where there is none.
    again: what is said instead of `what` and `mind` from the second block on, where everything
    happens once more: what is the same, and what is new. Empty outside the blocks.
    """

    name: str
    title: str
    what: str
    formula: str
    mind: str = ""
    again: str = ""

    def once_more(self) -> StageProse:
        """What is said of the same stage in a later block."""
        return replace(self, what=self.again or self.what, mind="" if self.again else self.mind)

    def filled(self, values: Mapping[str, str]) -> StageProse:
        """With every placeholder replaced. Raises ContentError for one without a value."""
        parts = (getattr(self, field.name) for field in fields(self))
        return StageProse(*(_fill(part, values) for part in parts))


@dataclass(frozen=True, slots=True)
class Prose:
    """All that one language says of the stations. Get it with `prose(lang)`.

    before: by the id of a term, the readouts that are said to whoever does not know it yet.
    """

    lang: str
    stages: Mapping[str, StageProse]
    axes: Mapping[str, str]
    words: Words
    readouts: Mapping[str, str]
    before: Mapping[str, Mapping[str, str]]

    def stage(self, key: str) -> StageProse:
        """The prose under a key, its placeholders open. Raises ContentError."""
        return _entry(self.stages, key, f"{self.lang}: no prose for the stage")

    def axis(self, axis: str) -> str:
        """What an axis is called; empty for a single column. Raises ContentError."""
        return _entry(self.axes, axis, f"{self.lang}: no name for the axis")

    def read(
        self, case: str, values: Mapping[str, str], known: Collection[str] | None = None
    ) -> str:
        """The sentence for one case of the readout. Raises ContentError.

        known: the ids of the terms that the reader has met; all of them if left out.
        """
        said = _entry(self.readouts, case, f"{self.lang}: no readout for")
        if known is not None:
            early = (table for term, table in self.before.items() if term not in known)
            said = next((table[case] for table in early if case in table), said)
        return _fill(said, values)

    def told(
        self, stage: Stage, experiment: Experiment, head: int = 0, at: int | None = None
    ) -> StageProse:
        """What is said at a stage of this run; head and at as in `exhibit`."""
        values = facts(stage, experiment, self.words, head, at)
        said = self.stage(_key(stage, experiment, values, self.words))
        said = said.once_more() if stage.block else said
        return replace(said, again="").filled(values)


def _key(stage: Stage, experiment: Experiment, values: Mapping[str, str], words: Words) -> str:
    """Under which key a stage's prose stands: some runs are told otherwise than most."""
    if stage.key == "choice_causal" and values["top"] == words.end:
        return "choice_ends"
    read = kind_read(experiment.model)
    return f"text_{read}" if stage.key == "text" and read != "world" else stage.key


@cache
def prose(lang: str) -> Prose:
    """The prose of a language, such as "es". Raises ContentError if its file is not in order."""
    if lang not in languages():
        raise ContentError(f"no such language: {lang}")
    content, formulas = _read(lang), _read("formulas")
    tables = content["stage"]
    if lonely := formulas.keys() - tables.keys():
        raise ContentError(f"{lang}: a formula without prose: {', '.join(sorted(lonely))}")
    for key, formula in formulas.items():
        tables[key]["formula"] = formula
    written = {key: _stage_prose(f"{lang}: {key}", _with_like(tables, key)) for key in tables}
    words, readouts = Words(**content["word"]), content["readout"]
    before = content.get("readout_before", {})
    if lonely := {case for table in before.values() for case in table} - readouts.keys():
        raise ContentError(f"{lang}: a readout for nothing: {', '.join(sorted(lonely))}")
    return Prose(lang, written, content["axis"], words, readouts, before)


def placeholders(template: str) -> Iterator[str]:
    """The names in braces of a template."""
    return (name for _, name, _, _ in Formatter().parse(template) if name is not None)


def _with_like(tables: Mapping[str, Mapping[str, Any]], key: str) -> dict[str, Any]:
    """A table; what it does not say itself is taken from the one that it names as `like`."""
    table = dict(tables[key])
    like = table.pop("like", None)
    return table if like is None else {**_entry(tables, like, f"{key}: no stage"), **table}


def _stage_prose(where: str, table: Mapping[str, Any]) -> StageProse:
    parts = {field.name for field in fields(StageProse)}
    missing = {name for name in parts - {"mind", "again"} if not table.get(name)}
    if missing or table.keys() - parts:
        raise ContentError(f"{where}: missing {missing}, unknown {table.keys() - parts}")
    for part in table.values():
        for name in placeholders(part):
            if name not in FACTS:
                raise ContentError(f"{where}: nothing fills {{{name}}}")
    return StageProse(**table)


def _read(name: str) -> dict[str, Any]:
    path = files("lessons").joinpath("content", "stages", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _entry(entries: Mapping[str, T], key: str, trouble: str) -> T:
    try:
        return entries[key]
    except KeyError:
        raise ContentError(f"{trouble} {key!r}") from None


def _fill(template: str, values: Mapping[str, str]) -> str:
    try:
        return template.format_map(values)
    except KeyError as error:
        raise ContentError(f"nothing fills {{{error.args[0]}}} in: {template}") from None
