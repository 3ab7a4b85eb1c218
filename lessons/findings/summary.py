"""What hangs on the largest attention weights."""

from __future__ import annotations

from functools import lru_cache

from engine.experiment import Experiment
from engine.sampling import likeliest
from lessons.figures.runs import with_two_looks
from lessons.figures.summary import heads_shown, weights_told, without
from lessons.findings.registry import finding
from lessons.scene import Scene
from lessons.words import signed


@lru_cache(maxsize=16)
def _effects(experiment: Experiment) -> tuple[tuple[float, float], ...]:
    """For each head shown: its largest weight, and what the winner loses or gains without it."""
    trace = experiment.trace
    best = int(likeliest(trace["logits"].value[-1], 1)[0])
    before = float(trace["probs"].value[-1, best])
    found = []
    for block, head, key in heads_shown(experiment):
        run = without(experiment, block, head, key)
        weight = float(trace[f"blocks.{block}.attn.pattern"].value[head, -1, key])
        after = before if run is None else float(run.trace["probs"].value[-1, best])
        found.append((weight, after - before))
    return tuple((w, change) if change == change else (w, 0.0) for w, change in found)


def _effect(scene: Scene, place: int) -> tuple[float, float]:
    """The weight that comes first or second by its size, and what is lost or gained without it.

    Where the model has a single head, a mini reads the sentence.
    """
    return _effects(with_two_looks(scene).experiment)[place]


@finding
def weights_model(scene: Scene) -> str:
    """In which model the weights are taken away, as a sentence."""
    return weights_told(scene)


@finding
def first_weight(scene: Scene) -> str:
    """The largest attention weight of the last token, as a share."""
    return scene.words.share(_effect(scene, 0)[0])


@finding
def second_weight(scene: Scene) -> str:
    """The second largest, of another head."""
    return scene.words.share(_effect(scene, 1)[0])


@finding
def first_weight_change(scene: Scene) -> str:
    """What taking the largest away does to the winner's probability, in percentage points."""
    return signed(100 * _effect(scene, 0)[1])


@finding
def second_weight_change(scene: Scene) -> str:
    """What taking the second away does."""
    return signed(100 * _effect(scene, 1)[1])


@finding
def second_weight_counts(scene: Scene) -> str:
    """How the second compares with the first: "less" than half, "more" than twice, or "like" it."""
    first, second = (abs(_effect(scene, place)[1]) for place in (0, 1))
    return "less" if 2 * second < first else "more" if second > 2 * first else "like"
