"""A model at the kept moments of its training, and what a correction does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from engine.batches import pack
from engine.blame import Target
from engine.errors import EngineError
from engine.experiment import Experiment
from engine.ops import Array
from engine.store import Model
from engine.train import loss, loss_and_gradients
from lessons.figures.knobs import Number
from lessons.figures.runs import read_by
from lessons.languages import languages, models_of
from lessons.moments import finished, moments
from lessons.scene import Scene, at_checkpoint, shipped_model

N_MOMENTS = 24
MOMENT = Number("moment", N_MOMENTS - 1, 0, N_MOMENTS - 1, integer=True)
"""A moment of the training, from 0, the random numbers, to the last, the finished model. A model
that kept fewer or more moments has them spread over the same range."""

LARGEST_STEP = 0.1
"""How far a correction goes at most, times the slope of the loss."""


@dataclass(frozen=True, eq=False)
class Student:
    """A model whose training can be looked at, whichever moment of it the learner is at.

    model: the finished one. steps: the training steps of the kept moments. own: whether it is the
    learner's model; else that one kept no moments, or predicts no next word, and this is a mini
    that comes with the program.
    """

    model: Model
    steps: tuple[int, ...]
    own: bool

    def place(self, moment: float) -> int:
        """Which of the kept moments a value of the knob stands for."""
        return round(moment * (len(self.steps) - 1) / (N_MOMENTS - 1))

    def at(self, moment: float) -> Model:
        """The model at that moment."""
        return at_checkpoint(self.model, self.place(moment))

    def step(self, moment: float) -> int:
        """How many corrections the model had had by then."""
        return self.steps[self.place(moment)]


def student(scene: Scene) -> Student:
    """The learner's model if its training can be looked at, else a shipped mini."""
    return _student(finished(scene.experiment.model), scene.lang)


@lru_cache(maxsize=16)
def _student(model: Model, lang: str) -> Student:
    if model.config.causal and (steps := _steps(model)):
        return Student(model, steps, True)
    minis = [shipped_model(f"mini-{lang}") for lang in dict.fromkeys(map(models_of, languages()))]
    same = [mini for mini in minis if mini.tokenizer.tokens == model.tokenizer.tokens]
    mini = same[0] if same else shipped_model(f"mini-{models_of(lang)}")
    return Student(mini, _steps(mini), False)


def _steps(model: Model) -> tuple[int, ...]:
    """The kept moments of a training; none if there are not at least two that can be read."""
    all_of_them = moments(model)
    try:
        all_of_them.models()
    except EngineError:
        return ()
    return all_of_them.steps if all_of_them.kept else ()


def moment_of(scene: Scene) -> float:
    """The value of the knob; the finished model where it was not turned."""
    return float(scene.knobs.get(MOMENT.id, MOMENT.default))


def experiment_at(scene: Scene, moment: float) -> Experiment:
    """The learner's sentence, read by the student as it was at that moment."""
    return read_by(student(scene).at(moment), scene.experiment.text)


def surprises(experiment: Experiment) -> list[float]:
    """For every token but the first, minus the logarithm of the share that it was given."""
    ids = [int(i) for i in experiment.trace["tokens"].value]
    return [
        Target("loss", pos, ids[pos + 1]).value(experiment.trace) for pos in range(len(ids) - 1)
    ]


def mean_surprise(experiment: Experiment) -> float:
    """The average of the surprises; NaN for a sentence that holds nothing to be told."""
    found = surprises(experiment)
    return float(np.mean(found)) if found else float("nan")


@lru_cache(maxsize=16)
def losses(student: Student, text: str) -> tuple[float, ...]:
    """The loss on a sentence at every kept moment."""
    return tuple(
        mean_surprise(Experiment(at_checkpoint(student.model, place), text))
        for place in range(len(student.steps))
    )


@dataclass(frozen=True, eq=False)
class Corrected:
    """A model after some corrections on one sentence.

    loss: on that sentence. moved: how many parameters the last correction changed.
    """

    parameters: Mapping[str, Array]
    loss: float
    moved: int


@lru_cache(maxsize=32)
def corrected(model: Model, ids: tuple[int, ...], times: int) -> Corrected:
    """The model after `times` corrections on a sentence of at least two tokens.

    A correction is a step against the slope of the loss (gradient descent), halved until the
    loss falls. Where no such step is found, nothing moves.
    """
    batch = pack([ids])
    if times == 0:
        return Corrected(model.parameters, loss(model.config, model.parameters, batch), 0)
    before = corrected(model, ids, times - 1)
    _, slopes = loss_and_gradients(model.config, before.parameters, batch)
    size = LARGEST_STEP
    for _ in range(12):
        after = {name: x - size * slopes[name] for name, x in before.parameters.items()}
        lower = loss(model.config, after, batch)
        if lower < before.loss:
            moved = sum(int(np.count_nonzero(slope)) for slope in slopes.values())
            return Corrected(after, lower, moved)
        size /= 2
    return replace(before, moved=0)
