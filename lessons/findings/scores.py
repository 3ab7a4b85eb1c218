"""Scores of the run: what the last word's Query matches best."""

from __future__ import annotations

from lessons.figures import one_attention as att
from lessons.figures.excerpts import ranked
from lessons.figures.scores import WORKED
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def attn_best_pos(scene: Scene) -> int:
    """The position of the token whose Key matches the last one's Query best."""
    return _best(scene)


@finding
def attn_best(scene: Scene) -> str:
    """The token whose Key matches the last one's Query best."""
    return scene.quoted[_best(scene)]


@finding
def attn_best_score(scene: Scene) -> float:
    """The last token's score with it."""
    row = att.row(scene.experiment, "attn_scores", scene.n - 1)
    return float(row[_best(scene)])


@finding
def attn_self_score(scene: Scene) -> float:
    """The last token's score with itself."""
    return float(att.row(scene.experiment, "attn_scores", scene.n - 1)[-1])


@finding
def score_worked(scene: Scene) -> int:
    """The score of the Query and the Key of the worked example."""
    n = dict(WORKED)
    return round(n["q1"] * n["k1"] + n["q2"] * n["k2"])


def _best(scene: Scene) -> int:
    last = scene.n - 1
    places = att.seen(scene.experiment, last) or [last]
    return ranked(att.row(scene.experiment, "attn_scores", last), places)[0]
