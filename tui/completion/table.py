"""What can come after `desdecero`, read from its parser: commands, options, and their values."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Names = Mapping[str, Sequence[str]]
"""What can stand for a kind of name: "model", "preset", "lesson", "experiment"."""

_KINDS = {
    ("", "lesson"): "lesson",
    ("lesson", "id"): "lesson",
    ("quiz", "lesson"): "lesson",
    ("train", "preset"): "preset",
    ("train", "start"): "model",
    ("experiment", "id"): "experiment",
}
_FOLDERS = {("train", "out"), ("train", "resume")}


@dataclass(frozen=True)
class Values:
    """What can stand in one place: words to choose from; or a file, or a folder, or anything.

    paths: "", "file" or "folder"; besides the words.
    """

    words: tuple[str, ...] = ()
    paths: str = ""


@dataclass(frozen=True)
class Option:
    """One option: its names, what it does, and what follows it; nothing where `values` is None."""

    flags: tuple[str, ...]
    help: str
    values: Values | None = None


@dataclass(frozen=True)
class Completed:
    """One command: its name, what it does, its options, and what stands in its places, in order.

    The whole program is the one without a name. more: whether the last place can be repeated.
    """

    name: str
    help: str
    options: tuple[Option, ...]
    places: tuple[Values, ...] = ()
    more: bool = False


def completions(parser: argparse.ArgumentParser, names: Names) -> tuple[Completed, ...]:
    """The program itself, then each of its commands."""
    commands = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    found = [_completed(parser, "", "", names)]
    for action in commands:
        told = {choice.dest: choice.help or "" for choice in action._choices_actions}
        for name, part in action.choices.items():
            found.append(_completed(part, name, told.get(name, ""), names))
    return tuple(found)


def _completed(parser: argparse.ArgumentParser, name: str, told: str, names: Names) -> Completed:
    options = tuple(
        Option(tuple(action.option_strings), action.help or "", _after(action, name, names))
        for action in parser._actions
        if action.option_strings and action.help != argparse.SUPPRESS
    )
    places = [action for action in parser._actions if _is_place(action)]
    more = bool(places) and places[-1].nargs in ("*", "+")
    return Completed(name, told, options, tuple(_values(x, name, names) for x in places), more)


def _is_place(action: argparse.Action) -> bool:
    return not action.option_strings and not isinstance(action, argparse._SubParsersAction)


def _after(action: argparse.Action, command: str, names: Names) -> Values | None:
    return None if action.nargs == 0 else _values(action, command, names)


def _values(action: argparse.Action, command: str, names: Names) -> Values:
    if action.choices is not None:
        return Values(tuple(map(str, action.choices)))
    place = (command, action.dest)
    if action.dest == "model" or _KINDS.get(place) == "model":
        return Values(tuple(names["model"]), "folder")
    if place in _KINDS:
        return Values(tuple(names[_KINDS[place]]))
    if place in _FOLDERS:
        return Values(paths="folder")
    return Values(paths="file" if action.type is Path else "")
