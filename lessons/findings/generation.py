"""What comes of drawing the next token of the learner's sentence."""

from __future__ import annotations

import numpy as np

from engine.sampling import choose, likeliest
from lessons.figures.generation import N_DRAWS, SEED, shares_of
from lessons.findings.registry import finding
from lessons.scene import Scene

_TOP_P = 0.9


@finding
def draws_top(scene: Scene) -> int:
    """How often the likeliest token comes up in the hundred draws of the exhibit."""
    shares = shares_of(scene)
    if shares is None:
        return 0
    best = int(likeliest(scene.experiment.trace["logits"].value[-1], 1)[0])
    rng = np.random.default_rng(int(SEED.default))
    return [choose(shares, rng) for _ in range(N_DRAWS)].count(best)


@finding
def top_p_n(scene: Scene) -> int:
    """How many candidates top-p = 0.9 admits after the last token."""
    return _admitted(scene)


@finding
def top_p_band(scene: Scene) -> str:
    """The same as "one" (at most), "few" (up to 5), "some" (up to 20) or "many"."""
    n = _admitted(scene)
    return "one" if n <= 1 else "few" if n <= 5 else "some" if n <= 20 else "many"


def _admitted(scene: Scene) -> int:
    shares = shares_of(scene, top_p=_TOP_P)
    return 0 if shares is None else int(np.count_nonzero(shares))
