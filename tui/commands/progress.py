"""`desdecero progress`: what was done in the course; taken along, brought back, begun anew."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.base import Command, UsageError, add_json
from tui.messages import Words

if TYPE_CHECKING:
    from lessons.progress.file import ProgressFile

ACTIONS = ("export", "import", "reset")


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "action", nargs="?", choices=ACTIONS, help=words("progress.action"), metavar="ACTION"
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar=words("metavar.file"), help=words("progress.file")
    )
    parser.add_argument("--yes", action="store_true", help=words("progress.yes"))
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    from lessons.progress.file import ProgressFile, read, write
    from lessons.progress.record import Progress
    from tui.data import progress_path

    if args.action in ("export", "import") and args.file is None:
        raise UsageError("required", names=words("metavar.file"))
    if args.action not in ("export", "import") and args.file is not None:
        raise UsageError("unrecognized", names=str(args.file))
    kept = ProgressFile(progress_path())
    if args.action == "import":
        try:
            brought = read(args.file)
        except FileNotFoundError as error:
            raise UsageError("no_file", path=args.file) from error
        kept.replace(brought)
        print(words("progress.imported", path=args.file))
        return
    if args.action == "reset":
        if args.yes or _agreed(words):
            kept.replace(Progress())
            print(words("progress.reset_done"))
        return
    kept.load()
    if args.action == "export":
        write(args.file, kept.progress)
        print(words("progress.exported", path=args.file))
    else:
        _show(kept, args, words)


def _agreed(words: Words) -> bool:
    """Asks; without a terminal to answer at, nothing is agreed."""
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError("not_agreed")
    print(words("progress.reset_ask"), end=" ", flush=True)
    return sys.stdin.readline().strip().casefold() in words("progress.reset_yes").split()


def _show(kept: ProgressFile, args: Namespace, words: Words) -> None:
    from dataclasses import asdict

    from lessons.course import course
    from lessons.progress.record import now
    from lessons.progress.report import due, report
    from tui.commands.output import print_json
    from tui.commands.plain import columns

    whole = course(words.lang)
    reports = report(kept.progress, whole)
    waiting = due(kept.progress, now())
    if args.json:
        listed = [{**asdict(one), "done": one.done, "mastery": one.mastery} for one in reports]
        settings = dict(kept.progress.settings)
        print_json(
            {"path": str(kept.path), "lessons": listed, "due": waiting, "settings": settings}
        )
        return
    head = [words(f"progress.{key}") for key in ("lesson", "cards", "answers", "mastery")]
    rows = [
        [
            whole.lesson(one.id).title,
            f"{one.seen}/{one.cards}",
            f"{one.right}/{one.right + one.wrong}",
            f"{one.known}/{one.questions}",
        ]
        for one in reports
    ]
    print("\n".join(columns([head, *rows])))
    print("\n" + words("progress.due", n=len(waiting)))
    print(words("progress.kept_in", path=kept.path))


COMMAND = Command("progress", _add_arguments, _run)
