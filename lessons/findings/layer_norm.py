"""Four numbers that a learner normalises by hand, and a vector of the run."""

from __future__ import annotations

import numpy as np

from engine.ops import Center, Divide, Scale
from lessons.findings.registry import exact, finding
from lessons.scene import Scene

FOUR = np.array([3.0, 9.0, 11.0, 17.0])
CHECK = np.array([1.0, 1.0, 5.0, 5.0])


@finding
def ln_four_mean(scene: Scene) -> int | float:
    """The mean of 3, 9, 11 and 17."""
    return exact(float(FOUR.mean()))


@finding
def ln_four_size(scene: Scene) -> int | float:
    """Their typical distance from it."""
    return exact(float(Scale(scene.experiment.model.config.eps).forward(Center().forward(FOUR))[0]))


@finding
def ln_check_first(scene: Scene) -> int | float:
    """The first of 1, 1, 5 and 5, centred and divided."""
    centered = Center().forward(CHECK)
    scale = Scale(scene.experiment.model.config.eps).forward(centered)
    return exact(float(Divide().forward(centered, scale)[0]))
