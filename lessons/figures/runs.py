"""Other runs than the learner's: with a change, of another sentence, of a model that is shipped."""

from __future__ import annotations

from functools import lru_cache

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.store import Model
from engine.whatif import Force
from lessons.languages import models_of, of_model
from lessons.scene import Scene, shipped_model


@lru_cache(maxsize=24)
def changed(experiment: Experiment, *changes: str) -> Experiment | None:
    """The run with changes, each written as `Force.parse` reads it.

    None where the run cannot be so changed, as when what is to be copied is infinite.
    """
    try:
        new = experiment.force(*map(Force.parse, changes))
        new.trace  # noqa: B018 (to see whether it can be)
    except EngineError:
        return None
    return new


@lru_cache(maxsize=32)
def read_by(model: Model, text: str) -> Experiment:
    """A sentence as a model reads it, with nothing forced; the same one every time."""
    return Experiment(model, text)


def model_language(scene: Scene) -> str:
    """The language that the model has learned, where its name tells it; else the scene's."""
    return of_model(scene.experiment.model.name) or models_of(scene.lang)


# --- What is told by comparing two heads needs a model that has two ------------------------------


def with_two_heads(scene: Scene) -> Scene:
    """The scene if its model has two heads in a block; else a mini that reads the sentence."""
    return scene if scene.experiment.model.config.n_heads > 1 else _by_mini(scene)


def with_two_looks(scene: Scene) -> Scene:
    """The scene if its model has two heads, in one block or in several; else a mini's."""
    config = scene.experiment.model.config
    return scene if config.n_layers * config.n_heads > 1 else _by_mini(scene)


def _by_mini(scene: Scene) -> Scene:
    mini = shipped_model(f"mini-{model_language(scene)}")
    return scene.about(read_by(mini, scene.experiment.text))
