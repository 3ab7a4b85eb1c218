"""The moments of a training: the steps after which a model's weights were kept.

They are counted from 0, the random numbers, to the last one, which is the finished model itself.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from engine.experiment import Experiment
from engine.store import Model, checkpoint_steps, load_checkpoint

MOST_LOADED = 32
"""Models at earlier moments that are held in memory: all those of one training, and more."""


@dataclass(frozen=True, eq=False)
class Moments:
    """The moments of one model.

    steps: after how many training steps each of them was, ascending. The last is the finished
    model's, which is in memory already; a model that kept nothing has only that one.
    """

    finished: Model
    steps: tuple[int, ...]

    @property
    def kept(self) -> bool:
        """Whether there is anything to go back to."""
        return len(self.steps) > 1

    @property
    def last(self) -> int:
        """The number of the finished model's moment."""
        return len(self.steps) - 1

    def place_of(self, model: Model) -> int:
        """The moment that a model is at, or the last one before it."""
        if model.step is None:
            return self.last
        return max(bisect_right(self.steps, model.step) - 1, 0)

    def model(self, place: int) -> Model:
        """The model at a moment, the nearest that there is; the same object every time.

        Raises EngineError for weights that cannot be read.
        """
        if place >= self.last:
            return self.finished
        return _loaded(self.finished, self.steps[max(place, 0)])

    def models(self) -> list[Model]:
        """The model at every moment. Raises EngineError as `model` does."""
        return [self.model(place) for place in range(len(self.steps))]


@dataclass(frozen=True, eq=False)
class Moment:
    """One of the moments of a training, by its number."""

    of: Moments
    place: int

    @property
    def step(self) -> int:
        """How many training steps there had been."""
        return self.of.steps[self.place]

    @property
    def is_last(self) -> bool:
        """Whether it is the finished model's."""
        return self.place == self.of.last

    @property
    def model(self) -> Model:
        """The model then. Raises EngineError for weights that cannot be read."""
        return self.of.model(self.place)

    def moved(self, by: int) -> Moment:
        """So many moments on; the ends hold."""
        return Moment(self.of, max(0, min(self.place + by, self.of.last)))


def finished(model: Model) -> Model:
    """The finished model, of one at any moment."""
    return model.finished or model


def moments(model: Model) -> Moments:
    """The moments of a model, whichever of them it is at."""
    return _moments(finished(model))


def moment_of(model: Model) -> Moment:
    """The moment that a model is at."""
    all_of_them = moments(model)
    return Moment(all_of_them, all_of_them.place_of(model))


def read_at(experiment: Experiment, model: Model) -> Experiment:
    """The same sentence, with the same changes by hand, read by the model at another moment.

    Its tokens and its sizes are the same, so that every change fits.
    """
    if model is experiment.model:
        return experiment
    return Experiment(model, experiment.text, experiment.forced, experiment.other)


def finished_run(experiment: Experiment) -> Experiment:
    """The same run of the finished model; one object for the same run, so that it runs once."""
    if experiment.model.finished is None:
        return experiment
    return _finished_run(experiment)


@lru_cache(maxsize=4)
def _finished_run(experiment: Experiment) -> Experiment:
    return read_at(experiment, finished(experiment.model))


@lru_cache(maxsize=16)
def _moments(model: Model) -> Moments:
    kept = checkpoint_steps(model.folder) if model.folder else []
    end = model.training.get("steps")
    if not isinstance(end, int) or isinstance(end, bool) or end < 0:
        end = kept[-1] if kept else 0
    # What was kept after the step whose weights were chosen is not on the way to them.
    return Moments(model, (*(step for step in kept if step < end), end))


@lru_cache(maxsize=MOST_LOADED)
def _loaded(model: Model, step: int) -> Model:
    return load_checkpoint(model, step)
