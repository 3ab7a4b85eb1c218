"""What the terminal can: how many colours it shows, which characters, and the least size.

Pure: everything follows from what the environment says, and from what a person asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Colours = Literal["full", "256", "16", "grey", "none"]
"""What is sent: 24 bits a colour; the 256 of xterm; the terminal's own 16; of the 256 only greys;
no colour at all, only bold, underline and reverse."""

WISHES: Final = ("auto", "full", "256", "16", "none")
"""What a person can ask for."""

LEAST_SIZE: Final = (60, 20)
"""Columns and lines below which no screen is shown."""

_FULL: Final = ("-direct", "kitty", "ghostty", "wezterm", "alacritty", "foot", "contour")
"""Ends of the names of terminals that show all colours, whether they say so or not."""
_WITHOUT: Final = ("vt1", "vt2", "vt3", "vt4", "vt5", "ansi-m", "lat", "wy", "hp", "adm", "tvi")
"""Beginnings of the names of terminals that show none."""
_GIVEN: Final[dict[str, Colours]] = {"truecolor": "full", "256": "256", "standard": "16"}
"""What Textual is told, by whom knows the terminal: a browser, for instance."""
_UTF_8: Final = ("utf-8", "utf8", "cp65001")


def colours(environ: Mapping[str, str], wish: str = "auto") -> Colours:
    """What to send to the terminal that the environment describes.

    wish: one of `WISHES`; "auto" goes by COLORTERM and TERM, and NO_COLOR turns colours into
    greys where there are greys, otherwise into nothing (no-color.org: set and not empty).
    """
    found = _shown(environ)
    if wish == "none" or (wish == "auto" and environ.get("NO_COLOR")):
        return "grey" if found in ("full", "256") else "none"
    return found if wish == "auto" else wish  # type: ignore[return-value]


def _shown(environ: Mapping[str, str]) -> Colours:
    term = environ.get("TERM", "").strip().lower()
    given = _GIVEN.get(environ.get("TEXTUAL_COLOR_SYSTEM", ""))
    if given is not None:
        return given
    if environ.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return "full"
    if term.endswith(_FULL) or environ.get("WT_SESSION"):
        return "full"
    if "256" in term:
        return "256"
    if term.startswith(_WITHOUT) or term.endswith(("-mono", "-m")):
        return "none"
    return "16"


def speaks_utf_8(encoding: str | None) -> bool:
    """Whether text of this encoding has every character that the screens are drawn with.

    None, which is no encoding of any terminal, is taken on trust.
    """
    return encoding is None or encoding.strip().lower().replace("_", "-") in _UTF_8


def is_far(environ: Mapping[str, str]) -> bool:
    """Whether what is written goes to another computer first."""
    return any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
