"""Batches drawn in a process of their own, while this one learns from those before.

Drawing texts is plain Python and learning from them is NumPy, so on two cores the two go on side
by side; threads would only wait for each other's turn. The other process is this module, run by
itself; it writes token ids to a pipe until the pipe is closed. The batches are those that
`endless_rows` gives here for the same seed.

    python -m engine.feed < what to draw, as JSON
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from typing import IO, Any

import numpy as np

from engine.batches import Drawn, endless_rows
from engine.corpus.world import World
from engine.errors import EngineError
from engine.ops import Array
from engine.tokenizer import Tokenizer


def fed_rows(
    language: str,
    tokenizer: Tokenizer,
    seed: int,
    batch_size: int,
    n_ctx: int,
    place: Mapping[str, Any] | None = None,
) -> Generator[Drawn, None, None]:
    """The endless batches of a language's small world, from a place on if one is given.

    Closing it ends the process.
    tokenizer: that of the world.
    Raises EngineError if the process cannot be started, or ends by itself.
    """
    wanted = {
        "language": language,
        "tokens": tokenizer.tokens,
        "merges": tokenizer.merges,
        "seed": seed,
        "batch_size": batch_size,
        "n_ctx": n_ctx,
        "place": place,
    }
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "engine.feed"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise EngineError("feed_ended") from error
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _ask(process.stdin, wanted)
            state: list[int] = []
            while True:
                used, n_state, n_rows = (int(x) for x in _read(process.stdout, 3))
                if n_state:
                    state = [int(x) for x in _read(process.stdout, n_state, np.uint32)]
                lengths = _read(process.stdout, n_rows)
                ids = _read(process.stdout, int(lengths.sum()))
                rows = np.split(ids, np.cumsum(lengths)[:-1])
                yield Drawn(rows, {"random": state, "batch": used})
        finally:
            process.kill()


def _ask(pipe: IO[bytes], wanted: Mapping[str, Any]) -> None:
    """Tells the process what to draw. Raises EngineError if it has ended."""
    try:
        pipe.write(json.dumps(wanted).encode())
        pipe.close()
    except OSError as error:
        raise EngineError("feed_ended") from error


def _read(pipe: IO[bytes], n: int, kind: type[np.integer[Any]] = np.int32) -> Array:
    """The next n whole numbers. Raises EngineError where the pipe ends before."""
    wanted = 4 * n
    found = pipe.read(wanted)
    if len(found) < wanted:
        raise EngineError("feed_ended")
    return np.frombuffer(found, kind)


def _write_rows(
    language: str,
    tokens: list[str],
    merges: list[list[str]],
    seed: int,
    batch_size: int,
    n_ctx: int,
    place: Mapping[str, Any] | None,
) -> None:
    """For each batch: its number in the pool, the length of the generator's state (0 where it is
    that of the batch before) and the number of rows; the state; the lengths of the rows; the rows.
    """
    # Ctrl+C reaches every process of the terminal; this one ends when its reader does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    world = World.load(language)
    tokenizer = Tokenizer(tuple(tokens), tuple((left, right) for left, right in merges))
    told: list[int] = []
    for drawn in endless_rows(world, tokenizer, seed, batch_size, n_ctx, place):
        state = drawn.place["random"]
        new = [] if state is told else state
        told = state
        numbers = [drawn.place["batch"], len(new), len(drawn.rows)]
        rest = [*map(len, drawn.rows), *(i for row in drawn.rows for i in row)]
        for part, kind in ((numbers, np.int32), (new, np.uint32), (rest, np.int32)):
            sys.stdout.buffer.write(np.array(part, kind).tobytes())


if __name__ == "__main__":
    _write_rows(**json.loads(sys.stdin.buffer.read()))
