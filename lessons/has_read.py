"""What a model has learned from, as its training.json says it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Literal

from engine.presets import NAMES
from engine.store import Model
from lessons.words import Words

HasRead = Literal["world", "files", "typed", "more", "nothing", "unknown"]
_MOST_FILES, _LONGEST_NAMES = 2, 36


def kind_read(model: Model) -> HasRead:
    """What kind of texts a model has read.

    "world": the small world's; "files": a person's files; "typed": lines typed in the program;
    "more": another model's, and sentences added to them; "nothing": its numbers are still random;
    "unknown": nobody wrote it down, as with a model from elsewhere.
    """
    told = model.training
    if "from" in told:
        return "more" if _n_texts(told) is not None else "unknown"
    if model.step == 0 or told.get("steps") == 0:
        return "nothing"
    if told.get("preset") in NAMES:
        return "world"
    if _n_texts(told) is None:
        return "unknown"
    return "files" if _files(told) else "typed"


def facts_read(model: Model, words: Words) -> dict[str, str]:
    """How many sentences it has read, from which files, and which model it was before."""
    told = model.training
    n = _n_texts(told)
    return {
        "files": _named(_files(told)),
        "n_texts": "" if n is None else words.whole(n),
        "model_before": _short(str(told.get("from", ""))),
    }


def _n_texts(told: Mapping[str, Any]) -> int | None:
    """How many texts of a person's own; None where training.json says nothing that can be used."""
    n = told.get("n_texts")
    return n if type(n) is int and n >= 0 else None


def _files(told: Mapping[str, Any]) -> list[str]:
    files = told.get("files")
    return [PurePath(str(name)).name for name in files] if isinstance(files, list) else []


def _named(files: list[str]) -> str:
    """The names of the first files; an ellipsis stands for others."""
    names = ", ".join(files[:_MOST_FILES])
    return _short(names + ("…" if len(files) > _MOST_FILES else ""))


def _short(name: str) -> str:
    name = "".join(c if c.isprintable() else "·" for c in name)
    return name if len(name) <= _LONGEST_NAMES else name[: _LONGEST_NAMES - 1] + "…"
