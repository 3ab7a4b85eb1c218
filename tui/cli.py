"""The command line: `desdecero` starts the app, `desdecero COMMAND` prints something.

Nothing heavy is imported here: a command imports the engine when it runs, and only the app
imports Textual. Every trouble ends as one line on standard error, in the person's language,
and exit status 2.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from engine.errors import EngineError
from tui.commands.base import UsageError, say
from tui.commands.parser import parse, requested_language, usage_sentence
from tui.messages import Words, error_sentence, words
from tui.plain.wanted import plain_wanted
from tui.terminal import colours, speaks_utf_8

OK, TROUBLE, INTERRUPTED, BROKEN_PIPE = 0, 2, 130, 141  # the last two as shells report the signals


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line says; returns the exit status and never raises."""
    args = sys.argv[1:] if arguments is None else list(arguments)
    said = words("cli", requested_language(args, os.environ))
    try:
        return _run(args, said)
    except UsageError as error:
        return _trouble(usage_sentence(error, said))
    except EngineError as error:
        return _trouble(error_sentence(error, said.lang))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader, `head` for instance, has seen enough
        _abandon_output()
        return BROKEN_PIPE
    except OSError as error:
        _abandon_output()
        return _trouble(said("usage.output", reason=error.strerror or type(error).__name__))
    except Exception as error:
        if sys.flags.dev_mode:  # python -X dev -m tui.cli: the traceback, for who mends it
            raise
        message = f"{type(error).__name__}: {error}"
        return _trouble(said("usage.unexpected", message=message))


def _run(arguments: list[str], words: Words) -> int:
    if sys.stdout is None:
        raise UsageError("output", reason=os.strerror(errno.EBADF))
    # Characters that the terminal's encoding lacks are spelled out instead of failing.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        args = parse(arguments, words)
    except SystemExit as finished:  # --help
        _flush()
        return int(finished.code or OK)
    if args.run is None:
        _start_app(args)
    else:
        args.run(args, words)
    _flush()
    return OK


def _start_app(args: Namespace) -> None:
    begin: dict[str, Any] = {}
    if args.lesson:
        _check_lesson(args.lesson)
        begin["lesson"] = args.lesson
    if args.plain or plain_wanted(os.environ, sys.stdin, sys.stdout):
        from tui.plain.start import run_plain

        run_plain(args.text, args.model, args.lang, args.share, **begin)
        return
    if not speaks_utf_8(sys.stdout.encoding):
        raise UsageError("not_utf_8", encoding=sys.stdout.encoding)
    if args.animation is not None:
        begin["animation"] = args.animation
    begin["colours"] = colours(os.environ, args.colors)
    # So that nobody chooses among the colours once more.
    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
    # All that is read now stays. Searching it for garbage is a quarter of the start, so that
    # waits until the app is there.
    gc.disable()
    from tui.app import run_app

    run_app(
        text=args.text,
        model=args.model,
        lang=args.lang,
        theme=args.theme,
        share=args.share,
        **begin,
    )


def _check_lesson(lesson: str) -> None:
    """Raises UsageError where there is no such lesson; reads no more than their list."""
    from lessons.first_card import lesson_ids

    known = tuple(lesson_ids())
    if lesson not in known:
        from tui.commands.nearest import no_lesson  # only where something is amiss

        raise no_lesson(lesson, known)


def _trouble(sentence: str) -> int:
    say(f"desdecero: {sentence}")
    return TROUBLE


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _abandon_output() -> None:
    """Leads what is still to be written nowhere, or Python would try once more and complain."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # standard output is no file
        return


if __name__ == "__main__":
    sys.exit(main())
