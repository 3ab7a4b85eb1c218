"""The arithmetic of a number as one line of text: with names, or with numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from engine.expr import Expr
from tui.commands.plain import number
from tui.messages import Words

SHOWN_TERMS = 6

# How tightly a text holds together: what is looser than its place needs gets parentheses.
_SUM, _NEGATIVE, _PRODUCT, _ATOM = 1, 2, 3, 4


@dataclass(frozen=True)
class Writer:
    """Writes an `Expr` as text; long sums keep their largest terms and fold the others.

    with_names: numbers of the trace by their address, not by their value.
    """

    words: Words
    with_names: bool

    def __call__(self, expr: Expr) -> str:
        return self._write(expr)[0]

    def _write(self, expr: Expr) -> tuple[str, int]:
        writer: dict[str, Callable[[Expr], tuple[str, int]]] = {
            "ref": self._leaf,
            "const": self._leaf,
            "+": self._sum,
            "-": self._difference,
            "*": self._product,
            "/": self._quotient,
            "neg": self._negative,
            "exp": self._power,
            "pick": self._pick,
        }
        return writer.get(expr.sign, self._function)(expr)

    def _inside(self, expr: Expr, least: int) -> str:
        text, tightness = self._write(expr)
        return text if tightness >= least else f"({text})"

    def _leaf(self, expr: Expr) -> tuple[str, int]:
        if self.with_names and expr.ref is not None:
            return str(expr.ref), _ATOM
        # A setting such as 0.00001 is exact in full; a number of the run is rounded.
        text = f"{expr.value:g}" if expr.sign == "const" else number(expr.value)
        return text, _NEGATIVE if text.startswith("-") else _ATOM

    def _sum(self, expr: Expr) -> tuple[str, int]:
        terms = list(expr.args)
        folded: list[Expr] = []
        if len(terms) > SHOWN_TERMS + 1:  # to fold one single term would save nothing
            # NaN sorts anywhere, so it is sent to the front: it explains the result.
            terms.sort(key=lambda t: -math.inf if math.isnan(t.value) else -abs(t.value))
            terms, folded = terms[:SHOWN_TERMS], terms[SHOWN_TERMS:]
        first, *others = terms
        parts = [self._inside(first, _SUM), *(self._inside(t, _PRODUCT) for t in others)]
        if folded:
            parts.append(self._more(folded))
        return " + ".join(parts), _SUM if len(parts) > 1 else self._write(first)[1]

    def _more(self, folded: list[Expr]) -> str:
        if self.with_names:
            return self.words("why.more", n=len(folded))
        total = sum(term.value for term in folded)
        return self.words("why.more_sum", n=len(folded), total=number(total))

    def _difference(self, expr: Expr) -> tuple[str, int]:
        left, right = expr.args
        return f"{self._inside(left, _SUM)} - {self._inside(right, _PRODUCT)}", _SUM

    def _product(self, expr: Expr) -> tuple[str, int]:
        left, right = expr.args
        if left.ref is not None and left.ref == right.ref:
            return f"{self._inside(left, _ATOM)}²", _PRODUCT
        return f"{self._inside(left, _PRODUCT)}·{self._inside(right, _PRODUCT)}", _PRODUCT

    def _quotient(self, expr: Expr) -> tuple[str, int]:
        above, below = expr.args
        return f"{self._inside(above, _PRODUCT)} / {self._inside(below, _ATOM)}", _PRODUCT

    def _negative(self, expr: Expr) -> tuple[str, int]:
        return f"-{self._inside(expr.args[0], _PRODUCT)}", _NEGATIVE

    def _power(self, expr: Expr) -> tuple[str, int]:
        return f"e^{self._inside(expr.args[0], _ATOM)}", _PRODUCT

    def _pick(self, expr: Expr) -> tuple[str, int]:
        entry, row = (self._inside(arg, _SUM) for arg in expr.args)
        return self.words("why.pick", entry=entry, row=row), _SUM

    def _function(self, expr: Expr) -> tuple[str, int]:
        if expr.sign == "sqrt":
            return f"√{self._inside(expr.args[0], _ATOM)}", _ATOM
        inside = ", ".join(self._write(arg)[0] for arg in expr.args)
        return f"max(0, {inside})" if expr.sign == "relu" else f"{expr.sign}({inside})", _ATOM
