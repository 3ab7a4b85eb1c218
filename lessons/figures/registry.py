"""The exhibits that a lesson can name, each a pure function from a scene to its parts.

A figure is added by writing a function in one of the files of this package:

    @figure("dot-product", Number("a", 1.0, -9, 9), station="attn_scores")
    def dot_product(scene: Scene) -> Figure: ...

and what it says in content/figures/{es,en}.toml under [dot-product]: `title`, `knob.a`, and
whatever else it asks for with `said(scene, "dot-product", key)`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from pkgutil import iter_modules
from types import MappingProxyType

from engine.experiment import Experiment
from lessons.content_error import ContentError
from lessons.figures.knobs import Knob, Value
from lessons.figures.parts import Figure
from lessons.scene import Scene

Draw = Callable[[Scene], Figure]


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """A figure under its name.

    knobs: what can be turned. station: the key of the station of the walk that shows the same
    thing in full, for whoever wants to play freely. others: what makes the runs that cells
    refer to besides the learner's.
    """

    name: str
    draw: Draw
    knobs: tuple[Knob, ...]
    station: str
    others: Callable[[Scene], tuple[Experiment, ...]]

    def settings(self, scene: Scene) -> dict[str, Value]:
        """The value of every knob: the scene's where it fits, else the knob's own."""
        found: dict[str, Value] = {}
        for knob in self.knobs:
            try:
                value = scene.knobs.get(knob.id, knob.default)
                found[knob.id] = knob.fit(value, scene.experiment)
            except ValueError:
                found[knob.id] = knob.fit(knob.default, scene.experiment)
        return found

    def show(self, scene: Scene) -> Figure:
        """The figure for a scene, whatever its knobs hold."""
        return self.draw(self._settled(scene))

    def runs(self, scene: Scene) -> tuple[Experiment, ...]:
        """The runs that cells refer to besides the learner's: those of `Cell.run` 1, 2 ..."""
        return self.others(self._settled(scene))

    def _settled(self, scene: Scene) -> Scene:
        return replace(scene, knobs=MappingProxyType(self.settings(scene)))


_FIGURES: dict[str, LiveFigure] = {}


def figure(
    name: str,
    *knobs: Knob,
    station: str,
    runs: Callable[[Scene], tuple[Experiment, ...]] = lambda scene: (),
) -> Callable[[Draw], Draw]:
    """Registers the decorated function under a name, which must be new."""

    def register(draw: Draw) -> Draw:
        if name in _FIGURES:
            raise ContentError(f"two figures are called {name}")
        _FIGURES[name] = LiveFigure(name, draw, knobs, station, runs)
        return draw

    return register


@cache
def figures() -> Mapping[str, LiveFigure]:
    """Every figure of this package by its name."""
    package = import_module("lessons.figures")
    for module in iter_modules(package.__path__):
        import_module(f"lessons.figures.{module.name}")
    return MappingProxyType(dict(sorted(_FIGURES.items())))


@cache
def _sentences(lang: str) -> Mapping[str, Mapping[str, str]]:
    """The strings of all figures: the files of content/figures that end in the language."""
    folder = files("lessons").joinpath("content", "figures")
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(f".{lang}.toml"):
            for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if name in found:
                    raise ContentError(f"{path.name}: [{name}] is there twice")
                found[name] = MappingProxyType(dict(_flat(table)))
    return MappingProxyType(found)


def _flat(table: Mapping[str, object], before: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in table.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{before}{key}.")
        else:
            found.append((before + key, str(value)))
    return found


def said(scene: Scene, name: str, key: str, /, **values: object) -> str:
    """A string of a figure in the scene's language, its {places} filled. Raises ContentError."""
    try:
        return _sentences(scene.lang)[name][key].format(**values)
    except (KeyError, IndexError) as error:
        raise ContentError(f"{scene.lang}: [{name}] {key}: {error}") from None
