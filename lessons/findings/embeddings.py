"""How close three nouns are in the model's table."""

from __future__ import annotations

from lessons.figures.closeness import closeness
from lessons.figures.embeddings_near import noun
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def noun_cat(scene: Scene) -> str:
    """The noun "cat" in a language of the model."""
    return _name(scene, "cat")


@finding
def noun_dog(scene: Scene) -> str:
    """The noun "dog" in a language of the model."""
    return _name(scene, "dog")


@finding
def noun_democracy(scene: Scene) -> str:
    """The noun "democracy" in a language of the model."""
    return _name(scene, "democracy")


@finding
def cat_dog(scene: Scene) -> float:
    """How close their embeddings are, from -1 to 1."""
    return _near(scene, "dog")


@finding
def cat_democracy(scene: Scene) -> float:
    """How close the embeddings of "cat" and "democracy" are, from -1 to 1."""
    return _near(scene, "democracy")


@finding
def closer_to_cat(scene: Scene) -> str:
    """Which of the two is closer to "cat": "dog", "democracy", or "same"."""
    dog, democracy = _near(scene, "dog"), _near(scene, "democracy")
    if dog == democracy:
        return "same"
    return "dog" if dog > democracy else "democracy"


def _name(scene: Scene, key: str) -> str:
    return scene.words.token(noun(scene, key)[0])


def _near(scene: Scene, key: str) -> float:
    return closeness(scene.experiment, noun(scene, "cat")[1], noun(scene, key)[1])


@finding
def embedding_size(scene: Scene) -> int:
    """How many numbers a row of the table has."""
    return scene.experiment.model.config.d_model
