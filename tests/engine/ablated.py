"""Models of which a part is left out: every way of doing so, each with other settings beside."""

from dataclasses import replace
from itertools import product

LEFT_OUT = [
    {"norm": norm, "residual": residual, "scale_attn": scale_attn}
    for norm, residual, scale_attn in product(("post", "pre", "none"), (True, False), (True, False))
    if norm == "none" or not (residual and scale_attn)
]


def left_out_of(wholes):
    """The settings of models of which something is left out, the rest from all over `wholes`.

    29 has no factor in common with the number of configurations, so that neighbours differ in
    every setting.
    """
    return [{**wholes[29 * i % len(wholes)], **left_out} for i, left_out in enumerate(LEFT_OUT)]


def ablated(wholes):
    """The same of configurations."""
    chosen = left_out_of([config.to_dict() for config in wholes])
    return [replace(wholes[0], **settings) for settings in chosen]


def name_of_ablated(config):
    """What is left of it, as the name of a test."""
    left = [name for name in ("residual", "scale_attn") if getattr(config, name)]
    return "-".join([f"norm_{config.norm}", *left])
