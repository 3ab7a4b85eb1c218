"""Byte-level byte-pair encoding (BPE): from typed text to the ids a transformer reads, and back.

The road of a text, from top to bottom (words.py, bpe.py, this file):

    "¿Dónde está el gato?"                          the text, in Unicode's normal form C
    " ¿", " Dónde", " está", " el", " gato", "?"    words: a word keeps the space before it
    " ", "g", "a", "t", "o"                         the bytes of one word
    " g", "at", "o"  ->  " gat", "o"  ->  " gato"   merges, in the order in which they were learned
    1204                                            the place of the token in the vocabulary

Sources: Sennrich et al. 2016, section 3.2 (merges); Radford et al. 2019, section 2.2 (bytes).
The files are GPT-2's, `vocab.json` and `merges.txt`. Three things differ from GPT-2: texts are in
normal form C, the split knows no English contractions, and a space is put before the text and after
every opening mark, so that a word is the same token wherever it stands. `decode` takes exactly
those spaces away again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from engine.bpe import (
    ALPHABET,
    BYTE,
    Pair,
    Symbols,
    first_merge,
    join,
    learn,
    merge_all,
    show,
    to_bytes,
    to_symbols,
)
from engine.bpe_files import read_merges, read_vocab, write_merges, write_vocab
from engine.errors import EngineError
from engine.words import BLANK, OPENING, as_in_a_sentence, normalise, remove_spaces, split

START = "<|endoftext|>"  # stands before every text; a model predicts it where a text ends


_CACHED_WORDS = 2**16


@dataclass(frozen=True)
class MergeStep:
    """One moment of `Tokenizer.replay`: the pieces there are, and the merge that led here."""

    ids: tuple[int, ...]
    pieces: tuple[str, ...]  # the text of each id, as `piece` shows it
    pair: Pair | None  # the two pieces that were joined; None before the first merge
    rank: int | None  # how many merges were learned before this one


@dataclass(frozen=True)
class Tokenizer:
    """A vocabulary and the merges that reach it. A token's id is its place in `tokens`.

    Tokens and merges are written in ALPHABET; the last token is START, which no merge makes.
    Raises EngineError if tokens and merges do not fit together.
    """

    tokens: tuple[str, ...] = field(repr=False)
    merges: tuple[Pair, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if self.tokens[-1:] != (START,):
            raise EngineError("no_start_token", token=START)
        known: set[str] = set()
        for id, token in enumerate(self.tokens[:-1]):
            if not token or token in known or not BYTE.keys() >= set(token):
                raise EngineError("bad_token", id=id, token=token)
            known.add(token)
        for byte, character in enumerate(ALPHABET):
            if character not in known:
                raise EngineError("missing_byte", byte=byte)
        for rank, (left, right) in enumerate(self.merges):
            for token in (left, right, left + right):
                if token not in known:
                    raise EngineError("unknown_token", rank=rank, token=token)

    @cached_property
    def ranks(self) -> dict[Pair, int]:
        """The place of each merge in the order of learning; the lowest is applied first."""
        return {pair: rank for rank, pair in enumerate(self.merges)}

    @cached_property
    def vocab(self) -> dict[str, int]:
        """The id of each token."""
        return {token: id for id, token in enumerate(self.tokens)}

    @property
    def start_id(self) -> int:
        """The id of START: the last one."""
        return len(self.tokens) - 1

    @property
    def blank_id(self) -> int | None:
        """The id of BLANK; None in a vocabulary that does not have it as one token."""
        return self.vocab.get("".join(to_symbols(f" {BLANK}")))

    def __len__(self) -> int:
        return len(self.tokens)

    def __reduce__(self) -> tuple[type[Tokenizer], tuple[Symbols, tuple[Pair, ...]]]:
        return Tokenizer, (self.tokens, self.merges)  # a copy fills its own cache

    def encode(self, text: str) -> list[int]:
        """The ids of a text. START is not among them, even where a text spells it out."""
        ids_of = self._ids_of
        return [id for word in split(text) for id in ids_of(word)]

    @cached_property
    def _ids_of(self) -> Callable[[str], tuple[int, ...]]:
        """The ids of one word; texts repeat their words, so the latest ones are remembered."""

        @lru_cache(maxsize=_CACHED_WORDS)
        def ids_of(word: str) -> tuple[int, ...]:
            return tuple(self.vocab[token] for token in merge_all(to_symbols(word), self.ranks))

        return ids_of

    def decode(self, ids: Iterable[int]) -> str:
        """The text of some ids: `decode(encode(text)) == normalise(text)`.

        START is left out. A model may predict bytes that are no character: they become U+FFFD.
        Raises EngineError (`unknown_id`).
        """
        tokens = (self._token(id) for id in ids if id != self.start_id)
        return remove_spaces(to_bytes("".join(tokens)).decode(errors="replace"))

    def _token(self, id: int) -> str:
        if not 0 <= id < len(self.tokens):
            raise EngineError("unknown_id", id=id, size=len(self.tokens))
        return self.tokens[id]

    def piece(self, id: int) -> str:
        """The text of one token, its space included; a byte of a cut character reads "<0xC3>".

        Raises EngineError (`unknown_id`).
        """
        return show(self._token(id))

    def pieces(self, text: str) -> list[tuple[int, int, int]]:
        """Which part of the text each token covers: (id, start, end) for each id of `encode`.

        Offsets count characters of `normalise(text)`, the end exclusive. They tile it: each piece
        starts where the one before it ended. A character that several tokens share belongs to the
        one that completes it, so a text cut after any piece holds whole characters. The others, and
        a token that is only an added space, cover nothing: start == end.
        """
        text = normalise(text)
        complete = [0, 0]  # for each number of bytes, the characters they complete; the space: none
        for end, character in enumerate(text, start=1):
            complete += [end - 1] * (len(character.encode()) - 1) + [end]
            if character in OPENING and end < len(text):
                complete.append(end)
        found = []
        byte = 0
        for id in self.encode(text):
            start, byte = byte, byte + len(self.tokens[id])
            found.append((id, complete[start], complete[byte]))
        return found

    def replay(self, text: str) -> list[MergeStep]:
        """The merges of a text, one by one: from its bytes to the ids that `encode` gives.

        Meant for one word, which is shown with its space; a longer text works too. A merge that
        applies in several places does so in one step.
        """
        words = [to_symbols(word) for word in split(text)]
        steps = [self._step(words, None, None)]
        while pairs := [pair for word in words if (pair := first_merge(word, self.ranks))]:
            pair = min(pairs, key=self.ranks.__getitem__)
            words = [join(pair, word) for word in words]
            steps.append(self._step(words, (show(pair[0]), show(pair[1])), self.ranks[pair]))
        return steps

    def _step(self, words: list[Symbols], pair: Pair | None, rank: int | None) -> MergeStep:
        symbols = [symbol for word in words for symbol in word]
        ids = tuple(self.vocab[symbol] for symbol in symbols)
        return MergeStep(ids, tuple(show(symbol) for symbol in symbols), pair, rank)

    @classmethod
    def train(
        cls,
        word_counts: Mapping[str, int],
        whole: Iterable[str] = (),
        max_merges: int | None = None,
    ) -> Tokenizer:
        """Learns merges: the most frequent pair first, of equals the first in alphabetical order.

        First from the words of `whole` alone, until each is one token; then, if `max_merges` is
        given, from all words, up to that many merges altogether. Words are as typed, without their
        space; closing marks are words too. A word of `whole` without a count counts once.

        A merge costs one token and takes one piece off each word that holds the pair, so with equal
        counts the most frequent pair is also the most thrifty. For 1,443 inflected Spanish forms
        that makes 659 tokens besides bytes and words; counts that fall as in real texts make 671,
        and learning the shared stems first makes 649 to 873.

        Raises EngineError (`not_one_word`) for a text in `whole` that `split` would cut.
        """
        counts: Counter[str] = Counter()
        for word, count in word_counts.items():
            for part in as_in_a_sentence(word):
                counts[part] += count
        goal: dict[str, int] = {}
        for word in whole:
            parts = as_in_a_sentence(word)
            if len(parts) != 1:
                raise EngineError("not_one_word", word=word)
            goal[parts[0]] = max(counts[parts[0]], 1)

        merges: list[Pair] = []
        # Characters first: otherwise a merge might join the second half of "ñ" to its neighbour.
        learn(dict.fromkeys("".join(goal), 1), merges, limit=None)
        learn(goal, merges, limit=None)
        if max_merges is not None:
            learn(+counts, merges, limit=max_merges)
        return cls.of(merges)

    @classmethod
    def of(cls, merges: Sequence[Pair]) -> Tokenizer:
        """The tokenizer of some merges: the 256 bytes, the tokens in the order made, START."""
        # Two merges may make the same token, "a" + "bc" and "ab" + "c", which then has one id.
        made = dict.fromkeys(left + right for left, right in merges)
        return cls((*sorted(ALPHABET), *made, START), tuple(merges))

    def save(self, folder: Path) -> None:
        """Writes `vocab.json` and `merges.txt`, making the folder if need be. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        write_vocab(folder / "vocab.json", self.vocab)
        write_merges(folder / "merges.txt", self.merges)

    @classmethod
    def load(cls, folder: Path) -> Tokenizer:
        """Reads what `save`, or GPT-2, wrote. Raises EngineError for files it cannot trust."""
        return cls(read_vocab(folder / "vocab.json"), read_merges(folder / "merges.txt"))
