"""The scrubber: where in a training we are, on one line, with what emerges there. Pure.

  paso  340 de 5000  ━━━━━━━━━━━━●──◇ categorías ───◇ mira atrás ─────────◇ género ◇──────

Its places are the moments that were kept, as far apart as each other, though the steps between
them grow: so what happens early has as much room as what happens late. What has emerged by now has
a filled mark, what will has an empty one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len

Ink = Literal["text", "quiet", "rule", "accent", "current"]
Piece = tuple[str, Ink]

PAST, AHEAD = "━", "─"
KNOB, KNOB_ON_MARK = "●", "◉"
EMERGED, TO_COME = "◆", "◇"
PLAYING: Final = "▸ "
LEAST_TRACK = 12
"""Columns of the track below which what is said before it gives way."""


@dataclass(frozen=True)
class Marked:
    """Something that emerges at a place."""

    place: int
    name: str


@dataclass(frozen=True)
class Track:
    """What a scrubber shows.

    n: how many moments. place: the present one. said: what stands before the track, from the
    longest form to the shortest. marks: in the order of their places. playing: whether it moves
    by itself.
    """

    n: int
    place: int
    said: Sequence[str]
    marks: Sequence[Marked] = ()
    playing: bool = False


def column_of(place: int, n: int, width: int) -> int:
    """The column of a place on a track of so many columns."""
    return round(place * (width - 1) / (n - 1)) if n > 1 else 0


def place_at(column: int, n: int, width: int) -> int:
    """The place nearest to a column of the track."""
    share = max(0, min(column, width - 1)) / max(width - 1, 1)
    return round(share * (n - 1))


def head_of(track: Track, width: int) -> str:
    """What stands before the track: the longest form that leaves a good part of the line to it."""
    room = max(width - LEAST_TRACK, 0)
    for said in track.said:
        head = PLAYING if track.playing else " " * len(PLAYING)
        head += f"{said}  "
        if cell_len(head) <= min(room, width // 3):
            return head
    return PLAYING if track.playing else ""


def draw(track: Track, width: int) -> list[Piece]:
    """The line, of exactly `width` columns."""
    head = head_of(track, width)
    rest = max(width - cell_len(head), 1)
    knob = column_of(track.place, track.n, rest)
    signs: list[Piece] = [(PAST, "accent") if x < knob else (AHEAD, "rule") for x in range(rest)]
    columns = [column_of(mark.place, track.n, rest) for mark in track.marks]
    taken = {knob, *columns}
    for mark, x in _newest_first(track.marks, columns, track.place):
        emerged = mark.place <= track.place
        signs[x] = (EMERGED if emerged else TO_COME, "accent" if emerged else "quiet")
        start = _room_for(mark.name, x, taken, rest)
        if start is None:
            continue
        for i, letter in enumerate(mark.name):
            signs[start + i] = (letter, "text" if emerged else "quiet")
        # A blank on both sides, so that the name does not hang on the line.
        span = range(start - 1, start + len(mark.name) + 1)
        taken.update(span)
        for side in (span[0], span[-1]):
            if 0 <= side < rest and side != x and side not in columns and side != knob:
                signs[side] = (" ", "text")
    signs[knob] = (KNOB_ON_MARK if knob in columns else KNOB, "current")
    return _joined([(head, "text"), *signs])


def _newest_first(
    marks: Sequence[Marked], columns: Sequence[int], present: int
) -> list[tuple[Marked, int]]:
    """The marks with their columns; what emerged last gets room for its name before the others."""
    pairs = list(zip(marks, columns, strict=True))
    newest = max((mark.place for mark in marks if mark.place <= present), default=-1)
    return sorted(pairs, key=lambda pair: pair[0].place != newest)


def _room_for(name: str, x: int, taken: set[int], width: int) -> int | None:
    """Where the name of a mark begins: after it, else before it; None where neither is free."""
    n = cell_len(name)
    if n != len(name):  # of wide signs nobody knows here where one ends
        return None
    for start in (x + 2, x - 1 - n):
        around = set(range(start - 1, start + n + 1)) - {x}
        if start >= 0 and start + n <= width and not around & taken:
            return start
    return None


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for text, ink in pieces:
        if joined and joined[-1][1] == ink:
            joined[-1] = (joined[-1][0] + text, ink)
        elif text:
            joined.append((text, ink))
    return joined
