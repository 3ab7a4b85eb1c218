"""From a `View` of the walk to what its widgets are told to show."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lessons.labels import predicted_labels, read_labels
from lessons.words import number
from tui.renderables.chips import Chip
from tui.renderables.heads import Heads
from tui.renderables.matrix_labels import clip
from tui.renderables.palette import Kind, scale_of
from tui.screens.walk_unknown import LONGEST_WORD, unknown_told
from tui.screens.walk_view import View
from tui.screens.walk_words import as_typed, best_next, in_pieces, with_choice
from tui.widgets.bars import BarsView
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.sentence import SentenceBand

N_GUESSES = 12
FORCED_SIGN = "*"
"""Stands beside a number that was set by hand, as in a matrix."""
N_NEXT = 40


def draw_sentence(view: View, band: SentenceBand, next_words: BarsView) -> None:
    """The guesses for the next word, the notice where the text was cut, the model's name."""
    experiment, prose = view.experiment, view.prose
    band.show_model(experiment.model.name)
    best = best_next(experiment, N_NEXT, prose.words.marks)
    shares = [prose.words.share(p) for _, _, p in best]
    labels = [label for _, label, _ in best]
    texts = shares
    if experiment.forced:
        probs = experiment.baseline["probs"].value[experiment.asked]
        was = [prose.words.share(float(probs[i])) for i, _, _ in best]
        texts = [
            view.words("exhibit.was", now=a, before=b) for a, b in zip(shares, was, strict=True)
        ]
    guesses = list(zip(labels, shares, strict=True))[:N_GUESSES]
    causal = experiment.model.config.causal
    name = view.words("sentence.next" if causal else "sentence.blank")
    band.show_guess(name, guesses, _fallen(view))
    next_words.show(labels, [p for _, _, p in best], texts, full=1.0)
    cut, notice = experiment.cut_at, ""
    if cut is not None:
        read = experiment.normal_text[:cut].split()
        n = experiment.model.config.n_ctx
        key = "sentence.cut" if read else "sentence.cut_start"
        notice = view.words(key, word=clip(read[-1], LONGEST_WORD) if read else "", n=n)
    band.show_cut(notice)


def _fallen(view: View) -> str:
    """What would come next without the changes, where another word wins with them."""
    experiment = view.experiment
    runs = (experiment.baseline, experiment.trace)
    before, now = (run["probs"].value[experiment.asked] for run in runs)
    winner = int(before.argmax())
    if winner == int(now.argmax()):
        return ""
    words = view.prose.words
    (label,) = predicted_labels(experiment.model.tokenizer, [winner], words.marks)
    return view.words("sentence.fallen", word=label, share=words.share(float(before[winner])))


def draw_exhibit(view: View, pane: ExhibitPane, others: bool = True) -> None:
    """The exhibit of the present station. others: with the other heads beside the present one."""
    kind = view.stage.view
    if kind == "text":
        pane.show_words(as_typed(view.experiment), None, unknown_told(view))
    elif kind in ("pieces", "ids"):
        below = _ids_below(view) if kind == "ids" else None
        cells = in_pieces(view.experiment, _read_labels(view), below)
        pane.show_words(cells, view.word, unknown_told(view))
    elif kind == "bars":
        _draw_bars(view, pane)
    elif kind == "choice":
        _draw_choice(view, pane)
    else:
        _draw_matrix(view, pane, others)


def _draw_matrix(view: View, pane: ExhibitPane, others: bool) -> None:
    shown = view.exhibit
    kind: Kind = "sequential" if shown.scale == "sequential" else "diverging"
    forced = view.experiment.trace[shown.step].forced if shown.step else None
    before, gradient = view.before, view.gradient
    pane.show_matrix(
        shown.values,
        shown.rows,
        shown.cols,
        view.cell,
        heads=_heads(view, kind if gradient is None else "diverging") if others else None,
        row_axis=view.prose.axis(shown.row_axis),
        col_axis=view.prose.axis(shown.col_axis),
        kind=kind if gradient is None else "diverging",
        scale=shown.span if gradient is None else scale_of(view.gradients[str(shown.step)]),
        present=view.cell[0],
        tint=gradient,
        forced=None if forced is None else shown.take(forced),
        changed=None if before is None else before != shown.values,
    )


def _heads(view: View, kind: Kind) -> Heads | None:
    if not view.stage.by_head or view.stage.focus is None:
        return None
    step = view.experiment.trace[view.stage.focus]
    hangs = view.gradients.get(step.name)
    values = np.moveaxis(step.value if hangs is None else hangs, step.axes.index("head"), 0)
    scale = view.exhibit.span if hangs is None else scale_of(hangs)
    return Heads(values, kind, scale, view.head, view.words("line.head"))


def _draw_bars(view: View, pane: ExhibitPane) -> None:
    shown = view.exhibit
    values = shown.values[:, 0].tolist()
    shares = shown.scale == "sequential"
    words = view.prose.words
    write = words.share if shares else number
    texts = _with_before(view, [write(x) for x in values], write)
    after = words.tokens(_read_labels(view))[view.word]
    full = words.share(1.0) if shares else number(max(*values, 0.0) - min(*values, 0.0))
    pane.show_bars(
        [
            Chip("", view.words("exhibit.after", word=after), look="quiet"),
            Chip("", view.words("exhibit.full_bar", full=full), look="quiet", gap=4, rank=1),
        ],
        shown.rows,
        values,
        texts,
        "sequential" if shares else "diverging",
        1.0 if shares else None,
        view.cell[0],
    )


def _draw_choice(view: View, pane: ExhibitPane) -> None:
    shown = view.exhibit
    values = shown.values[:, 0].tolist()
    share = view.prose.words.share
    ends = shown.rows[0] == view.prose.words.end
    if ends:
        offer = Chip("", view.words("exhibit.text_ends"), look="quiet")
    else:
        offer = Chip("generate", view.words("exhibit.append"), "g")
    pane.show_choice(
        with_choice(view.experiment, _read_labels(view), shown.rows[0]),
        [offer, _full_share(view)],
        shown.rows,
        values,
        _with_before(view, [share(x) for x in values], share),
        view.cell[0],
    )


def _with_before(view: View, texts: list[str], write: Callable[[float], str]) -> list[str]:
    """The numbers of the candidates, each with what it was before something was forced."""
    shown, before = view.exhibit, view.before
    if before is None or shown.step is None:
        return texts
    forced = view.experiment.trace[shown.step].forced
    marks = np.zeros(shown.values.shape, bool) if forced is None else shown.take(forced)
    told = []
    for text, was, mark in zip(texts, before[:, 0].tolist(), marks[:, 0].tolist(), strict=True):
        now, earlier = text + FORCED_SIGN * mark, write(was)
        told.append(now if earlier == text else view.words("exhibit.was", now=now, before=earlier))
    return told


def _full_share(view: View) -> Chip:
    """What a whole bar stands for where bars are shares."""
    full = view.prose.words.share(1.0)
    return Chip("", view.words("exhibit.full_bar", full=full), look="quiet", gap=4, rank=1)


def _ids_below(view: View) -> list[str]:
    """The number of each piece; one that was set by hand has a mark, as in a matrix."""
    tokens = view.experiment.trace["tokens"]
    forced = np.zeros(len(tokens.value), bool) if tokens.forced is None else tokens.forced
    return [
        f"{i}{FORCED_SIGN}" if mark else str(i)
        for i, mark in zip(tokens.value, forced, strict=True)
    ]


def _read_labels(view: View) -> tuple[str, ...]:
    ids = view.experiment.trace["tokens"].value.tolist()
    return read_labels(view.experiment.model.tokenizer, ids, view.prose.words.marks)
