"""Batches drawn in a process of their own, while this one learns from those before.

Drawing texts is plain Python and learning from them is NumPy, so on two cores the two go on side
by side; threads would only wait for each other's turn. The other process is this module, run by
itself; it writes token ids to a pipe until the pipe is closed. The batches are those that
`endless_rows` gives here for the same seed.

    python -m engine.feed LANGUAGE BLANK SEED BATCH_SIZE N_CTX
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Generator
from random import Random
from typing import IO

import numpy as np

from engine.batches import endless_rows, tokenizer_of
from engine.corpus.world import World
from engine.errors import EngineError
from engine.ops import Array


def fed_rows(
    language: str, blank: bool, seed: int, batch_size: int, n_ctx: int
) -> Generator[list[Array], None, None]:
    """The rows of endless batches of a language's small world. Closing it ends the process.

    blank: whether its tokenizer has a token for BLANK.
    Raises EngineError if the process cannot be started, or ends by itself.
    """
    arguments = (language, str(int(blank)), str(seed), str(batch_size), str(n_ctx))
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.feed", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise EngineError("feed_ended") from error
    with process:
        assert process.stdout is not None
        try:
            while True:
                lengths = _read(process.stdout, batch_size)
                ids = _read(process.stdout, int(lengths.sum()))
                yield np.split(ids, np.cumsum(lengths)[:-1])
        finally:
            process.kill()


def _read(pipe: IO[bytes], n: int) -> Array:
    """The next n whole numbers. Raises EngineError where the pipe ends before."""
    wanted = 4 * n
    found = pipe.read(wanted)
    if len(found) < wanted:
        raise EngineError("feed_ended")
    return np.frombuffer(found, np.int32)


def _write_rows(language: str, blank: int, seed: int, batch_size: int, n_ctx: int) -> None:
    """For each batch the lengths of its rows, then the rows themselves, one after the other."""
    # Ctrl+C reaches every process of the terminal; this one ends when its reader does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    world = World.load(language)
    tokenizer = tokenizer_of(world, bool(blank))
    for rows in endless_rows(world, tokenizer, Random(seed), batch_size, n_ctx):
        numbers = [*map(len, rows), *(i for row in rows for i in row)]
        sys.stdout.buffer.write(np.array(numbers, np.int32).tobytes())


if __name__ == "__main__":
    _language, *_numbers = sys.argv[1:]
    _write_rows(_language, *map(int, _numbers))
