"""Two runs side by side: which token meets which, how far apart the runs are, and where they part.

A token meets the same token wherever it stands in the other sentence. So in "el gato come el pez"
and "el pez come el gato" gato meets gato: their embeddings are equal, and the first stage at
which the two sentences differ is the one that adds the position.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from engine.sampling import likeliest
from lessons.changes import LEAST, size_of
from lessons.exhibits import N_CANDIDATES, N_RUNNERS_UP, Exhibit, exhibit
from lessons.labels import Marks, predicted_labels
from lessons.pairs import Pairs, line_up
from lessons.stages import Stage, stages

FIRST, SECOND = 0, 1
_PLACES = {"pos", "query", "key"}  # axes that run along the sentence


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two runs: of two sentences, or of one on two models, at two moments, with and without change.

    Of what the second model does otherwise, whatever has the same name and size is compared.
    """

    first: Experiment
    second: Experiment

    @property
    def sides(self) -> tuple[Experiment, Experiment]:
        """Both experiments: `FIRST` and `SECOND` are their numbers."""
        return self.first, self.second

    # Which token meets which

    @cached_property
    def pairs(self) -> Pairs:
        """Positions that belong together: (of the first, of the second)."""
        return line_up(self._tokens(FIRST), self._tokens(SECOND))

    def partner(self, pos: int, side: int = FIRST) -> int | None:
        """The position in the other run that belongs to `pos` of this side; None if it has none."""
        return self._partners[side].get(pos)

    def alone(self, side: int) -> tuple[int, ...]:
        """The positions of a side that have no partner."""
        n = len(self._ids(side))
        return tuple(pos for pos in range(n) if pos not in self._partners[side])

    @cached_property
    def _partners(self) -> tuple[dict[int, int], dict[int, int]]:
        return dict(self.pairs), {j: i for i, j in self.pairs}

    def _ids(self, side: int) -> list[int]:
        """What a run has read: a what-if may have put another token in."""
        ids: list[int] = self.sides[side].trace["tokens"].value.tolist()
        return ids

    def _tokens(self, side: int) -> list[str]:
        tokens = self.sides[side].model.tokenizer.tokens
        return [tokens[i] for i in self._ids(side)]

    @cached_property
    def same_vocabulary(self) -> bool:
        """Whether both models have the same tokens, so that their candidates can be compared."""
        one, two = (side.model.tokenizer for side in self.sides)
        return one is two or one.tokens == two.tokens

    # How far apart the runs are

    def size(self, stage: Stage) -> float | None:
        """‖second - first‖ / ‖first‖ over the paired positions of what a stage shows.

        0 where they are equal; of pieces and ids, which are labels, the share that differs. At
        the choice the two ends meet, whichever tokens stand there. None where there is nothing
        to subtract: the text, a step that one of the models lacks, or one of another size.
        """
        where = stage.focus, stage.view
        if where not in self._sizes:
            self._sizes[where] = self._measured(stage)
        return self._sizes[where]

    @cached_property
    def _sizes(self) -> dict[tuple[str | None, str], float | None]:
        return {}  # filled by `size`: each stage is measured once

    @cached_property
    def first_difference(self) -> Stage | None:
        """The first stage of the first model's line where the runs differ; None where nowhere."""
        line = stages(self.first.model.config)
        return next((stage for stage in line if self.size(stage)), None)

    def _measured(self, stage: Stage) -> float | None:
        if stage.view in ("pieces", "ids"):
            return self.n_other(stage) / len(self.pairs)
        first, second = self._cells(stage, FIRST), self._cells(stage, SECOND)
        if first is None or second is None or first.shape != second.shape:
            return None
        return size_of(second, first)

    def n_other(self, stage: Stage) -> int:
        """How many pairs are of different pieces, or at "ids" of different numbers."""
        of = self._ids if stage.view == "ids" else self._tokens
        one, two = of(FIRST), of(SECOND)
        return sum(one[i] != two[j] for i, j in self.pairs)

    def _cells(self, stage: Stage, side: int) -> Array | None:
        """The step that a stage shows, brought onto the paired positions."""
        trace = self.sides[side].trace
        step = trace.steps.get(stage.focus or "")
        if step is None:
            return None
        value, axes = step.value, step.axes
        if stage.view == "lookup":  # of the table, the rows of the sentence
            value, axes = value[trace["tokens"].value], ("pos", *axes[1:])
        if "d_vocab" in axes and not self.same_vocabulary:
            return None
        positions = [pair[side] for pair in self.pairs]
        if stage.view == "choice":
            positions = [len(value) - 1]
        for k, axis in enumerate(axes):
            if axis in _PLACES:
                value = value.take(positions, axis=k)
        return value

    # One cell, and all of them

    def counterpart(self, stage: Stage, ref: Ref, pos: int, side: int = FIRST) -> Ref | None:
        """The address in the other run of what is at `ref` in this one; None if it has no such.

        pos: the position whose row of the table is meant, at the stage that looks it up.
        """
        step = self.sides[side].trace[ref.name]
        other = self.sides[1 - side].trace.steps.get(ref.name)
        if other is None or len(other.value.shape) != len(step.value.shape):
            return None
        index: list[int | None] = []
        for axis, i in zip(step.axes, ref.index, strict=True):
            if stage.view == "choice" and axis == "pos":
                index.append(len(other.value) - 1)
            elif axis in _PLACES:
                index.append(self.partner(i, side))
            elif axis == "d_vocab" and stage.view == "lookup":
                partner = self.partner(pos, side)
                index.append(None if partner is None else self._ids(1 - side)[partner])
            else:
                index.append(i if axis != "d_vocab" or self.same_vocabulary else None)
        inside = [
            i for i, n in zip(index, other.value.shape, strict=True) if i is not None and i < n
        ]
        return Ref(ref.name, tuple(inside)) if len(inside) == len(index) else None

    def difference(
        self,
        stage: Stage,
        head: int = 0,
        at: int | None = None,
        marks: Marks = Marks(),  # noqa: B008 (frozen)
    ) -> Exhibit | None:
        """Second minus first: a table of what a stage shows, only paired rows and columns.

        head, at: as in `exhibit`, for the first. A label names both tokens where they differ
        ("gato/perro"); candidates come with the largest difference first. Addresses are those of
        the first. None where `size` is, and of labels: the difference of two ids says nothing.
        """
        if stage.view in ("pieces", "ids") or self.size(stage) is None:
            return None
        if stage.view in ("bars", "choice"):
            return self._candidates(stage, at, marks)
        one, two = (exhibit(stage, side, head, marks=marks) for side in self.sides)
        rows, cols = self.pairs, self.pairs
        if one.col_axis != "key":
            cols = tuple((k, k) for k in range(len(one.cols)))
        here, there = (np.ix_([row[s] for row in rows], [col[s] for col in cols]) for s in (0, 1))
        return _subtracted(
            one,
            one.values[here],
            two.values[there],
            one.places[here],
            tuple(_both(one.rows[i], two.rows[j]) for i, j in rows),
            tuple(_both(one.cols[i], two.cols[j]) for i, j in cols),
        )

    def _candidates(self, stage: Stage, at: int | None, marks: Marks) -> Exhibit | None:
        """The tokens that are likeliest in one of the two runs, what moved most first."""
        one = exhibit(stage, self.first, at=at, marks=marks)
        step, other = (side.trace[one.step or ""] for side in self.sides)
        n_pos, d_vocab = step.value.shape
        i = n_pos - 1 if at is None or stage.view == "choice" else at
        j = len(other.value) - 1 if stage.view == "choice" else self.partner(i)
        if j is None:
            return None
        a, b = step.value[i], other.value[j]
        n = N_RUNNERS_UP if stage.view == "choice" else N_CANDIDATES
        likely = np.union1d(likeliest(a, n), likeliest(b, n))
        best = likely[np.argsort(-np.abs(b[likely] - a[likely]), kind="stable")]
        places = (i * d_vocab + best)[:, None]
        labels = predicted_labels(self.first.model.tokenizer, best.tolist(), marks)
        return _subtracted(one, a[best, None], b[best, None], places, labels, ("1",))


def _subtracted(
    like: Exhibit, a: Array, b: Array, places: Array, rows: tuple[str, ...], cols: tuple[str, ...]
) -> Exhibit:
    """b - a as an exhibit; what only rounding makes different is 0."""
    with np.errstate(invalid="ignore"):  # two covered cells: infinities that are equal
        values = np.where(a == b, 0.0, b - a)
    values[np.abs(values) <= LEAST * like.span] = 0.0
    span = float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values))) or 1.0
    return Exhibit(
        values, rows, cols, like.row_axis, like.col_axis, "diverging", span, like.step, places,
        like.shape,
    )  # fmt: skip


def _both(one: str, two: str) -> str:
    return one if one == two else f"{one}/{two}"
