"""A map of named points: each a sign with its name beside it, none over another. Pure.

    ╭──────────────────────────────────╮
    │   ● pan      ● queso             │
    │                ● pescado         │
    │  ○ libertad                 a    │
    ╰──────────────────────────────────╯
     a democracia, justicia

A point whose name has no room becomes a letter, and the name stands below. The three series of a
map have signs of their own besides their colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import Final

from rich.cells import cell_len

from lessons.figures.parts import Cell, Point, Scatter, Table
from lessons.words import number
from tui.renderables.figure_block import MARGIN, Drawn, Look, stacked, titled
from tui.renderables.figure_braille import Canvas
from tui.renderables.figure_line import At, Ink, Line, placed, wrapped
from tui.renderables.figure_scale import finite
from tui.renderables.figure_table import draw_table
from tui.renderables.matrix_labels import clip, printable

LEAST, NATURAL = 32, 76
SIGNS: Final = {"first": "●", "second": "○", "third": "◆", "strong": "■", "quiet": "·"}
_OTHER: Final = "•"
MOST_NAME: Final = 18
Spot2 = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """The inside of a map: columns, lines, and the numbers at its edges."""

    width: int
    height: int
    low: tuple[float, float]
    high: tuple[float, float]

    def cell(self, x: float, y: float) -> Spot2:
        """The column and line of a place."""
        return self._at(x, y, self.width, self.height)

    def dot(self, x: float, y: float) -> Spot2:
        """The braille dot of a place, within the column and line of it."""
        return self._at(x, y, 2 * self.width, 4 * self.height)

    def _at(self, x: float, y: float, across: int, down: int) -> Spot2:
        shares = []
        for value, low, high in zip((x, y), self.low, self.high, strict=True):
            share = (value - low) / (high - low) if high > low else 0.5
            shares.append(max(0.0, min(share, 1.0)))
        return round(shares[0] * (across - 1)), round((1 - shares[1]) * (down - 1))


def extent(scatter: Scatter, look: Look) -> tuple[int, int]:
    """The width below which names have no room, and the one that a map likes."""
    return LEAST, NATURAL


def draw_scatter(scatter: Scatter, width: int, look: Look) -> Drawn:
    """The map in at most `width` columns."""
    width = width if look.wide else min(width, NATURAL)
    points = [p for p in scatter.points if len(finite([p.x, p.y])) == 2]
    blocks: list[tuple[int, Drawn]] = []
    if look.pictures and points:
        blocks.append((0, _picture(scatter, points, width, look.height)))
    if look.plain or not points:
        blocks.append((int(bool(blocks)), draw_table(scatter_table(scatter), width, look)))
    return titled(scatter.title, stacked(blocks), width)


def _picture(scatter: Scatter, points: Sequence[Point], width: int, height: int) -> Drawn:
    inner = max(width - 2 * MARGIN - 2, 4)
    frame = Frame(inner - 2, height, *(scatter.bounds or _bounds(points)))
    lines: list[list[At]] = [[] for _ in range(height)]
    taken: list[set[int]] = [set() for _ in range(height)]
    cells = [frame.cell(point.x, point.y) for point in points]
    for x, y in cells:
        taken[y].add(x)
    unnamed: dict[Spot2, list[int]] = {}
    seen: dict[Spot2, int] = {}
    for i, (cell, point) in enumerate(zip(cells, points, strict=True)):
        if cell in seen:
            unnamed.setdefault(cell, []).append(i)
            continue
        seen[cell] = i
        name = clip(point.label, MOST_NAME)
        place = _room(cell, cell_len(name), taken, frame) if name else cell
        if place is None:
            unnamed.setdefault(cell, []).insert(0, i)
        elif name:
            x, y = place
            # The column on each side stays free, so that two names do not become one.
            taken[y].update(range(x - 1, x + cell_len(name) + 1))
            lines[y].append((x, name, point.tone or "text"))
    letters = dict(zip(unnamed, ascii_letters, strict=False))
    for cell, i in seen.items():
        ink: Ink = points[i].tone or "text"
        sign = letters.get(cell, sign_of(points[i]))
        lines[cell[1]].append((cell[0], sign, "accent" if cell in letters else ink))
    start = MARGIN + 2
    framed: list[Line] = [_edge("╭", "╮", inner, _top_name(scatter))]
    canvas = _trails(points, frame)
    for y, line in enumerate(lines):
        written = {x + i for x, text, _ in line for i in range(cell_len(text))}
        behind = [piece for piece in canvas.row(y) if piece[0] not in written]
        inside = [(start + x, text, ink) for x, text, ink in (*line, *behind)]
        framed.append(placed([(MARGIN, "│", "rule"), *inside, (MARGIN + inner + 1, "│", "rule")]))
    framed.append(_edge("╰", "╯", inner, _side_name(scatter)))
    return Drawn([*framed, *_below(unnamed, letters, points, seen, width)])


def _bounds(points: Sequence[Point]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The corners of the smallest map that holds all points and trails."""
    places = [(p.x, p.y) for p in points]
    places += [place for p in points for place in p.trail if len(finite(place)) == 2]
    xs, ys = zip(*places, strict=True)
    return (min(xs), min(ys)), (max(xs), max(ys))


def _trails(points: Sequence[Point], frame: Frame) -> Canvas:
    """Where the points were before, as lines of dots that end at them."""
    canvas = Canvas(frame.width, frame.height)
    for point in points:
        way = [place for place in point.trail if len(finite(place)) == 2]
        if way:
            ends_here = [*way, (point.x, point.y)]
            canvas.path([frame.dot(*place) for place in ends_here], point.tone or "text")
    return canvas


def sign_of(point: Point) -> str:
    """The sign of a point: that of its series."""
    return SIGNS.get(point.tone, _OTHER)


def _top_name(scatter: Scatter) -> str:
    return f" ↑ {printable(scatter.y_name)} " if scatter.y_name else ""


def _side_name(scatter: Scatter) -> str:
    return f" {printable(scatter.x_name)} → " if scatter.x_name else ""


def _edge(left: str, right: str, inner: int, name: str) -> Line:
    """The upper edge with the name of y at its left, or the lower with that of x at its right."""
    name = clip(name, max(inner - 4, 0))
    rest = inner - cell_len(name) - 1
    before, after = ("─", "─" * rest) if left == "╭" else ("─" * rest, "─")
    return [
        (" " * MARGIN, "text"),
        (left + before, "rule"),
        (name, "quiet"),
        (after + right, "rule"),
    ]


def _room(cell: Spot2, n: int, taken: Sequence[set[int]], frame: Frame) -> Spot2 | None:
    """Where the name of a point can stand: right of it, left, or in the line above or below."""
    x, y = cell
    places = [(x + 2, y), (x - 1 - n, y)]
    for row in (y - 1, y + 1):
        places += [(x - n // 2, row), (x, row), (x - n + 1, row)]
    for left, row in places:
        inside = 0 <= row < frame.height and left >= 0 and left + n <= frame.width
        # Nothing between a name and its point, and a blank on the other side.
        around = set(range(left - 1, left + n + 1)) - ({x} if row == y else set())
        if inside and not around & taken[row]:
            return left, row
    return None


def _below(
    unnamed: dict[Spot2, list[int]],
    letters: dict[Spot2, str],
    points: Sequence[Point],
    seen: dict[Spot2, int],
    width: int,
) -> list[Line]:
    """The names that have no room in the map, each after its letter."""
    parts = []
    for cell, indices in unnamed.items():
        names = ", ".join(
            f"{sign_of(points[i])} {printable(points[i].label)}" for i in dict.fromkeys([*indices])
        )
        parts.append(f"{letters.get(cell, '?')} {names}")
    if not parts:
        return []
    return [
        [(" " * MARGIN + line, "quiet")] for line in wrapped("   ".join(parts), width - 2 * MARGIN)
    ]


def scatter_table(scatter: Scatter) -> Table:
    """Every point with its two numbers."""
    rows = [
        [Cell(point.label), Cell(number(point.x)), Cell(number(point.y))]
        for point in scatter.points
    ]
    return Table(rows, ["", scatter.x_name or "x", scatter.y_name or "y"])
