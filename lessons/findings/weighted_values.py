"""Weighted averages: the results of the worked examples."""

from __future__ import annotations

from lessons.figures.weighted_values import GRADE, WORKED, WORKED_SHARE
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def weighted_grade(scene: Scene) -> float:
    """The final mark of the worked example."""
    share = GRADE["share"]
    return share * GRADE["exam"] + (1 - share) * GRADE["homework"]


@finding
def weighted_worked(scene: Scene) -> int:
    """The mix of the two Values of the worked example."""
    share = WORKED_SHARE
    values = dict(WORKED)
    return round(share * values["a"] + (1 - share) * values["b"])
