"""What rests on what, as rails beside a list: one line a lesson, one column a thread. Pure.

    ●        text-to-index
    ●        one-hot           rests on the line above
    ├─○      dimensions        rests on one-hot, and nothing rests on it
    ●        vectors           rests on one-hot as well

A lesson stands below what it rests on, in the column of one of those that end with it, so that a
chain is a straight line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

UP, DOWN, LEFT, RIGHT = 1, 2, 4, 8
_SIGNS = {
    0: " ",
    UP | DOWN: "│",
    LEFT | RIGHT: "─",
    UP | LEFT: "╯",
    UP | RIGHT: "╰",
    UP | DOWN | LEFT: "┤",
    UP | DOWN | RIGHT: "├",
    UP | LEFT | RIGHT: "┴",
    UP | DOWN | LEFT | RIGHT: "┼",
}
Lanes = Sequence[str | None]
"""What each column belongs to, if to anything."""
NODE = "*"
"""Stands where the lesson itself is; the caller puts its own sign there."""


def rails(needs: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The piece of rail beside each thing; needs: in order, what each rests on, which is before."""
    last = {need: name for name, of in needs.items() for need in of}
    lanes: list[str | None] = []
    lines: dict[str, str] = {}
    for name, of in needs.items():
        lane = _lane(name, needs, lanes, last)
        lines[name] = _line(name, of, lanes, last, lane)
        for i, owner in enumerate(lanes):
            if owner is not None and last[owner] == name:
                lanes[i] = None
        lanes += [None] * (lane + 1 - len(lanes))
        lanes[lane] = name if name in last else None
        while lanes and lanes[-1] is None:
            lanes.pop()
    width = max(map(len, lines.values()), default=0)
    return {name: line.ljust(width) for name, line in lines.items()}


def _lane(
    name: str, needs: Mapping[str, Sequence[str]], lanes: Lanes, last: Mapping[str, str]
) -> int:
    """The column of a lesson: of the nearest that ends with it, else a free one near by."""
    joins = [i for i, owner in enumerate(lanes) if owner in needs[name]]
    order = list(needs)
    joins.sort(key=lambda i: order.index(str(lanes[i])))
    ending = [i for i in joins if last[str(lanes[i])] == name]
    if ending:
        return ending[-1]
    free = [*(i for i, owner in enumerate(lanes) if owner is None), len(lanes)]
    return min(free, key=lambda i: abs(i - joins[-1])) if joins else free[0]


def _line(name: str, of: Sequence[str], lanes: Lanes, last: Mapping[str, str], lane: int) -> str:
    """The column of every thread that goes on or ends here, joined to the lesson's own."""
    joins = [i for i, owner in enumerate(lanes) if owner in of]
    first, end = min([lane, *joins]), max([lane, *joins])
    text = ""
    for i in range(max(len(lanes), lane + 1)):
        owner = lanes[i] if i < len(lanes) else None
        ways = UP if owner is not None else 0
        if owner is not None and last[owner] != name:
            ways |= DOWN
        if first < i <= end:
            ways |= LEFT
        if first <= i < end:
            ways |= RIGHT
        if i not in joins and first < i < end:  # a thread that is only crossed
            ways = UP | DOWN | LEFT | RIGHT if owner is not None else LEFT | RIGHT
        text += NODE if i == lane else _SIGNS.get(ways, " ")
        text += "─" if first <= i < end else " "
    return text.rstrip()
