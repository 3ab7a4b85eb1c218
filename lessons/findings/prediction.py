"""What the model finds likeliest next, in the learner's sentence and in the course's own."""

from __future__ import annotations

import numpy as np

from engine.sampling import likeliest
from lessons.figures.candidates import likeliest_token
from lessons.figures.prediction import gap_run
from lessons.figures.stream import seen_after, unembedding_name
from lessons.findings.registry import finding
from lessons.scene import Scene

_BANDS = ((0.1, "under10"), (0.5, "under50"), (0.9, "under90"))


def _best(scene: Scene) -> tuple[str, float]:
    """The label and the probability of the likeliest token after the last one."""
    trace = scene.experiment.trace
    best, label = likeliest_token(scene, trace["logits"].value[-1])
    return label, float(trace["probs"].value[-1, best])


@finding
def top_next(scene: Scene) -> str:
    """The likeliest token after the last one."""
    return scene.words.token(_best(scene)[0])


@finding
def top_next_share(scene: Scene) -> str:
    """Its probability."""
    return scene.words.share(_best(scene)[1])


@finding
def top_next_band(scene: Scene) -> str:
    """Between which bounds that probability lies: "under10", "under50", "under90", "over90"."""
    share = _best(scene)[1]
    return next((name for bound, name in _BANDS if share < bound), "over90")


@finding
def out_table(scene: Scene) -> str:
    """The name of the table that turns a vector into logits."""
    return unembedding_name(scene.experiment.model.config)


@finding
def gap_text(scene: Scene) -> str:
    """The course's sentence with a gap, in the model's language."""
    return gap_run(scene).text


@finding
def gap_top(scene: Scene) -> str:
    """What the model finds likeliest in that gap."""
    return _best(_gap(scene))[0]


@finding
def gap_quoted(scene: Scene) -> str:
    """The same in quotation marks."""
    return scene.words.token(_best(_gap(scene))[0])


@finding
def gap_share(scene: Scene) -> str:
    """Its probability."""
    return scene.words.share(_best(_gap(scene))[1])


def _gap(scene: Scene) -> Scene:
    return scene.about(gap_run(scene))


@finding
def lens_start_place(scene: Scene) -> int:
    """The place that the final winner would have before the first block."""
    return _start_place(scene)


@finding
def lens_start_first(scene: Scene) -> str:
    """Whether it would be the first there: "yes" or "no"."""
    return "yes" if _start_place(scene) == 1 else "no"


def _start_place(scene: Scene) -> int:
    best = int(likeliest(scene.experiment.trace["logits"].value[-1], 1)[0])
    probs = seen_after(scene.experiment, 0, scene.n - 1)
    with np.errstate(all="ignore"):
        return 1 + int((probs > probs[best]).sum())
