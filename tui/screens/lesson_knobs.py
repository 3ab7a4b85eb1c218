"""The knobs of a figure: how they are written, and what a turn or a typed value makes of them.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator

from lessons.figures.knobs import Choice, Knob, Number, Value
from lessons.figures.parts import Beside, Cell, Drawing, Figure, Part, Sentence, Table
from lessons.figures.registry import said
from lessons.scene import Scene
from lessons.words import number
from tui.renderables.figure_knobs import KnobLine
from tui.screens.lesson_guess import read_number
from tui.screens.lesson_view import LessonView


def knob_lines(view: LessonView, figure: Figure) -> list[KnobLine]:
    """The knobs that no cell of the figure shows: they stand above it."""
    shown = {cell.knob for part in figure for cell in _cells(part)}
    return [
        KnobLine(knob.id, knob_name(view, knob), *_written(view, knob))
        for knob in view.knobs
        if knob.id not in shown
    ]


def knob_name(view: LessonView, knob: Knob) -> str:
    """What a knob is called."""
    return said(view.scene, view.card.figure, f"knob.{knob.id}")


def knob_of(view: LessonView, id: str = "") -> Knob | None:
    """The knob of that id, or the first one; None where there is none."""
    return next((knob for knob in view.knobs if id in ("", knob.id)), None)


def turned(view: LessonView, knob: Knob, by: int) -> Value:
    """The value so many steps on."""
    return knob.turned(view.settings[knob.id], by, view.experiment)


def typed(view: LessonView, knob: Knob, text: str) -> Value | None:
    """The value that a typed text means; None for what the knob cannot have.

    Tokens have their positions, which the course counts from 0; heads, blocks and all else are
    counted from 1.
    """
    if isinstance(knob, Choice):
        return _option(view, knob, text)
    value = read_number(text)
    if value is None:
        return None
    if isinstance(knob, Number):
        return knob.fit(value, view.experiment)
    first = 0 if knob.what == "token" else 1
    return knob.fit(max(int(value) - first, 0), view.experiment)


def _option(view: LessonView, knob: Choice, text: str) -> Value | None:
    wish = text.strip().casefold()
    if wish.isdecimal() and 1 <= int(wish) <= len(knob.options):
        return knob.options[int(wish) - 1]
    names = {_option_name(view, knob, option).casefold(): option for option in knob.options}
    found = [option for name, option in names.items() if wish and name.startswith(wish)]
    return found[0] if len(found) == 1 else None


def _option_name(view: LessonView, knob: Choice, option: str) -> str:
    return said(view.scene, view.card.figure, f"option.{option}")


def _written(view: LessonView, knob: Knob) -> tuple[str, str]:
    """The value of a knob, and how far it goes."""
    value = view.settings[knob.id]
    if isinstance(knob, Number):
        return (str(int(value)) if knob.integer else number(float(value))), ""
    if isinstance(knob, Choice):
        return _option_name(view, knob, str(value)), ""
    count = knob.count(view.experiment)
    place = int(value) % count if int(value) < 0 else min(int(value), count - 1)
    if knob.what == "token":
        return _token(view.scene, place), ""
    return str(place + 1), f"/{count}"


def _token(scene: Scene, place: int) -> str:
    return scene.quoted[min(place, scene.n - 1)]


def _cells(part: Part) -> Iterator[Cell]:
    """Every cell of a part that can show a knob."""
    if isinstance(part, Table):
        for row in part.rows:
            yield from row
    elif isinstance(part, Sentence):
        yield from part.words
        yield from part.below
    elif isinstance(part, Drawing):
        for line in part.lines:
            yield from line
    elif isinstance(part, Beside):
        for inner in part.parts:
            yield from _cells(inner)
