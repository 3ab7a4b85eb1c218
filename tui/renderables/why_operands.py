"""The lines of an explanation as rows of the table, in words and digits. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from engine.expr import Expr
from lessons.arithmetic import Sums, Writer
from lessons.prose import Prose
from lessons.why import Why
from lessons.why_names import Names
from lessons.why_printed import Digits
from lessons.why_terms import Line
from lessons.words import number
from tui.messages import Words
from tui.renderables.why_table import Heads, Row, Table

_LEARNED_SIZE = 8  # rows that are looked at to see which columns there are


@dataclass(frozen=True, eq=False)
class Operands:
    """Turns the lines of a number into rows.

    Three columns may follow the operands: what they make (e^x, x²), what that counts, a bar.
    """

    why: Why
    names: Names
    prose: Prose
    texts: Words
    digits: Digits

    def table(self) -> Table:
        """The table; its rows are written when they come into view."""
        terms = self.why.terms
        first = [terms[i] for i in range(min(len(terms), _LEARNED_SIZE))]
        made = next((line.term for line in first if _makes(line)), None)
        # Where every line is a number that counts as much as it is, one column says both.
        twice = all(
            line.counts in (None, line.operands[0].value) and not line.term.args for line in first
        )
        counts = "" if terms.measure == "none" or twice else f"head.{terms.measure}"
        heads = Heads(
            self.texts("head.operand"),
            self.texts("head.value"),
            "" if made is None else _shape(made),
            self.texts(counts) if counts else "",
        )
        shares = terms.measure == "share"
        return Table(len(terms), self.row, heads, self.rest, self.above, terms.largest(), shares)

    def row(self, index: int) -> Row:
        """One line."""
        line = self.why.terms[index]
        near, decimals = self.why.ref.name, self.digits.operands
        operands = [
            (self.names.name(leaf.ref, near), self.names.number(leaf, decimals))
            for leaf in line.operands
            if leaf.ref is not None
        ]
        made = number(line.term.value) if _makes(line) else ""
        return Row(
            tuple(operands),
            made,
            self._counts(line.counts),
            line.counts or 0.0,
            line.is_product,
            line.asked,
        )

    def rest(self, first: int) -> str:
        """What the rows from `first` on are together."""
        terms = self.why.terms
        one = "_one" if len(terms) - first == 1 else ""
        total = self._counts(terms.rest(first))
        return self.texts(f"fold.{terms.measure}{one}", n=len(terms) - first, total=total)

    def above(self, count: int) -> str:
        """So many rows out of sight."""
        return self.texts("fold.above", n=count)

    def _counts(self, counts: float | None) -> str:
        if counts is None or self.why.terms.measure == "none":
            return ""
        if self.why.terms.measure == "share":
            return self.prose.words.share(counts)
        return number(counts, self.digits.result)


def _makes(line: Line) -> bool:
    """Whether a line makes something of its operand that is no product and not itself."""
    return bool(line.term.args) and not line.is_product


def _shape(term: Expr) -> str:
    """A term with x for its number: "e^x", "x²"."""
    writer = Writer(
        lambda leaf: "x" if leaf.ref else number(leaf.value), lambda _: "…", Sums(), "{entry}", "−"
    )
    return writer(term)
