"""The tables of a training: a line for every moment, its newest at the present one. Pure.

     paso   1          2           3
      151   pájaro .83  perro .81  conejo .80
  ▸   236   perro .90  pájaro .88  lobo .87     ◆ temibles
      340   perro .92  lobo .90    ratón .86

Where there are more moments than lines, those around the present one are shown; where there are
lines enough, they stand apart. The look of one
word at the others is a row of little columns, as high as it looks there: ▁▁█▁▁▁▂.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from tui.renderables.figure_block import MARGIN, Drawn, level_of
from tui.renderables.figure_line import At, Ink, Line, Shade, placed
from tui.renderables.matrix_labels import clip

HERE: Final = "▸"
MORE: Final = "⋮"
SPARKS: Final = " ▁▂▃▄▅▆▇█"
GAP: Final = 2
SHARE: Final = 4
"""Columns of a number from 0 to 1 as it is written here: .93, 1.0."""
LEAST_WORD: Final = 5
MOST_WORD: Final = 12


@dataclass(frozen=True)
class Row:
    """A moment: its step as it is written, what is in each column, and what emerges.

    cells: the texts of a column with their inks, or nothing.
    """

    step: str
    cells: Sequence[Sequence[tuple[str, Ink]]]
    aside: str = ""


def window(n: int, place: int, room: int) -> range:
    """The places that are shown where there is room for so many, the present one in the middle."""
    room = max(room, 1)
    start = max(0, min(place - room // 2, n - room))
    return range(start, min(start + room, n))


def table(
    rows: Sequence[Row],
    heads: Sequence[Line],
    widths: Sequence[int],
    step_name: str,
    place: int,
    size: tuple[int, int],
) -> Drawn:
    """The rows around the present one, in so many columns and lines.

    widths: of the columns after the step. heads: what stands above each of them.
    """
    width, height = size
    n = max(cell_len(step_name), *(cell_len(row.step) for row in rows))
    starts = [MARGIN + 2 + n + GAP]
    for one in widths:
        starts.append(starts[-1] + one + GAP)
    lines: list[Line] = [_placed_head(heads, starts, step_name, n)]
    shown = window(len(rows), place, height - 1)
    apart = height >= 2 * len(rows)
    for i in shown:
        row, here = rows[i], i == place
        ink: Ink = "strong" if here else "quiet"
        line: list[At] = [(MARGIN + 2 + n - cell_len(row.step), row.step, ink)]
        cut = i in (shown[0], shown[-1]) and not here and 0 < i < len(rows) - 1
        if here or cut:
            line.append((MARGIN, HERE if here else MORE, "accent" if here else "quiet"))
        for start, cell in zip(starts, row.cells, strict=False):
            at = start
            for text, own in cell:
                line.append((at, text, "strong" if here and own == "text" else own))
                at += cell_len(text)
        if row.aside and starts[-1] + 4 < width:
            line.append((starts[-1], clip(row.aside, width - starts[-1] - MARGIN), "accent"))
        lines += [[], placed(line)] if apart and i else [placed(line)]
    return Drawn(lines)


def _placed_head(heads: Sequence[Line], starts: Sequence[int], name: str, n: int) -> Line:
    line: list[At] = [(MARGIN + 2 + n - cell_len(name), name, "quiet")]
    for start, head in zip(starts, heads, strict=False):
        at = start
        for text, ink in head:
            line.append((at, text, ink))
            at += cell_len(text)
    return placed(line)


def fraction(x: float) -> str:
    """A number from -1 to 1 in four columns: .93, −.05, 1.0."""
    if x != x:
        return " NaN"
    sign = "−" if x <= -0.005 else ""
    text = f"{abs(x):.2f}"
    return (sign + (text[1:] if text.startswith("0") else text[:-1])).rjust(SHARE)


def near_cell(label: str, closeness: float, word: int) -> list[tuple[str, Ink]]:
    """A neighbour: its name, and how close it is."""
    name = clip(label, word)
    return [(name + " " * (word - cell_len(name)), "text"), (fraction(closeness), "quiet")]


def spark(weights: Sequence[float]) -> str:
    """A row of weights from 0 to 1 as little columns; of 0 there is none."""
    top = len(SPARKS) - 1
    return "".join(SPARKS[0 if not x > 0 else max(1, min(round(x * top), top))] for x in weights)


def look_cell(
    weights: Sequence[float], labels: Sequence[str], plan: LookPlan
) -> list[tuple[str, Ink]]:
    """Whom a word looks at: all its weights, then the word that it looks at most, and how much."""
    cell: list[tuple[str, Ink]] = []
    best = max(range(len(weights)), key=lambda i: weights[i])
    if plan.sparks:
        cell.append((spark(weights)[: plan.sparks].ljust(plan.sparks + 1), "share"))
    if plan.word:
        name = clip(labels[best], plan.word)
        cell.append((name + " " * (plan.word - cell_len(name)), "text"))
        level = level_of(weights[best], "sequential")
        cell.append((fraction(weights[best]), Shade("sequential", level) if level else "quiet"))
    return cell


@dataclass(frozen=True)
class LookPlan:
    """How many columns the parts of a head's cell get; 0 for a part that has no room.

    heads: how many heads are shown.
    """

    heads: int
    sparks: int
    word: int

    @property
    def width(self) -> int:
        """Columns of a head."""
        sparks = self.sparks + 1 if self.sparks else 0
        return sparks + (self.word + SHARE if self.word else 0)


def plan_looks(n_heads: int, n_words: int, width: int) -> LookPlan:
    """What there is room for: all weights and a word for every head, else fewer of these.

    width: what there is for all heads, the gaps between them included.
    """
    room = (width + GAP) // n_heads - GAP
    word = min(room - n_words - 1 - SHARE, MOST_WORD)
    if word >= LEAST_WORD:
        return LookPlan(n_heads, n_words, word)
    if room > n_words:
        return LookPlan(n_heads, n_words, 0)
    heads = max(min((width + GAP) // (MOST_WORD + SHARE + GAP), n_heads), 1)
    room = (width + GAP) // heads - GAP
    return LookPlan(heads, 0, max(min(room - SHARE, MOST_WORD), LEAST_WORD))


def initials(labels: Sequence[str], present: int) -> Line:
    """The first letters of words, one for each little column, the present one marked."""
    line: Line = []
    for i, label in enumerate(labels):
        letter = label[:1] if cell_len(label[:1]) == 1 else "·"
        line.append((letter, "accent" if i == present else "quiet"))
    return line
