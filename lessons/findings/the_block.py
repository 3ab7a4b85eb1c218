"""How far the two halves of the last block move the last word's vector."""

from __future__ import annotations

from lessons.figures.vectors import length
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def block_attn_moved(scene: Scene) -> float:
    """How far the attention of the last block moves the last token's vector."""
    return _moved(scene, "attn_out")


@finding
def block_mlp_moved(scene: Scene) -> float:
    """How far the feed-forward of the last block moves the last token's vector."""
    return _moved(scene, "mlp_out")


@finding
def block_moves_most(scene: Scene) -> str:
    """Which of the two moves it further: "attention" or "mlp"."""
    return "mlp" if _moved(scene, "mlp_out") > _moved(scene, "attn_out") else "attention"


def _moved(scene: Scene, step: str) -> float:
    last = scene.experiment.model.config.n_layers - 1
    return length(scene.experiment.trace[f"blocks.{last}.{step}"].value[-1])
