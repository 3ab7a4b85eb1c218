"""What if: changes to a run, each of them a line of text.

blocks.0.attn.pattern[0,2,1]=0.5        a cell
blocks.0.attn.z[*,1,*]=0                a head: * takes all of an axis
mask=0                                  a whole step
blocks.0.resid_mid=blocks.0.attn_out    what another step has: here, no residual
logits=logits*0.5                       what it has itself, times a number
blocks.0.attn.z[*,1,*]=other            what the same part has in another run
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.errors import EngineError
from engine.expr import Ref
from engine.ops import Array
from engine.parts import Part
from engine.trace import Leaf, Step, Trace, is_allowed

OTHER = "other"
"""Stands for the run that this one is compared with."""

_DECIMAL_COMMA = re.compile(r"([+-]?\d*),(\d+)")


@dataclass(frozen=True, slots=True)
class Copied:
    """What a part of the run has just before the change, times a number.

    source: None for the same part of the other run.
    """

    source: Part | None
    times: float = 1.0

    def __str__(self) -> str:
        source = OTHER if self.source is None else str(self.source)
        return source if self.times == 1 else f"{source}*{_short(self.times)}"


@dataclass(frozen=True, slots=True)
class Force:
    """One change: the cells of `part` get `value`, whatever the model computes for them."""

    part: Part
    value: float | Copied

    def __str__(self) -> str:
        return f"{self.part}={self.value if isinstance(self.value, Copied) else _short(self.value)}"

    @classmethod
    def parse(cls, text: str) -> Force:
        """Reads what `str(force)` writes. Raises EngineError (`bad_force`, `bad_part`)."""
        part, equals, value = text.partition("=")
        if not equals:
            raise EngineError("bad_force", text=text.strip())
        return cls(Part.parse(part), parse_value(value))


def parse_value(text: str) -> float | Copied:
    """The value of a change as a person writes it: a number, a part of the run, or `other`.

    A decimal comma is a decimal point, and × is *. Raises EngineError (`bad_value`).
    """
    text = text.strip()
    value: float | Copied | None = _number(text)
    if value is None:
        source, star, times = text.replace("×", "*").rpartition("*")
        if not star or "]" in times:  # a star between brackets is no product
            source, times = text, "1"
        value = _copied_from(source.strip(), _number(times))
    if value is None or not math.isfinite(value.times if isinstance(value, Copied) else value):
        raise EngineError("bad_value", text=text)
    return value


def _copied_from(source: str, times: float | None) -> Copied | None:
    try:
        part = None if source == OTHER else Part.parse(source)
    except EngineError:
        return None
    return None if times is None else Copied(part, times)


def _number(text: str) -> float | None:
    comma = _DECIMAL_COMMA.fullmatch(text.strip())
    try:
        return float(f"{comma[1]}.{comma[2]}" if comma else text)
    except ValueError:
        return None


def apply(trace: Trace, forces: Iterable[Force], other: Trace | None = None) -> Trace:
    """The run with all the changes, in the order of the model: earlier steps first.

    So what is copied from an earlier step already carries the changes before it. Of changes to
    the same step the later one of `forces` wins. Raises EngineError for an unknown step, an index
    outside, a value that is not finite or does not fit, or `other` where there is no other run.
    """
    places = {name: place for place, name in enumerate(trace.steps)}
    waiting: dict[Ref | Part | str, float | Array] = {}
    for force in sorted(forces, key=lambda force: places[trace[force.part.name].name]):
        if isinstance(force.value, Copied):
            trace = trace.force(waiting) if waiting else trace
            waiting = {}
            value: float | Array = _copied(force.value, force.part, trace, other)
        else:
            value = force.value
        waiting.pop(force.part, None)  # what is said last is done last
        waiting[force.part] = value
    return trace.force(waiting) if waiting else trace


def _copied(value: Copied, target: Part, trace: Trace, other: Trace | None) -> Array:
    source, run = (target, other) if value.source is None else (value.source, trace)
    if run is None:
        raise EngineError("no_other_run", text=str(target))
    array = run[source.name].value
    source.check(array.shape)
    with np.errstate(all="ignore"):  # what cannot be used is refused just below
        cells = np.asarray(array[source.where] * value.times)
    _check_fit(cells, target, trace[target.name])
    return cells


def _check_fit(cells: Array, target: Part, step: Step) -> None:
    """Raises what forcing would raise, but about one cell: nobody reads an array in a sentence."""
    target.check(step.value.shape)
    room = step.value[target.where].shape
    try:
        np.broadcast_to(cells, room)
    except ValueError:
        raise EngineError(
            "shape_differs", name=str(target), shape=room or (1,), given=cells.shape
        ) from None
    endless = cells[~is_allowed(cells, step)]
    if endless.size:
        raise EngineError("value_not_finite", ref=str(target), value=float(endless[0]))
    if step.value.dtype.kind == "i":
        below = step.op.below if isinstance(step.op, Leaf) else None
        most = math.inf if below is None else below
        wrong = cells[(cells != np.floor(cells)) | (cells < 0) | (cells >= most)]
        if wrong.size:
            raise EngineError("id_outside", ref=str(target), value=float(wrong[0]), below=below)


def _short(value: float) -> str:
    """The shortest text that is read as the same number: "0", not "0.0"."""
    text = repr(float(value))
    return text.removesuffix(".0")
