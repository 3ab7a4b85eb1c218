"""Curves over the same x, drawn in braille dots over an axis with a few round numbers. Pure.

4.0 ┤⡇
    │⠘⢄             ┊
2.0 ┤  ⠉⠒⠤⠤⣀⣀⣀      ┊
    │┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈┈
0.0 ┼────────────────────
    0                3000  pasos
⠤⠤⠤⠤ pérdida 1.93   ┈┈ suelo 1.70   ┊ 2400
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import isfinite
from typing import Final

from rich.cells import cell_len

from lessons.figures.excerpts import evenly
from lessons.figures.parts import Cell, Curve, Plot, Table
from lessons.words import number
from tui.renderables.figure_block import MARGIN, Drawn, Look, stacked, text_block, titled
from tui.renderables.figure_braille import SAMPLES, Canvas
from tui.renderables.figure_line import At, Ink, Line, placed
from tui.renderables.figure_scale import Axis, axis, finite, short
from tui.renderables.figure_table import draw_table
from tui.renderables.matrix_labels import clip

LEAST, NATURAL = 30, 76
LINES, LEAST_LINES = 10, 5
FLOOR, MARK = "┈", "┊"
_APART: Final = 5
"""Blank columns at least between two numbers below points that stand evenly."""
_LISTED: Final = 9
"""Points of each curve that are written out in plain text."""


def extent(plot: Plot, look: Look) -> tuple[int, int]:
    """The width below which a curve says little, and the one it likes."""
    return LEAST, NATURAL


def draw_plot(plot: Plot, width: int, look: Look) -> Drawn:
    """The curves in at most `width` columns."""
    width = width if look.wide else min(width, NATURAL)
    most = look.height if look.wide else LINES
    xs = _xs(plot)
    blocks: list[tuple[int, Drawn]] = []
    if look.pictures and xs:
        blocks.append((0, _picture(plot, xs, width, max(min(look.height - 4, most), LEAST_LINES))))
    blocks.append((0, _legend(plot, xs, width, look)))
    if look.plain:
        blocks.append((1, _listed(plot, width, look)))
    return titled(plot.title, stacked(blocks), width)


def _xs(plot: Plot) -> list[float]:
    n = max((len(curve.ys) for curve in plot.curves), default=0)
    return [float(x) for x in plot.xs[:n]] if len(plot.xs) else [float(i) for i in range(n)]


def _picture(plot: Plot, xs: Sequence[float], width: int, height: int) -> Drawn:
    floor = [plot.floor[1]] if plot.floor else []
    scale = axis([*(y for curve in plot.curves for y in curve.ys), *floor], height // 2)
    label = max(map(cell_len, scale.texts))
    left = MARGIN + label + 2
    canvas = Canvas(max(width - MARGIN - left, 4), height)
    at = [float(i) for i in range(len(xs))] if plot.even else xs
    low, high = min(finite(at), default=0.0), max(finite(at), default=1.0)
    across, down = canvas.dots

    def dot_of(x: float, y: float) -> tuple[int, int]:
        share = (x - low) / (high - low) if high > low else 0.5
        return round(share * (across - 1)), round((1 - scale.share(y)) * (down - 1))

    # The first curve is drawn last: where two meet it is the one that is seen.
    for i, curve in reversed(list(enumerate(plot.curves))):
        points = list(zip(at, curve.ys, strict=False))
        for known, run in groupby(points, key=lambda point: isfinite(point[1])):
            if known:
                canvas.path([dot_of(*point) for point in run], _ink(curve.tone), i)
    mark = dot_of(at[plot.mark or 0], scale.low)[0] // 2 if _has_mark(plot, xs) else None
    floor_at = dot_of(low, floor[0])[1] // 4 if floor and isfinite(floor[0]) else None
    dots = [_canvas_line(canvas, y, left, mark, y == floor_at) for y in range(height)]
    lines = _with_axis(dots, scale, label, height)
    if plot.even:
        lines.append(_even_foot(plot, xs, left, canvas.width))
    else:
        lines.append(_foot(plot, low, high, left, canvas.width))
    if plot.y_name:
        lines.insert(0, [(" " * MARGIN + clip(plot.y_name, width - 2 * MARGIN), "quiet")])
    return Drawn(lines)


def _ink(tone: str) -> Ink:
    return tone or "text"


def _has_mark(plot: Plot, xs: Sequence[float]) -> bool:
    return plot.mark is not None and -len(xs) <= plot.mark < len(xs) and isfinite(xs[plot.mark])


def _canvas_line(canvas: Canvas, y: int, left: int, mark: int | None, floor: bool) -> list[At]:
    """A line of dots, and behind them the floor and the mark."""
    signs: dict[int, At] = {}
    if floor:
        signs = {x: (left + x, FLOOR, "quiet") for x in range(canvas.width)}
    if mark is not None:
        signs[mark] = (left + mark, MARK, "accent")
    for x, sign, ink in canvas.row(y):
        signs[x] = (left + x, sign, ink)
    return list(signs.values())


def _with_axis(lines: Sequence[list[At]], scale: Axis, label: int, height: int) -> list[Line]:
    """The lines with the axis before them, and numbers at its ticks."""
    ticks: dict[int, str] = {}
    for tick, text in zip(scale.ticks, scale.texts, strict=True):
        ticks[round((1 - scale.share(tick)) * (4 * height - 1)) // 4] = text
    framed = []
    for y, line in enumerate(lines):
        text = ticks.get(y, "")
        at = MARGIN + label - cell_len(text)
        framed.append(
            placed([(at, text, "quiet"), (MARGIN + label + 1, "┤" if text else "│", "rule"), *line])
        )
    return framed


def _foot(plot: Plot, low: float, high: float, left: int, width: int) -> Line:
    """Both ends of the x axis, and its name between or after them."""
    first, last = short(low), short(high)
    name = clip(plot.x_name, max(width - cell_len(first) - cell_len(last) - 4, 0))
    if cell_len(first) + cell_len(last) + 1 > width:
        return placed([(left, clip(first, width), "quiet")])
    middle = left + (width - cell_len(name)) // 2
    return placed(
        [
            (left, first, "quiet"),
            (middle, name, "quiet"),
            (left + width - cell_len(last), last, "quiet"),
        ]
    )


def _even_foot(plot: Plot, xs: Sequence[float], left: int, width: int) -> Line:
    """The x of some points, each below its own, and the name after the last."""
    name = f" {clip(plot.x_name, max(width // 3, 0))}" if plot.x_name else ""
    last = short(xs[-1]) + name
    end = max(width - cell_len(last), 0)
    foot: list[At] = [(left + end, clip(last, width), "quiet")]
    free = 0
    for i, x in enumerate(xs[:-1]):
        text = short(x)
        column = round(i / (len(xs) - 1) * (width - 1))
        if column >= free and column + cell_len(text) + 2 <= end:
            foot.append((left + column, text, "quiet"))
            free = column + cell_len(text) + _APART
    return placed(sorted(foot))


def _legend(plot: Plot, xs: Sequence[float], width: int, look: Look) -> Drawn:
    """How each curve is drawn, and its number at the mark."""
    entries: list[list[tuple[str, Ink]]] = []
    marked = plot.mark if _has_mark(plot, xs) else None
    for i, curve in enumerate(plot.curves):
        value = ""
        if marked is not None and -len(curve.ys) <= marked < len(curve.ys):
            value = _written(curve, marked)
        sample = f"{SAMPLES[i % len(SAMPLES)]} " if look.pictures else ""
        if curve.name or value:
            said = " ".join(part for part in (curve.name, value) if part)
            entries.append([(sample, _ink(curve.tone)), (clip(said, width - 8), "text")])
    if plot.floor:
        name, value = plot.floor[0], number(plot.floor[1])
        entries.append(
            [(FLOOR * 2 + " ", "quiet"), (clip(f"{name} {value}".strip(), width - 8), "quiet")]
        )
    if marked is not None:
        entries.append(
            [(MARK + " ", "accent"), (f"{plot.x_name} {short(xs[marked])}".strip(), "quiet")]
        )
    lines: list[Line] = []
    used = 0
    for entry in entries:
        wide = sum(cell_len(text) for text, _ in entry)
        if not lines or used + 3 + wide > width - MARGIN:
            lines.append([(" " * MARGIN, "text"), *entry])
            used = MARGIN + wide
        else:
            lines[-1] += [("   ", "text"), *entry]
            used += 3 + wide
    return Drawn(lines)


def _written(curve: Curve, i: int) -> str:
    """A point of a curve as it is written."""
    return curve.texts[i] if curve.texts else number(float(curve.ys[i]))


def _listed(plot: Plot, width: int, look: Look) -> Drawn:
    table = plot_table(plot)
    return draw_table(table, width, look) if table.rows else text_block("—", width)


def plot_table(plot: Plot) -> Table:
    """Some points of every curve, the marked one among them."""
    xs = _xs(plot)
    n = len(xs)
    kept = {*evenly(n, _LISTED)}
    if _has_mark(plot, xs) and plot.mark is not None:
        kept.add(plot.mark % n)
    rows = [
        [
            Cell(short(xs[i])),
            *(Cell(_written(c, i) if i < len(c.ys) else "") for c in plot.curves),
        ]
        for i in sorted(kept)
    ]
    header = [plot.x_name or "x", *(curve.name for curve in plot.curves)]
    return Table(rows, header, align="r" * len(header))
