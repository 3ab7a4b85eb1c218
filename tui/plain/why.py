"""The arithmetic of a number in the dialogue, and of each of its operands in turn."""

from __future__ import annotations

from engine.experiment import Experiment
from engine.expr import Ref
from tui.plain.reader import Reader
from tui.plain.rows import Entry, Row
from tui.plain.session import Room, Session, Texts
from tui.plain.trouble import PlainError
from tui.plain.verbs import integers
from tui.renderables.why_sheet import Sheet, sheet

MOST_PAIRS, WIDE = 3, 300
FIRST = 8
"""Operands that are read at first."""
MOST_ROWS = 400
"""Operands that can be read at all: a softmax has thousands, the largest come first."""


class WhyRoom(Room):
    """A number that is open, and the way that led to it."""

    name = "why"

    def __init__(self, session: Session, run: Experiment, ref: Ref) -> None:
        super().__init__(session)
        self._run = run
        self._way = [ref]
        self._of = session.run
        sheet(run, ref, session.lang)  # raises EngineError where there is no such number

    @property
    def ref(self) -> Ref:
        """The number that is open."""
        return self._way[-1]

    @property
    def run(self) -> Experiment:
        """Its run: the present one, whatever was changed meanwhile, or one of a figure's own."""
        if self._run is self._of:
            self._run = self._of = self.session.run
        return self._run

    @property
    def _sheet(self) -> Sheet:
        return sheet(self.run, self.ref, self.session.lang)

    def run_of(self, number: int) -> Experiment:
        return self.run

    def arrive(self) -> Texts:
        """What the number is, its formula with names and with numbers, and its operands."""
        page, words = self._sheet, self.words
        told = [words("why.head", name=page.title, value=page.result, ref=page.why.ref)]
        told += [" ".join(x for x in (page.what, f"{page.where}." if page.where else "") if x)]
        told.append(page.told)
        if page.formula is not None:
            pairs = page.formula.lines(WIDE, MOST_PAIRS)
            names, numbers = (" ".join(" ".join(x).split()) for x in zip(*pairs, strict=True))
            told.append(words("why.symbols", text=" ".join(page.why.symbols.split())))
            told.append(words("why.names", text=names))
            told.append(words("why.numbers", text=numbers, value=page.result))
            if not page.exact:
                told.append(page.texts("panel.rounded"))
        table = page.table
        rows = [self._row(page, i) for i in range(min(table.n_rows, MOST_ROWS))]
        self.reader = Reader(rows)
        if table.n_rows and table.can_open:
            told.append(words("why.operands", n=table.n_rows))
        return [*told, *self.reader.read(words, self.session.speaker, FIRST)]

    def _row(self, page: Sheet, index: int) -> Row:
        """An operand: its name and its value, by what it is multiplied, and what that adds."""
        row, words = page.table[index], self.words
        refs = [page.operand(index, side) for side in range(len(row.operands))]
        pairs = zip(row.operands, refs, strict=True)
        entries = [Entry(f"{name} =", value, ref) for (name, value), ref in pairs]
        if row.is_product and len(entries) == 2:
            entries[1] = Entry(words("why.times", name=entries[1].name), *_rest(entries[1]))
        if row.made:
            entries.append(Entry(page.table.heads.made, row.made))
        if row.counts and page.table.heads.counts:
            entries.append(Entry(page.table.heads.counts, row.counts))
        if row.asked:
            entries.append(Entry("", words("why.asked")))
        return Row("", tuple(entries))

    def do(self, verb: str, rest: str) -> Texts | None:
        if verb in ("back", "enter", "next"):
            if verb == "back" and len(self._way) > 1:
                self._way.pop()
                return self.arrive()
            return self.session.leave()
        n = integers(rest)
        if verb == "" and n:
            return self._open(n)
        if verb == "why" and n:
            return self._open(n)
        return None

    def _open(self, n: list[int]) -> Texts:
        """Open an operand."""
        row = self.reader.row(n[0])
        if len(n) == 1:
            n = [n[0], next(i for i, entry in enumerate(row.entries, 1) if entry.ref is not None)]
        _, ref = self.cell(n)
        if ref == self.ref:
            raise PlainError("trouble.leaf")
        self._way.append(ref)
        return self.arrive()


def _rest(entry: Entry) -> tuple[str, Ref | None]:
    return entry.text, entry.ref
