"""What a number is made of, line by line: read off its `Expr`, whatever the operation.

The rule: the outermost sum of several numbers is taken apart, each of its terms is a line, and
the numbers that stand outside of it are lines of their own. Where there is no such sum, every
number is a line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from engine.expr import Expr, Ref

Measure = Literal["part", "share", "none"]
_Way = tuple[tuple[Expr, int], ...]
"""From a number down to one of its parts: each node passed, and through which argument."""


class Line(NamedTuple):
    """One line of the table.

    term: the arithmetic of the line; a leaf where the line is one number.
    operands: the numbers of the trace in it, each once: those that can be opened.
    counts: what it adds to the result, or its share of the sum; None where neither means anything.
    asked: the share of this line is the result.
    """

    term: Expr
    operands: tuple[Expr, ...]
    counts: float | None
    asked: bool = False

    @property
    def is_product(self) -> bool:
        """Whether the line is one number of the trace times another."""
        return self.term.sign == "*" and self.term.args == self.operands


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The lines of a number, what counts most first; each is put together when it is asked for.

    measure: "part" where the lines add up to the result, "share" where each is a share of a sum,
    "none" where no line counts by itself.
    asked: whether the share of the first line is the result.
    """

    terms: tuple[Expr, ...] = ()
    counts: tuple[float | None, ...] = ()
    measure: Measure = "none"
    asked: bool = False

    def __len__(self) -> int:
        return len(self.terms)

    def __getitem__(self, row: int) -> Line:
        term = self.terms[row]
        return Line(term, operands(term), self.counts[row], self.asked and row == 0)

    def rest(self, first: int, last: int | None = None) -> float:
        """What the lines from `first` up to `last` count together."""
        return sum(count for count in self.counts[first:last] if count is not None)

    def largest(self) -> float:
        """The largest size of what a line counts; 0 where none counts."""
        sizes = (abs(count) for count in self.counts if count is not None)
        return max((size for size in sizes if size == size), default=0.0)  # NaN has no size


def terms_of(expr: Expr) -> Terms:
    """The lines of a number that was computed."""
    found = _outermost_sum(expr)
    if found is None:
        leaves = expr.leaves()
        return Terms(tuple(leaves), (None,) * len(leaves))
    total, way = found
    inner = [arg for arg in total.args if operands(arg)]
    slope = _slope(way)
    beside = list(_beside(way))
    if slope is not None:
        counted = [(term, slope * term.value) for term in inner]
        counted += [(leaf, count) for leaf, count in beside if count is not None]
        return _terms("part", [leaf for leaf, count in beside if count is None], counted)
    if total.value > 0 and all(0 <= term.value < math.inf for term in inner):
        shares = [(term, term.value / total.value) for term in inner]
        return _shares(shares, [leaf for leaf, _ in beside], way)
    return _terms("none", [*(leaf for leaf, _ in beside), *inner], [])


def operands(term: Expr) -> tuple[Expr, ...]:
    """The numbers of the trace in a term, each once, in reading order."""
    args = term.args
    if not args:
        return (term,) if term.sign == "ref" else ()
    # By far the most frequent: e^x, and x·y.
    if args[0].sign == "ref":
        is_last = len(args) == 1
        if is_last or (len(args) == 2 and args[1].sign == "ref" and args[0].ref != args[1].ref):
            return args
    return tuple(term.leaves())


def _terms(measure: Measure, first: list[Expr], counted: Sequence[tuple[Expr, float]]) -> Terms:
    """Lines that do not count, then those that do, the largest first; NaN explains them all."""
    counted = sorted(counted, key=lambda x: -math.inf if math.isnan(x[1]) else -abs(x[1]))
    terms = (*first, *(term for term, _ in counted))
    return Terms(terms, (*(None for _ in first), *(count for _, count in counted)), measure)


def _shares(shares: list[tuple[Expr, float]], beside: list[Expr], way: _Way) -> Terms:
    """Shares of a sum; the one that was asked for leads, so that nobody has to seek it."""
    siblings = {id(arg) for node, _ in way for arg in node.args}
    asked = [share for share in shares if id(share[0]) in siblings]
    if len(asked) != 1:
        return _terms("share", beside, shares)
    others = _terms("share", [], [share for share in shares if share[0] is not asked[0][0]])
    ((term, share),) = asked
    return Terms((term, *others.terms), (share, *others.counts), "share", asked=True)


def _outermost_sum(expr: Expr) -> tuple[Expr, _Way] | None:
    """The first sum of several numbers of the trace on the way down, and that way."""
    level: list[tuple[Expr, _Way]] = [(expr, ())]
    while level:
        for node, way in level:
            if node.sign == "+" and _adds_numbers(node):
                return node, way
        level = [
            (arg, (*way, (node, i)))
            for node, way in level
            for i, arg in enumerate(node.args)
            if arg.args
        ]
    return None


def _adds_numbers(total: Expr) -> bool:
    """Whether a sum has several terms with numbers of the trace, and not always the same one."""
    several = 0
    refs: set[Ref | None] = set()
    for term in total.args:
        found = {leaf.ref for leaf in operands(term)}
        several, refs = several + bool(found), refs | found
        if several > 1 and len(refs) > 1:
            return True
    return False


def _has_number(expr: Expr) -> bool:
    return expr.sign == "ref" or any(map(_has_number, expr.args))


def _slope(way: _Way) -> float | None:
    """By how much the result grows with what is at the end of the way.

    None unless the way leads through sums, differences and fixed factors only.
    """
    slope = 1.0
    for node, i in way:
        others = [arg for j, arg in enumerate(node.args) if j != i]
        if node.sign == "neg" or (node.sign == "-" and i == 1):
            slope = -slope
        elif node.sign == "/" and i == 0 and not _has_number(others[0]):
            slope /= others[0].value or math.nan
        elif node.sign == "*" and not _has_number(others[0]):
            slope *= others[0].value
        elif node.sign not in ("+", "-"):
            return None
    return slope


def _beside(way: _Way) -> Iterator[tuple[Expr, float | None]]:
    """The numbers that stand beside the way, and what each adds to the result, if it does."""
    seen = set()
    for depth, (node, i) in enumerate(way):
        for j, arg in enumerate(node.args):
            if j == i:
                continue
            slope = _slope((*way[:depth], (node, j))) if arg.sign == "ref" else None
            for leaf in operands(arg):
                if leaf.ref not in seen:
                    seen.add(leaf.ref)
                    yield leaf, None if slope is None else slope * leaf.value
