"""What a number with a power of ten says, for whoever meets one for the first time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.figures.parts import Beside, Drawing, Figure, Part, Say, Sentence, Table
from lessons.words import Words

_POWER = re.compile(r"([−-]?\d+(?:\.\d+)?)×10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def texts(part: Part) -> Iterator[str]:
    """All that a part writes out itself; what is drawn from numbers is not among it."""
    if isinstance(part, Say):
        yield part.text
    elif isinstance(part, Beside):
        for one in part.parts:
            yield from texts(one)
    else:
        yield part.title
    if isinstance(part, Table):
        yield from part.header
        yield from (cell.text for row in part.rows for cell in row)
    elif isinstance(part, Drawing):
        yield from (cell.text for line in part.lines for cell in line)
    elif isinstance(part, Sentence):
        yield from (cell.text for cell in (*part.words, *part.below))


def powers_told(figure: Figure, words: Words) -> Figure:
    """The figure; where it has numbers such as 2×10⁻⁹, a line below tells how the first is read."""
    found = (_POWER.search(text) for part in figure for text in texts(part))
    first = next((match for match in found if match), None)
    if first is None:
        return figure
    digit, sign, raised = first.groups()
    template = words.tiny if sign else words.huge
    told = template.format(number=first[0], digit=digit, places=int(raised.translate(_LOWERED)))
    return (*figure, Say(told, "quiet"))
