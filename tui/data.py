"""Where the program keeps what belongs to the person: the platform's data folder, and no other."""

from __future__ import annotations

from pathlib import Path

NAME = "desdecero"


def progress_path() -> Path:
    """The file of the learner's progress; its folder may not be there yet."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "progress.json"


def models_path() -> Path:
    """The folder of the models that were made in the program; it may not be there yet."""
    from platformdirs import user_data_path

    return user_data_path(NAME, appauthor=False) / "models"
