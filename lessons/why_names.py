"""What the numbers of a run are called: short, as formulas write them, and where they stand.

`blocks.0.attn.z[2,1,3]` is `z[gato, 2, 4]`: the step's own name, its tokens as words, everything
else counted from 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from engine.experiment import Experiment
from engine.expr import Expr, Ref
from lessons.labels import predicted_labels, read_labels
from lessons.words import Words, number

_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_OF_SENTENCE = {"pos", "query", "key"}
_PREDICTS = {"logits", "probs", "W_U"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a number stands along one axis.

    n: counted from 1, or from 0 for a position. total: how many there are.
    token: the word that stands there, in quotation marks; empty where none does.
    """

    axis: str
    n: int
    total: int
    token: str = ""


@lru_cache(maxsize=4096)
def short_name(step: str) -> str:
    """A step's own name, without the block and the part of it that it belongs to."""
    return re.sub(r"^(blocks\.\d+\.)?(attn\.|mlp\.(?=[Wb]_))?", "", step)


@lru_cache(maxsize=4096)
def block_of(step: str) -> int | None:
    """The number of the step's block, counted from 0; None outside the blocks."""
    match = re.match(r"blocks\.(\d+)\.", step)
    return int(match[1]) if match else None


@dataclass(frozen=True, eq=False)
class Names:
    """Names and numbers of one run, as one language writes them."""

    experiment: Experiment
    words: Words

    def name(self, ref: Ref, near: str | None = None) -> str:
        """The short name of a number, as `z[gato, 2, 4]`.

        near: the step beside which it is written. Where that is in another block, the name begins
        with its own, as in `B1 z[gato, 2, 4]`.
        """
        block = block_of(ref.name)
        elsewhere = near is not None and block_of(near) not in (None, block)
        return (self._in_block(ref) if elsewhere else "") + self._bare_name(ref, near)

    def way(self, refs: Sequence[Ref]) -> list[str]:
        """The short names of numbers that lead to one another; each new block is told."""
        before = [None, *refs[:-1]]
        return [
            (
                self._in_block(ref)
                if last is None or block_of(last.name) != block_of(ref.name)
                else ""
            )
            + self._bare_name(ref, last.name if last else None)
            for last, ref in zip(before, refs, strict=True)
        ]

    def _in_block(self, ref: Ref) -> str:
        block = block_of(ref.name)
        return "" if block is None else f"B{block + 1} "

    def _bare_name(self, ref: Ref, near: str | None) -> str:
        axes = self.experiment.trace[ref.name].axes
        predicted = ref.name in _PREDICTS or near in _PREDICTS
        places = [
            self._label(axis, i, predicted)
            for axis, i in zip(axes, ref.index, strict=True)
            if axis != "one"
        ]
        return short_name(ref.name) + (f"[{', '.join(places)}]" if places else "")

    def spots(self, ref: Ref) -> tuple[Spot, ...]:
        """Where a number stands: its block, and its place along each axis."""
        step, config = self.experiment.trace[ref.name], self.experiment.model.config
        block = block_of(ref.name)
        found = [] if block is None else [Spot("block", block + 1, config.n_layers)]
        for axis, i, total in zip(step.axes, ref.index, step.value.shape, strict=True):
            if axis in _OF_SENTENCE:
                found.append(Spot(axis, i, total, self._tokens[i]))
            elif axis == "d_vocab":
                label = self._vocabulary(i, ref.name in _PREDICTS)
                found.append(Spot(axis, i, total, self.words.token(label)))
            elif axis != "one":
                found.append(Spot(axis, i + (axis != "n_ctx"), total))
        return tuple(found)

    def token(self, id: int) -> str:
        """The token of an id, in quotation marks."""
        return self.words.token(self._vocabulary(id, False))

    def number(self, expr: Expr, decimals: int = 2) -> str:
        """A number of the run, or a constant, as it is written in a formula."""
        if expr.ref is None:
            return _constant(expr.value)
        return self.value(expr.ref, expr.value, decimals)

    def value(self, ref: Ref, value: float, decimals: int = 2) -> str:
        """A number at an address: ids, positions and sizes as whole numbers."""
        step = self.experiment.trace[ref.name]
        counts = step.value.ndim == 0 or step.kind in ("input", "constant")
        if counts and value.is_integer() and abs(value) < 1e6:
            return _constant(value)
        return number(value, decimals)

    def _label(self, axis: str, i: int, predicted: bool) -> str:
        if axis in _OF_SENTENCE:
            return self._short_tokens[i]
        if axis == "d_vocab":
            return self._bare(self._vocabulary(i, predicted))
        return str(i if axis == "n_ctx" else i + 1)

    def _vocabulary(self, id: int, predicted: bool) -> str:
        labels = predicted_labels if predicted else read_labels
        return labels(self.experiment.model.tokenizer, [id], self.words.marks)[0]

    def _bare(self, label: str) -> str:
        """A label as it stands between brackets: quoted where it could be taken for a sign."""
        return label if any(map(str.isalnum, label)) else self.words.token(label)

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        ids = [int(i) for i in self.experiment.trace["tokens"].value]
        return read_labels(self.experiment.model.tokenizer, ids, self.words.marks)

    @cached_property
    def _tokens(self) -> tuple[str, ...]:
        return self.words.tokens(self._labels)

    @cached_property
    def _short_tokens(self) -> tuple[str, ...]:
        """The tokens of the sentence; where one comes twice, with its position as a subscript."""
        times = Counter(self._labels)
        return tuple(
            self._bare(label) + (str(i).translate(_SUBSCRIPT) if times[label] > 1 else "")
            for i, label in enumerate(self._labels)
        )


def _constant(value: float) -> str:
    text = f"{value:.6g}"
    return number(value) if "e" in text or "n" in text else text.replace("-", "−")
