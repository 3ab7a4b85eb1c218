"""Where the program keeps what belongs to the person: the platform's data folder, and no other.

A variable names another folder, for one process: so each visitor of `desdecero serve` has one.
"""

from __future__ import annotations

import os
from pathlib import Path

NAME = "desdecero"
FOLDER = "DESDECERO_DATA"
"""The variable that names another folder."""


def data_path() -> Path:
    """The folder of all of it; it may not be there yet."""
    given = os.environ.get(FOLDER)
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False)


def progress_path() -> Path:
    """The file of the learner's progress; its folder may not be there yet."""
    return data_path() / "progress.json"


def keys_path() -> Path:
    """The file of the keys that the person has chosen; most often there is none."""
    return data_path() / "keys.toml"


def models_path() -> Path:
    """The folder of the models that were made in the program; it may not be there yet."""
    return data_path() / "models"


def in_home(path: Path) -> str:
    """A path as one may show it to others: the home folder is "~"."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
