"""What the sentence looks like at the stages that show it in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.experiment import Experiment
from engine.sampling import likeliest
from lessons.labels import Marks, predicted_labels, visible
from tui.renderables.matrix_labels import ELLIPSIS
from tui.renderables.words import Look, WordCell

MOST_WORDS = 600
"""Words of a long text that are drawn; the model reads far fewer."""
MOST_BEFORE_CHOICE = 30
"""Pieces that stand before the chosen one."""


def as_typed(experiment: Experiment) -> list[WordCell]:
    """The words of the text, those that are not read struck out."""
    text, cut = experiment.normal_text, experiment.cut_at
    cells: list[WordCell] = []
    at = 0
    for word in text[: MOST_WORDS * 40].split(" ")[:MOST_WORDS]:
        end = at + len(word)
        if word:
            read = cut is None or end <= cut
            cells.append(WordCell(visible(word), look="plain" if read else "unread"))
        at = end + 1
    return cells if at > len(text) else [*cells, WordCell(ELLIPSIS)]


def in_pieces(
    experiment: Experiment, labels: Sequence[str], below: Sequence[str] | None = None
) -> list[WordCell]:
    """The pieces that the model reads: a new word keeps a gap, its further pieces do not.

    labels: what each piece is called. below: what stands beneath each.
    """
    start_id = experiment.model.tokenizer.start_id
    cells: list[WordCell] = []
    for index, piece in enumerate(experiment.pieces):
        new_word = index <= 1 or piece.label.startswith(" ")
        again = not new_word and cells[-1].look == "one"
        look: Look = "mark" if piece.id == start_id else "other" if again else "one"
        cells.append(
            WordCell(labels[index], below[index] if below else "", look, 1 if new_word else 0)
        )
    return cells


def with_choice(experiment: Experiment, labels: Sequence[str], chosen: str) -> list[WordCell]:
    """The sentence with the chosen word at its end, or in its blank; a long one only near it."""
    words = [replace(cell, look="plain") for cell in in_pieces(experiment, labels)[1:]]
    blank = _blank(experiment)
    at = len(words) if blank is None else blank - 1
    before = words[max(0, at - MOST_BEFORE_CHOICE) : at]
    after = words[at + 1 :][:MOST_BEFORE_CHOICE]
    more = [WordCell(ELLIPSIS)] if len(before) < at else []
    return [*more, *before, WordCell(chosen, look="new"), *after]


def _blank(experiment: Experiment) -> int | None:
    """The position of the blank that the model is asked to fill; None where it has none."""
    asked = experiment.asked
    is_blank = experiment.pieces[asked].id == experiment.model.tokenizer.blank_id
    return asked if is_blank and not experiment.model.config.causal else None


def best_next(experiment: Experiment, n: int, marks: Marks) -> list[tuple[int, str, float]]:
    """The n likeliest next tokens: id, label and probability, the likeliest first."""
    probs = experiment.trace["probs"].value[experiment.asked]
    best = likeliest(probs, n).tolist()
    labels = predicted_labels(experiment.model.tokenizer, best, marks)
    return [(i, label, float(probs[i])) for i, label in zip(best, labels, strict=True)]


def appended(experiment: Experiment, token: int) -> str:
    """The text with one more token at its end, which brings its own space, or in its blank."""
    tokenizer = experiment.model.tokenizer
    blank = _blank(experiment)
    if blank is None:
        return tokenizer.decode([*tokenizer.encode(experiment.text.rstrip(" ")), token])
    ids = tokenizer.encode(experiment.text)
    return tokenizer.decode([*ids[: blank - 1], token, *ids[blank:]])
