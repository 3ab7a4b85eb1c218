"""A person's own texts as token ids: encoded, parted, and drawn in batches, epoch by epoch."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from engine.batches import POOL, Drawn
from engine.errors import EngineError
from engine.ops import Array
from engine.plain_text import read_lines
from engine.tokenizer import Tokenizer

# From fewer nothing can be learned that holds for another sentence, nor one be held out.
FEWEST_TEXTS = 10


@dataclass(frozen=True, eq=False)
class Texts:
    """Texts as token ids, one behind the other. `texts[i]` is a view of one, as `encode` gives it.

    ids [token]: int32; starts [text + 1]: int64; text i is ids[starts[i] : starts[i + 1]].
    Both are read-only. They take 4 bytes a token and 8 a text: for 50 MB of text about 70 MB, and
    half a gigabyte if each line is one letter.
    """

    ids: Array
    starts: Array

    def __post_init__(self) -> None:
        self.ids.setflags(write=False)
        self.starts.setflags(write=False)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, i: int) -> Array:
        if not 0 <= i < len(self):
            raise IndexError(i)
        row: Array = self.ids[self.starts[i] : self.starts[i + 1]]
        return row

    def __iter__(self) -> Iterator[Array]:
        return (self[i] for i in range(len(self)))

    @property
    def n_texts(self) -> int:
        """How many texts there are; of a line that was cut, each piece is one."""
        return len(self)

    @property
    def n_tokens(self) -> int:
        """How many tokens a model is to tell in one epoch: all but the start of each text."""
        return len(self.ids) - len(self)


def read_texts(paths: Sequence[Path], tokenizer: Tokenizer, n_ctx: int) -> Texts:
    """The texts of some files, one a line.

    Raises EngineError as `read_lines` does, and `too_few_lines`.
    """
    return encode_lines(read_lines(paths), tokenizer, n_ctx, fewest=FEWEST_TEXTS)


def encode_lines(lines: Iterable[str], tokenizer: Tokenizer, n_ctx: int, fewest: int = 1) -> Texts:
    """Each line as start token, its tokens, end token: what `batches.encode` makes of it.

    A line of more than n_ctx tokens is cut into pieces of so many, and each becomes a text of its
    own, of which only the last one ends. No text is longer than n_ctx + 1.

    Raises EngineError (`too_few_lines`) if they make fewer than `fewest` texts.
    """
    start = tokenizer.start_id
    ids, starts = array("i"), array("q", [0])
    for line in lines:
        tokens = tokenizer.encode(line)
        for i in range(0, len(tokens), n_ctx):
            ids.extend([start, *tokens[i : i + n_ctx], start][: n_ctx + 1])
            starts.append(len(ids))
    if len(starts) - 1 < fewest:
        raise EngineError("too_few_lines", n=len(starts) - 1, least=fewest)
    return Texts(np.asarray(ids, np.int32), np.asarray(starts, np.int64))


def split(texts: Texts, share: float = 0.05) -> tuple[Texts, Texts]:
    """Parts the texts into those to learn from, and those held out to be examined on.

    Equal texts stay together: what is held out is never learned. Which texts they are hangs on
    the texts alone, and not on their order or on luck. About `share` of the texts are held out,
    at least one, and if possible none that stands there many times: that is meant to be learned.

    Raises EngineError (`texts_all_equal`) if there are not two different texts.
    """
    checks = np.fromiter((crc32(text.tobytes()) for text in texts), np.uint32, len(texts))
    groups, counts = np.unique(checks, return_counts=True)
    if len(counts) < 2:
        raise EngineError("texts_all_equal")
    most = max(int(len(texts) * share), 1)
    rare = counts <= most
    # Groups come by their checksum, which is as good as any order.
    held = rare & (np.cumsum(np.where(rare, counts, 0)) <= most)
    if not held.any():
        held[counts.argmin()] = True
    chosen = held[np.searchsorted(groups, checks)]
    return _chosen(texts, ~chosen), _chosen(texts, chosen)


def _chosen(texts: Texts, chosen: Array) -> Texts:
    lengths = np.diff(texts.starts)
    starts = np.zeros(int(chosen.sum()) + 1, np.int64)
    np.cumsum(lengths[chosen], out=starts[1:])
    return Texts(texts.ids[np.repeat(chosen, lengths)], starts)


def text_rows(
    texts: Texts, seed: int, batch_size: int, place: Mapping[str, Any] | None = None
) -> Generator[Drawn, None, None]:
    """Batches without end, from the first one or from a place on. An epoch draws each text once.

    The order of an epoch hangs on `seed` and the epoch alone. As in `batches.endless_rows`, the
    texts of POOL batches are sorted by length, so that those of one batch are about equally long.
    An epoch has as few batches as `batch_size` allows, and they differ by one text at most; texts
    fewer than `batch_size` are one batch.

    place: {"epoch": from 0, "batch": how many of its batches are used up}.
    Raises EngineError (`bad_place`) for a place that these texts do not have.
    """
    n_batches = -(-len(texts) // batch_size)
    epoch, batch = (0, 0) if place is None else _numbers(place, n_batches)
    bounds = np.arange(n_batches + 1) * len(texts) // n_batches
    while True:
        order = np.random.default_rng([seed, epoch]).permutation(len(texts))
        for first in range(batch - batch % POOL, n_batches, POOL):
            last = min(first + POOL, n_batches)
            pool = order[bounds[first] : bounds[last]]
            pool = pool[np.argsort(texts.starts[pool + 1] - texts.starts[pool], kind="stable")]
            groups = np.split(pool, bounds[first + 1 : last] - bounds[first])
            shuffled = np.random.default_rng([seed, epoch, first]).permutation(len(groups))
            for done, i in enumerate(shuffled[batch - first :], start=batch + 1):
                rows = [texts[j] for j in groups[i].tolist()]
                yield Drawn(rows, {"epoch": epoch, "batch": done})
            batch = last
        epoch, batch = epoch + 1, 0


def _numbers(place: Mapping[str, Any], n_batches: int) -> tuple[int, int]:
    epoch, batch = place.get("epoch"), place.get("batch")
    if type(epoch) is int and type(batch) is int and epoch >= 0 and 0 <= batch <= n_batches:
        return epoch, batch
    raise EngineError("bad_place")
