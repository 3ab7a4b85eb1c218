"""The scrubber: where in a training we are, on one line, with what emerges there. Pure.

  paso  340 de 5000  ━━━━━━━━━━━━●──◇ categorías ───◇ mira atrás ─────────◇ género ◇──────

Its places are the moments that were kept, as far apart as each other, though the steps between
them grow: so what happens early has as much room as what happens late. What has emerged by now has
a filled mark, what will has an empty one.

Marks may stand too close for all their names. A name is whole or not there: what emerged last has
room before the others, and what emerges at the present place is named in any case, if need be over
marks beside it, which come back as soon as one moves on.
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
    for mark, x in zip(track.marks, columns, strict=True):
        emerged = mark.place <= track.place
        signs[x] = (EMERGED if emerged else TO_COME, "accent" if emerged else "quiet")
    taken, covered = {knob, *columns}, set[int]()
    for mark in _newest_first(_together(track.marks), track.place):
        x = column_of(mark.place, track.n, rest)
        if x in covered:
            continue
        here, emerged = mark.place == track.place, mark.place <= track.place
        start = _room_for(mark.name, x, taken, rest)
        if start is None and here:
            start = _room_over(mark.name, x, taken, rest)
        if start is None:
            continue
        # A blank on both sides, so that the name does not hang on the line.
        span = range(start - 1, start + len(mark.name) + 1)
        covered |= {x for x in columns if x in span[1:-1]}
        for i, letter in enumerate(mark.name):
            signs[start + i] = (letter, "text" if emerged else "quiet")
        for side in (span[0], span[-1]):
            if 0 <= side < rest and side not in columns and side != knob:
                signs[side] = (" ", "text")
        # And some of the line between two names, or they read as one.
        taken.update(range(span[0] - 1, span[-1] + 2))
    signs[knob] = (KNOB_ON_MARK if knob in columns else KNOB, "current")
    return _joined([(head, "text"), *signs])


def _together(marks: Sequence[Marked]) -> list[Marked]:
    """The marks, those of one place as one that has all their names."""
    names: dict[int, list[str]] = {}
    for mark in marks:
        names.setdefault(mark.place, []).append(mark.name)
    return [Marked(place, " · ".join(said)) for place, said in names.items()]


def _newest_first(marks: Sequence[Marked], present: int) -> list[Marked]:
    """The marks; what emerged last gets room for its name before the others."""
    newest = max((mark.place for mark in marks if mark.place <= present), default=-1)
    return sorted(marks, key=lambda mark: mark.place != newest)


def _sides(name: str, x: int, width: int) -> list[int]:
    """Where the name of a mark can begin: after it, else before it; in the track's columns."""
    n = cell_len(name)
    if n != len(name):  # of wide signs nobody knows here where one ends
        return []
    return [start for start in (x + 2, x - 1 - n) if start >= 0 and start + n <= width]


def _room_for(name: str, x: int, taken: set[int], width: int) -> int | None:
    """Where the name of a mark begins so that it stands over nothing; None if it has no room."""
    for start in _sides(name, x, width):
        around = set(range(start - 1, start + len(name) + 1)) - {x}
        if not around & taken:
            return start
    return None


def _room_over(name: str, x: int, taken: set[int], width: int) -> int | None:
    """Where it begins so that it stands over as little as can be; None if it has no room."""
    sides = _sides(name, x, width)
    hidden = [len(taken & set(range(start, start + len(name)))) for start in sides]
    return sides[hidden.index(min(hidden))] if sides else None


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for text, ink in pieces:
        if joined and joined[-1][1] == ink:
            joined[-1] = (joined[-1][0] + text, ink)
        elif text:
            joined.append((text, ink))
    return joined
