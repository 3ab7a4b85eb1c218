"""The transformer, to be read from top to bottom.

`forward` is the whole model. It computes by calling operations on a tape, so every array on
the way is kept under its name; the names are TransformerLens's, without their "hook_".
A part that the settings leave out is not there: what comes after it reads what came before it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.config import Config, parameter_axes
from engine.errors import EngineError
from engine.ops import (
    Add,
    Affine,
    Array,
    Center,
    Copy,
    Divide,
    Einsum,
    Gelu,
    GeluNew,
    Lookup,
    Multiply,
    Op,
    Relu,
    Scale,
    Sinusoid,
    Softmax,
    Sqrt,
)
from engine.trace import Step, Tape, Trace

ACTIVATIONS: dict[str, Op] = {"relu": Relu(), "gelu": Gelu(), "gelu_new": GeluNew()}


def weight_leaves(config: Config, parameters: Mapping[str, Array]) -> Mapping[str, Step]:
    """The parameters as the first steps of a trace, to be made once for many runs."""
    tape = Tape()
    _add_weights(tape, config, parameters)
    return tape.trace().steps


def _add_weights(tape: Tape, config: Config, parameters: Mapping[str, Array]) -> None:
    for name, axes in parameter_axes(config).items():
        tape.leaf(name, parameters[name], axes, "weight")


def forward(
    config: Config,
    parameters: Mapping[str, Array],
    ids: Array,
    mask: Array | None = None,
    leaves: Mapping[str, Step] | None = None,
) -> Tape:
    """Runs the model on token ids [..., pos] and returns the tape, from `tokens` to `logits`.

    mask: what is added to the scores, [query, key] or with batch axes in front; if left out,
    0 where a word may look and -inf where it may not, by `config.causal`.
    leaves: what `weight_leaves` gives for these parameters, if it is at hand.
    Source: Vaswani et al. 2017; for norm="pre", Radford et al. 2019, section 2.3.
    """
    dtype = parameters["W_E"].dtype
    n_pos = ids.shape[-1]

    tape = Tape(leaves or {})
    if leaves is None:
        _add_weights(tape, config, parameters)
    tokens = tape.leaf("tokens", ids, ("pos",), "input", below=config.d_vocab)

    # What each token is: its row of the table.
    embed = tape.record("embed", Lookup(), "W_E", tokens, axes=("pos", "d_model"))
    if config.scale_embed:
        d_model = tape.leaf("d_model", np.array(config.d_model, dtype), (), "constant")
        sqrt_d_model = tape.record("sqrt_d_model", Sqrt(), d_model, axes=())
        embed = tape.record(
            "embed_scaled", Multiply(), embed, sqrt_d_model, axes=("pos", "d_model")
        )

    # Where each token stands: added, so that the same token differs from place to place.
    if config.positions == "sinusoidal":
        positions = tape.leaf("positions", np.arange(n_pos, dtype=dtype), ("pos",), "constant")
        tape.record("pos_embed", Sinusoid(config.d_model), positions, axes=("pos", "d_model"))
    elif config.positions == "learned":
        positions = tape.leaf(
            "positions", np.arange(n_pos), ("pos",), "constant", below=config.n_ctx
        )
        tape.record("pos_embed", Lookup(), "W_pos", positions, axes=("pos", "d_model"))
    if config.positions == "none":
        resid = tape.record("blocks.0.resid_pre", Copy(), embed, axes=("pos", "d_model"))
    else:
        resid = tape.record(
            "blocks.0.resid_pre", Add(), embed, "pos_embed", axes=("pos", "d_model")
        )

    if mask is None:
        mask = np.zeros((n_pos, n_pos), dtype)
        if config.causal:
            mask[~np.tri(n_pos, dtype=bool)] = -np.inf
    tape.leaf("mask", mask, ("query", "key"), "constant")
    if config.scale_attn:
        d_head = tape.leaf("d_head", np.array(config.d_head, dtype), (), "constant")
        tape.record("sqrt_d_head", Sqrt(), d_head, axes=())

    block_forward = BLOCKS[config.norm]
    for i in range(config.n_layers):
        if i > 0:
            resid = tape.record(f"blocks.{i}.resid_pre", Copy(), resid, axes=("pos", "d_model"))
        resid = block_forward(tape, config, f"blocks.{i}", resid)
    if config.norm == "pre":
        resid = _layer_norm(tape, config, "ln_final", resid, "ln_final.out")

    # How well each token of the vocabulary would fit next.
    if config.tied:
        unembed = (Einsum("...pd,vd->...pv"), "W_E")
    else:
        unembed = (Einsum("...pd,dv->...pv"), "W_U")
    tape.record("logits", unembed[0], resid, unembed[1], axes=("pos", "d_vocab"))
    return tape


def _post_ln_block(tape: Tape, config: Config, block: str, resid_pre: str) -> str:
    """The paper's block: sublayer, residual sum, LayerNorm; twice."""
    attn_out = _attention(tape, config, block, resid_pre)
    resid_mid = _residual(tape, config, f"{block}.resid_mid", resid_pre, attn_out)
    normalized_resid_mid = _layer_norm(
        tape, config, f"{block}.ln1", resid_mid, f"{block}.normalized_resid_mid"
    )
    mlp_out = _mlp(tape, config, block, normalized_resid_mid)
    resid_post = _residual(tape, config, f"{block}.resid_post", normalized_resid_mid, mlp_out)
    return _layer_norm(tape, config, f"{block}.ln2", resid_post, f"{block}.normalized_resid_post")


def _pre_ln_block(tape: Tape, config: Config, block: str, resid_pre: str) -> str:
    """GPT-2's block: LayerNorm, sublayer, residual sum; twice. The sum is never normalised."""
    normalized_resid_pre = _layer_norm(
        tape, config, f"{block}.ln1", resid_pre, f"{block}.normalized_resid_pre"
    )
    attn_out = _attention(tape, config, block, normalized_resid_pre)
    resid_mid = _residual(tape, config, f"{block}.resid_mid", resid_pre, attn_out)
    normalized_resid_mid = _layer_norm(
        tape, config, f"{block}.ln2", resid_mid, f"{block}.normalized_resid_mid"
    )
    mlp_out = _mlp(tape, config, block, normalized_resid_mid)
    return _residual(tape, config, f"{block}.resid_post", resid_mid, mlp_out)


def _bare_block(tape: Tape, config: Config, block: str, resid_pre: str) -> str:
    """A block without LayerNorm: sublayer, residual sum; twice."""
    attn_out = _attention(tape, config, block, resid_pre)
    resid_mid = _residual(tape, config, f"{block}.resid_mid", resid_pre, attn_out)
    mlp_out = _mlp(tape, config, block, resid_mid)
    return _residual(tape, config, f"{block}.resid_post", resid_mid, mlp_out)


BLOCKS = {"post": _post_ln_block, "pre": _pre_ln_block, "none": _bare_block}


def _residual(tape: Tape, config: Config, name: str, x: str, new: str) -> str:
    """What is new is added to what was there; in a model without residual, it takes its place."""
    if not config.residual:
        return new
    return tape.record(name, Add(), x, new, axes=("pos", "d_model"))


def _attention(tape: Tape, config: Config, block: str, x: str) -> str:
    """Every position asks (q), is found (k) and hands over (v); section 3.2 of the paper."""
    attn = f"{block}.attn"
    for vector in "qkv":
        tape.record(
            f"{attn}.{vector}",
            Einsum("...pd,hdk->...phk"),
            x,
            f"{attn}.W_{vector.upper()}",
            f"{attn}.b_{vector.upper()}",
            axes=("pos", "head", "d_head"),
        )
    per_pair = ("head", "query", "key")
    scores = tape.record(
        f"{attn}.attn_scores",
        Einsum("...qhd,...khd->...hqk"),
        f"{attn}.q",
        f"{attn}.k",
        axes=per_pair,
    )
    if config.scale_attn:
        scores = tape.record(
            f"{attn}.attn_scores_scaled", Divide(), scores, "sqrt_d_head", axes=per_pair
        )
    masked = tape.record(f"{attn}.attn_scores_masked", Add(), scores, "mask", axes=per_pair)
    pattern = tape.record(f"{attn}.pattern", Softmax(), masked, axes=per_pair)
    z = tape.record(
        f"{attn}.z",
        Einsum("...hqk,...khd->...qhd"),
        pattern,
        f"{attn}.v",
        axes=("pos", "head", "d_head"),
    )
    return tape.record(
        f"{block}.attn_out",
        Einsum("...phk,hkd->...pd"),
        z,
        f"{attn}.W_O",
        f"{attn}.b_O",
        axes=("pos", "d_model"),
    )


def _mlp(tape: Tape, config: Config, block: str, x: str) -> str:
    """Each position by itself: widened, its negatives silenced, narrowed; section 3.3."""
    mlp = f"{block}.mlp"
    pre = tape.record(
        f"{mlp}.pre",
        Einsum("...pd,dm->...pm"),
        x,
        f"{mlp}.W_in",
        f"{mlp}.b_in",
        axes=("pos", "d_mlp"),
    )
    post = tape.record(f"{mlp}.post", ACTIVATIONS[config.act_fn], pre, axes=("pos", "d_mlp"))
    return tape.record(
        f"{block}.mlp_out",
        Einsum("...pm,md->...pd"),
        post,
        f"{mlp}.W_out",
        f"{mlp}.b_out",
        axes=("pos", "d_model"),
    )


def _layer_norm(tape: Tape, config: Config, ln: str, x: str, out: str) -> str:
    """Centred, divided by its own spread, then given a learned gain and bias (Ba et al. 2016)."""
    centered = tape.record(f"{ln}.centered", Center(), x, axes=("pos", "d_model"))
    scale = tape.record(f"{ln}.scale", Scale(config.eps), centered, axes=("pos", "one"))
    normalized = tape.record(f"{ln}.normalized", Divide(), centered, scale, axes=("pos", "d_model"))
    return tape.record(out, Affine(), normalized, f"{ln}.w", f"{ln}.b", axes=("pos", "d_model"))


def run(
    config: Config,
    parameters: Mapping[str, Array],
    ids: list[int],
    leaves: Mapping[str, Step] | None = None,
) -> Trace:
    """The trace of one sentence, up to `probs`, in the precision of `parameters`.

    leaves: as in `forward`.
    Raises EngineError for no ids, more than `n_ctx`, or an id that is not in the vocabulary.
    """
    if not 1 <= len(ids) <= config.n_ctx:
        raise EngineError("bad_length", length=len(ids), n_ctx=config.n_ctx)
    for i in ids:
        if not 0 <= i < config.d_vocab:
            raise EngineError("id_outside", ref="tokens", value=i, below=config.d_vocab)
    tape = forward(config, parameters, np.array(ids), leaves=leaves)
    tape.record("probs", Softmax(), "logits", axes=("pos", "d_vocab"))
    return tape.trace()
