"""Makes pictures of the app.

    python -m tests.pictures FOLDER     every screen in every size and look, and index.html
    python -m tests.pictures --readme   those of the README, which are kept in the repository

--lang, --size and --look make less of it, and can be repeated.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import engine  # noqa: F401 (what it sets up for NumPy has to be set before NumPy is loaded)

# isort: split
from tests.pictures.page import page
from tests.pictures.readme import STEPS, made, path_of
from tests.pictures.shots import LOOKS, SIZES, Shot, nobody, shots_of
from tui.messages import LANGUAGES


def main() -> int:
    """Makes what is asked for."""
    sizes = {f"{width}x{height}": (width, height) for width, height in SIZES}
    parser = argparse.ArgumentParser(prog="python -m tests.pictures")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--lang", choices=LANGUAGES, default="es")
    parser.add_argument("--size", choices=sizes, action="append")
    parser.add_argument("--look", choices=LOOKS, action="append")
    args = parser.parse_args()
    if args.readme == (args.folder is not None):
        parser.error("name a folder, or ask for --readme")
    if args.readme:
        for lang in LANGUAGES:
            for name in STEPS:
                path_of(name, lang).write_text(made(name, lang), encoding="utf-8")
        return 0
    folder = args.folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    shots: list[Shot] = []

    def take(shot: Shot) -> None:
        (folder / shot.file).write_text(shot.svg, encoding="utf-8")
        shots.append(shot)

    for size in args.size or sizes:
        for look in args.look or LOOKS:
            with nobody():
                shots_of(sizes[size], look, args.lang, take)
            print(f"{len(shots)} pictures, {size} {look}", flush=True)
    (folder / "index.html").write_text(page(shots, args.lang), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
