"""What an exhibit of a lesson is made of.

A figure is a tuple of parts, and a part only says what is there: which words, numbers, arcs,
points. How it is drawn, in colours or as plain text, is decided elsewhere, so the same figure
serves a screen, a printed worksheet, and whoever reads with their ears. For that reason nothing
may be told by a colour alone: a shaded cell has its number in its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from engine.expr import Ref
from lessons.exhibits import Exhibit

Tone = Literal["", "quiet", "strong", "good", "bad", "first", "second", "third"]
"""How a piece of text is set: plain, in the background, in bold, right, wrong, or in one of three
colours that tell series apart."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of text, usually a number or a word.

    ref: the number of the run that it shows, which Enter opens; run: of which of the figure's
    runs, 0 being the learner's. knob: the knob whose value it shows, and which is set here.
    shade: from -1 to 1, the colour behind it. bar: from -1 to 1, a bar after the text.
    """

    text: str
    ref: Ref | None = None
    run: int = 0
    knob: str = ""
    tone: Tone = ""
    shade: float | None = None
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence under or between the other parts. Wrapped to the width there is."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header.

    rows: all of the same length. header: one heading a column, or none at all. align: "l" or "r"
    for each column; if left out, the first to the left and the others to the right. total: a line
    above the last row, because it is the sum of the others.
    """

    rows: Sequence[Sequence[Cell]]
    header: Sequence[str] = ()
    title: str = ""
    align: str = ""
    total: bool = False


@dataclass(frozen=True, slots=True)
class Arc:
    """A look from one word to another, both counted from 0, with a weight from 0 to 1."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of a sentence one after the other, shaded, with arcs above them.

    below: a second line under each word, its share or its number; empty, or one for each word.
    """

    words: Sequence[Cell]
    arcs: Sequence[Arc] = ()
    below: Sequence[Cell] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Heat:
    """A matrix of the run as colours or numbers, every cell with its address.

    mark: a cell that is pointed at, as (row, column); a row or a column of -1 marks a whole line.
    """

    exhibit: Exhibit
    title: str = ""
    run: int = 0
    mark: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A named place on a map. trail: the places where it was before, the first one first."""

    x: float
    y: float
    label: str
    tone: Tone = ""
    trail: Sequence[tuple[float, float]] = ()


@dataclass(frozen=True, slots=True)
class Scatter:
    """A map: points in the plane, their names beside them.

    x_name, y_name: what the axes are; empty where they have no meaning of their own. bounds: the
    lowest and the highest x and y of the map; those of its points and trails if left out.
    """

    points: Sequence[Point]
    title: str = ""
    x_name: str = ""
    y_name: str = ""
    bounds: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over x = 0, 1, 2 ... (or the plot's xs).

    texts: how each y is written, where it is not as a plain number.
    """

    name: str
    ys: Sequence[float]
    tone: Tone = "first"
    texts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """One or more curves over the same x.

    xs: the x of every point, ascending; 0, 1, 2 ... if left out. mark: an index into xs that is
    pointed at. floor: a horizontal line with a name, such as the lowest possible loss. even: the
    points stand equally far apart, whatever their xs, of which some are written below.
    """

    curves: Sequence[Curve]
    title: str = ""
    xs: Sequence[float] = ()
    x_name: str = ""
    y_name: str = ""
    mark: int | None = None
    floor: tuple[str, float] | None = None
    even: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines of text set exactly as they stand, such as the diagram of a block.

    Each line is a sequence of cells put one after the other; at most 76 columns.
    """

    lines: Sequence[Sequence[Cell]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Parts side by side where there is room, else one below the other."""

    parts: Sequence[Part]


Part = Say | Table | Sentence | Heat | Scatter | Plot | Drawing | Beside
Figure = tuple[Part, ...]
