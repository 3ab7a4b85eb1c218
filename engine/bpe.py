"""Byte-pair encoding of one word: its bytes, and the merges that join them.

Sources: Sennrich et al. 2016, section 3.2 (merges); Radford et al. 2019, section 2.2 (bytes).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
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
    """All known merges of one word, the first learned first."""
    while pair := first_merge(symbols, ranks):
        symbols = join(pair, symbols)
    return symbols


def learn(counts: Mapping[str, int], merges: list[Pair], limit: int | None) -> None:
    """Appends merges, the most frequent pair first, until every word is one piece or the limit."""
    ranks = {pair: rank for rank, pair in enumerate(merges)}
    words = {word: merge_all(to_symbols(word), ranks) for word in counts}
    totals: Counter[Pair] = Counter()
    holders: defaultdict[Pair, set[str]] = defaultdict(set)

    def tally(word: str, times: int) -> None:
        # Called with a negative count before a word changes, so that no merge recounts all words.
        for pair in pairwise(words[word]):
            totals[pair] += times
            holders[pair].add(word)
            if not totals[pair]:
                del totals[pair], holders[pair]

    for word, count in counts.items():
        tally(word, count)
    while totals and (limit is None or len(merges) < limit):
        most = max(totals.values())
        pair = min(pair for pair, total in totals.items() if total == most)
        ranks[pair] = len(merges)
        merges.append(pair)
        for word in tuple(holders[pair]):
            tally(word, -counts[word])
            # Not only the new merge: it may make a token that an earlier merge can join further.
            words[word] = merge_all(words[word], ranks)
            tally(word, counts[word])
