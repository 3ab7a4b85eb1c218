"""Whether this process is a session that `desdecero serve` opened for a visitor.

A visitor sits at another computer: the files of this one are not theirs. So nothing is opened by a
path that is typed, what is saved goes to the visitor's browser, and models are kept up to a size.
`tui.web.guard` holds all this once more, for whatever does not ask here.
"""

from __future__ import annotations

import os
from pathlib import Path

from engine.errors import EngineError

SERVED = "DESDECERO_SERVED"
"""The variable that is set in such a process."""
MOST_KEPT = 32 * 2**20
"""Bytes of models of their own after which a visitor can keep no further one."""


def is_served() -> bool:
    """Whether the person sits at another computer."""
    return bool(os.environ.get(SERVED))


def check_opens() -> None:
    """Raises EngineError (`not_served`) where nothing may be opened by its path."""
    if is_served():
        raise EngineError("not_served")


def check_room(folder: Path) -> None:
    """Raises EngineError (`visitor_full`) where a visitor keeps so much there already."""
    if not is_served():
        return
    kept = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    if kept >= MOST_KEPT:
        raise EngineError("visitor_full", most=MOST_KEPT // 2**20)
