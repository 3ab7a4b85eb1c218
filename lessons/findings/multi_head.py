"""What two heads look at, and how long their vectors are."""

from __future__ import annotations

import numpy as np

from lessons.figures.multi_head import heads_told
from lessons.figures.published import GPT2
from lessons.figures.runs import with_two_heads
from lessons.findings.registry import finding
from lessons.scene import Scene


def _most(scene: Scene, head: int) -> tuple[int, str]:
    """What the last token looks at most in a head of the first block: its place and label.

    Where the model has only one head, a mini reads the sentence.
    """
    shown = with_two_heads(scene)
    place = int(np.argmax(shown.experiment.trace["blocks.0.attn.pattern"].value[head, -1]))
    return place, shown.quoted[place]


@finding
def heads_model(scene: Scene) -> str:
    """How many heads the model has; where only one, that a mini is shown. As a sentence."""
    return heads_told(scene)


@finding
def heads_last(scene: Scene) -> str:
    """The last token, as the model that is shown reads it."""
    return with_two_heads(scene).quoted[-1]


@finding
def heads_agree(scene: Scene) -> str:
    """ "same" or "different": whether the last token looks most at one piece in heads 1 and 2."""
    return "same" if _most(scene, 0) == _most(scene, 1) else "different"


@finding
def head_1_most(scene: Scene) -> str:
    """What the last token looks at most in head 1."""
    return _most(scene, 0)[1]


@finding
def head_2_most(scene: Scene) -> str:
    """What the last token looks at most in head 2."""
    return _most(scene, 1)[1]


@finding
def d_joined(scene: Scene) -> int:
    """Numbers of all heads side by side."""
    config = scene.experiment.model.config
    return config.n_heads * config.d_head


@finding
def gpt2_d_head(scene: Scene) -> int:
    """Numbers in a head's vector in the smallest GPT-2: 768 in all, shared among 12 heads."""
    return GPT2.d_model // GPT2.n_heads
