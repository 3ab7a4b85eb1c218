"""From a `CompareView` to what its widgets are told to show."""

from __future__ import annotations

from dataclasses import replace

from textual.content import Content

from engine.experiment import Experiment
from lessons.compare import FIRST, SECOND
from lessons.exhibits import Exhibit
from lessons.words import number
from tui.renderables.chips import Chip
from tui.renderables.chips import Look as ChipLook
from tui.renderables.matrix_labels import clip
from tui.renderables.signs import signs_of
from tui.renderables.words import Look, WordCell
from tui.screens.compare_keys import OWNER, SUBTRACT, TURN
from tui.screens.compare_view import CompareView
from tui.screens.compare_words import alone, here, points, signed, size_mark, where, why_none
from tui.screens.walk_draw import N_GUESSES, draw_exhibit
from tui.screens.walk_line import group_chips, station_chips
from tui.screens.walk_unknown import LONGEST_WORD
from tui.screens.walk_words import best_next
from tui.widgets.compare import CompareBand, ComparePane

NAMES = ("side.first", "side.second")
NOTHING = "—"


# The line


def marked_groups(view: CompareView) -> list[Chip]:
    """The groups of the line, each with the largest difference in it."""
    chips = []
    for chip in group_chips(view.views[FIRST]):
        members = [stage for stage in view.line if stage.group == chip.id and stage.focus]
        sizes = [view.comparison.size(stage) for stage in members]
        known = [size for size in sizes if size is not None]
        most = max(known) if any(known) or len(known) == len(sizes) else None
        chips.append(replace(chip, tail=size_mark(most, members[0])))
    return chips


def marked_stations(view: CompareView) -> list[Chip]:
    """The stations of the present group, each with its difference."""
    by_id = {stage.id: stage for stage in view.line}
    chips = station_chips(view.views[FIRST])
    return [
        replace(chip, tail=size_mark(view.comparison.size(by_id[chip.id]), by_id[chip.id]))
        for chip in chips
    ]


def summary(view: CompareView) -> Content:
    """How far the two runs are apart here, where they part, and what stands alone."""
    parts = [Content.styled(here(view), "$accent"), Content(where(view)), Content(alone(view))]
    return Content("  ").join(part for part in parts if part)


# The sentences


def draw_band(view: CompareView, side: int, band: CompareBand) -> None:
    """The guesses for the next word, the notice where the text was cut, the model."""
    experiment, prose, said = view.comparison.sides[side], view.prose, view.walk_words
    band.show_model(model_name(view, experiment))
    band.show_guess(
        said("sentence.next"),
        [
            (label, prose.words.share(p))
            for _, label, p in best_next(experiment, N_GUESSES, prose.words.marks)
        ],
    )
    band.box.placeholder = said("sentence.placeholder")
    cut, notice = experiment.cut_at, ""
    if cut is not None:
        read = experiment.normal_text[:cut].split()
        key = "sentence.cut" if read else "sentence.cut_start"
        word = clip(read[-1], LONGEST_WORD) if read else ""
        notice = said(key, word=word, n=experiment.model.config.n_ctx)
    band.show_cut(notice)
    band.set_class(view.side == side and not view.subtracted, "-turn")


def model_name(view: CompareView, experiment: Experiment) -> str:
    """The model, the moment of its training, and how much is changed by hand."""
    name, step, n = experiment.model.name, experiment.model.step, len(experiment.forced)
    if step is not None:
        name = view.words("model.step", name=name, step=step)
    if n:
        name = view.words("model.change" if n == 1 else "model.changes", model=name, n=n)
    return name


# The exhibits


def heading(view: CompareView, side: int, both: bool) -> list[Chip]:
    """Whose exhibit it is, and the keys that show what is not in view."""
    look: ChipLook = "strong" if view.side == side else "quiet"
    chips = [Chip(f"side.{side}", view.words(NAMES[side]), str(side + 1), look=look)]
    if not both:
        other = view.words(NAMES[1 - side])
        chips.append(
            Chip(TURN.id, other, signs_of(TURN, view.words, OWNER), look="quiet", rank=2, gap=4)
        )
    return chips


def difference_heading(view: CompareView) -> list[Chip]:
    """That the second minus the first is shown, and the key that goes back."""
    tokens = view.stage.view in ("text", "pieces", "ids")
    return [
        Chip("", view.words("side.tokens" if tokens else "side.difference"), look="strong"),
        Chip(
            SUBTRACT.id,
            view.words("side.back"),
            signs_of(SUBTRACT, view.words, OWNER),
            look="quiet",
            rank=2,
            gap=4,
        ),
    ]


def draw_side(view: CompareView, side: int, pane: ComparePane) -> None:
    """The exhibit of one side, with the cursor where it belongs."""
    pane.show_paired(view.side == side or view.listed)
    if view.has(side):
        draw_exhibit(view.views[side], pane)
    else:
        pane.show_words([], None, view.words("exhibit.no_stage"))


def draw_difference(view: CompareView, pane: ComparePane) -> None:
    """Second minus first: of numbers a table, of tokens both, one above the other."""
    table = view.difference
    pane.show_paired(True)
    if view.stage.view in ("text", "pieces", "ids"):
        cells, cursor = _token_pairs(view)
        pane.show_words(cells, cursor, view.words("exhibit.pairs"))
    elif table is None:
        pane.show_words([], None, view.words(f"exhibit.{why_none(view)}"))
    elif table.row_axis == "d_vocab":
        _draw_bars(view, table, pane)
    else:
        pane.show_matrix(
            table.values,
            table.rows,
            table.cols,
            view.cell,
            row_axis=view.prose.axis(table.row_axis),
            col_axis=view.prose.axis(table.col_axis),
            kind="diverging",
            scale=table.span,
            present=view.cell[0],
        )


def _draw_bars(view: CompareView, table: Exhibit, pane: ComparePane) -> None:
    values = table.values[:, 0].tolist()
    shares = view.stage.focus == "probs"
    texts = [points(x) if shares else signed(number(x), x) for x in values]
    last = len(view.labels(FIRST)) - 1
    place = last if view.stage.view == "choice" else view.views[FIRST].word
    after = view.prose.words.token(view.labels(FIRST)[place])
    order = "exhibit.largest_points" if shares else "exhibit.largest"
    pane.show_bars(
        [
            Chip("", view.words("exhibit.after", word=after), look="quiet"),
            Chip("", view.words(order), look="quiet", gap=4, rank=1),
        ],
        table.rows,
        values,
        texts,
        "diverging",
        None,
        view.cell[0],
    )


def _token_pairs(view: CompareView) -> tuple[list[WordCell], int | None]:
    """The pieces of the first with those of the second beneath; at last those without a partner.

    At "ids" the numbers stand with them.
    """
    comparison = view.comparison
    rows: list[tuple[int | None, int | None]] = [
        (i, comparison.partner(i)) for i in range(len(view.labels(FIRST)))
    ]
    rows += [(None, j) for j in comparison.alone(SECOND)]
    cells = []
    for row in rows:
        one, two = (_token(view, side, pos) for side, pos in enumerate(row))
        look: Look = "one" if one == two else "other"
        cells.append(WordCell(one, "=" if one == two else two, look))
    word = view.active.word
    cursor = next(i for i, row in enumerate(rows) if row[view.side] == word)
    return cells, cursor


def _token(view: CompareView, side: int, pos: int | None) -> str:
    if pos is None:
        return NOTHING
    label = view.labels(side)[pos]
    if view.stage.view != "ids":
        return label
    return f"{label} {int(view.comparison.sides[side].trace['tokens'].value[pos])}"
