"""What the prediction hangs on, in words: of a station, the numbers that move it most."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tui.plain.changes import view_of
from tui.plain.session import Session, Texts
from tui.screens.walk_view import View

MOST = 3
"""Numbers that are told."""


def depends(session: Session, rest: str) -> Texts:
    """The numbers of the present station that the likeliest word's logit hangs on most.

    Where a station shows no numbers that it can hang on, the nearest one that does is told.
    """
    said = session.words
    view = _with_numbers(replace(view_of(session), blame="logit"))
    gradient = view.gradient
    name = view.prose.stage(view.stage.key).name
    head = said("depends.head", token=view.target_word, n=view.index + 1, name=name)
    if gradient is None or not np.any(gradient):
        return [head, said("depends.nothing")]
    told = [head]
    sizes = np.abs(np.nan_to_num(gradient.astype(float)))
    if view.exhibit.col_axis == "key":  # what the mask covers cannot grow
        sizes[view.exhibit.values == 0] = 0
    for flat in np.argsort(-sizes, axis=None, kind="stable")[:MOST]:
        row, col = (int(i) for i in np.unravel_index(flat, sizes.shape))
        if sizes[row, col] > 0:
            reading = replace(view, place=replace(view.place, word=row, col=col)).reading
            told.append(said("depends.cell", row=row + 1, col=col + 1, reading=reading))
    return [*told, said("depends.how")]


def _with_numbers(view: View) -> View:
    """The view at its station, or at the nearest that has numbers it hangs on: further on first.

    At the very end the prediction is its own logit, which says nothing: there it is one before.
    """
    for stage in (*view.line[view.index :], *reversed(view.line[: view.index])):
        there = replace(view, place=replace(view.place, stage=stage.id))
        if stage.focus is None or there.in_list:
            continue
        if there.gradient is not None and np.any(there.gradient):
            return there
    return view
