"""What two heads look at, and how long their vectors are."""

from __future__ import annotations

import numpy as np

from lessons.findings.registry import finding
from lessons.scene import Scene


def _most(scene: Scene, head: int) -> int:
    """The place that the last token looks at most in a head of the first block, or its last."""
    pattern = scene.experiment.trace["blocks.0.attn.pattern"].value
    return int(np.argmax(pattern[min(head, len(pattern) - 1), -1]))


@finding
def heads_agree(scene: Scene) -> str:
    """ "same" or "different": whether the last token looks most at one piece in heads 1 and 2."""
    return "same" if _most(scene, 0) == _most(scene, 1) else "different"


@finding
def head_1_most(scene: Scene) -> str:
    """What the last token looks at most in head 1."""
    return scene.quoted[_most(scene, 0)]


@finding
def head_2_most(scene: Scene) -> str:
    """What the last token looks at most in head 2; in head 1 where there is no other."""
    return scene.quoted[_most(scene, 1)]


@finding
def d_joined(scene: Scene) -> int:
    """Numbers of all heads side by side."""
    config = scene.experiment.model.config
    return config.n_heads * config.d_head


@finding
def gpt2_d_head(scene: Scene) -> int:
    """Numbers in a head's vector in the smallest GPT-2: 768 in all, shared among 12 heads."""
    return 768 // 12
