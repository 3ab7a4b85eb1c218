"""Labels in the margins of a matrix: tokens and numbers in a given width, never cut inside a sign.

Width is counted in terminal columns (`cell_len`): a Chinese character takes two, an accent that
combines with the letter before takes none, a family of joined emoji takes two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len, split_graphemes

if TYPE_CHECKING:  # NumPy is not imported before the first frame, which has labels to clip
    from tui.renderables.cells import Ink, Piece

Align = Literal["left", "centre", "right"]
Placed = tuple[int, str, "Ink"]
"""A label with the column of its first character."""

ELLIPSIS = "…"
_JOINER = "\u200d"
_STRIDES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """The text with nothing in it that moves the cursor of a terminal or hides.

    Control, format and line-breaking characters become "·"; only the joiner of emoji stays.
    Variation selectors go, since terminals disagree about their width.
    """
    shown = (
        character
        if character == _JOINER or unicodedata.category(character) not in _UNPRINTABLE
        else "·"
        for character in text
        if character not in "\ufe0e\ufe0f"
    )
    return "".join(shown)


_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def _signs(text: str) -> list[tuple[str, int]]:
    """The visible signs of a text with their widths; the two letters of a flag are one sign."""
    signs: list[tuple[str, int]] = []
    half_flag = False
    for start, end, width in split_graphemes(text)[0]:
        letter = "\U0001f1e6" <= text[start] <= "\U0001f1ff"
        if half_flag and letter:
            before, before_width = signs[-1]
            signs[-1] = (before + text[start:end], before_width + width)
            half_flag = False
        else:
            signs.append((text[start:end], width))
            half_flag = letter
    return signs


@lru_cache(maxsize=8192)
def clip(text: str, width: int) -> str:
    """The printable text in at most `width` columns, with an ellipsis for what is left out."""
    text = printable(text)
    if cell_len(text) <= width:
        return text
    if width < 1:
        return ""
    kept, used = [], 0
    for sign, sign_width in _signs(text):
        if used + sign_width > width - 1:
            break
        kept.append(sign)
        used += sign_width
    return "".join(kept) + ELLIPSIS


@lru_cache(maxsize=8192)
def fit(text: str, width: int, align: Align = "left") -> str:
    """The printable text in exactly `width` columns."""
    text = clip(text, width)
    spare = width - cell_len(text)
    before = {"left": 0, "centre": (spare + 1) // 2, "right": spare}[align]
    return " " * before + text + " " * (spare - before)


def label_width(labels: Sequence[str], most: int) -> int:
    """Columns that the longest of the labels takes, at most `most`."""
    return min(max((cell_len(printable(label)) for label in labels), default=0), most)


def stride(width: int, pitch: int) -> int:
    """Every how many columns of cells a label of `width` fits, as a round number."""
    least = 5 if pitch <= 2 else 1  # closer ticks would be a second pattern above the pattern
    return next((s for s in _STRIDES if s >= least and s * pitch > width), _STRIDES[-1])


def place(labels: Sequence[Placed], width: int, blank: Ink) -> list[Piece]:
    """A line of exactly `width` columns with each label at its column.

    A label that would overlap or touch one placed before it, or that does not fit whole, is left
    out: the first in the sequence wins.
    """
    taken: list[tuple[int, int, str, Ink]] = []
    for start, text, ink in labels:
        end = start + cell_len(text)
        free = all(end < other_start or start > other_end for other_start, other_end, *_ in taken)
        if text and start >= 0 and end <= width and free:
            taken.append((start, end, text, ink))
    pieces: list[Piece] = []
    at = 0
    for start, end, text, ink in sorted(taken, key=lambda label: label[0]):
        pieces += [(" " * (start - at), blank), (text, ink)]
        at = end
    pieces.append((" " * (width - at), blank))
    return [piece for piece in pieces if piece[0]]
