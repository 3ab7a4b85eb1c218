"""The table of all weights, and what the mask leaves of it."""

from __future__ import annotations

from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def n_pairs(scene: Scene) -> int:
    """Weights in the table of one attention: tokens times tokens."""
    return scene.n**2


@finding
def n_covered(scene: Scene) -> int:
    """How many of them a causal mask makes exactly 0."""
    return scene.n * (scene.n - 1) // 2


@finding
def n_open(scene: Scene) -> int:
    """How many of them a causal mask leaves."""
    return scene.n * (scene.n + 1) // 2


@finding
def first_on_itself(scene: Scene) -> float:
    """The weight that the first token gives itself."""
    return float(scene.experiment.trace["blocks.0.attn.pattern"].value[0, 0, 0])
