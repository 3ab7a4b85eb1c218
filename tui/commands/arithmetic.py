"""The arithmetic of a number as one line of plain text: with addresses, or with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.expr import Expr
from lessons import arithmetic
from lessons.arithmetic import SHOWN_TERMS
from tui.commands.plain import number
from tui.messages import Words

__all__ = ["SHOWN_TERMS", "Writer"]


@dataclass(frozen=True)
class Writer:
    """Writes an `Expr` as text; long sums keep their largest terms and fold the others.

    with_names: numbers of the trace by their address, not by their value.
    """

    words: Words
    with_names: bool

    def __call__(self, expr: Expr) -> str:
        pick = self.words("why.pick", entry="{entry}", row="{row}")
        return arithmetic.Writer(self._leaf, self._more, arithmetic.Sums(), pick)(expr)

    def _leaf(self, expr: Expr) -> str:
        if self.with_names and expr.ref is not None:
            return str(expr.ref)
        # A setting such as 0.00001 is exact in full; a number of the run is rounded.
        return f"{expr.value:g}" if expr.sign == "const" else number(expr.value)

    def _more(self, folded: Sequence[Expr]) -> str:
        if self.with_names:
            return self.words("why.more", n=len(folded))
        total = sum(term.value for term in folded)
        return self.words("why.more_sum", n=len(folded), total=number(total))
