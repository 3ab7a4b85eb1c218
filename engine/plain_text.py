"""A person's own plain text, one sentence a line in UTF-8, and a tokenizer learned from it.

The files are read as they are needed and never held in memory: once to learn a tokenizer, where
there is none yet, and once to turn the lines into ids (texts.py). Nothing in them is trusted.
"""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import accumulate, takewhile
from pathlib import Path
from typing import TextIO

from engine.bpe import ALPHABET, Pair, learn
from engine.errors import EngineError
from engine.tokenizer import Tokenizer
from engine.words import SURROGATE, normalise, split

# In all files: more than so small a model can make use of. Ordinary text of this size is read in
# about half a minute and takes 350 MB of memory at most; with one letter on each line, 1.6 GB.
MOST_BYTES = 50 * 2**20

# Of characters. A longer line is read in pieces, so that none of them fills the memory.
_LONGEST_LINE = 2**16

# Of characters. What is longer is an address or an encoded picture, and no word to learn from.
_LONGEST_WORD = 64
# So many different words are counted at a time: about 150 MB. Beyond, the rarest are forgotten.
_MOST_COUNTED = 2**20
# Merges are learned from the most frequent words, so many and of so many bytes together: in the
# texts of one language they make up nearly all of the text, and take a few seconds.
_MOST_LEARNED = 30_000
_MOST_BYTES_LEARNED = 2**18
# A character that makes up a thousandth of the text becomes a token before any word does, so that
# no piece of a usual word is half a letter.
_USUAL = 1000


def read_lines(paths: Sequence[Path]) -> Iterator[str]:
    """The lines of some files: in normal form C, without spaces around; empty ones are left out.

    A line ends with LF, CR LF or CR. One of more than 65,536 characters comes in pieces, cut at a
    space where there is one. The files are looked at right away, and read line by line later.

    Raises EngineError: `missing_file`, `folder_given`, `too_much_text` at once; `unreadable_file`
    at once or later; `binary_file`, `not_utf8` when the line is reached, which they name.
    """
    size = sum(map(_size, paths))
    if size > MOST_BYTES:
        raise EngineError("too_much_text", size=size, most=MOST_BYTES)
    return (line for path in paths for line in _lines_of(path))


def _size(path: Path) -> int:
    """The bytes of a file. Raises EngineError for what is none; a pipe cannot be read twice."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EngineError("missing_file", path=path) from error
    except (OSError, ValueError) as error:  # no permission, a NUL in the name
        raise EngineError("unreadable_file", path=path) from error
    if stat.S_ISDIR(found.st_mode):
        raise EngineError("folder_given", path=path)
    if not stat.S_ISREG(found.st_mode):
        raise EngineError("unreadable_file", path=path)
    return found.st_size


def _lines_of(path: Path) -> Iterator[str]:
    try:
        # A byte that is not UTF-8 becomes a surrogate, so it is found in the line it stands in.
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as file:
            for number, piece in _pieces(file):
                if "\0" in piece:
                    raise EngineError("binary_file", path=path, line=number)
                if SURROGATE.search(piece):
                    raise EngineError("not_utf8", path=path, line=number)
                if line := normalise(piece).strip():
                    yield line
    except OSError as error:
        raise EngineError("unreadable_file", path=path) from error


def _pieces(file: TextIO) -> Iterator[tuple[int, str]]:
    """The lines of a file, each with its number; a long one in pieces, all with the same number."""
    number, rest = 1, ""
    while read := file.readline(_LONGEST_LINE):
        piece, rest = rest + read, ""
        ends = piece.endswith("\n")
        if not ends and len(piece) >= _LONGEST_LINE:
            cut = piece.rfind(" ") + 1 or len(piece)
            piece, rest = piece[:cut], piece[cut:]
        yield number, piece
        number += ends
    if rest:
        yield number, rest


def learn_tokenizer(lines: Iterable[str], d_vocab_most: int = 2000) -> Tokenizer:
    """A tokenizer of at most `d_vocab_most` tokens, or of the 257 that every one has.

    The most frequent pair of neighbours is joined first, until each word is one token or there
    are tokens enough: in a small text each word is one token, in a larger one the frequent words.
    The same lines in another order give the same tokenizer, up to a million different words.
    """
    most_merges = max(d_vocab_most - len(ALPHABET) - 1, 0)
    counts = _frequent_words(lines)
    merges: list[Pair] = []
    learn(_usual_characters(counts), merges, limit=most_merges)
    learn(counts, merges, limit=most_merges)
    return Tokenizer.of(merges)


def _frequent_words(lines: Iterable[str]) -> dict[str, int]:
    """The most frequent words as `split` gives them, each with its count."""
    counts: Counter[str] = Counter()
    least = 1
    for line in lines:
        counts.update(word for word in split(line) if len(word) <= _LONGEST_WORD)
        while len(counts) > _MOST_COUNTED:
            least += 1
            counts = Counter({word: n for word, n in counts.items() if n >= least})
    frequent = nsmallest(_MOST_LEARNED, counts.items(), key=lambda item: (-item[1], item[0]))
    sizes = accumulate(len(word.encode()) for word, _ in frequent)
    some = takewhile(lambda size: size <= _MOST_BYTES_LEARNED, sizes)
    return dict(item for _, item in zip(some, frequent, strict=False))


def _usual_characters(counts: dict[str, int]) -> dict[str, int]:
    characters: Counter[str] = Counter()
    for word, n in counts.items():
        for character in word:
            characters[character] += n
    least = characters.total() / _USUAL
    return {character: n for character, n in characters.items() if n >= least}
