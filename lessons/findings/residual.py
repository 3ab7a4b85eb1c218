"""One number of the last word's vector through the first residual sum."""

from __future__ import annotations

from lessons.findings.registry import finding
from lessons.scene import Scene


def _first(scene: Scene, which: int) -> float:
    """The first number of what was there (0), of what is added (1), or of their sum (2)."""
    trace = scene.experiment.trace
    name = "blocks.0.resid_mid"
    return float(trace[(*trace[name].inputs, name)[which]].value[-1, 0])


@finding
def residual_before(scene: Scene) -> float:
    """What it was."""
    return _first(scene, 0)


@finding
def residual_added(scene: Scene) -> float:
    """What attention adds to it."""
    return _first(scene, 1)


@finding
def residual_after(scene: Scene) -> float:
    """What it is then."""
    return _first(scene, 2)
