"""One moment of the comparison: two runs, a place in one of them, and the place that belongs to it.

Frozen, and without widgets. Each side is a `View` of the walk, so that it is drawn as the walk is;
what is said of both together is here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from engine.experiment import Experiment
from engine.expr import Ref
from lessons.compare import FIRST, SECOND, Comparison
from lessons.exhibits import Exhibit
from lessons.labels import read_labels
from lessons.prose import Prose, prose
from lessons.stages import Stage
from tui.messages import Words, words
from tui.screens.walk_state import Place, stage_index, to_word
from tui.screens.walk_view import View


@dataclass(frozen=True)
class CompareView:
    """All that determines what is on the screen, its size aside.

    place: of the side that has the turn; the other side's follows from it.
    subtracted: whether the difference is shown instead of the two sides.
    """

    comparison: Comparison
    place: Place
    lang: str
    side: int = FIRST
    subtracted: bool = False

    @property
    def words(self) -> Words:
        """The strings of this screen."""
        return words("compare", self.lang)

    @property
    def walk_words(self) -> Words:
        """The strings of the walk."""
        return words("app", self.lang)

    @property
    def prose(self) -> Prose:
        """What is said of the stations."""
        return prose(self.lang)

    # The line is that of the first model

    @cached_property
    def line(self) -> tuple[Stage, ...]:
        """The stations of the first model, with the inner steps where they are open."""
        return self._view_of(FIRST, self.place).line

    @cached_property
    def index(self) -> int:
        """The number of the present station on the line."""
        return stage_index(self.place, self.line)

    @property
    def stage(self) -> Stage:
        """The present station."""
        return self.line[self.index]

    @cached_property
    def size(self) -> float | None:
        """How far the runs are apart at the present station; see `Comparison.size`."""
        return self.comparison.size(self.stage)

    # The two sides

    def has(self, side: int) -> bool:
        """Whether the model of a side has the present station."""
        return any(stage.id == self.stage.id for stage in self.views[side].line)

    @property
    def active(self) -> View:
        """The side that has the turn."""
        return self.views[self.side]

    @cached_property
    def views(self) -> tuple[View, View]:
        """Both sides, each at its own place, with the same number in the same colour."""
        active = self._view_of(self.side, replace(self.place, stage=self.stage.id))
        other = self._beside(active)
        one, two = (active, other) if self.side == FIRST else (other, active)
        if one.exhibit.scale == two.exhibit.scale:
            span = max(one.exhibit.span, two.exhibit.span)
            one, two = _spanned(one, span), _spanned(two, span)
        return one, two

    def _beside(self, active: View) -> View:
        """The other side, with its cursor where the active side's belongs."""
        other = 1 - self.side
        word = self._nearest(active.word)
        place = replace(active.place, word=word)
        if active.exhibit.col_axis == "key":
            place = replace(place, col=self._nearest(active.cell[1]))
        view = self._view_of(other, replace(place, pick=0))
        if active.in_list and view.in_list:
            token = _candidates(active)[active.cell[0]]
            listed = _candidates(view)
            if self.comparison.same_vocabulary and token in listed:
                return _spanned(
                    replace(view, place=replace(view.place, pick=listed.index(token))),
                    view.exhibit.span,
                    view.exhibit,
                )
        return view

    def _nearest(self, pos: int) -> int:
        """The partner of a position of the active side, or of the nearest one before it."""
        found = (self.comparison.partner(i, self.side) for i in range(pos, -1, -1))
        return next((partner for partner in found if partner is not None), 0)

    def _view_of(self, side: int, place: Place) -> View:
        return View(self.comparison.sides[side], place, self.walk_words, self.prose)

    # The difference, and the cell under the cursor

    @cached_property
    def difference(self) -> Exhibit | None:
        """Second minus first at this station; None where nothing can be subtracted."""
        first = self.views[FIRST]
        marks = self.prose.words.marks
        return self.comparison.difference(self.stage, first.head, first.word, marks)

    @property
    def cell(self) -> tuple[int, int]:
        """Row and column of the difference under the cursor, the nearest that there is."""
        table = self.difference
        if table is None:
            return 0, 0
        n_rows, n_cols = table.values.shape
        row, col = self.views[FIRST].cell
        row = self.place.pick if table.row_axis == "d_vocab" else self._pair_at(row)
        col = self._pair_at(col) if table.col_axis == "key" else col
        return min(row, n_rows - 1), min(col, n_cols - 1)

    def _pair_at(self, pos: int) -> int:
        """The number of the pair of a position of the first, or of the nearest one before it."""
        return max((n for n, (i, _) in enumerate(self.comparison.pairs) if i <= pos), default=0)

    @property
    def pair(self) -> tuple[int, int]:
        """The positions in both runs of the row of the difference under the cursor."""
        return self.comparison.pairs[self._pair_at(self.views[FIRST].word)]

    @cached_property
    def refs(self) -> tuple[Ref | None, Ref | None]:
        """The addresses of the cell under the cursor in both runs; None where a run has none."""
        if self.subtracted and self.difference is not None:
            ref, side, pos = self.difference.ref(*self.cell), FIRST, self.pair[FIRST]
        elif self.has(self.side):
            ref, side = self.active.exhibit.ref(*self.active.cell), self.side
            pos = self.active.word
        else:
            return None, None
        if ref is None:
            return None, None
        other = self.comparison.counterpart(self.stage, ref, pos, side)
        return (ref, other) if side == FIRST else (other, ref)

    @property
    def listed(self) -> bool:
        """Whether the other side shows the candidate under the cursor, where candidates are."""
        other, ref = self.views[1 - self.side], self.refs[1 - self.side]
        return ref is not None and other.exhibit.ref(*other.cell) == ref

    def labels(self, side: int) -> tuple[str, ...]:
        """The tokens of a side as people read them."""
        experiment: Experiment = self.comparison.sides[side]
        ids = [int(i) for i in experiment.trace["tokens"].value]
        return read_labels(experiment.model.tokenizer, ids, self.prose.words.marks)

    def place_at(self, row: int, col: int) -> Place | None:
        """The place that a cell of the exhibit stands for, or of the difference; None for none."""
        active = self.active
        if active.in_list:
            return replace(self.place, pick=row)
        if self.subtracted and self.stage.view in ("pieces", "ids"):
            if self.side == SECOND or row >= len(self.labels(FIRST)):
                return None
        elif self.subtracted:
            pairs = self.comparison.pairs
            row = pairs[row][self.side]
            col = pairs[col][self.side] if active.exhibit.col_axis == "key" else col
        return replace(to_word(self.place, active.experiment, row), col=col)

    def turned(self) -> CompareView:
        """The same cell, with the other side's turn."""
        other = 1 - self.side
        return replace(self, side=other, place=self.views[other].place)


def _candidates(view: View) -> list[int]:
    """The tokens that a list of candidates shows."""
    ids: list[int] = (view.exhibit.places[:, 0] % view.exhibit.shape[-1]).tolist()
    return ids


def _spanned(view: View, span: float, shown: Exhibit | None = None) -> View:
    """A view whose exhibit is coloured by another span."""
    same = replace(view)
    same.__dict__["exhibit"] = replace(shown or view.exhibit, span=span)  # found before
    return same
