"""Probes: small questions to a model whose answer is a number from 0 to 1.

They are data, in content/emergence: world-es.toml holds those of the Spanish world, es.toml what
they are called in Spanish, those of every world. What a kind of probe measures is said at its
function below.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.experiment import Experiment
from engine.ops import Array
from engine.store import Model
from engine.tokenizer import Tokenizer
from lessons.content_error import ContentError
from lessons.languages import languages, models_of

LEAST_GROUP, LEAST_GROUPS = 3, 2
"""Known words below which a group is none, and groups below which there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence that is asked about.

    words: what may come next, or over: what may come instead. start, end: who looks at whom.
    """

    text: str
    words: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Probe:
    """One question.

    id: the same for the same thing in every language. kind: one of KINDS. threshold: what has to
    be reached. name, told: a short name and a sentence, in each language of the interface.
    """

    id: str
    kind: str
    threshold: float
    cases: tuple[Case, ...]
    groups: Mapping[str, tuple[str, ...]]
    name: Mapping[str, str]
    told: Mapping[str, str]


def worlds() -> tuple[str, ...]:
    """The languages of the worlds that models learn from, each once."""
    return tuple(dict.fromkeys(map(models_of, languages())))


@lru_cache(maxsize=4)
def probes(world: str) -> tuple[Probe, ...]:
    """The probes of a language's world, in the order of the file. Raises ContentError."""
    return tuple(_probe(id, table, world) for id, table in _read(f"world-{world}").items())


@cache
def _read(name: str) -> dict[str, Any]:
    path = files("lessons").joinpath("content", "emergence", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _said(part: str, id: str, world: str) -> Mapping[str, str]:
    """What is said of a probe in each language of the interface."""
    return MappingProxyType({lang: _read(lang)[world][id][part] for lang in languages()})


def _probe(id: str, table: Mapping[str, Any], world: str) -> Probe:
    try:
        probe = Probe(
            id,
            table["kind"],
            float(table["threshold"]),
            tuple(map(_case, table.get("cases", ()))),
            {name: tuple(line.split()) for name, line in table.get("groups", {}).items()},
            _said("name", id, world),
            _said("told", id, world),
        )
    except KeyError as error:
        raise ContentError(f"emergence/world-{world}.toml: [{id}]: {error} is missing") from None
    if probe.kind not in KINDS or bool(probe.cases) == bool(probe.groups):
        raise ContentError(f"emergence/world-{world}.toml: [{id}]: {probe.kind}")
    return probe


def _case(table: Mapping[str, str]) -> Case:
    words, over = (tuple(table.get(key, "").split()) for key in ("words", "over"))
    return Case(table["text"], words, over, table.get("from", ""), table.get("to", ""))


def known_probes(model: Model) -> tuple[Probe, ...]:
    """The probes all of whose words a model has as tokens; of words in groups, enough of them."""
    return tuple(probe for world in worlds() for probe in probes(world) if _fits(probe, model))


def _fits(probe: Probe, model: Model) -> bool:
    tokenizer = model.tokenizer
    if probe.groups:
        return len(_rows(probe, tokenizer)[1]) >= LEAST_GROUPS
    words = (
        word for x in probe.cases for word in (*x.text.split(), *x.words, *x.over, x.start, x.end)
    )
    known = all(_id(tokenizer, word) is not None for word in words if word)
    longest = max(len(x.text.split()) for x in probe.cases)
    return known and model.config.causal and longest < model.config.n_ctx


def measured(probe: Probe, model: Model) -> float:
    """What a probe finds in a model that it fits, from 0 to 1."""
    return float(KINDS[probe.kind](probe, model))


def _words(probe: Probe, model: Model) -> float:
    """The share that the words get which may come next; of several sentences the least."""
    return min(_share(model, case.text, case.words) for case in probe.cases)


def _rather(probe: Probe, model: Model) -> float:
    """The same, out of these words and those of `over` only."""
    found = []
    for case in probe.cases:
        these, others = (_share(model, case.text, words) for words in (case.words, case.over))
        found.append(these / (these + others) if these + others > 0 else 0.0)
    return min(found)


def _look(probe: Probe, model: Model) -> float:
    """How much one word looks at another, in the head that does so most; of sentences the least."""
    best = np.ones((model.config.n_layers, model.config.n_heads))
    for case in probe.cases:
        run = Experiment(model, case.text)
        read = ["", *case.text.split()]
        query, key = len(read) - 1 - read[::-1].index(case.start), read.index(case.end)
        for block, heads in enumerate(best):
            pattern = run.trace[f"blocks.{block}.attn.pattern"].value
            np.minimum(heads, pattern[:, query, key], out=heads)
    return float(best.max())


def _groups(probe: Probe, model: Model) -> float:
    """The share of words whose nearest, by the cosine, is one of their own group."""
    ids, names = _rows(probe, model.tokenizer)
    rows = model.parameters["W_E"][ids]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows = rows / np.where(lengths > 0, lengths, 1.0)
    near = rows @ rows.T
    np.fill_diagonal(near, -np.inf)
    groups = np.repeat(np.arange(len(names)), list(names.values()))
    return float((groups[near.argmax(axis=1)] == groups).mean())


KINDS: Mapping[str, Callable[[Probe, Model], float]] = MappingProxyType(
    {"words": _words, "rather": _rather, "look": _look, "groups": _groups}
)
"""How each kind of probe is measured."""


def _share(model: Model, text: str, words: Sequence[str]) -> float:
    run = Experiment(model, text)
    ids = [id for id in (_id(model.tokenizer, word) for word in words) if id is not None]
    row: Array = run.trace["probs"].value[run.asked]
    return float(row[ids].sum())


def _rows(probe: Probe, tokenizer: Tokenizer) -> tuple[list[int], dict[str, int]]:
    """The tokens of the words in groups, group by group, and how many of each group there are."""
    ids: list[int] = []
    names: dict[str, int] = {}
    for name, words in probe.groups.items():
        known = [id for id in (_id(tokenizer, word) for word in words) if id is not None]
        if len(known) >= LEAST_GROUP:
            ids += known
            names[name] = len(known)
    return ids, names


def _id(tokenizer: Tokenizer, word: str) -> int | None:
    """The token of a word; None if it is none, or more than one."""
    ids = tokenizer.encode(word)
    return ids[0] if len(ids) == 1 else None
