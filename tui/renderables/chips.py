"""One line of short items side by side, cut to a width: where each stands, pure and testable.

Two ways to deal with too little room: `window` keeps the present item in view and shows with an
arrow that there is more on a side; `drop` leaves out the items of the highest rank, and `right`
does so too but sets the line against the right edge. The last item left ends in an ellipsis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from rich.cells import cell_len

from tui.renderables.matrix_labels import clip

Look = Literal["plain", "strong", "key", "current", "quiet"]
Fit = Literal["window", "drop", "right"]
Part = Literal["sign", "text", "tail", "blank"]
MORE_LEFT, MORE_RIGHT = "‹", "›"
NO_CHIP = -1


@dataclass(frozen=True)
class Chip:
    """One item: its id, a sign in front (a key, drawn in the accent), its text, a quiet tail.

    look: of the text; "current" fills the whole item with the accent.
    rank: what `drop` leaves out first is what has the highest. gap: columns before it.
    """

    id: str
    text: str
    sign: str = ""
    tail: str = ""
    look: Look = "plain"
    rank: int = 0
    gap: int = 2
    pad: int = 0

    @cached_property
    def width(self) -> int:
        """Columns that the item takes, without its gap."""
        return sum(cell_len(text) for text, _ in self.parts)

    @property
    def parts(self) -> list[tuple[str, Part]]:
        """The texts of the item with what each is, padding included."""
        parts: list[tuple[str, Part]] = []
        for text, part in ((self.sign, "sign"), (self.text, "text"), (self.tail, "tail")):
            if text:
                between = " " if parts else " " * self.pad
                parts.append((between + text, part))  # type: ignore[arg-type]
        if self.pad and parts:
            text, last = parts[-1]
            parts[-1] = (text + " " * self.pad, last)
        return parts


@dataclass(frozen=True)
class Placed:
    """A piece of the line: which chip it belongs to (`NO_CHIP` for a blank), and its text."""

    chip: int
    text: str
    part: Part = "blank"


def lay_out(chips: Sequence[Chip], width: int, fit: Fit) -> list[Placed]:
    """The pieces of a line of exactly `width` columns."""
    shown = list(range(len(chips)))
    left = right = False
    if fit != "window":
        shown = _dropped(chips, width)
    elif chips and _total(chips, shown) > width:
        shown = _window(chips, width)
        left, right = shown[0] > 0, shown[-1] < len(chips) - 1
    if len(shown) == 1:
        (index,) = shown
        room = width - 2 * (left + right)
        chips = [*chips[:index], _clipped(chips[index], room), *chips[index + 1 :]]
    body: list[Placed] = []
    for index in shown:
        chip = chips[index]
        body.append(Placed(NO_CHIP, " " * (chip.gap if body else 0)))
        body += [Placed(index, text, part) for text, part in chip.parts]
    spare = width - _total(chips, shown) if shown else width
    if left:
        body[:0] = [Placed(shown[0] - 1, MORE_LEFT, "tail"), Placed(NO_CHIP, " ")]
        spare -= 2
    if right:
        body += [Placed(NO_CHIP, " " * (spare - 1)), Placed(shown[-1] + 1, MORE_RIGHT, "tail")]
    else:
        body.insert(0 if fit == "right" else len(body), Placed(NO_CHIP, " " * max(spare, 0)))
    return [piece for piece in body if piece.text]


def _clipped(chip: Chip, width: int) -> Chip:
    """The chip in at most `width` columns, as far as its text can give way."""
    too_wide = max(chip.width - width, 0)
    return replace(chip, text=clip(chip.text, max(cell_len(chip.text) - too_wide, 1)))


def _total(chips: Sequence[Chip], shown: Sequence[int]) -> int:
    gaps = sum(chips[i].gap for i in shown[1:])
    return gaps + sum(chips[i].width for i in shown)


def _dropped(chips: Sequence[Chip], width: int) -> list[int]:
    shown = list(range(len(chips)))
    while len(shown) > 1 and _total(chips, shown) > width:
        worst = max(shown, key=lambda i: (chips[i].rank, i))
        # A chip without a text of its own is a pair with the next one, and goes with it.
        pair = worst - 1 if worst and not chips[worst - 1].text else worst
        shown = [i for i in shown if i not in (worst, pair)] or [worst]
    return shown


def _window(chips: Sequence[Chip], width: int) -> list[int]:
    """The longest run of chips around the present one that leaves room for the two arrows."""
    current = next((i for i, chip in enumerate(chips) if chip.look == "current"), 0)
    room = width - 4
    shown = [current]
    after = True
    # Grow on both sides in turn, so that what comes next is seen as well as what was before.
    while True:
        options = [shown[-1] + 1, shown[0] - 1] if after else [shown[0] - 1, shown[-1] + 1]
        for option in options:
            if not 0 <= option < len(chips):
                continue
            wider = sorted([*shown, option])
            if _total(chips, wider) <= room:
                shown = wider
                break
        else:
            return shown
        after = not after
