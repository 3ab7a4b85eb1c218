"""The words of a card laid out in lines: prose with its marks, a question, what was answered. Pure.

A line is a sequence of bits. A bit has an ink, which says how it is set, and may have a target,
which says what a click on it means: a term, a lesson, a choice, a word of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rich.cells import cell_len, chop_cells

from tui.renderables.unbroken import BREAK

_PARTS = re.compile(rf"(\n|{BREAK})")


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of text. ink: how it is set. target: what it stands for; empty for mere text."""

    text: str
    ink: str = "text"
    target: str = ""


Line = tuple[Bit, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.

    above: how much it wants to stand apart: 0 follows at once, 1 has a blank line above it unless
    room is scarce, 2 only where there is much room.
    lead: what stands before its first line, and as blanks before the others. chips: the bits are
    items side by side, each of which stays whole. spare: left out first where room is scarce.
    """

    bits: tuple[Bit, ...]
    above: int = 1
    lead: tuple[Bit, ...] = ()
    chips: bool = False
    spare: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Lines, and for every target the first and last line that it stands on.

    whole: whether nothing was left out.
    """

    lines: tuple[Line, ...]
    spans: dict[str, tuple[int, int]]
    whole: bool = True


AIRY, CLOSE, TIGHT, BARE = 2, 1, 0, -1
"""How blocks are set: apart, with a blank line between some, with none, without what is spare."""


def page(blocks: Sequence[Block], width: int, lines: int, airy: bool = True) -> Page:
    """The blocks in so many columns: as airy as fits the lines; at the least BARE, however long.

    airy: whether to begin with AIRY, else with CLOSE.
    """
    for air in (AIRY, CLOSE, TIGHT, BARE)[0 if airy else 1 :]:
        made = _set(blocks, max(width, 8), air)
        if len(made.lines) <= lines:
            break
    return made


def _set(blocks: Sequence[Block], width: int, air: int) -> Page:
    made: list[Line] = []
    whole = True
    for block in blocks:
        if block.spare and air == BARE:
            whole = False
            continue
        if made and 0 < block.above <= air:
            made.append(())
        made += flow(block, width)
    spans: dict[str, tuple[int, int]] = {}
    for y, line in enumerate(made):
        for bit in line:
            if bit.target:
                spans[bit.target] = spans.get(bit.target, (y, y))[0], y
    return Page(tuple(made), spans, whole)


@lru_cache(maxsize=512)
def flow(block: Block, width: int) -> tuple[Line, ...]:
    """A block in lines of at most so many columns; an empty line between its paragraphs."""
    indent = sum(cell_len(bit.text) for bit in block.lead)
    lines: list[list[Bit]] = [[]]
    room, x = max(width - indent, 4), 0
    for word in _chips(block.bits) if block.chips else _words(block.bits):
        if word is None:
            lines.append([])
            x = 0
            continue
        for part in _chopped(word, room):
            size = _width(part)
            gap = int(x > 0 and part is word)
            if x and x + gap + size > room:
                lines.append([])
                x = gap = 0
            if gap:
                # A blank between two words of a kind is of that kind as well.
                before, after = lines[-1][-1], part[0]
                alike = (before.ink, before.target) == (after.ink, after.target)
                inside = alike and not block.chips
                lines[-1].append(replace(after, text=" ") if inside else Bit(" "))
            lines[-1] += part
            x += gap + size
    blank = (Bit(" " * indent),) if indent else ()
    return tuple(
        (*(block.lead if y == 0 else blank), *_joined(line)) if line else ()
        for y, line in enumerate(lines)
    )


def _words(bits: Sequence[Bit]) -> list[list[Bit] | None]:
    """The words, each in the bits that it is made of; None for the end of a line."""
    words: list[list[Bit] | None] = []
    open_word = False
    for bit in bits:
        for text in filter(None, _PARTS.split(bit.text)):
            if text == "\n":
                words.append(None)
                open_word = False
            elif text.isspace():
                open_word = False
            elif open_word and words and (last := words[-1]) is not None:
                last.append(replace(bit, text=text))
            else:
                words.append([replace(bit, text=text)])
                open_word = True
    return words


def _chips(bits: Sequence[Bit]) -> list[list[Bit] | None]:
    return [[bit] for bit in bits]


def _width(word: Sequence[Bit]) -> int:
    return sum(cell_len(bit.text) for bit in word)


def _chopped(word: list[Bit], room: int) -> list[list[Bit]]:
    """The word in parts that fit a line; as a rule it does whole."""
    if _width(word) <= room:
        return [word]
    return [[replace(bit, text=text)] for bit in word for text in chop_cells(bit.text, room)]


def _joined(line: Sequence[Bit]) -> list[Bit]:
    """The line with bits of the same kind that follow each other made one."""
    joined: list[Bit] = []
    for bit in line:
        if joined and (joined[-1].ink, joined[-1].target) == (bit.ink, bit.target):
            joined[-1] = replace(bit, text=joined[-1].text + bit.text)
        else:
            joined.append(bit)
    return joined
