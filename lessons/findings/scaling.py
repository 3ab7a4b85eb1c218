"""Scores divided by √d_k: the run's divisor, the worked example, and the drawn numbers."""

from __future__ import annotations

import math

from lessons.figures import one_attention as att
from lessons.figures.scaling import SEED, SIZES, WORKED, drawn
from lessons.findings.registry import finding
from lessons.scene import Scene
from lessons.words import root

_WORKED_D_K = 64
_CHECK_D_K = 100


@finding
def attn_root(scene: Scene) -> str:
    """What the run divides its scores by, as a root with its value."""
    value = float(scene.experiment.trace["sqrt_d_head"].value)
    return root(scene.experiment.model.config.d_head, value)


@finding
def attn_variance_q(scene: Scene) -> float:
    """The variance of the numbers of all Queries of the sentence."""
    return float(scene.experiment.trace[f"{att.ATTN}.q"].value[:, att.HEAD].var())


@finding
def attn_variance_k(scene: Scene) -> float:
    """The variance of the numbers of all Keys of the sentence."""
    return float(scene.experiment.trace[f"{att.ATTN}.k"].value[:, att.HEAD].var())


@finding
def scaling_raw(scene: Scene) -> str:
    """The largest of four weights at the largest d_k, not divided, on average of the drawn."""
    return _largest(scene, divided=False)


@finding
def scaling_divided(scene: Scene) -> str:
    """The same divided by √d_k."""
    return _largest(scene, divided=True)


def _largest(scene: Scene, divided: bool) -> str:
    weights = drawn(SEED).weights(len(SIZES) - 1, divided)
    return scene.words.share(float(weights.max(axis=-1).mean()))


@finding
def scaling_worked(scene: Scene) -> float:
    """The highest score of the worked example, divided by √64."""
    return max(WORKED) / math.sqrt(_WORKED_D_K)


@finding
def scaling_whole(scene: Scene) -> float:
    """The same score divided by 64."""
    return max(WORKED) / _WORKED_D_K


@finding
def scaling_check(scene: Scene) -> int:
    """What a score of vectors of 100 numbers is divided by."""
    return math.isqrt(_CHECK_D_K)
