"""The words of a sentence with shades behind them, numbers below, and arcs above. Pure.

            ╭────0.97────╮
            ↓            │
      el   gato  come   del
     0.01  0.97  0.02    0

A sentence that is longer than a line goes on below. What arcs there are between words of different
lines, or would stand too high, are told in words instead: del → gato 0.97.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len

from lessons.figures.parts import Arc, Cell, Sentence, Table
from lessons.words import number
from tui.renderables.figure_arcs import draw_arcs
from tui.renderables.figure_block import (
    KNOB_BRACKETS,
    KNOB_SIGNS,
    MARGIN,
    Drawn,
    Look,
    Spot,
    kind_of,
    stacked,
    titled,
)
from tui.renderables.figure_line import At, Line, Shade, placed
from tui.renderables.figure_table import draw_table, set_cell
from tui.renderables.matrix_labels import clip, printable

APART, NEAR, CLOSE = 3, 2, 1
"""Columns between two words; only close ones have no shade beside them."""
_UNDER_ARCS: Final = (APART, 5, 7, 9, NEAR, CLOSE)
"""Short words are set wider apart, so that the weights have room on the arcs between them."""


@dataclass(frozen=True, slots=True)
class Box:
    """The field of a word: its line of the flow, its first column, its columns."""

    line: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Where the words stand, and the lines of the arcs above each line of words.

    told: the arcs that are not drawn.
    """

    boxes: tuple[Box, ...]
    gap: int
    arcs: tuple[list[Line], ...] = ()
    told: tuple[Arc, ...] = ()


def _widths(sentence: Sentence, most: int) -> list[int]:
    """Columns of each word, or of what stands below it."""
    below = [*sentence.below, *[Cell("")] * (len(sentence.words) - len(sentence.below))]
    return [
        min(max(cell_len(printable(word.text)), cell_len(printable(under.text)), 1), most)
        for word, under in zip(sentence.words, below, strict=False)
    ]


def _boxes(words: Sequence[int], width: int, gap: int) -> tuple[Box, ...]:
    boxes: list[Box] = []
    line, at = 0, MARGIN
    for word in words:
        if at > MARGIN and at + word > width - MARGIN:
            line, at = line + 1, MARGIN
        boxes.append(Box(line, at, word))
        at += word + gap
    return tuple(boxes)


def flow(sentence: Sentence, width: int, look: Look) -> Flow:
    """Set the words into lines: on one if they fit, and its arcs too, else on several."""
    words = _widths(sentence, max(width - 2 * MARGIN, 1))
    n = len(words)
    arcs = [arc for arc in sentence.arcs if 0 <= arc.start < n and 0 <= arc.end < n]
    shaded = any(cell.shade is not None for cell in [*sentence.words, *sentence.below])
    gaps = (
        _UNDER_ARCS if arcs and look.pictures else (APART, NEAR, CLOSE) if shaded else (NEAR, CLOSE)
    )
    tries = [(gap, _boxes(words, width, gap)) for gap in gaps]
    tries = [(gap, boxes) for gap, boxes in tries if boxes and not boxes[-1].line]
    flows = [_with_arcs(boxes, gap, arcs, width, look) for gap, boxes in tries]
    whole = next((flow for flow in flows if not flow.told), None)
    if flows:
        return whole or min(flows, key=lambda flow: len(flow.told))
    return _with_arcs(_boxes(words, width, NEAR), NEAR, arcs, width, look)


def _with_arcs(
    boxes: tuple[Box, ...], gap: int, arcs: Sequence[Arc], width: int, look: Look
) -> Flow:
    """The arcs within each line, as far as they can be drawn; the others are told."""
    fields = [(box.x, box.width) for box in boxes]
    n_lines = boxes[-1].line + 1 if boxes else 0
    drawn: list[list[Line]] = []
    told = [arc for arc in arcs if boxes[arc.start].line != boxes[arc.end].line]
    for line in range(n_lines):
        here = [arc for arc in arcs if boxes[arc.start].line == boxes[arc.end].line == line]
        above = draw_arcs(here, fields, width) if look.pictures else None
        drawn.append(above[0] if above else [])
        told += above[1] if above else here
    return Flow(boxes, gap, tuple(drawn), tuple(arc for arc in arcs if arc in told))


def extent(sentence: Sentence, look: Look) -> tuple[int, int]:
    """The width of a few words, or of all if arcs go over them; and the width on one line."""
    words = _widths(sentence, 10_000)
    around = 2 * MARGIN + max(len(words) - 1, 0) * APART
    natural = sum(words) + around
    least = natural if sentence.arcs else min(natural, 30)
    return least, max(natural, min(cell_len(sentence.title) + 2 * MARGIN, 40))


def draw_sentence(sentence: Sentence, width: int, look: Look) -> Drawn:
    """The sentence in at most `width` columns."""
    if not sentence.words:
        return titled(sentence.title, Drawn([]), width)
    set_words = flow(sentence, width, look)
    blocks = [(0, _words(sentence, set_words, look))]
    if set_words.told:
        blocks.append((1, _told(sentence, set_words.told, width, look)))
    return titled(sentence.title, stacked(blocks), width)


def _words(sentence: Sentence, flow: Flow, look: Look) -> Drawn:
    """Arcs, words and what is below them; a blank line between two lines of words."""
    lines: list[Line] = []
    spots: list[Spot] = []
    rows = [(cells, kind_of(cells)) for cells in (sentence.words, sentence.below) if cells]
    for row in range(flow.boxes[-1].line + 1):
        if row:
            lines.append([])
        lines += flow.arcs[row]
        places = [i for i, box in enumerate(flow.boxes) if box.line == row]
        for cells, kind in rows:
            line: list[At] = []
            for i in (i for i in places if i < len(cells)):
                name = sentence.words[i].text if cells is sentence.below else ""
                box = flow.boxes[i]
                pieces, found = set_cell(
                    cells[i], len(lines), box.x, box.width, "c", kind, look, name
                )
                line += _within(pieces, box) if flow.gap == CLOSE else pieces
                spots += found
            lines.append(placed(line))
    whole = all(
        cell_len(printable(word.text)) <= box.width
        for word, box in zip(sentence.words, flow.boxes, strict=True)
    )
    return Drawn(lines, spots, whole)


def _within(pieces: Iterable[At], box: Box) -> list[At]:
    """The pieces of a word without the shade and signs beside it, which would cover the next's."""
    kept: list[At] = []
    for column, text, ink in pieces:
        if text in (*KNOB_SIGNS, *KNOB_BRACKETS) and not box.x <= column < box.x + box.width:
            continue
        if isinstance(ink, Shade) and not text.strip():
            start, end = max(column, box.x), min(column + len(text), box.x + box.width)
            column, text = start, " " * (end - start)
        kept.append((column, text, ink))
    return [piece for piece in kept if piece[1]]


def _told(sentence: Sentence, arcs: Sequence[Arc], width: int, look: Look) -> Drawn:
    """Arcs in words, one a line."""
    rows = [
        [
            Cell(f"{clip(sentence.words[arc.start].text, 20)} → {sentence.words[arc.end].text}"),
            Cell(number(arc.weight), bar=arc.weight if look.pictures else None),
        ]
        for arc in arcs
    ]
    return draw_table(Table(rows), width, look)
