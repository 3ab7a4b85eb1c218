"""Where the last word looks, and whether it matters."""

from __future__ import annotations

import numpy as np

from engine.experiment import Experiment
from lessons.figures.attention_intuition import clearest, direction
from lessons.figures.attention_intuition_changes import covering
from lessons.figures.candidates import candidates
from lessons.findings.registry import finding
from lessons.scene import Scene


@finding
def looked_at(scene: Scene) -> int:
    """The position that the last word looks at most, in the look that is hardest on one other
    word; where there is no other, the one that gets most.
    """
    return _looked_at(scene)


@finding
def looked_at_word(scene: Scene) -> str:
    """The word at that position."""
    return scene.quoted[_looked_at(scene)]


@finding
def look_share(scene: Scene) -> str:
    """The share of the last word's attention that it gets there."""
    row = clearest(scene.experiment, scene.n - 1).row
    return scene.words.share(float(row[_looked_at(scene)]))


@finding
def n_looks(scene: Scene) -> int:
    """How many times the model looks with each word."""
    config = scene.experiment.model.config
    return config.n_layers * config.n_heads


@finding
def look_direction(scene: Scene) -> str:
    """Whether words look only back in this model, or to both sides, as a sentence."""
    return direction(scene)


@finding
def bet_free(scene: Scene) -> str:
    """What the model bets on after the last word."""
    return _bet(scene, scene.experiment)


@finding
def bet_covered(scene: Scene) -> str:
    """The same if the last word cannot look at the one that it looks at most."""
    return _bet(scene, _covered(scene))


@finding
def cover_changes(scene: Scene) -> str:
    """Whether its first bet is then "other" or the "same"."""
    ids = [candidates(scene, one, scene.n - 1, 1)[0][0] for one in _both(scene)]
    return "same" if ids[0] == ids[1] else "other"


def _looked_at(scene: Scene) -> int:
    look = clearest(scene.experiment, scene.n - 1)
    return int(np.nan_to_num(look.row).argmax()) if look.at is None else look.at


def _both(scene: Scene) -> tuple[Experiment, Experiment]:
    return scene.experiment, _covered(scene)


def _covered(scene: Scene) -> Experiment:
    return covering(scene.experiment, _looked_at(scene)) or scene.experiment


def _bet(scene: Scene, experiment: Experiment) -> str:
    """The first bet and its share."""
    ((id, label),) = candidates(scene, experiment, scene.n - 1, 1)
    share = float(experiment.trace["probs"].value[-1, id])
    return f"{scene.words.token(label)} ({scene.words.share(share)})"
