"""A soak of the whole app.

    python -m tests.soak SEED [N] [--any-speed]

N keys, clicks, pastes and new sizes, 20,000 if left out, drawn from SEED. It fails on an exception
in whatever thread, on a frame over 200 ms of the processor, and where the memory grows by more
than 20% between the warm-up and the end; then it prints the last 50 keys and the screen.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
import pytest

from tests.soak.quick import quick_training
from tests.soak.soak import Soak, SoakError, Watched, growth

LIMIT = 200.0
GROWTH = 0.20
WARM_UP = 0.5
"""The part of all keys after which caches are as full as they get."""


def main() -> int:
    """Soaks; the exit status is 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("seed", type=int)
    parser.add_argument("n", type=int, nargs="?", default=20_000)
    parser.add_argument("--any-speed", action="store_true", help="slow frames are only told")
    args = parser.parse_args()
    soak = Soak(args.seed, args.n, LIMIT, max(1, args.n // 20), args.any_speed, True)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "LOCALAPPDATA", "HOME"):
            patch.setenv(name, folder)
        (Path(folder) / "here").mkdir()
        patch.chdir(Path(folder) / "here")  # what is saved goes here
        try:
            with quick_training(patch):
                soak.run()
        except SoakError as failure:
            told = f"seed {args.seed}: {failure}"
            print(told.encode("utf-8", "backslashreplace").decode())
            tell(soak.seen)
            return 1
    tell(soak.seen)
    before, after = growth(soak.seen.memory, round(WARM_UP * args.n))
    grown = after / before - 1
    print(
        f"seed {args.seed}: {before:.0f} MB after the warm-up, {after:.0f} MB at the end, ", end=""
    )
    print(f"{grown:+.1%} (at most {GROWTH:.0%})")
    return int(grown > GROWTH)


def tell(seen: Watched) -> None:
    """Print what was seen."""
    print(f"{seen.done} deeds in {seen.starts} starts, {seen.too_slow} over {LIMIT:.0f} ms")
    print("  MB: " + " ".join(f"{mb:.0f}" for _, mb in seen.memory))
    for title, rows in (("of the processor", seen.slow), ("by the clock", seen.waits)):
        print(f"  slowest {title}:")
        for ms, deed, screen in rows[:8]:
            print(f"    {ms:6.0f} ms  {deed:<24} {screen}")
    often = sorted(seen.screens.items(), key=lambda row: -row[1])
    print("  screens: " + ", ".join(f"{name} {n}" for name, n in often))


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # a thread that still computes is not waited for
