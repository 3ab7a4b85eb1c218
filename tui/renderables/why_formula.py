"""A calculation written twice, with names and with numbers, each part under its like. Pure.

z[gato, 1, 3]·W_O[1, 3, 7] + z[gato, 2, 1]·W_O[2, 1, 7] + 14 más
    0.52     ·  (−1.20)    +     0.31     ·    0.88     + (−0.12)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from engine.expr import Expr
from lessons.arithmetic import Sums, Writer
from lessons.why_names import Names
from lessons.words import number
from tui.messages import Words
from tui.renderables.matrix_labels import ELLIPSIS, clip, fit

MOST_TERMS = 8
"""Terms of a long sum that are ever written out in the formula."""
_BREAKS = {" + ", " − ", " / "}
Pair = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Formula:
    """The arithmetic of one number, to be set in any width.

    near: the step of that number. decimals: of the numbers of the run.
    """

    expr: Expr
    near: str
    names: Names
    words: Words
    sums: Sums
    decimals: int = 2

    def lines(self, width: int, most: int) -> list[Pair]:
        """The formula in at most so many pairs of lines: as many terms as fit are written out."""
        lines: list[Pair] = []
        for shown in range(MOST_TERMS, 0, -1):
            lines = _set(self._parts(shown), width)
            if len(lines) <= most:
                return lines
        last = lines[most - 1] if most else ("", "")
        return [*lines[: most - 1], (_cut(last[0], width), _cut(last[1], width))]

    def _parts(self, shown: int) -> list[Pair]:
        sums, pick = self.sums.showing(shown), self.words.sentences["fold.pick"]
        with_names = Writer(self._name, self._more, sums, pick, "−").parts(self.expr)
        with_numbers = Writer(self._number, _total, sums, pick, "−").parts(self.expr)
        return list(zip(with_names, with_numbers, strict=True))

    def _name(self, leaf: Expr) -> str:
        return self._number(leaf) if leaf.ref is None else self.names.name(leaf.ref, self.near)

    def _number(self, leaf: Expr) -> str:
        return self.names.number(leaf, self.decimals)

    def _more(self, folded: Sequence[Expr]) -> str:
        return self.words("fold.terms", n=len(folded))


def _total(folded: Sequence[Expr]) -> str:
    return number(sum(term.value for term in folded))


def clip_name(name: str, width: int) -> str:
    """A short name in at most `width` columns; the place is kept as long as it can be."""
    if cell_len(name) <= width:
        return name
    step, place = re.fullmatch(r"([^\[]*)(.*)", name, re.DOTALL).groups()  # type: ignore[union-attr]
    room = width - cell_len(place)
    return clip(step, room) + place if room >= 3 else clip(name, width)


def _set(parts: Sequence[Pair], width: int) -> list[Pair]:
    """The parts as pairs of lines; an operator that a line is broken at begins the next one."""
    lines: list[Pair] = []
    names, numbers = "", ""
    for chunk in _chunks(parts, width):
        wide = sum(cell_len(name) for name, _ in chunk)
        if names and cell_len(names) + wide > width:
            lines.append((names.rstrip(), numbers.rstrip()))
            names, numbers = "", ""
            chunk[0] = chunk[0][0].lstrip(), chunk[0][1].lstrip()
        names += "".join(name for name, _ in chunk)
        numbers += "".join(value for _, value in chunk)
    return [*lines, (names.rstrip(), numbers.rstrip())]


def _chunks(parts: Sequence[Pair], width: int) -> Iterator[list[Pair]]:
    """What stays together on a line, each part as wide as its like."""
    chunk: list[Pair] = []
    for name, value in parts:
        name = clip_name(name, max(width - 3, 1))
        wide = max(cell_len(name), cell_len(value))
        # A product is broken only where it would not fit on a line of its own.
        too_long = sum(cell_len(text) for text, _ in chunk) + wide > width
        if chunk and (name in _BREAKS or too_long):
            yield chunk
            chunk = []
        chunk.append((fit(name, wide, "centre"), fit(value, wide, "centre")))
    yield chunk


def _cut(text: str, width: int) -> str:
    return f"{clip(text, width - 2)} {ELLIPSIS}" if width > 2 else ELLIPSIS
