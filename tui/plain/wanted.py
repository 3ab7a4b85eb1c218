"""Whether the dialogue is to be used though nobody asked for it; nothing heavy is read here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def plain_wanted(environ: Mapping[str, str], stdin: Any, stdout: Any) -> bool:
    """Whether there is no terminal that the full screen could be drawn on.

    stdin, stdout: as in `sys`; None where there is none.
    """
    return environ.get("TERM") == "dumb" or not (_is_terminal(stdin) and _is_terminal(stdout))


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream is not None and stream.isatty())
    except ValueError:  # it is closed
        return False
