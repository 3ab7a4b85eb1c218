"""The exhibits that a lesson can name, each a pure function from a scene to its parts.

A figure is added by writing a function in one of the files of this package:

    @figure("dot-product", Number("a", 1.0, -9, 9), station="attn_scores")
    def dot_product(scene: Scene) -> Figure: ...

and what it says in content/figures/{es,en}.toml under [dot-product]: `title`, `knob.a`, and
whatever else it asks for with `said(scene, "dot-product", key)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from engine.experiment import Experiment
from lessons.content_error import ContentError
from lessons.figures.knobs import Knob, Value
from lessons.figures.parts import Figure
from lessons.figures.powers import powers_told
from lessons.own_files import read_files
from lessons.scene import Scene
from lessons.sentences import sentence

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
        return powers_told(self.draw(self._settled(scene)), scene.words)

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
    read_files("lessons.figures")
    return MappingProxyType(dict(sorted(_FIGURES.items())))


def figure_of(name: str, lesson: str) -> LiveFigure | None:
    """A figure by its name, sought in the files of a lesson before all others are read.

    None where there is none of that name, which the empty one never is.
    """
    if not name:
        return None
    read_files("lessons.figures", lesson)
    return _FIGURES.get(name) or figures().get(name)


def said(scene: Scene, name: str, key: str, /, **values: object) -> str:
    """A string of a figure in the scene's language, its {places} filled. Raises ContentError.

    Whole numbers are written as amounts: "2,496". The number of a token in the vocabulary is its
    name and no amount, so it is given as text.
    """
    told = {place: scene.words.whole(x) if isinstance(x, int) else x for place, x in values.items()}
    return sentence("figures", scene.lang, name, key, told)


def headings(scene: Scene, name: str, keys: Iterable[object], /, **values: object) -> list[str]:
    """The headings of the columns of a table, which a figure says under `header`."""
    return [said(scene, name, f"header.{key}", **values) for key in keys]
