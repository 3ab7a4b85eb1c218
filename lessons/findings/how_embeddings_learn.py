"""How the training went, seen from the learner's sentence."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from engine.experiment import Experiment
from engine.store import n_parameters
from lessons.figures.runs import read_by
from lessons.figures.training_moments import MOMENT, experiment_at, losses, student, surprises
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def learn_parameters(scene: Scene) -> int:
    """How many numbers the training moves, in the model whose training is shown."""
    return n_parameters(student(scene).model.config)


@finding
def learn_steps(scene: Scene) -> int:
    """How many corrections that model had in all."""
    return student(scene).steps[-1]


@finding
def learn_path(scene: Scene) -> str:
    """Whether the loss on the sentence only "falls" from each kept moment to the next."""
    curve = losses(student(scene), scene.experiment.text)
    return "falls" if all(after < before for before, after in pairwise(curve)) else "wavers"


@finding
def learn_least_expected_at(scene: Scene) -> int:
    """The position of the token that the finished model expected least; 0 if there is none."""
    return _least_expected(scene)


@finding
def learn_least_expected(scene: Scene) -> str:
    """That token."""
    return scene.quoted[_least_expected(scene)]


@finding
def learn_least_share(scene: Scene) -> str:
    """The share that it was given before it came."""
    at = _least_expected(scene)
    if at == 0:
        return scene.words.share(0.0)
    trace = _finished(scene).trace
    return scene.words.share(float(trace["probs"].value[at - 1, trace["tokens"].value[at]]))


def _least_expected(scene: Scene) -> int:
    found = surprises(_finished(scene))
    return 1 + int(np.argmax(found)) if found else 0


def _finished(scene: Scene) -> Experiment:
    """The sentence as the finished model reads it, in the learner's own tokens."""
    now = experiment_at(scene, MOMENT.default)
    same = [piece.id for piece in now.pieces] == scene.ids
    return now if same else read_by(scene.experiment.model, scene.experiment.text)
