"""What all commands share: how one is described, the sentence it reads, the run it shows."""

from __future__ import annotations

import re
import sys
from argparse import SUPPRESS, Action, ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.examples import usual_model
from tui.messages import Words
from tui.messages import words as table

if TYPE_CHECKING:  # numpy and the engine are imported when a command runs, not for --help
    from engine.experiment import Experiment
    from engine.store import Model

_MOST_INPUT = 2**20
_SURROGATE = re.compile("[\ud800-\udfff]")


class UsageError(Exception):
    """The command line cannot be followed. `code` names a sentence of [usage] in cli.*.toml."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class Command:
    """One command: its name, what it takes, and what it does.

    Its help is the sentence "NAME.help" of the words it is given.
    """

    name: str
    add_arguments: Callable[[ArgumentParser, Words], None]
    run: Callable[[Namespace, Words], None]


def natural(text: str) -> int:
    """A whole number from 0 on. Raises ValueError."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise ValueError(text)
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1 on. Raises ValueError."""
    if natural(text) == 0:
        raise ValueError(text)
    return int(text)


def add_text(parser: ArgumentParser, words: Words) -> Action:
    return parser.add_argument("text", metavar=words("metavar.text"), help=words("help.text"))


def add_json(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def add_force(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument(
        "--force",
        action="append",
        default=[],
        metavar=words("metavar.change"),
        help=words("help.force"),
    )


def add_share(parser: ArgumentParser, words: Words) -> None:
    # Without a default of its own: it may stand before the command as well.
    parser.add_argument(
        "--share", default=SUPPRESS, metavar=words("metavar.line"), help=words("help.share")
    )


def read_text(text: str) -> str:
    """The sentence: `text` itself, or for "-" what standard input holds (UTF-8).

    Bytes that are no character become U+FFFD, the line break at the end is not part of it, and
    more than a mebibyte is not waited for: no model here reads that far.
    Raises UsageError if there is no input or it cannot be read.
    """
    if text == "-":
        if sys.stdin is None:
            raise UsageError("no_input")
        try:
            source = getattr(sys.stdin, "buffer", None)
            typed = source.read(_MOST_INPUT) if source else sys.stdin.read(_MOST_INPUT)
        except (OSError, ValueError) as error:
            raise UsageError("unreadable_input", reason=_reason(error)) from error
        text = typed.decode("utf-8-sig", "replace") if isinstance(typed, bytes) else typed
        text = re.sub(r"\r?\n\Z", "", text)
    # Bytes of an argument that are no character arrive as lone surrogates.
    return _SURROGATE.sub("\ufffd", text)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or type(error).__name__


def open_model(args: Namespace, words: Words) -> Model:
    """The model of --model, else the small one of the language. Raises EngineError."""
    from engine.store import load
    from tui.own_models import find_model

    return load(find_model(args.model or usual_model(words.lang)))


def open_run(args: Namespace, words: Words) -> Experiment:
    """The sentence and its run; says on standard error where the sentence had to be cut.

    The sentence is TEXT with what --force changes, or what --share tells with that added.
    Raises EngineError if there is no such model or something cannot be forced, UsageError if
    there is no sentence.
    """
    import numpy as np

    from engine.experiment import Experiment
    from engine.whatif import Force

    forces = tuple(Force.parse(change) for change in vars(args).get("force", ()))
    if vars(args).get("share") is None:
        if args.text is None:
            raise UsageError("required", names=words("metavar.text"))
        experiment = Experiment(open_model(args, words), read_text(args.text), forces)
    else:
        experiment = _open_shared(args, words).force(*forces)
    if (cut_at := experiment.cut_at) is not None:
        before = experiment.normal_text[max(0, cut_at - 20) : cut_at]
        n_ctx = experiment.model.config.n_ctx
        say(words("notice.cut", n_ctx=n_ctx, cut_at=cut_at, before=before))
    with np.errstate(all="ignore"):  # weights may be finite and still overflow: that is shown
        _ = experiment.trace
    return experiment


def open_taught(args: Namespace, words: Words) -> Experiment:
    """As `open_run`, for the course, which is told about a model that has every part.

    Where the learner's lacks one, another reads the sentence, which is said on standard error.
    """
    from lessons.taught import taught

    run = open_run(args, words)
    told = taught(run, words.lang)
    if told is not run:
        names = {"model": run.model.name, "other": told.model.name}
        say(table("app", words.lang)("notice.taught", **names))
    return told


def _open_shared(args: Namespace, words: Words) -> Experiment:
    from engine.share import from_line, open_shared

    if args.text is not None:
        raise UsageError("conflict", name="--share", other=words("metavar.text"))
    shared = from_line(args.share)
    if not args.model:
        return open_shared(shared)
    given = open_model(args, words)
    experiment = open_shared(shared, [given])
    used = [run.model for run in (experiment, experiment.other) if run is not None]
    if not any(model is given for model in used):
        raise UsageError("conflict", name="--share", other="--model")
    return experiment


def say(sentence: str) -> None:
    """Prints one line on standard error, whatever stands in it and wherever that leads."""
    from tui.commands.plain import escape

    if sys.stderr is not None:
        try:
            print(escape(sentence), file=sys.stderr, flush=True)
        except (OSError, ValueError):  # closed: there is no one left to tell
            return
