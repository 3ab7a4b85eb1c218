"""The line of stations: what a sentence passes through, in the order in which it is computed.

`stages(config)` reads like a map of the model. Each stage names the recorded step that it shows,
how it is drawn, and under which key its prose stands. Nothing here depends on a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.config import Config

VIEWS = ("text", "pieces", "ids", "lookup", "matrix", "bars", "choice")
WITHOUT = "_without_"
"""Stands in a key before the part that a model leaves out, which is told there."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One station of the line.

    id: unique on a model's line, and the same on every model that has this station.
    key: which prose belongs to it; the same in every block, different where models differ.
    group: "input", "blocks.0" ... or "output".
    focus: the name in the trace of the step that is shown; None for the text itself.
    view: how it is drawn, one of VIEWS.
    by_head: one attention head is shown at a time.
    parts: the smaller steps that lead to this one, for whoever wants to look inside.
    """

    id: str
    key: str
    group: str
    focus: str | None
    view: str = "matrix"
    by_head: bool = False
    parts: tuple[Stage, ...] = ()

    @property
    def block(self) -> int | None:
        """The number of the block, counted from 0 as in the trace; None outside the blocks."""
        _, dot, number = self.group.partition(".")
        return int(number) if dot else None


def stages(config: Config) -> tuple[Stage, ...]:
    """The stations of a model, first to last."""
    line = _input(config)
    for i in range(config.n_layers):
        line += _BLOCKS[config.norm](config, i)
    return line + _output(config)


def with_parts(line: Iterable[Stage]) -> Iterator[Stage]:
    """Every stage of a line, its parts just before it: the order of the trace."""
    for stage in line:
        yield from stage.parts
        yield stage


def is_layer_norm(stage: Stage) -> bool:
    """Whether a stage shows the result of a whole LayerNorm."""
    return stage.key.startswith(("ln_before", "ln_after", "ln_final"))


def _input(config: Config) -> tuple[Stage, ...]:
    embed = "embed_scaled" if config.scale_embed else "embed"
    line = (
        Stage("text", "text", "input", None, "text"),
        Stage("pieces", "pieces", "input", "tokens", "pieces"),
        Stage("ids", "ids", "input", "tokens", "ids"),
        Stage("lookup", "lookup", "input", "W_E", "lookup"),
        Stage("embed", embed, "input", embed),
    )
    if config.positions == "none":
        return (*line, Stage("sum", f"sum_none_{_looks(config)}", "input", "blocks.0.resid_pre"))
    return (
        *line,
        Stage("position", f"position_{config.positions}", "input", "pos_embed"),
        Stage("sum", "sum", "input", "blocks.0.resid_pre"),
    )


def _post_ln_block(config: Config, i: int) -> tuple[Stage, ...]:
    after_attn = "ln_after_attn" + _without_residual(config)
    return (
        *_attention(config, i),
        *_residual(config, i, "resid_mid"),
        _layer_norm(f"blocks.{i}", "ln1", after_attn, "normalized_resid_mid"),
        *_mlp(config, i),
        *_residual(config, i, "resid_post"),
        _layer_norm(f"blocks.{i}", "ln2", "ln_after_mlp", "normalized_resid_post"),
    )


def _pre_ln_block(config: Config, i: int) -> tuple[Stage, ...]:
    before_attn, before_mlp = (
        f"ln_before_{part}{_without_residual(config)}" for part in ("attn", "mlp")
    )
    return (
        _layer_norm(f"blocks.{i}", "ln1", before_attn, "normalized_resid_pre"),
        *_attention(config, i),
        *_residual(config, i, "resid_mid"),
        _layer_norm(f"blocks.{i}", "ln2", before_mlp, "normalized_resid_mid"),
        *_mlp(config, i),
        *_residual(config, i, "resid_post"),
    )


def _bare_block(config: Config, i: int) -> tuple[Stage, ...]:
    return (
        *_attention(config, i),
        *_residual(config, i, "resid_mid"),
        *_mlp(config, i),
        *_residual(config, i, "resid_post"),
    )


_BLOCKS = {"post": _post_ln_block, "pre": _pre_ln_block, "none": _bare_block}


def _residual(config: Config, i: int, name: str) -> tuple[Stage, ...]:
    return (_in_block(i, name),) if config.residual else ()


def _attention(config: Config, i: int) -> tuple[Stage, ...]:
    looks = _looks(config)
    joined = _in_block(i, "joined", step="attn.z")
    scaled = _in_block(i, "scaled", step="attn.attn_scores_scaled", by_head=True)
    scores = "attn_scores" if config.scale_attn else f"attn_scores{WITHOUT}scaling"
    out = "attn_out" + _without_residual(config)
    return (
        *(_in_block(i, vector, step=f"attn.{vector}", by_head=True) for vector in "qkv"),
        _in_block(i, "attn_scores", scores, "attn.attn_scores", by_head=True),
        *((scaled,) if config.scale_attn else ()),
        _in_block(i, "masked", f"masked_{looks}", "attn.attn_scores_masked", by_head=True),
        _in_block(i, "pattern", f"pattern_{looks}", "attn.pattern", by_head=True),
        _in_block(i, "z", step="attn.z", by_head=True),
        _in_block(i, "attn_out", out, parts=(joined,)),
    )


def _mlp(config: Config, i: int) -> tuple[Stage, ...]:
    neurons = "mlp_in" if config.norm != "none" else f"mlp_in{WITHOUT}norm"
    return (
        _in_block(i, "mlp_in", neurons, "mlp.pre"),
        _in_block(i, "activation", f"activation_{config.act_fn}", "mlp.post"),
        _in_block(i, "mlp_out", "mlp_out" + _without_residual(config)),
    )


def _in_block(
    i: int,
    name: str,
    key: str = "",
    step: str = "",
    by_head: bool = False,
    parts: tuple[Stage, ...] = (),
) -> Stage:
    """A stage of block i; its prose and its step are called like itself unless given."""
    block = f"blocks.{i}"
    return Stage(
        f"{block}.{name}", key or name, block, f"{block}.{step or name}", "matrix", by_head, parts
    )


def _layer_norm(group: str, name: str, key: str, out: str) -> Stage:
    """LayerNorm as one stage that shows its result, with its three inner steps as parts."""
    ln, out = (
        (name, f"{name}.{out}") if group == "output" else (f"{group}.{name}", f"{group}.{out}")
    )
    parts = tuple(
        Stage(f"{ln}.{inner}", f"ln_{inner}", group, f"{ln}.{inner}")
        for inner in ("centered", "scale", "normalized")
    )
    return Stage(ln, key, group, out, parts=parts)


def _output(config: Config) -> tuple[Stage, ...]:
    looks = _looks(config)
    table = "tied" if config.tied else "untied"
    logits = f"logits_{table}" if config.causal else "logits_bidirectional"
    line = (
        Stage("logits", logits, "output", "logits", "bars"),
        Stage("probs", f"probs_{looks}", "output", "probs", "bars"),
        Stage("choice", f"choice_{looks}", "output", "probs", "choice"),
    )
    if config.norm != "pre":
        return line
    final = "ln_final" + _without_residual(config)
    return (_layer_norm("output", "ln_final", final, "out"), *line)


def _without_residual(config: Config) -> str:
    """The end of the key of what is told differently where nothing is added."""
    return "" if config.residual else f"{WITHOUT}residual"


def _looks(config: Config) -> str:
    return "causal" if config.causal else "bidirectional"
