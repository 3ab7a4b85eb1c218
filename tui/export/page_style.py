"""The style sheet of the page: the themes and palettes of the app, for light and for dark."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

from textual.color import Color
from textual.theme import Theme

from tui.renderables.palette import MASKED, NAN, STEPS, Kind, palette_of
from tui.renderables.themes import DARK, LIGHT, THEMES

_LETTERS: Final[dict[Kind, str]] = {"diverging": "d", "sequential": "s", "plain": "p"}


def level_class(kind: Kind, level: int) -> str:
    """The class of a cell with this level, as `quantise` gives it; "" for one without colour."""
    if level == 0 or level == NAN or kind == "plain":
        return ""
    if level == MASKED:
        return "x"
    return f"{_LETTERS[kind]}{'n' if level < 0 else ''}{abs(level)}"


@cache
def style_sheet() -> str:
    """All rules of the page. It is light, and dark where the reader's system is."""
    dark, light = (next(theme for theme in THEMES if theme.name == name) for name in (DARK, LIGHT))
    rules = files("tui").joinpath("export", "page.css").read_text(encoding="utf-8")
    return (
        f"{_colours(light)}\n@media (prefers-color-scheme: dark) {{\n{_colours(dark)}\n}}\n{rules}"
    )


def _colours(theme: Theme) -> str:
    names = {
        "ground": theme.background,
        "band": theme.surface,
        "text": theme.foreground,
        "quiet": theme.variables["quiet"],
        "tint": theme.variables["tint"],
        "line": theme.variables["line"],
        "accent": theme.accent,
    }
    variables = " ".join(f"--{name}: {colour};" for name, colour in names.items())
    return "\n".join(
        [f":root {{ {variables} }}", *_levels(theme, "diverging"), *_levels(theme, "sequential")]
    )


def _levels(theme: Theme, kind: Kind) -> list[str]:
    ground, text = (Color.parse(x) for x in (theme.background, theme.foreground) if x)
    palette = palette_of(kind, ground, text, theme.dark)
    steps = STEPS[kind]
    found = []
    for level in [*range(-steps if kind == "diverging" else 1, steps + 1), MASKED]:
        if name := level_class(kind, level):
            look = palette.style(level)
            found.append(
                f".{name} {{ background: {look.background.hex6}; color: {look.foreground.hex6}; }}"
            )
    return found
