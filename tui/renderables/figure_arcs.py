"""Arcs above the words of a sentence, one higher than the other where they would meet. Pure.

      ╭──────0.61──────╮
      │  ╭──0.35───╮   │
      ↓  ↓         │   │

Every arc has columns of its own above its two words, in the order in which arcs do not cross
without need. The arrow stands where the look goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from lessons.figures.parts import Arc
from lessons.words import number
from tui.renderables.figure_line import At, Ink, Line, placed

MOST_LEVELS: Final = 5
MOST_ARCS: Final = 12
HEAD: Final = "↓"
STRONG, WEAK = 0.5, 0.15
"""Weights from which an arc stands out, and below which it stands back."""
_UP, _DOWN, _LEFT, _RIGHT = 1, 2, 4, 8
_SIGNS: Final = {
    _RIGHT | _DOWN: "╭",
    _LEFT | _DOWN: "╮",
    _LEFT | _RIGHT: "─",
    _UP | _DOWN: "│",
    _LEFT | _RIGHT | _DOWN: "┬",
    _UP | _DOWN | _RIGHT: "├",
    _UP | _DOWN | _LEFT: "┤",
    _UP | _DOWN | _LEFT | _RIGHT: "┼",
}
Field = tuple[int, int]
"""The first column of a word, and its columns."""
Ports = list[tuple[int, int]]
"""The columns in which each arc begins and ends."""


def draw_arcs(
    arcs: Sequence[Arc], fields: Sequence[Field], width: int
) -> tuple[list[Line], list[Arc]] | None:
    """The lines above the words, and the arcs whose weights had no room; None if none fit."""
    if not arcs:
        return [], []
    ports = _ports(arcs, fields) if len(arcs) <= MOST_ARCS else None
    texts = [number(arc.weight) for arc in arcs]
    levels = _levels(ports, texts) if ports else [MOST_LEVELS]
    if ports is None or max(levels) >= MOST_LEVELS:
        return None
    # One line is left above all for a weight that has no room on its arc.
    tops = [max(levels) + 1 - level for level in levels]
    signs, inks = _grid(arcs, ports, tops)
    labels: list[list[At]] = [[] for _ in signs]
    silent = []
    for arc, pair, top, text in zip(arcs, ports, tops, texts, strict=True):
        place = _label_place(pair, top, text, signs, labels, width)
        if place is None:
            silent.append(arc)
        else:
            labels[place[0]].append((place[1], text, _ink(arc.weight)))
    lines = [_line(*row) for row in zip(signs, inks, labels, strict=True)]
    return lines if labels[0] else lines[1:], silent


def _ink(weight: float) -> Ink:
    return "accent" if weight >= STRONG else "text" if weight >= WEAK else "quiet"


def _ports(arcs: Sequence[Arc], fields: Sequence[Field]) -> Ports | None:
    """The columns in which each arc begins and ends; None where a word has too few.

    Above a word come first the arcs that go left, the short ones first, then those that go right,
    the short ones last: so a longer arc passes over a shorter one and never through it.
    """
    ports = [[0, 0] for _ in arcs]
    for word, (x, width) in enumerate(fields):
        ends: list[tuple[int, int, int, int]] = []
        for i, arc in enumerate(arcs):
            for side, here, there in ((0, arc.start, arc.end), (1, arc.end, arc.start)):
                if here == word:
                    reach = there - here
                    # An arc to the word itself begins left and ends right of its middle.
                    group = 0 if reach < 0 else 3 if reach > 0 else 1 + side
                    ends.append((group, -reach, i, side))
        columns = _columns(len(ends), x, width)
        if columns is None:
            return None
        for column, (_, _, i, side) in zip(columns, sorted(ends), strict=True):
            ports[i][side] = column
    return [(start, end) for start, end in ports]


def _columns(n: int, x: int, width: int) -> list[int] | None:
    """So many columns above a word, apart where they can be; those beside it only if they must."""
    if n > width + 2:
        return None
    if n > width or (n > 1 and width < 3):
        x, width = x - 1, width + 2
    step = min((width - 1) // (n - 1), 3) if n > 1 else 0
    first = x + (width - 1 - step * (n - 1)) // 2
    return [first + step * i for i in range(n)]


def _levels(ports: Ports, texts: Sequence[str]) -> list[int]:
    """How high each arc stands: the shorter ones below, none in the way of another.

    An arc too short for its weight has it in the line above, and takes two.
    """
    spans = [(min(pair), max(pair)) for pair in ports]
    short = [right - left < cell_len(t) + 3 for (left, right), t in zip(spans, texts, strict=True)]
    levels = [0] * len(ports)
    done: list[int] = []
    for i in sorted(range(len(ports)), key=lambda i: spans[i][1] - spans[i][0]):
        left, right = spans[i]
        below = [
            levels[j] + short[j]
            for j in done
            if left <= spans[j][1] + 1 and spans[j][0] <= right + 1
        ]
        levels[i] = max(below, default=-1) + 1
        done.append(i)
    return levels


def _grid(
    arcs: Sequence[Arc], ports: Ports, tops: Sequence[int]
) -> tuple[list[dict[int, str]], list[dict[int, Ink]]]:
    """The signs and inks of all arcs by line and column."""
    n_lines = max(tops) + 2
    sides: list[dict[int, int]] = [{} for _ in range(n_lines)]
    inks: list[dict[int, Ink]] = [{} for _ in range(n_lines)]

    def add(y: int, x: int, side: int, ink: Ink) -> None:
        sides[y][x] = sides[y].get(x, 0) | side
        inks[y][x] = ink

    # Strong arcs are drawn last, so that where two cross the strong one is seen.
    order = sorted(range(len(arcs)), key=lambda i: arcs[i].weight)
    for i in order:
        left, right, ink = min(ports[i]), max(ports[i]), _ink(arcs[i].weight)
        add(tops[i], left, _RIGHT | _DOWN, ink)
        add(tops[i], right, _LEFT | _DOWN, ink)
        for x in range(left + 1, right):
            add(tops[i], x, _LEFT | _RIGHT, ink)
        for y in range(tops[i] + 1, n_lines):
            add(y, left, _UP | _DOWN, ink)
            add(y, right, _UP | _DOWN, ink)
    signs = [{x: _SIGNS[side] for x, side in row.items()} for row in sides]
    for _, end in ports:
        signs[-1][end] = HEAD
    return signs, inks


def _label_place(
    ports: tuple[int, int],
    top: int,
    text: str,
    signs: Sequence[dict[int, str]],
    labels: Sequence[Sequence[At]],
    width: int,
) -> tuple[int, int] | None:
    """Line and column of a weight: on its arc, near the middle; else above it, or beside."""
    left, right, n = min(ports), max(ports), cell_len(text)
    middle = (left + right - n + 1) // 2
    on_it = sorted(range(left + 2, right - n), key=lambda x: abs(x - middle))
    at = next((x for x in on_it if _is_line(signs[top], x - 1, n + 2)), None)
    if at is not None:
        return top, at
    above = [(top - 1, middle + shift) for shift in (0, 1, -1, 2, -2)]
    places = [*above, (top, right + 2), (top, left - 1 - n)]
    return next((p for p in places if _is_free(signs[p[0]], labels[p[0]], p[1], n, width)), None)


def _is_line(row: dict[int, str], x: int, n: int) -> bool:
    return all(row.get(column) == "─" for column in range(x, x + n))


def _is_free(row: dict[int, str], labels: Sequence[At], x: int, n: int, width: int) -> bool:
    around = range(x - 1, x + n + 1)
    taken = {column for at, text, _ in labels for column in range(at, at + cell_len(text))}
    return x >= 0 and x + n < width and not any(c in row or c in taken for c in around)


def _line(row: dict[int, str], inks: dict[int, Ink], labels: Sequence[At]) -> Line:
    covered = {x for at, text, _ in labels for x in range(at, at + cell_len(text))}
    signs: list[At] = [(x, sign, inks[x]) for x, sign in row.items() if x not in covered]
    return placed([*signs, *labels])
