"""How wide the vectors are, and what is lost with fewer numbers."""

from __future__ import annotations

from lessons.figures.closeness import closest
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def dim_sentence_numbers(scene: Scene) -> int:
    """How many numbers the vectors of the sentence have together."""
    return scene.n * scene.experiment.model.config.d_model


@finding
def dim_kept(scene: Scene) -> str:
    """Whether the last token's closest word is the "same" or an "other" with two numbers only."""
    full, few = (closest(scene.experiment, scene.ids[-1], 1, kept) for kept in (None, 2))
    return "same" if full[:1] and few[:1] and full[0][0] == few[0][0] else "other"
