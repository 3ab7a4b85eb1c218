"""Waiting for one's turn."""

from __future__ import annotations

from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def words_before_last(scene: Scene) -> int:
    """How many words the last one waits for if they are read one by one."""
    return max(scene.n - 2, 0)
