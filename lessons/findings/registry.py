"""What is true of the learner's run: prose quotes it, and guesses are checked against it.

A finding is a function from a scene to a word, a whole number, or a number. Prose names it in
braces, `{most_looked}`; words come quoted, and numbers are written as everywhere else. A guess
names it as its answer, and then its value is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from lessons.content_error import ContentError
from lessons.markup import Span, spans
from lessons.scene import Scene
from lessons.words import number

Found = str | int | float
Find = Callable[[Scene], Found]

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
    package = import_module("lessons.findings")
    for module in iter_modules(package.__path__):
        import_module(f"lessons.findings.{module.name}")
    return MappingProxyType(dict(sorted(_FINDINGS.items())))


def found(name: str, scene: Scene) -> Found:
    """The value of a finding. Raises ContentError for a name that there is none of."""
    try:
        find = findings()[name]
    except KeyError:
        raise ContentError(f"nothing finds {{{name}}}") from None
    return find(scene)


def written(value: Found) -> str:
    """A finding as prose writes it."""
    if isinstance(value, str):
        return value
    return number(value) if isinstance(value, float) else str(value).replace("-", "−")


class Findings(Mapping[str, str]):
    """All findings of a scene as text; each is computed when it is asked for."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def __getitem__(self, name: str) -> str:
        return written(found(name, self._scene))

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
