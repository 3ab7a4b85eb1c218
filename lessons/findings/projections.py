"""Projections: a worked example."""

from __future__ import annotations

import numpy as np

from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def proj_example(scene: Scene) -> int:
    """The first number of (2, 1) times a matrix whose first column is (1, 3)."""
    return int(np.array([2, 1]) @ np.array([1, 3]))
