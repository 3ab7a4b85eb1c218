"""The two themes: the same few roles on a dark and on a light ground.

One accent (violet) says "here you are". It is none of the colours that stand for numbers (blue,
orange, teal), so that a highlighted name is never mistaken for a value. Text and quiet text have
a contrast of at least 4.5 on every ground they stand on; a test holds them to it.
"""

from __future__ import annotations

from textual.theme import Theme

DARK, LIGHT = "desdecero-dark", "desdecero-light"
CHOICES = {"dark": DARK, "light": LIGHT}


def _theme(
    name: str,
    *,
    dark: bool,
    background: str,
    band: str,
    raised: str,
    text: str,
    quiet: str,
    tint: str,
    line: str,
    accent: str,
    on_accent: str,
    warning: str,
    error: str,
    success: str,
) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=accent,
        secondary=quiet,
        accent=accent,
        warning=warning,
        error=error,
        success=success,
        foreground=text,
        background=background,
        surface=band,
        panel=raised,
        variables={
            "quiet": quiet,
            "tint": tint,
            "line": line,
            "on-accent": on_accent,
            "input-cursor-background": accent,
            "input-cursor-foreground": on_accent,
            "input-selection-background": f"{accent} 35%",
            "block-cursor-background": accent,
            "block-cursor-foreground": on_accent,
            "block-cursor-text-style": "none",
            "scrollbar": line,
            "scrollbar-hover": quiet,
            "scrollbar-active": accent,
            "scrollbar-background": background,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
            "scrollbar-corner-color": background,
        },
    )


THEMES = (
    _theme(
        DARK,
        dark=True,
        background="#15171C",
        band="#1D2028",
        raised="#282C36",
        text="#E4E7EC",
        quiet="#9BA4B4",
        tint="#3E3760",
        line="#3D4351",
        accent="#BBA6FF",
        on_accent="#17131F",
        warning="#EBC66B",
        error="#FF8F85",
        success="#8FD6A0",
    ),
    _theme(
        LIGHT,
        dark=False,
        background="#FCFBF8",
        band="#F1EFEA",
        raised="#E5E2DA",
        text="#22252B",
        quiet="#5A606C",
        tint="#D5CBF0",
        line="#C2BEB4",
        accent="#5B3DB5",
        on_accent="#FFFFFF",
        warning="#7A5600",
        error="#B3261E",
        success="#1E6B3A",
    ),
)


def theme_of(choice: str | None) -> str:
    """The theme's own name for "dark" or "light", or for its own name; dark where not said."""
    if choice in CHOICES.values():
        return str(choice)
    return CHOICES.get(choice or "dark", DARK)
