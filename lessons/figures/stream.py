"""The road of a vector through the blocks (the residual stream), and its way out.

The LayerNorms and sums of the blocks act on the main road; at its end the vector meets the table
that turns it into one score a token.
"""

from __future__ import annotations

import numpy as np

from engine.config import Config
from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Affine, Array, Center, Divide, Scale, Softmax
from engine.trace import Trace
from lessons.scene import Scene


def block_of(scene: Scene) -> int:
    """The block that the knob asks for, counted from 0."""
    return scene.at("block", scene.experiment.model.config.n_layers)


def after_block(config: Config, i: int) -> str:
    """The step that leaves block i, counted from 1; for 0, what enters the first."""
    if i == 0:
        return "blocks.0.resid_pre"
    last = "normalized_resid_post" if config.norm == "post" else "resid_post"
    return f"blocks.{i - 1}.{last}"


def last_layer_norm(config: Config) -> str:
    """The LayerNorm just before the logits."""
    return "ln_final" if config.norm == "pre" else f"blocks.{config.n_layers - 1}.ln2"


def final_vector(trace: Trace) -> str:
    """The step whose vectors become logits."""
    return trace["logits"].inputs[0]


def unembedding(config: Config, trace: Trace) -> Array:
    """The table of the logits, one row a token [d_vocab, d_model]."""
    table: Array = trace["W_E"].value if config.tied else trace["W_U"].value.T
    return table


def unembedding_ref(config: Config, token: int, dim: int) -> Ref:
    """The address of one number of that table."""
    return Ref("W_E", (token, dim)) if config.tied else Ref("W_U", (dim, token))


def unembedding_name(config: Config) -> str:
    """What that table is called."""
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
