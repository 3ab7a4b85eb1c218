"""Which position of one sentence belongs to which of another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence

Pairs = tuple[tuple[int, int], ...]


def line_up(first: Sequence[Hashable], second: Sequence[Hashable]) -> Pairs:
    """Which position of one sentence belongs to which of the other, in the order of the first.

    What both begin with meets, and what both end with. Between, the k-th time a token comes in
    one meets the k-th time it comes in the other, wherever that is. What is left over meets what
    is left over at the same position, then, in order, what is left over behind the same pair.
    The rest stands alone: no position is in two pairs.
    """
    shorter = min(len(first), len(second))
    start = next((i for i in range(shorter) if first[i] != second[i]), shorter)
    rest = range(shorter - start)
    end = next((k for k in rest if first[-1 - k] != second[-1 - k]), shorter - start)
    found = {i: i for i in range(start)}
    found |= {len(first) - k: len(second) - k for k in range(1, end + 1)}

    waiting: defaultdict[Hashable, list[int]] = defaultdict(list)
    for j in reversed(range(start, len(second) - end)):
        waiting[second[j]].append(j)
    for i in range(start, len(first) - end):
        if waiting[first[i]]:
            found[i] = waiting[first[i]].pop()

    taken = set(found.values())
    for i in range(shorter):
        if i not in found and i not in taken:
            found[i] = i
            taken.add(i)

    behind: defaultdict[int, list[int]] = defaultdict(list)
    before = -1
    for j in range(len(second)):
        if j in taken:
            before = j
        else:
            behind[before].append(j)
    before = -1
    for i in range(len(first)):
        if i in found:
            before = found[i]
        elif behind[before]:
            # The next one is behind the same pair too: `before` stays.
            found[i] = behind[before].pop(0)
    return tuple(sorted(found.items()))
