"""`desdecero export`: a whole run as a NumPy program, as a picture, or as a page."""

from __future__ import annotations

import re
from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.base import Command, UsageError, add_force, add_share, add_text, open_run
from tui.messages import Words

if TYPE_CHECKING:
    from engine.experiment import Experiment

FORMS = ("numpy", "svg", "html")
_SIZE = (120, 40)
_LEAST, _MOST = (60, 20), (500, 200)


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    add_text(parser, words).required = False  # a shared line brings its own
    add_force(parser, words)
    add_share(parser, words)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--numpy", type=Path, metavar="FILE.py", help=words("export.numpy"))
    form.add_argument("--svg", type=Path, metavar="FILE.svg", help=words("export.svg"))
    form.add_argument("--html", type=Path, metavar="FILE.html", help=words("export.html"))
    parser.add_argument("--stage", metavar="ID", help=words("export.stage"))
    parser.add_argument("--size", type=size, metavar="120x40", help=words("export.size"))
    # Without a default of its own: it may stand before the command as well.
    parser.add_argument(
        "--theme", choices=("dark", "light"), default=SUPPRESS, help=words("export.theme")
    )
    parser.add_argument("--overwrite", action="store_true", help=words("export.overwrite"))


def _run(args: Namespace, words: Words) -> None:
    form = next((form for form in FORMS if getattr(args, form) is not None), None)
    if form is None:
        raise UsageError("export_form", prog="desdecero export")
    for option in ("stage", "size"):
        if form != "svg" and getattr(args, option) is not None:
            raise UsageError("only_with", name=f"--{option}", other="--svg")
    from tui.export.files import check_free, write_whole

    path: Path = getattr(args, form)
    check_free(path, args.overwrite)  # before anything is computed
    text = _exported(form, open_run(args, words), args, words)
    n_bytes = write_whole(path, text, args.overwrite)
    print(words("export.written", path=path, size=-(-n_bytes // 1000)))


COMMAND = Command("export", _add_arguments, _run)


def size(text: str) -> tuple[int, int]:
    """Columns and lines, as in "120x40". Raises ValueError where the app would not fit."""
    match = re.fullmatch(r"([0-9]{1,3})[x×]([0-9]{1,3})", text.strip().lower())
    if match is None:
        raise ValueError(text)
    found = (int(match[1]), int(match[2]))
    if not all(a <= n <= b for a, n, b in zip(_LEAST, found, _MOST, strict=True)):
        raise ValueError(text)
    return found


def _exported(form: str, experiment: Experiment, args: Namespace, words: Words) -> str:
    """The run in one of the forms. Each is made by a function that the app can call as well."""
    if form == "numpy":
        from lessons.numpy_export import to_python

        return to_python(experiment)
    if form == "html":
        from tui.export.page import to_page

        return to_page(experiment, words.lang)
    from tui.export.picture import TELLING_STAGE, picture

    return picture(
        experiment, args.stage or TELLING_STAGE, args.size or _SIZE, words.lang, args.theme
    )
