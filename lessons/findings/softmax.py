"""Softmax: the last word's weights, and the results of the worked examples."""

from __future__ import annotations

import numpy as np

from engine.ops import Softmax
from lessons.figures import one_attention as att
from lessons.figures.excerpts import ranked
from lessons.figures.scaling import WORKED
from lessons.figures.softmax import GAP, SCORES, power, shares
from lessons.findings.registry import exact, finding
from lessons.scene import Scene

_HALF = 0.5


@finding
def attn_top_pos(scene: Scene) -> int:
    """The position of the token that the last one gives the most weight."""
    return _top(scene)


@finding
def attn_top(scene: Scene) -> str:
    """The token that the last one gives the most weight."""
    return scene.quoted[_top(scene)]


@finding
def attn_top_share(scene: Scene) -> str:
    """That weight, as a share."""
    weights = att.row(scene.experiment, "pattern", scene.n - 1)
    return scene.words.share(float(weights[_top(scene)]))


@finding
def softmax_over_half(scene: Scene) -> str:
    """Whether that weight is more than half: "yes" or "no"."""
    weights = att.row(scene.experiment, "pattern", scene.n - 1)
    return "yes" if weights[_top(scene)] > _HALF else "no"


@finding
def softmax_naive(scene: Scene) -> int | float:
    """What dividing by the sum gives the first of the four scores."""
    return exact(float(shares(np.array(SCORES))[0]))


@finding
def softmax_power(scene: Scene) -> float:
    """e to the first of the four scores."""
    return power(SCORES[0])


@finding
def softmax_times(scene: Scene) -> float:
    """How many times more weight a lead of two points brings."""
    return power(GAP)


@finding
def softmax_close(scene: Scene) -> str:
    """The largest weight of the worked scores, divided by √64, as a share."""
    scores = np.array(WORKED) / np.sqrt(64)
    return scene.words.share(float(Softmax().forward(scores).max()))


@finding
def softmax_close_naive(scene: Scene) -> str:
    """What dividing the worked scores by their sum gives the largest, as a share."""
    return scene.words.share(float(shares(np.array(WORKED)).max()))


@finding
def softmax_equal(scene: Scene) -> float:
    """The weight of each of two equal scores."""
    return float(Softmax().forward(np.zeros(2))[0])


def _top(scene: Scene) -> int:
    last = scene.n - 1
    places = att.seen(scene.experiment, last) or [last]
    return ranked(att.row(scene.experiment, "pattern", last), places)[0]
