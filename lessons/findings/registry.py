"""What is true of the learner's run: prose quotes it, and guesses are checked against it.

A finding is a function from a scene to a word, a whole number, or a number. Prose names it in
braces, `{most_looked}`; words come quoted, and numbers are written as everywhere else. A guess
names it as its answer, and then its value is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from lessons.content_error import ContentError
from lessons.markup import Span, spans
from lessons.own_files import read_files
from lessons.scene import Scene
from lessons.words import Words, number

Found = str | int | float
Find = Callable[[Scene], Found]

_LAST_DIGITS = 1e-5
_FINDINGS: dict[str, Find] = {}


def finding(find: Find) -> Find:
    """Registers a function under its own name, which must be new; its docstring says what it is."""
    name = find.__name__
    if name in _FINDINGS:
        raise ContentError(f"two findings are called {name}")
    _FINDINGS[name] = find
    return find


@cache
def findings() -> Mapping[str, Find]:
    """Every finding of this package by its name."""
    read_files("lessons.findings")
    return MappingProxyType(dict(sorted(_FINDINGS.items())))


def read_findings_of(lesson: str) -> None:
    """Read what a lesson is likely to ask for, so that it need not wait for all other findings."""
    read_files("lessons.findings", "sentence")
    read_files("lessons.findings", lesson)


def found(name: str, scene: Scene) -> Found:
    """The value of a finding. Raises ContentError for a name that there is none of."""
    find = _FINDINGS.get(name) or findings().get(name)
    if find is None:
        raise ContentError(f"nothing finds {{{name}}}")
    return find(scene)


def written(value: Found, words: Words) -> str:
    """A finding as prose writes it."""
    if isinstance(value, str):
        return value
    return number(value) if isinstance(value, float) else words.whole(value)


def exact(x: float) -> int | float:
    """The result of a worked example: a whole number where it is one but for the last digits."""
    return round(x) if abs(x - round(x)) < _LAST_DIGITS else x


class Findings(Mapping[str, str]):
    """All findings of a scene as text; each is computed when it is asked for."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __getitem__(self, name: str) -> str:
        return written(found(name, self._scene), self._scene.words)

    def __iter__(self) -> Iterator[str]:
        return iter(findings())

    def __len__(self) -> int:
        return len(findings())


def filled(template: str, scene: Scene) -> str:
    """A template with its findings. Raises ContentError for one that there is none of."""
    return template.format_map(Findings(scene))


def filled_spans(template: str, scene: Scene) -> tuple[Span, ...]:
    """A template in its stretches, with its findings. What was typed marks nothing."""
    return tuple(Span(filled(s.text, scene), s.kind, s.target) for s in spans(template))


def filled_plain(template: str, scene: Scene) -> str:
    """A template without its marks, with its findings; what was typed stays as it is."""
    return "".join(span.text for span in filled_spans(template, scene))
