"""What the figures of the last lessons read off a run: the road of a vector, and its way out.

The main road is what the LayerNorms and sums of the blocks act on; at its end the vector meets
the table that turns it into one score a token.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.config import Config
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Affine, Array, Center, Divide, Scale, Softmax
from engine.trace import Trace
from lessons.figures.knobs import Knob, Value
from lessons.figures.parts import Cell
from lessons.figures.run_parts import within_one
from lessons.scene import Scene
from lessons.words import number


def after_block(config: Config, i: int) -> str:
    """The step that leaves block i, counted from 1; for 0, what enters the first."""
    if i == 0:
        return "blocks.0.resid_pre"
    last = "normalized_resid_post" if config.norm == "post" else "resid_post"
    return f"blocks.{i - 1}.{last}"


def last_layer_norm(config: Config) -> tuple[str, str]:
    """The LayerNorm just before the logits, and the step that is its result."""
    if config.norm == "pre":
        return "ln_final", "ln_final.out"
    block = f"blocks.{config.n_layers - 1}"
    return f"{block}.ln2", f"{block}.normalized_resid_post"


def final_vector(config: Config) -> str:
    """The step whose vectors become logits."""
    return last_layer_norm(config)[1]


def unembedding(config: Config, trace: Trace) -> Array:
    """The table of the logits, one row a token [d_vocab, d_model]."""
    table: Array = trace["W_E"].value if config.tied else trace["W_U"].value.T
    return table


def unembedding_ref(config: Config, token: int, dim: int) -> Ref:
    """The address of one number of that table."""
    return Ref("W_E", (token, dim)) if config.tied else Ref("W_U", (dim, token))


def unembedding_name(config: Config) -> str:
    return "W_E" if config.tied else "W_U"


def seen_after(experiment: Experiment, i: int, pos: int) -> Array:
    """The probabilities [d_vocab] that the model's own way out would give after block i.

    A look from outside: the model itself does this only after its last block. With pre-LN the
    last LayerNorm comes in between, as it does at the end.
    """
    config, trace = experiment.model.config, experiment.trace
    if i == config.n_layers:
        probs: Array = trace["probs"].value[pos]
        return probs
    x = trace[after_block(config, i)].value[pos]
    with np.errstate(all="ignore"):
        if config.norm == "pre":
            centered = Center().forward(x)
            normalized = Divide().forward(centered, Scale(config.eps).forward(centered))
            x = Affine().forward(normalized, trace["ln_final.w"].value, trace["ln_final.b"].value)
        return Softmax().forward(unembedding(config, trace) @ x)


def model_language(scene: Scene) -> str:
    """The language that the model has learned, where its name tells it; else the scene's."""
    ending = scene.experiment.model.name.rpartition("-")[2]
    return ending if ending in ("es", "en") else scene.lang


def dial(scene: Scene, knob: Knob) -> Value:
    """The value of a knob, whether or not the scene holds one that fits."""
    try:
        return knob.fit(scene.knobs.get(knob.id, knob.default), scene.experiment)
    except ValueError:
        return knob.fit(knob.default, scene.experiment)


def size_bar(x: float, largest: float) -> float | None:
    """A number as a bar in proportion to the largest."""
    return within_one(x / largest) if largest and math.isfinite(largest) else None


def numbered(x: float, ref: Ref | None = None, decimals: int = 2) -> Cell:
    """A number as a cell."""
    return Cell(number(float(x), decimals), ref=ref)


def quiet(text: str) -> Cell:
    return Cell(text, tone="quiet")


def spread(n: int, most: int) -> Sequence[int]:
    """At most so many of 0 ... n-1, the first and the last among them, evenly apart."""
    if n <= most:
        return range(n)
    return sorted({round(i * (n - 1) / (most - 1)) for i in range(most)})
