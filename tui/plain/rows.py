"""Exhibits as rows that can be read aloud: "gato: El 0.31, se 0.07". Pure.

A row whose numbers open has a number of its own, so that `why 3 2` is the second number that is
said in row 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from engine.experiment import Experiment
from engine.expr import Ref
from engine.ops import Array
from lessons.exhibits import Exhibit
from lessons.figures.parts import (
    Beside,
    Cell,
    Drawing,
    Figure,
    Heat,
    Part,
    Plot,
    Say,
    Scatter,
    Sentence,
    Table,
)
from lessons.prose import Prose
from lessons.words import number
from tui.messages import Words
from tui.plain.speech import undrawn
from tui.renderables.figure_plot import plot_table
from tui.renderables.figure_scatter import scatter_table

MOST_CELLS = 16
"""Numbers of a row that are said unless the row is asked for."""
ALIKE = 3
"""So many equal numbers in a row are said once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A number, or another text. name: what stands above it. run: as of `Cell`."""

    name: str
    text: str
    ref: Ref | None = None
    run: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. n: its number, from 1; 0 where nothing in it opens."""

    head: str
    entries: tuple[Entry, ...]
    n: int = 0

    @property
    def opens(self) -> bool:
        """Whether some number of it has arithmetic."""
        return any(entry.ref is not None for entry in self.entries)


Spoken = str | Row


def numbered(spoken: Iterable[Spoken]) -> list[Spoken]:
    """The same with a number for every row that opens."""
    n, found = 0, list[Spoken]()
    for one in spoken:
        if isinstance(one, Row) and one.opens:
            n += 1
            one = replace(one, n=n)
        found.append(one)
    return found


def row_text(row: Row, words: Words, most: int = MOST_CELLS) -> str:
    """A row in words; beyond `most` numbers it is said how many more there are."""
    shown = list(_grouped(row.entries[:most], words))
    if len(row.entries) > most:
        key = "row.more" if row.n else "row.more_bare"
        shown.append(words(key, n=len(row.entries) - most, row=row.n))
    said = ", ".join(shown)
    said = f"{row.head}: {said}" if row.head and said else row.head or said
    return f"{row.n}. {said}" if row.n else said


def _grouped(entries: Sequence[Entry], words: Words) -> Iterator[str]:
    """The numbers, those that are alike and follow one another said once."""
    for text, group in groupby(entries, key=lambda entry: entry.text):
        alike = list(group)
        if len(alike) < ALIKE or not text:
            yield from (" ".join(x for x in (e.name, e.text) if x) for e in alike)
        elif alike[0].name:
            yield words("row.alike", first=alike[0].name, last=alike[-1].name, value=text)
        else:
            yield words("row.times", n=len(alike), value=text)


def exhibit_rows(
    shown: Exhibit, prose: Prose, words: Words, before: Array | None = None
) -> Iterator[Spoken]:
    """A matrix, a row each. before: what it held before it was changed by hand."""
    pairs = shown.col_axis == "key"
    if len(shown.cols) > 1:
        axes = prose.axis(shown.row_axis), prose.axis(shown.col_axis)
        yield words("row.axes", rows=axes[0], columns=axes[1], n=len(shown.cols))
    for i, head in enumerate(shown.rows):
        entries = []
        for j, value in enumerate(shown.values[i].tolist()):
            text = _written(value, shown, prose, words)
            if before is not None:
                was = _written(float(before[i, j]), shown, prose, words)
                text = text if was == text else words("row.was", value=text, before=was)
            entries.append(Entry(shown.cols[j] if pairs else "", text, shown.ref(i, j)))
        yield Row(head, tuple(entries))


def _written(value: float, shown: Exhibit, prose: Prose, words: Words) -> str:
    if shown.scale == "plain":
        return str(int(value))
    if value == float("-inf"):
        return words("row.masked")
    if shown.row_axis == "d_vocab" and shown.scale == "sequential":
        return prose.words.share(value)
    return number(value)


def figure_rows(
    figure: Figure, prose: Prose, words: Words, run: Callable[[int], Experiment]
) -> Iterator[Spoken]:
    """Everything that a figure says, in reading order. run: as of `Cell.run`.

    A number that is drawn as a sign is said as the number that it is.
    """
    for part in figure:
        for one in _part(part, prose, words):
            if isinstance(one, Row):
                one = replace(one, entries=tuple(_in_digits(e, run) for e in one.entries))
            yield one


def _in_digits(entry: Entry, run: Callable[[int], Experiment]) -> Entry:
    if entry.ref is None or any(map(str.isalnum, entry.text)) or entry.text in ("", "∞", "−∞"):
        return entry
    return replace(entry, text=number(run(entry.run).trace.value(entry.ref)))


def _part(part: Part, prose: Prose, words: Words) -> Iterator[Spoken]:
    if not isinstance(part, Say | Beside) and part.title:
        yield f"{part.title.rstrip(':.')}:"
    match part:
        case Say():
            yield part.text
        case Beside():
            for inner in part.parts:
                yield from _part(inner, prose, words)
        case Table():
            yield from _table(part)
        case Scatter():
            yield from _table(scatter_table(part))
        case Plot():
            if part.floor:
                yield f"{part.floor[0]}: {number(part.floor[1])}."
            yield from _table(plot_table(part))
        case Heat():
            for one in exhibit_rows(part.exhibit, prose, words):
                yield one if isinstance(one, str) else _of_run(one, part.run)
        case Sentence():
            yield from _sentence(part, words)
        case Drawing():
            yield from _drawing(part)


def _table(table: Table) -> Iterator[Spoken]:
    heads = [*table.header, *[""] * 99]
    for row in table.rows:
        first = row[0].text if row and row[0].ref is None else ""
        cells = list(zip(heads, row, strict=False))[1 if first else 0 :]
        entries = tuple(_entry(name, cell) for name, cell in cells if cell.text.strip())
        if first.strip() or entries:
            # A number is said with what it is a number of; a word needs no other.
            name = heads[0].strip() if first and not any(map(str.isalpha, first)) else ""
            yield Row(f"{name} {first.strip()}".strip(), entries)


def _entry(name: str, cell: Cell) -> Entry:
    return Entry(name.strip(), cell.text.strip(), cell.ref, cell.run)


def _of_run(row: Row, run: int) -> Row:
    return replace(row, entries=tuple(replace(entry, run=run) for entry in row.entries))


def _sentence(sentence: Sentence, words: Words) -> Iterator[Spoken]:
    texts = [word.text.strip() for word in sentence.words]
    if sentence.below:
        pairs = zip(texts, sentence.below, strict=True)
        yield Row("", tuple(_entry(text, cell) for text, cell in pairs))
    elif any(word.ref is not None for word in sentence.words):
        yield Row("", tuple(_entry("", word) for word in sentence.words))
    elif texts:
        yield " ".join(texts)
    for start, group in groupby(sentence.arcs, key=lambda arc: arc.start):
        seen = tuple(Entry(texts[arc.end], number(arc.weight)) for arc in group)
        yield Row(words("row.looks", word=texts[start]), seen)


def _drawing(drawing: Drawing) -> Iterator[Spoken]:
    for line in drawing.lines:
        said = undrawn("".join(cell.text for cell in line))
        found = tuple(_entry("", cell) for cell in line if cell.ref is not None)
        if found:
            numbers = {entry.text for entry in found}
            head = [p for p in said.split(", ") if p not in numbers and p != "…"]
            yield Row(", ".join(head), found)
        elif said:
            yield said
