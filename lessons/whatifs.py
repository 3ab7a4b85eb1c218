"""Ready-made what-ifs: changes that show what a part of the model is good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.config import Config
from engine.parts import Part
from engine.whatif import Copied, Force

TEMPERATURES = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One ready-made change.

    key: which words belong to it. values: what fills them (block and head counted from 1).
    forces: what is changed.
    """

    key: str
    values: dict[str, str]
    forces: tuple[Force, ...]


def whatifs(config: Config, block: int, head: int) -> tuple[WhatIf, ...]:
    """The what-ifs of a model, those about one block or head for these two (counted from 0)."""
    at = {"block": str(block + 1), "head": str(head + 1)}
    found = []
    if config.positions != "none":
        found.append(WhatIf("no_positions", {}, (_set("pos_embed", 0.0),)))
    if config.causal:
        found.append(WhatIf("no_mask", {}, (_set("mask", 0.0),)))
    if config.scale_attn:
        found.append(WhatIf("no_scaling", {}, (_set("sqrt_d_head", 1.0),)))
    if config.residual:
        found += [
            WhatIf("no_residual_attn", at, (_copy(block, "resid_mid", "attn_out"),)),
            WhatIf("no_residual_mlp", at, (_copy(block, "resid_post", "mlp_out"),)),
        ]
    found.append(WhatIf("head_off", at, (_head_off(block, head),)))
    if config.n_heads > 1:
        others = tuple(_head_off(block, h) for h in range(config.n_heads) if h != head)
        found.append(WhatIf("only_head", at, others))
    # Equal scores: softmax makes equal shares of them, of all that the mask leaves.
    even = Force(Part(f"blocks.{block}.attn.attn_scores", (head, None, None)), 0.0)
    found.append(WhatIf("even", at, (even,)))
    found += [
        WhatIf(
            "temperature",
            {"temperature": f"{t:g}"},
            (Force(Part("logits"), Copied(Part("logits"), 1 / t)),),
        )
        for t in TEMPERATURES
    ]
    return tuple(found)


def named(
    config: Config, forces: tuple[Force, ...]
) -> tuple[tuple[WhatIf | None, tuple[Force, ...]], ...]:
    """The changes in their order, those that a ready-made what-if makes together under its name.

    None stands for a change of one's own.
    """
    ready = _by_forces(config)
    found: list[tuple[WhatIf | None, tuple[Force, ...]]] = []
    at = 0
    while at < len(forces):
        known = next((x for x in ready if forces[at : at + len(x)] == x), None)
        here = known or forces[at : at + 1]
        found.append((ready.get(here), here))
        at += len(here)
    return tuple(found)


@lru_cache(maxsize=8)
def _by_forces(config: Config) -> Mapping[tuple[Force, ...], WhatIf]:
    """Every ready-made what-if by what it changes, the longest first; of two that do the same,
    the first.
    """
    ready: dict[tuple[Force, ...], WhatIf] = {}
    every = [
        one
        for block in range(config.n_layers)
        for head in range(config.n_heads)
        for one in whatifs(config, block, head)
    ]
    # With two heads, one off is all but the other off: the plainer name goes first.
    for one in sorted(every, key=lambda one: one.key == "only_head"):
        ready.setdefault(one.forces, one)
    return {forces: ready[forces] for forces in sorted(ready, key=len, reverse=True)}


def _set(name: str, value: float) -> Force:
    return Force(Part(name), value)


def _copy(block: int, name: str, source: str) -> Force:
    return Force(Part(f"blocks.{block}.{name}"), Copied(Part(f"blocks.{block}.{source}")))


def _head_off(block: int, head: int) -> Force:
    """Nothing of the head's mix reaches the sum of the heads."""
    return Force(Part(f"blocks.{block}.attn.z", (None, head, None)), 0.0)
