"""Matrices of a run, cut to the rows and columns that a figure has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.experiment import Experiment
from lessons.exhibits import Exhibit, exhibit
from lessons.figures.parts import Heat
from lessons.scene import Scene
from lessons.stages import stages


def matrix_of(scene: Scene, experiment: Experiment, station: str, head: int = 0) -> Exhibit:
    """All that a station of the walk, named by its id, shows of a run."""
    line = stages(experiment.model.config)
    found = next(stage for stage in line if stage.id == station)
    return exhibit(found, experiment, head, marks=scene.words.marks)


def cut(matrix: Exhibit, rows: Sequence[int], cols: Sequence[int]) -> Exhibit:
    """Some rows and columns of a matrix."""
    some = np.ix_(rows, cols)
    return replace(
        matrix,
        values=matrix.values[some],
        places=matrix.places[some],
        rows=tuple(matrix.rows[i] for i in rows),
        cols=tuple(matrix.cols[i] for i in cols),
    )


def pattern_heat(
    scene: Scene,
    experiment: Experiment,
    block: int,
    head: int,
    places: Sequence[int],
    looker: int,
    *,
    title: str = "",
    run: int = 0,
    narrow: bool = False,
) -> Heat:
    """The weights that some tokens give one another, the row of `looker` pointed at.

    narrow: the first letters above the columns, since the rows have the whole words, so that two
    matrices stand side by side.
    """
    matrix = cut(matrix_of(scene, experiment, f"blocks.{block}.pattern", head), places, places)
    if narrow:
        matrix = replace(matrix, cols=tuple(label[:3] for label in matrix.cols))
    return Heat(matrix, title, run, (places.index(looker), -1))
