"""How wide the vectors of known models are, as far as it was published."""

from __future__ import annotations

from engine.store import n_parameters
from lessons.figures.knobs import Choice
from lessons.figures.parts import Cell, Figure, Say, Table
from lessons.figures.published import PUBLISHED, Published
from lessons.figures.registry import figure, said
from lessons.figures.tokens import short
from lessons.scene import Scene
from lessons.words import number


@figure(
    "dimensions-models", Choice("by", "width", ("width", "parameters", "year")), station="embed"
)
def dimensions_models(scene: Scene) -> Figure:
    """Published models and the learner's own, in an order of choice."""
    model = scene.experiment.model
    own = Published(model.name, 0, model.config.d_model, n_parameters(model.config) / 1e6)
    by = str(scene.knobs["by"])
    order = {
        "width": lambda one: one.d_model,
        "parameters": lambda one: one.millions,
        "year": lambda one: one.year,
    }[by]
    known = (own, *sorted(PUBLISHED, key=order))
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
                Cell(scene.words.whole(one.d_model), bar=None if by == "parameters" else size),
                Cell(_millions(scene, one.millions), bar=size if by == "parameters" else None),
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
                n=round(one.active),
                all=round(one.millions),
            )
        )
        for one in PUBLISHED
        if one.active
    ]
    closed = Say(said(scene, "dimensions-models", "closed"), "quiet")
    return (Table(rows, header, align="lrrr"), *notes, closed)


def _millions(scene: Scene, millions: float) -> str:
    return scene.words.whole(round(millions)) if millions >= 1 else number(millions)
