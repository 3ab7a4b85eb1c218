"""The table of all weights."""

from __future__ import annotations

from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def n_pairs(scene: Scene) -> int:
    """Weights in the table of one attention: tokens times tokens."""
    return scene.n**2
