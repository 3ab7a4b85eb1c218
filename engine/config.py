"""A model's settings, the parameters they ask for, and the random numbers to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from engine.errors import EngineError
from engine.ops import Array

CHOICES = {
    "act_fn": ("relu", "gelu", "gelu_new"),
    "positions": ("sinusoidal", "learned", "none"),
    "norm": ("post", "pre", "none"),
}
# Settings younger than the first models. Only what is left out is written down, so that a folder
# and its fingerprint are the same whichever of them it was made before.
_YOUNGER = ("residual", "scale_attn")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings that fix a model's shape; `config.json` of a model folder holds them.

    norm: "post" normalises after each residual sum, as the paper does; "pre" before each
    sublayer, with one more LayerNorm at the end, as GPT-2 does; "none" nowhere.
    residual: what a sublayer gives is added to what went in; otherwise it takes its place.
    scale_attn: scores are divided by the root of d_head.
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
    residual: bool = True
    scale_attn: bool = True
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
        """The settings as `config.json` holds them."""
        return {k: v for k, v in asdict(self).items() if not (k in _YOUNGER and v is True)}

    @property
    def whole(self) -> bool:
        """Whether no part of a transformer is left out: residual sums, LayerNorm, scaling."""
        return self.residual and self.scale_attn and self.norm != "none"


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
        if config.norm != "none":
            axes[f"{block}.ln1.w"] = axes[f"{block}.ln1.b"] = ("d_model",)
        axes[f"{block}.mlp.W_in"] = ("d_model", "d_mlp")
        axes[f"{block}.mlp.b_in"] = ("d_mlp",)
        axes[f"{block}.mlp.W_out"] = ("d_mlp", "d_model")
        axes[f"{block}.mlp.b_out"] = ("d_model",)
        if config.norm != "none":
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
