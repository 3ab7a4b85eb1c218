"""The models that a person made in the program: where they are, and what they may be called."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from engine.errors import EngineError
from engine.store import CONFIG, find, shipped
from tui.data import models_path
from tui.served import check_opens, check_room

LONGEST = 40
_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}")


def own_models() -> dict[str, Path]:
    """Folders by name, in alphabetical order; empty where there are none."""
    try:
        found = sorted(models_path().iterdir())
    except OSError:
        return {}
    return {path.name: path for path in found if (path / CONFIG).is_file()}


def folder_for(name: str) -> Path:
    """Where a new model of that name goes.

    Raises EngineError: `bad_model_name`, `model_exists`, or `visitor_full` as `check_room` does.
    """
    if not _NAME.fullmatch(name):
        raise EngineError("bad_model_name", name=name, most=LONGEST)
    folder = models_path() / name
    if name in shipped() or folder.exists():
        raise EngineError("model_exists", name=name)
    check_room(models_path())
    return folder


def find_model(name_or_path: str) -> Path:
    """The folder of a shipped name, of an own one, or of a path, in this order.

    Raises EngineError: `unknown_model` if it is none of them, or `not_served` for any path, in a
    web page.
    """
    own = own_models()
    if name_or_path in own and name_or_path not in shipped():
        return own[name_or_path]
    if name_or_path not in shipped():
        check_opens()
    try:
        return find(name_or_path)
    except EngineError as error:
        known = (*shipped(), *own)
        raise EngineError("unknown_model", name=name_or_path, known=known) from error


def free_name(stem: str) -> str:
    """A name that no model has: the stem, or the stem with a number."""
    taken = {*shipped(), *own_models()}
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def delete_model(name: str) -> None:
    """Takes an own model away for good. Raises EngineError for one that is none, or stays."""
    folder = own_models().get(name)
    if folder is None:
        raise EngineError("unknown_model", name=name, known=tuple(own_models()))
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise EngineError("unwritable", path=folder, reason=error.strerror) from error
