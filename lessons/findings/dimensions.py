"""How wide the vectors are, and what is lost with fewer numbers."""

from __future__ import annotations

from lessons.figures.dimensions import closest_with
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def dim_sentence_numbers(scene: Scene) -> int:
    """How many numbers the vectors of the sentence have together."""
    return scene.n * scene.experiment.model.config.d_model


@finding
def dim_kept(scene: Scene) -> str:
    """Whether the last token's closest word is the "same" or an "other" with two numbers only."""
    model, id = scene.experiment.model, scene.ids[-1]
    full, few = closest_with(model, id, model.config.d_model), closest_with(model, id, 2)
    return "same" if full[:1] and few[:1] and full[0][0] == few[0][0] else "other"
