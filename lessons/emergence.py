"""What emerges in a training, and when: each probe's number at every moment, and a mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from engine.errors import EngineError
from engine.store import Model
from lessons.moments import Moments, finished, moments
from lessons.probes import Probe, known_probes, measured

# Of each model once; forgotten with it.
_known: WeakKeyDictionary[Model, tuple[Emerged, ...]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Emerged:
    """A probe over a training.

    values: its number at every moment. place: the moment from which on it is at its threshold
    or above until the end; None where the finished model is below it.
    """

    probe: Probe
    values: tuple[float, ...]
    place: int | None

    @property
    def id(self) -> str:
        """The probe's."""
        return self.probe.id


def emergence(model: Model) -> tuple[Emerged, ...]:
    """Every probe that a model's vocabulary knows, over its training.

    Empty where no moments are kept, or one of them cannot be read. Found once; it runs the model
    some ten times for every moment, so the first time is for a moment that nobody waits for.
    """
    model = finished(model)
    if model not in _known:
        _known[model] = _emergence(model)
    return _known[model]


def if_known(model: Model) -> tuple[Emerged, ...] | None:
    """The same if it has been found already, else None."""
    return _known.get(finished(model))


def marks(found: Iterable[Emerged]) -> tuple[Emerged, ...]:
    """What has emerged in the end, in the order in which it did."""
    there = (one for one in found if one.place is not None)
    return tuple(sorted(there, key=lambda one: one.place or 0))


def _emergence(model: Model) -> tuple[Emerged, ...]:
    kept = moments(model)
    if not kept.kept:
        return ()
    try:
        return tuple(_over(probe, kept) for probe in known_probes(model))
    except EngineError:  # a checkpoint that cannot be read: whoever goes there is told
        return ()


def _over(probe: Probe, kept: Moments) -> Emerged:
    values = tuple(measured(probe, model) for model in kept.models())
    return Emerged(probe, values, first_that_stays(values, probe.threshold))


def first_that_stays(values: tuple[float, ...], threshold: float) -> int | None:
    """From which place on all values are at the threshold or above; None if the last is not."""
    below = [place for place, value in enumerate(values) if not value >= threshold]
    first = below[-1] + 1 if below else 0
    return first if first < len(values) else None
