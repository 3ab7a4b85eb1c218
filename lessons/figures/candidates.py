"""The likeliest tokens of a run: what a model expects, with its probabilities."""

from __future__ import annotations

from collections.abc import Sequence

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.sampling import likeliest
from lessons.figures.cells import run_cell
from lessons.figures.parts import Cell, Table
from lessons.scene import Scene


def likeliest_tokens(scene: Scene, values: Array, n: int) -> list[tuple[int, str]]:
    """The ids and labels of the n tokens with the largest of some values [d_vocab]."""
    ids = [int(i) for i in likeliest(values, n)]
    return list(zip(ids, scene.predicted(ids), strict=True))


def likeliest_token(scene: Scene, values: Array) -> tuple[int, str]:
    """The id and label of the token with the largest of some values [d_vocab]."""
    return likeliest_tokens(scene, values, 1)[0]


def candidates(scene: Scene, experiment: Experiment, pos: int, n: int) -> list[tuple[int, str]]:
    """The ids and labels of the tokens that a run finds likeliest after a position."""
    probs = experiment.trace["probs"].value[pos]
    return likeliest_tokens(scene.about(experiment), probs, n)


def share_cell(scene: Scene, experiment: Experiment, pos: int, id: int, run: int = 0) -> Cell:
    """The probability of a token after a position, with its bar."""
    ref = Ref("probs", (pos, id))
    return run_cell(experiment, ref, run, write=scene.words.share, bar=True)


def candidate_cells(
    scene: Scene, experiment: Experiment, pos: int, n: int, run: int
) -> list[list[Cell]]:
    """The likeliest tokens and their probabilities, a pair of cells each."""
    return [
        [Cell(scene.words.token(label)), share_cell(scene, experiment, pos, id, run)]
        for id, label in candidates(scene, experiment, pos, n)
    ]


def candidates_beside(
    scene: Scene, sides: Sequence[tuple[str, Experiment, int, int]], n: int, title: str = ""
) -> Table:
    """The likeliest tokens of some runs, side by side.

    sides: the heading, the run, the position, and which of the figure's runs it is.
    """
    columns = [candidate_cells(scene, run, pos, n, nth) for _, run, pos, nth in sides]
    rows = [[cell for pair in line for cell in pair] for line in zip(*columns, strict=True)]
    header = [text for heading, *_ in sides for text in (heading, "")]
    return Table(rows, header, title, "lr" * len(sides))
