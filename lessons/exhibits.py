"""What a stage shows: a table of numbers of the run, each with its address in the trace.

Every exhibit is a two-dimensional selection of one recorded step. It keeps, for each of its
cells, the place in that step, so that the number shown and the number at its address cannot
differ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.sampling import likeliest
from engine.trace import Step
from lessons.labels import Marks, predicted_labels, read_labels
from lessons.stages import Stage

N_CANDIDATES = 40
N_RUNNERS_UP = 5
_SHARES = {"pattern", "probs"}  # steps whose numbers are parts of a whole


@dataclass(frozen=True, slots=True, eq=False)
class Exhibit:
    """A table of numbers and how to label and colour it.

    values [rows, cols]: the numbers, float or int; -inf where a score is masked.
    rows, cols: their labels: tokens as people read them, or numbers counted from 1.
    row_axis, col_axis: what they count: "pos", "query", "key", "d_model", "d_head", "d_joined",
    "d_mlp", "d_vocab", or "one" for a single column.
    scale: "diverging" around 0, "sequential" from 0, or "plain" for numbers that are labels.
    span: the size that gets the full colour.
    step: the name of the step; None where nothing is shown (the text itself).
    places [rows, cols]: the cells' places in the flattened step.
    shape: the shape of the step.
    """

    values: Array
    rows: tuple[str, ...]
    cols: tuple[str, ...]
    row_axis: str
    col_axis: str
    scale: str
    span: float
    step: str | None
    places: Array
    shape: tuple[int, ...]

    def ref(self, row: int, col: int) -> Ref | None:
        """The address in the trace of the number at (row, col); None outside the table."""
        if self.step is None or not (0 <= row < len(self.rows) and 0 <= col < len(self.cols)):
            return None
        index = np.unravel_index(int(self.places[row, col]), self.shape)
        return Ref(self.step, tuple(int(i) for i in index))

    def take(self, array: Array) -> Array:
        """The same cells of another array in the shape of the step: a gradient, another run."""
        cells: Array = array.reshape(-1)[self.places]
        return cells


def exhibit(
    stage: Stage,
    experiment: Experiment,
    head: int = 0,
    at: int | None = None,
    marks: Marks = Marks(),  # noqa: B008 (frozen)
) -> Exhibit:
    """What `stage` shows of a run.

    head: which head, where the stage shows one at a time.
    at: at which position the candidates are listed; the one that is asked for if left out.
    The chosen word is always the one that is asked for.
    Raises IndexError for a head or a position that does not exist.
    """
    if stage.focus is None:
        nothing = np.zeros((0, 0))
        return Exhibit(
            nothing, (), (), "pos", "one", "plain", 1.0, None, nothing.astype(int), (0, 0)
        )
    step = experiment.trace[stage.focus]
    if stage.view in ("bars", "choice"):
        return _candidates(stage, step, experiment, at, marks)

    ids = [int(i) for i in experiment.trace["tokens"].value]
    tokens = read_labels(experiment.model.tokenizer, ids, marks)
    places: Array = np.arange(step.value.size).reshape(step.value.shape)
    row_axis, col_axis = "pos", step.axes[-1]
    if stage.view in ("pieces", "ids"):
        places, col_axis = places[:, None], "one"
    elif stage.view == "lookup":
        places = places[ids]
    elif stage.by_head and step.axes[0] == "head":  # a table of pairs for each head
        places, row_axis = places[_checked(head, len(places))], "query"
    elif stage.by_head:  # a vector for each token and head
        places = places[:, _checked(head, places.shape[1])]
    elif places.ndim == 3:  # the heads' vectors side by side
        places, col_axis = places.reshape(len(places), -1), "d_joined"
    cols = tokens if col_axis == "key" else _numbers(places.shape[1])
    return _exhibit(step, places, tokens, cols, row_axis, col_axis)


def _candidates(
    stage: Stage, step: Step, experiment: Experiment, at: int | None, marks: Marks
) -> Exhibit:
    """The tokens that fit best after position `at`, the best first."""
    n_pos, d_vocab = step.value.shape
    at = experiment.asked if at is None or stage.view == "choice" else _checked(at, n_pos)
    n = N_RUNNERS_UP if stage.view == "choice" else N_CANDIDATES
    best = likeliest(step.value[at], n)
    # What would win without the changes stays in view, however far it has fallen; so do the
    # candidates that were set by hand.
    kept = likeliest(experiment.baseline[step.name].value[at], 1)
    if step.forced is not None and (by_hand := np.flatnonzero(step.forced[at])).size < n:
        kept = np.union1d(kept, by_hand)
    fallen = kept[~np.isin(kept, best)]
    best = np.append(best[: n - fallen.size], fallen)
    labels = predicted_labels(experiment.model.tokenizer, best.tolist(), marks)
    return _exhibit(step, (at * d_vocab + best)[:, None], labels, ("1",), "d_vocab", "one")


def _exhibit(
    step: Step,
    places: Array,
    rows: tuple[str, ...],
    cols: tuple[str, ...],
    row_axis: str,
    col_axis: str,
) -> Exhibit:
    values = step.value.reshape(-1)[places]
    if step.value.dtype.kind == "i":
        scale, span = "plain", 1.0
    elif step.name.rsplit(".", 1)[-1] in _SHARES:
        scale, span = "sequential", 1.0
    else:
        # Of what runs along the vocabulary a few are shown, and only they are compared. Of the
        # rest all are, so that the same number has the same colour in every head.
        scale = "diverging"
        span = _span(values if "d_vocab" in step.axes else step.value)
    return Exhibit(
        values, rows, cols, row_axis, col_axis, scale, span, step.name, places, step.value.shape
    )


def _span(values: Array) -> float:
    """A size that nearly all numbers stay under, so that one giant does not bleach the rest."""
    sizes = np.abs(values[np.isfinite(values)])
    if not sizes.size:
        return 1.0
    span = float(np.percentile(sizes, 98) if sizes.size > 100 else sizes.max())
    return span if span > 0 else 1.0


def _numbers(n: int) -> tuple[str, ...]:
    return tuple(str(i + 1) for i in range(n))


def _checked(i: int, n: int) -> int:
    if not 0 <= i < n:
        raise IndexError(f"{i} is not in 0..{n - 1}")
    return i
