"""What becomes of a word's row before its position is added."""

from __future__ import annotations

from lessons.figures.registry import said
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def word_row_scaled(scene: Scene) -> str:
    """Whether this model first multiplies a word's row by √d_model, as a sentence."""
    config = scene.experiment.model.config
    return said(scene, "position-added", "scaled" if config.scale_embed else "unscaled")
