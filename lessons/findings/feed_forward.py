"""The neurons of the last word in the first block."""

from __future__ import annotations

import numpy as np

from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def n_neurons_on(scene: Scene) -> int:
    """How many of them are above 0."""
    return int((scene.experiment.trace["blocks.0.mlp.post"].value[-1] > 0).sum())


@finding
def strongest_neuron(scene: Scene) -> int:
    """The number of the one that is furthest on, counted from 1."""
    return int(np.argmax(scene.experiment.trace["blocks.0.mlp.post"].value[-1])) + 1
