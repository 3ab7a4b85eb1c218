"""Dot products: worked examples, and the words of the sentence."""

from __future__ import annotations

import math

import numpy as np

from lessons.figures.vectors import dot
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def dot_example(scene: Scene) -> int:
    """(3, 2) · (4, −1)."""
    return int(dot(np.array([3, 2]), np.array([4, -1])))


@finding
def dot_check(scene: Scene) -> int:
    """(1, 0, 2) · (5, 7, −1)."""
    return int(dot(np.array([1, 0, 2]), np.array([5, 7, -1])))


@finding
def dot_largest_at(scene: Scene) -> int:
    """The position with whose vector the last token's has its largest dot product, itself left
    out; of equals the first. 0 for a sentence without words.
    """
    return _largest(scene)


@finding
def dot_largest(scene: Scene) -> str:
    """That token."""
    return scene.quoted[_largest(scene)]


def _largest(scene: Scene) -> int:
    table = scene.experiment.trace["embed"].value
    products = [dot(table[-1], table[pos]) for pos in range(scene.n - 1)]
    known = [-math.inf if math.isnan(x) else x for x in products]
    return int(np.argmax(known)) if known else 0
