"""What can be typed on the command line, in the language in which its help is read.

argparse does the work, but its own words are English and it ends the program on an error. Here
its words come from a table, and an error is a UsageError.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

from tui.commands.base import Command, UsageError
from tui.messages import LANGUAGES, Words, language
from tui.terminal import WISHES

# How argparse complains, and which sentence of [usage] says so.
_COMPLAINTS = (
    ("required", r"the following arguments are required: (?P<names>.*)"),
    ("unrecognized", r"unrecognized arguments: (?P<names>.*)"),
    ("one_value", r"argument (?P<name>.+?): expected .*"),
    (
        "choice",
        r"argument (?P<name>.+?): invalid choice: (?P<value>.*?) \(.* from (?P<choices>.*)\)",
    ),
    ("bad_value", r"argument (?P<name>.+?): invalid (?P<kind>\w+) value: (?P<value>.*)"),
    ("conflict", r"argument (?P<name>.+?): not allowed with argument (?P<other>.*)"),
)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language of `words` and raises UsageError for what it refuses.

    helps: whether it knows --help.
    """

    def __init__(self, words: Words, helps: bool = True, **settings: Any) -> None:
        super().__init__(
            add_help=False,
            allow_abbrev=False,  # an option added later would change what a script means
            formatter_class=partial(_formatter, words),
            **settings,
        )
        self._positionals.title = words("help.arguments")
        self._optionals.title = words("help.options")
        if helps:
            self.add_argument("-h", "--help", action="help", help=words("help.help"))
        self._command = words("metavar.command")

    def error(self, message: str) -> NoReturn:
        """Raises the UsageError that says in our words what argparse says in its own."""
        for code, pattern in _COMPLAINTS:
            if match := re.fullmatch(pattern, message, re.DOTALL):
                params = match.groupdict()
                if code == "choice" and params["name"] == self._command:
                    code = "command"
                raise UsageError(code, prog=self.prog, **params)
        raise UsageError("other", prog=self.prog, message=message)


class _Formatter(argparse.HelpFormatter):
    usage = "usage: "

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self.usage if prefix is None else prefix)


class _Version(argparse.Action):
    """Prints which version this is, and ends."""

    def __init__(self, option_strings: Sequence[str], dest: str, **settings: Any) -> None:
        super().__init__(option_strings, argparse.SUPPRESS, nargs=0, **settings)

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version

        print(parser.prog, version("desdecero"))
        parser.exit()


def _formatter(words: Words, prog: str) -> _Formatter:
    formatter = _Formatter(prog)
    formatter.usage = words("help.usage")
    return formatter


def parse(arguments: Sequence[str], words: Words) -> argparse.Namespace:
    """What is typed. It has `run`: a command's function, or None for the app.

    Whoever starts the app does not wait for the commands: they are read only if there is anything
    but the app's options. Raises UsageError; ends the program after --help, as argparse does.
    """
    try:
        return _for_app(words, helps=False).parse_args(arguments)
    except UsageError:
        from tui.commands.table import COMMANDS

        return whole(words, COMMANDS).parse_args(arguments)


def _for_app(words: Words, helps: bool) -> Parser:
    """What stands before a command, or without one."""
    whole = Parser(
        words,
        helps,
        prog="desdecero",
        description=words("help.program"),
        epilog=words("help.start"),
    )
    whole.set_defaults(run=None)
    start = whole.add_mutually_exclusive_group()
    start.add_argument("--text", metavar=words("metavar.text"), help=words("help.text_of_app"))
    start.add_argument("--share", metavar=words("metavar.line"), help=words("help.share_of_app"))
    whole.add_argument("--lesson", metavar="ID", default="", help=words("help.lesson_of_app"))
    whole.add_argument("--plain", action="store_true", help=words("help.plain"))
    whole.add_argument("--theme", choices=("dark", "light", "contrast"), help=words("help.theme"))
    whole.add_argument("--colors", choices=WISHES, default="auto", help=words("help.colors"))
    whole.add_argument(
        "--animation",
        action=argparse.BooleanOptionalAction,
        default=None,
        help=words("help.animation"),
    )
    if helps:
        whole.add_argument("--version", action=_Version, help=words("help.version"))
    _add_common(whole, words, default=None)
    return whole


def whole(words: Words, table: Sequence[Command]) -> Parser:
    """The whole command line."""
    parser = _for_app(words, helps=True)
    commands = parser.add_subparsers(
        title=words("help.commands"),
        metavar=words("metavar.command"),
        parser_class=partial(Parser, words),  # type: ignore[call-overload]
    )
    for command in table:
        line = words(f"{command.name}.help")
        sentence = f"{line[0].upper()}{line[1:]}."
        part = commands.add_parser(command.name, help=line, description=sentence)
        command.add_arguments(part, words)
        # Without a default of their own, so that they may stand before the command as well.
        _add_common(part, words, default=argparse.SUPPRESS)
        part.set_defaults(run=command.run)
    return parser


def _add_common(parser: argparse.ArgumentParser, words: Words, default: Any) -> None:
    parser.add_argument("--model", metavar="NAME|DIR", default=default, help=words("help.model"))
    parser.add_argument("--lang", choices=LANGUAGES, default=default, help=words("help.lang"))


def requested_language(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """The language of --lang, needed before the rest can be read; without it the locale's."""
    lang = language(environ)
    options = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    for option, value in zip(options, [*options, ""][1:], strict=True):
        wish = value if option == "--lang" else option.partition("--lang=")[2]
        lang = wish if wish in LANGUAGES else lang
    return lang


def usage_sentence(error: UsageError, words: Words) -> str:
    """What is said for a UsageError, with the help to look at where that would help."""
    params: dict[str, object] = dict(error.params)
    if "kind" in params:
        params["kind"] = words(f"kind.{params['kind']}")
    sentence = words(f"usage.{error.code}", **params)
    return sentence + (" " + words("usage.hint", **params) if "prog" in params else "")
