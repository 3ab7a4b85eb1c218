"""The transformer, to be read from top to bottom.

`forward` is the whole model. It computes by calling operations on a tape, so every array on
the way is kept under its name; the names are TransformerLens's, without their "hook_".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

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
from engine.trace import Tape, Trace

ACTIVATIONS: dict[str, Op] = {"relu": Relu(), "gelu": Gelu(), "gelu_new": GeluNew()}
CHOICES = {
    "act_fn": tuple(ACTIVATIONS),
    "positions": ("sinusoidal", "learned", "none"),
    "norm": ("post", "pre"),
}


@dataclass(frozen=True, slots=True)
class Config:
    """The settings that fix a model's shape; `config.json` of a model folder holds them.

    norm: "post" normalises after each residual sum, as the paper does; "pre" before each
    sublayer, with one more LayerNorm at the end, as GPT-2 does.
    Raises EngineError for a size below 1 or an unknown choice.
    """

    d_model: int
    n_heads: int
    d_head: int
    d_mlp: int
    n_layers: int
    n_ctx: int
    d_vocab: int
    act_fn: str = "relu"
    positions: str = "sinusoidal"
    norm: str = "post"
    causal: bool = True
    tied: bool = True
    scale_embed: bool = True
    eps: float = 1e-5

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name in CHOICES:
                good = value in CHOICES[field.name]
            elif field.type == "int":
                good = type(value) is int and 1 <= value <= 10**7
            elif field.type == "bool":
                good = type(value) is bool
            else:
                good = type(value) in (int, float) and 0 < value < 1
            if not good:
                raise EngineError("bad_setting", name=field.name, value=value)

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any]) -> Config:
        """Reads what `to_dict` writes. Raises EngineError for a missing or unknown setting."""
        known = {field.name for field in fields(cls)}
        required = {field.name for field in fields(cls) if field.type == "int"}
        for name in sorted(required - settings.keys()):
            raise EngineError("missing_setting", name=name)
        for name in sorted(settings.keys() - known):
            raise EngineError("unknown_setting", name=name)
        return cls(**settings)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@lru_cache(maxsize=64)
def parameter_axes(config: Config) -> Mapping[str, tuple[str, ...]]:
    """The name of every parameter, and of each of its axes."""
    axes: dict[str, tuple[str, ...]] = {"W_E": ("d_vocab", "d_model")}
    if config.positions == "learned":
        axes["W_pos"] = ("n_ctx", "d_model")
    for i in range(config.n_layers):
        block = f"blocks.{i}"
        for x in "QKV":
            axes[f"{block}.attn.W_{x}"] = ("n_heads", "d_model", "d_head")
            axes[f"{block}.attn.b_{x}"] = ("n_heads", "d_head")
        axes[f"{block}.attn.W_O"] = ("n_heads", "d_head", "d_model")
        axes[f"{block}.attn.b_O"] = ("d_model",)
        axes[f"{block}.ln1.w"] = axes[f"{block}.ln1.b"] = ("d_model",)
        axes[f"{block}.mlp.W_in"] = ("d_model", "d_mlp")
        axes[f"{block}.mlp.b_in"] = ("d_mlp",)
        axes[f"{block}.mlp.W_out"] = ("d_mlp", "d_model")
        axes[f"{block}.mlp.b_out"] = ("d_model",)
        axes[f"{block}.ln2.w"] = axes[f"{block}.ln2.b"] = ("d_model",)
    if config.norm == "pre":
        axes["ln_final.w"] = axes["ln_final.b"] = ("d_model",)
    if not config.tied:
        axes["W_U"] = ("d_model", "d_vocab")
    return MappingProxyType(axes)


def parameter_shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """The shape of every parameter."""
    return {
        name: tuple(int(getattr(config, axis)) for axis in axes)
        for name, axes in parameter_axes(config).items()
    }


def init_parameters(config: Config, rng: np.random.Generator) -> dict[str, Array]:
    """Random numbers to start training from, float32.

    Matrices are normal with variance 1 / (numbers summed), so that what comes out of each has
    the size of what went in (Glorot and Bengio 2010); gains are 1, biases 0.
    """
    parameters: dict[str, Array] = {}
    for name, shape in parameter_shapes(config).items():
        kind = name.rsplit(".", 1)[-1]
        if kind == "w":
            parameters[name] = np.ones(shape, np.float32)
        elif kind.startswith("b"):
            parameters[name] = np.zeros(shape, np.float32)
        else:
            n_summed = {"W_O": config.n_heads * config.d_head, "W_out": config.d_mlp}
            deviation = n_summed.get(kind, config.d_model) ** -0.5
            parameters[name] = (deviation * rng.standard_normal(shape)).astype(np.float32)
    return parameters


def forward(
    config: Config, parameters: Mapping[str, Array], ids: Array, mask: Array | None = None
) -> Tape:
    """Runs the model on token ids [..., pos] and returns the tape, from `tokens` to `logits`.

    mask: what is added to the scores, [query, key] or with batch axes in front; if left out,
    0 where a word may look and -inf where it may not, by `config.causal`.
    Source: Vaswani et al. 2017; for norm="pre", Radford et al. 2019, section 2.3.
    """
    tape = Tape()
    dtype = parameters["W_E"].dtype
    n_pos = ids.shape[-1]

    for name, axes in parameter_axes(config).items():
        tape.leaf(name, parameters[name], axes, "weight")
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
    d_head = tape.leaf("d_head", np.array(config.d_head, dtype), (), "constant")
    tape.record("sqrt_d_head", Sqrt(), d_head, axes=())

    block_forward = _post_ln_block if config.norm == "post" else _pre_ln_block
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
    attn_out = _attention(tape, block, resid_pre)
    resid_mid = tape.record(
        f"{block}.resid_mid", Add(), resid_pre, attn_out, axes=("pos", "d_model")
    )
    normalized_resid_mid = _layer_norm(
        tape, config, f"{block}.ln1", resid_mid, f"{block}.normalized_resid_mid"
    )
    mlp_out = _mlp(tape, config, block, normalized_resid_mid)
    resid_post = tape.record(
        f"{block}.resid_post", Add(), normalized_resid_mid, mlp_out, axes=("pos", "d_model")
    )
    return _layer_norm(tape, config, f"{block}.ln2", resid_post, f"{block}.normalized_resid_post")


def _pre_ln_block(tape: Tape, config: Config, block: str, resid_pre: str) -> str:
    """GPT-2's block: LayerNorm, sublayer, residual sum; twice. The sum is never normalised."""
    normalized_resid_pre = _layer_norm(
        tape, config, f"{block}.ln1", resid_pre, f"{block}.normalized_resid_pre"
    )
    attn_out = _attention(tape, block, normalized_resid_pre)
    resid_mid = tape.record(
        f"{block}.resid_mid", Add(), resid_pre, attn_out, axes=("pos", "d_model")
    )
    normalized_resid_mid = _layer_norm(
        tape, config, f"{block}.ln2", resid_mid, f"{block}.normalized_resid_mid"
    )
    mlp_out = _mlp(tape, config, block, normalized_resid_mid)
    return tape.record(f"{block}.resid_post", Add(), resid_mid, mlp_out, axes=("pos", "d_model"))


def _attention(tape: Tape, block: str, x: str) -> str:
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
    attn_scores = tape.record(
        f"{attn}.attn_scores",
        Einsum("...qhd,...khd->...hqk"),
        f"{attn}.q",
        f"{attn}.k",
        axes=per_pair,
    )
    scaled = tape.record(
        f"{attn}.attn_scores_scaled", Divide(), attn_scores, "sqrt_d_head", axes=per_pair
    )
    masked = tape.record(f"{attn}.attn_scores_masked", Add(), scaled, "mask", axes=per_pair)
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


def run(config: Config, parameters: Mapping[str, Array], ids: list[int]) -> Trace:
    """The trace of one sentence, up to `probs`, in the precision of `parameters`.

    Raises EngineError for no ids, more than `n_ctx`, or an id that is not in the vocabulary.
    """
    if not 1 <= len(ids) <= config.n_ctx:
        raise EngineError("bad_length", length=len(ids), n_ctx=config.n_ctx)
    for i in ids:
        if not 0 <= i < config.d_vocab:
            raise EngineError("id_outside", ref="tokens", value=i, below=config.d_vocab)
    tape = forward(config, parameters, np.array(ids))
    tape.record("probs", Softmax(), "logits", axes=("pos", "d_vocab"))
    return tape.trace()
