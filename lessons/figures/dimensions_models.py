"""How wide the vectors of known models are, as far as it was published."""

from __future__ import annotations

from typing import NamedTuple

from engine.config import Config
from engine.store import n_parameters
from lessons.figures.knobs import Choice
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.registry import figure, said
from lessons.figures.vector_parts import short, whole
from lessons.scene import Scene
from lessons.words import number


class Known(NamedTuple):
    """A published model. millions: of parameters; active: how many of them one word uses, where
    that is only a part.
    """

    name: str
    year: int
    d_model: int
    millions: float
    active: float = 0.0


def _gpt2(d_model: int, n_layers: int) -> float:
    """The millions of parameters of a GPT-2 of this size, counted from its shape."""
    config = Config(
        d_model,
        d_model // 64,
        64,
        4 * d_model,
        n_layers,
        1024,
        50257,
        positions="learned",
        norm="pre",
    )
    return n_parameters(config) / 1e6


# Vaswani et al. 2017, table 3; Radford et al. 2019, table 2; Brown et al. 2020, table 2.1;
# Touvron et al. 2023 (LLaMA 2); Almazrouei et al. 2023 (Falcon); Llama Team 2024, table 3;
# DeepSeek-AI 2024, section 4.2.
PUBLISHED = (
    Known("Transformer (paper)", 2017, 512, 65),
    Known("GPT-2 small", 2019, 768, _gpt2(768, 12)),
    Known("GPT-2 XL", 2019, 1_600, _gpt2(1600, 48)),
    Known("GPT-3", 2020, 12_288, 175_000),
    Known("LLaMA 2 70B", 2023, 8_192, 70_000),
    Known("Falcon 180B", 2023, 14_848, 180_000),
    Known("LLaMA 3.1 405B", 2024, 16_384, 405_000),
    Known("DeepSeek V3", 2024, 7_168, 671_000, 37_000),
)


@figure(
    "dimensions-models", Choice("by", "width", ("width", "parameters", "year")), station="embed"
)
def dimensions_models(scene: Scene) -> Figure:
    """Published models and the learner's own, in an order of choice."""
    model = scene.experiment.model
    own = Known(model.name, 0, model.config.d_model, n_parameters(model.config) / 1e6)
    by = str(scene.knobs["by"])
    order = {"width": 2, "parameters": 3, "year": 1}[by]
    known = (own, *sorted(PUBLISHED, key=lambda one: one[order]))
    widest = max(one.d_model for one in known)
    largest = max(one.millions for one in known)
    rows = []
    for one in known:
        size = one.millions / largest if by == "parameters" else one.d_model / widest
        mine = one is own
        rows.append(
            [
                Cell(short(one.name, 20), tone="strong" if mine else ""),
                Cell(said(scene, "dimensions-models", "mine") if mine else str(one.year)),
                Cell(whole(one.d_model), bar=None if by == "parameters" else size),
                Cell(_millions(one.millions), bar=size if by == "parameters" else None),
            ]
        )
    header = ["", said(scene, "dimensions-models", "year"), "d_model"]
    header += [said(scene, "dimensions-models", "millions")]
    notes = [
        Say(
            said(
                scene,
                "dimensions-models",
                "active",
                model=one.name,
                n=whole(round(one.active)),
                all=whole(round(one.millions)),
            )
        )
        for one in PUBLISHED
        if one.active
    ]
    closed = Say(said(scene, "dimensions-models", "closed"), "quiet")
    return (Table(rows, header, align="lrrr"), *notes, closed)


def _millions(millions: float) -> str:
    return whole(round(millions)) if millions >= 1 else number(millions)
