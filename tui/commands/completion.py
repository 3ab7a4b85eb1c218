"""`desdecero completion`: what a shell has to read so that Tab completes the command line."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from tui.commands.base import Command
from tui.messages import Words

_SHELLS = ("bash", "zsh", "fish")


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument("shell", choices=_SHELLS, help=words("completion.shell"))


def _run(args: Namespace, words: Words) -> None:
    print(script(args.shell, words), end="")


def script(shell: str, words: Words) -> str:
    """The script for a shell, its explanations in the language of `words`."""
    from engine.presets import NAMES
    from engine.store import shipped
    from lessons.first_card import lesson_ids
    from lessons.trials.all import TRIALS
    from tui.commands.parser import whole
    from tui.commands.table import COMMANDS
    from tui.completion.shells import SHELLS
    from tui.completion.table import completions

    known = {
        "model": tuple(shipped()),
        "preset": NAMES,
        "lesson": tuple(lesson_ids()),
        "experiment": tuple(trial.id for trial in TRIALS),
    }
    return SHELLS[shell](completions(whole(words, COMMANDS), known))


COMMAND = Command("completion", _add_arguments, _run)
