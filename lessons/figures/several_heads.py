"""What is told by comparing two heads needs a model that has two: the learner's, or a mini."""

from __future__ import annotations

from lessons.figures.late import model_language
from lessons.figures.training_moments import read_by
from lessons.scene import Scene, shipped_model


def with_two_heads(scene: Scene) -> Scene:
    """The scene if its model has two heads in a block; else a mini that reads the sentence."""
    return scene if scene.experiment.model.config.n_heads > 1 else _mini(scene)


def with_two_looks(scene: Scene) -> Scene:
    """The scene if its model has two heads, in one block or in several; else a mini's."""
    config = scene.experiment.model.config
    return scene if config.n_layers * config.n_heads > 1 else _mini(scene)


def _mini(scene: Scene) -> Scene:
    run = read_by(shipped_model(f"mini-{model_language(scene)}"), scene.experiment.text)
    return Scene(run, scene.lang, scene.knobs)
