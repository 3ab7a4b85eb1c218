"""From a `ThroughView` to lines: the losses over the whole training. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lessons.figures.parts import Curve, Plot
from lessons.words import number
from tui.renderables.figure_block import Drawn, Look, stacked, text_block
from tui.renderables.figure_draw import draw_figure
from tui.screens.through_view import ThroughView

TO_COME = "…"


def losses(view: ThroughView, width: int, height: int) -> Drawn:
    """The loss on fresh texts beside the least that is possible, and that on the sentence."""
    words, held = view.words, view.held_out
    curves = []
    if held is not None:
        curves.append(Curve(words("loss.held_out"), held.losses, "first", _texts(held.losses)))
    if np.isfinite(view.over.losses).any():
        own = view.over.losses
        curves.append(Curve(words("loss.own"), own, "second", _texts(own)))
    said = text_block(_losses_said(view), width, "quiet")
    if not curves:
        return said
    floor = None if held is None or held.floor is None else (words("loss.floor"), held.floor)
    plot = Plot(
        curves,
        xs=[float(step) for step in view.steps],
        x_name=words("loss.x"),
        mark=view.place,
        floor=floor,
        even=True,
    )
    look = Look(height=max(height - len(said.lines) + 1, 9), wide=True)
    picture = draw_figure((plot,), width, look)
    over = len(picture.lines) + len(said.lines) + 1 - height
    if over > 0:
        look = Look(height=max(look.height - over, 9), wide=True)
        picture = draw_figure((plot,), width, look)
    return stacked([(0, picture), (1, said)])


def _texts(losses: Sequence[float]) -> list[str]:
    """Losses as they are written; one that is not known yet as what is still to come."""
    return [TO_COME if math.isnan(loss) else number(loss) for loss in losses]


def _losses_said(view: ThroughView) -> str:
    """On what it was measured, and how far the model is from the least that is possible."""
    words, held = view.words, view.held_out
    if held is None:
        return words("loss.measuring" if view.measuring else "loss.unknown")
    loss = held.losses[view.place]
    told = words("loss.told") if held.n_texts is None else words("loss.texts", n=held.n_texts)
    if math.isnan(loss) or held.floor is None:
        return told
    gap = words(
        "loss.gap", loss=number(loss), floor=number(held.floor), gap=number(loss - held.floor)
    )
    return f"{told} {gap}"
