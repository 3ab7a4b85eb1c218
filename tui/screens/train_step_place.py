"""Where a weight of a training step stands: in words, by its unit, and as it is typed. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from engine.expr import Ref
from engine.plan import Plan
from engine.tokenizer import Tokenizer
from engine.train import StepRecord
from lessons.adamw_step import Index
from lessons.prose import prose
from tui.messages import Words

UNITS = (0, 3, 6, 9)
"""Gradients are small: a table of them is written in wholes, thousandths, millionths ..."""


@dataclass(frozen=True)
class Weight:
    """A weight by the name of its parameter and its place in it, counted as the engine does."""

    name: str
    index: Index

    @property
    def address(self) -> str:
        """As the command line writes it: "W_E[3,5]"."""
        return f"{self.name}[{','.join(map(str, self.index))}]" if self.index else self.name


def steepest(record: StepRecord, name: str, rows: Sequence[int] = ()) -> Weight:
    """The weight of a parameter with the largest gradient: one that has something to tell.

    rows: only among these, where there are any.
    """
    part = np.abs(record.gradient[name])
    if rows:
        only = np.full_like(part, -1.0)
        only[list(rows)] = part[list(rows)]
        part = only
    return Weight(name, tuple(int(i) for i in np.unravel_index(int(part.argmax()), part.shape)))


def first_weight(plan: Plan, record: StepRecord, sentence: str) -> Weight:
    """A weight of a word of the learner's own sentence, or of any word where it has none."""
    ids, piece = plan.tokenizer.encode(sentence), plan.tokenizer.piece
    # Not the start: it stands before every sentence, is pulled most, and tells least.
    others = [i for i in range(len(plan.tokenizer)) if i != plan.tokenizer.start_id]
    return steepest(record, "W_E", [i for i in ids if piece(i).strip().isalpha()] or others)


def of_words(plan: Plan, name: str, shape: Sequence[int]) -> bool:
    """Whether the rows of a parameter are those of the pieces."""
    return name in ("W_E", "W_U") and len(shape) == 2 and shape[0] == plan.config.d_vocab


def row_label(plan: Plan, name: str, shape: Sequence[int], row: int, words: Words) -> str:
    """What stands before a row: its piece, or its places counted from 1."""
    if of_words(plan, name, shape):
        if row == plan.tokenizer.start_id:
            return prose(words.lang).words.marks.start
        return plan.tokenizer.piece(row).strip() or str(row)
    above = tuple(shape[:-1])
    return ",".join(str(int(i) + 1) for i in np.unravel_index(row, above)) if above else ""


def told_place(plan: Plan, weight: Weight, shape: Sequence[int], words: Words) -> str:
    """Where a weight stands: "«gato», número 7 de 16"."""
    if not weight.index:
        return ""
    column = words("step.number", n=weight.index[-1] + 1, total=shape[-1])
    if len(shape) == 1:
        return column
    row = int(np.ravel_multi_index(weight.index[:-1], tuple(shape[:-1])))
    label = row_label(plan, weight.name, shape, row, words)
    if of_words(plan, weight.name, shape):
        return f"{prose(words.lang).words.token(label)}, {column}"
    n_rows = prod(shape[:-1])
    return f"{words('step.row', n=row + 1, total=n_rows)}, {column}"


def unit_of(largest: float) -> int:
    """The decimal places by which a table is moved, so that its largest number can be read."""
    if not 0 < largest < 0.5:
        return 0
    wanted = -math.floor(math.log10(largest))
    return next((unit for unit in UNITS if unit >= wanted), UNITS[-1])


def typed_weight(plan: Plan, record: StepRecord, text: str) -> Weight:
    """The weight that was typed: an address, a word, or a word and a number counted from 1.

    Raises ValueError for what is none.
    """
    text = text.strip()
    if "[" in text or text in record.gradient:
        ref = Ref.parse(text)
        weight = Weight(ref.name, ref.index)
    else:
        word, _, number = text.rpartition(" ") if text[-1:].isdigit() else (text, "", "")
        rows = _pieces(plan.tokenizer, word)
        if not rows:
            raise ValueError(text)
        if not number:
            return steepest(record, "W_E", rows[:1])
        weight = Weight("W_E", (rows[0], int(number) - 1))
    shape = record.gradient[weight.name].shape if weight.name in record.gradient else None
    if shape is None or len(weight.index) != len(shape):
        raise ValueError(text)
    if not all(0 <= i < n for i, n in zip(weight.index, shape, strict=True)):
        raise ValueError(text)
    return weight


def _pieces(tokenizer: Tokenizer, word: str) -> list[int]:
    """The pieces of a word, as it stands within a sentence; a blank is none."""
    return [i for i in tokenizer.encode(word.strip()) if tokenizer.piece(i).strip()]
