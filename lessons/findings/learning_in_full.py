"""How much there is to learn, and from how many texts at a time."""

from __future__ import annotations

from engine.store import n_parameters
from lessons.figures.gradients import recipe_of
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def weights_in_all(scene: Scene) -> int:
    """How many numbers the model has learned."""
    return n_parameters(scene.experiment.model.config)


@finding
def texts_a_step(scene: Scene) -> int:
    """How many texts one step of the training looked at together."""
    return recipe_of(scene.experiment.model).batch_size
