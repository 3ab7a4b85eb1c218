"""Byte-pair encoding of one word: its bytes, and the merges that join them.

Sources: Sennrich et al. 2016, section 3.2 (merges); Radford et al. 2019, section 2.2 (bytes).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from heapq import heapify, heappop, heappush
from itertools import pairwise

from engine.words import SURROGATE

Pair = tuple[str, str]
Symbols = tuple[str, ...]  # the pieces of one word, written in ALPHABET


def _byte_alphabet() -> str:
    """One printable character a byte, as in GPT-2: itself if printable, else one from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    character = {byte: chr(byte) for byte in printable}
    character |= {byte: chr(0x100 + n) for n, byte in enumerate(others)}
    return "".join(character[byte] for byte in range(256))


ALPHABET = _byte_alphabet()  # how tokens and files write each byte; a space is "Ġ"
BYTE = {character: byte for byte, character in enumerate(ALPHABET)}


def to_symbols(word: str) -> Symbols:
    """The bytes of a word, written in ALPHABET."""
    return tuple(ALPHABET[byte] for byte in word.encode())


def to_bytes(token: str) -> bytes:
    """The bytes that a token stands for."""
    return bytes(BYTE[character] for character in token)


@lru_cache(maxsize=8192)
def show(token: str) -> str:
    """The text of a token; a byte that is no whole character reads "<0xC3>"."""
    # Python's "surrogateescape" turns each stray byte b into the character U+DC00 + b.
    text = to_bytes(token).decode(errors="surrogateescape")
    return SURROGATE.sub(lambda stray: f"<0x{ord(stray[0]) - 0xDC00:02X}>", text)


def first_merge(symbols: Symbols, ranks: Mapping[Pair, int]) -> Pair | None:
    """The pair of neighbours whose merge was learned first, if any was."""
    known = (pair for pair in pairwise(symbols) if pair in ranks)
    return min(known, key=ranks.__getitem__, default=None)


def join(pair: Pair, symbols: Symbols) -> Symbols:
    """Joins the pair wherever it occurs, from left to right."""
    merged: list[str] = []
    for symbol in symbols:
        if merged and (merged[-1], symbol) == pair:
            merged[-1] += symbol
        else:
            merged.append(symbol)
    return tuple(merged)


def merge_all(symbols: Symbols, ranks: Mapping[Pair, int]) -> Symbols:
    """All known merges of one word, the first learned first, each wherever it occurs.

    The same as to `join` the `first_merge` until there is none, but n symbols take about n log n
    steps: a text without spaces is one word, and may have millions.
    """
    pieces = [*symbols, ""]  # what was joined to the piece before it is "", as is the end
    after = list(range(1, len(pieces) + 1))  # the place of the next piece
    before = list(range(-1, len(pieces)))
    waiting = [(ranks[pair], i) for i, pair in enumerate(pairwise(symbols)) if pair in ranks]
    heapify(waiting)
    while waiting:
        rank, joined = waiting[0][0], []
        while waiting and waiting[0][0] == rank:
            _, i = heappop(waiting)
            j = after[i]
            # The pair may be gone: in "aaa", the second "aa" is no longer there after the first.
            if ranks.get((pieces[i], pieces[j])) == rank:
                pieces[i] += pieces[j]
                pieces[j] = ""
                after[i] = after[j]
                before[after[j]] = i
                joined.append(i)
        # Not before all of this rank are joined: a new pair may have a lower one.
        for i in joined:
            for left, right in ((before[i], i), (i, after[i])):
                if left >= 0 and (pieces[left], pieces[right]) in ranks:
                    heappush(waiting, (ranks[pieces[left], pieces[right]], left))
    return tuple(filter(None, pieces))


def learn(counts: Mapping[str, int], merges: list[Pair], limit: int | None) -> None:
    """Appends merges, the most frequent pair first, until every word is one piece or the limit.

    Of equals, the first in alphabetical order; so the order of the words does not matter.
    """
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    words = {word: merge_all(to_symbols(word), ranks) for word in counts}
    totals: Counter[Pair] = Counter()
    holders: defaultdict[Pair, set[str]] = defaultdict(set)
    changed: dict[Pair, int] = {}  # what was the total before
    # Negated totals, so that the most frequent pair comes first. A total that changes is put in
    # anew, and the old one is passed over when it comes up: no merge looks at all pairs.
    waiting: list[tuple[int, Pair]] = []

    def tally(word: str, times: int) -> None:
        # Called with a negative count before a word changes, so that no merge recounts all words.
        for pair in pairwise(words[word]):
            changed.setdefault(pair, totals[pair])
            totals[pair] += times
            holders[pair].add(word)

    for word, count in counts.items():
        tally(word, count)
    while changed:
        for pair, total in changed.items():
            if not totals[pair]:
                del totals[pair], holders[pair]
            elif totals[pair] != total:
                heappush(waiting, (-totals[pair], pair))
        changed.clear()
        if limit is not None and len(merges) >= limit:
            break
        while waiting and totals[waiting[0][1]] != -waiting[0][0]:
            heappop(waiting)
        if not waiting:
            break
        pair = waiting[0][1]
        ranks[pair] = len(merges)
        merges.append(pair)
        for word in tuple(holders[pair]):
            # Not only the new merge: it may make a token that an earlier merge can join further.
            merged = merge_all(words[word], ranks)
            if merged != words[word]:
                tally(word, -counts[word])
                words[word] = merged
                tally(word, counts[word])
