"""The themes: the same few roles on a dark and on a light ground, and with the greatest contrast.

One accent (violet) says "here you are". It is none of the colours that stand for numbers (blue,
orange, teal), so that a highlighted name is never mistaken for a value. Text and quiet text have
a contrast of at least 4.5 on every ground they stand on, and of 7 in the theme for eyes that need
it (WCAG 2, levels AA and AAA); a test holds them to it.
"""

from __future__ import annotations

from textual.theme import Theme

DARK, LIGHT, CONTRAST = "desdecero-dark", "desdecero-light", "desdecero-contrast"
CHOICES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
"""The themes as a person names them, in the order in which the key goes through them."""


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
        quiet="#A1AABA",
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
        quiet="#505662",
        tint="#D5CBF0",
        line="#C2BEB4",
        accent="#5B3DB5",
        on_accent="#FFFFFF",
        warning="#7A5600",
        error="#B3261E",
        success="#1E6B3A",
    ),
    _theme(
        CONTRAST,
        dark=True,
        background="#000000",
        band="#0C0C12",
        raised="#1A1A24",
        text="#FFFFFF",
        quiet="#C9CED8",
        tint="#33286B",
        line="#8A93A5",
        accent="#D9CCFF",
        on_accent="#000000",
        warning="#FFD75F",
        error="#FFB0A8",
        success="#A8E6B6",
    ),
)


def theme_of(choice: str | None) -> str:
    """The theme's own name for one of `CHOICES`, or for its own name; dark where not said."""
    if choice in CHOICES.values():
        return str(choice)
    return CHOICES.get(choice or "dark", DARK)


def choice_of(name: str) -> str:
    """What a person calls the theme of that name; "dark" for one that is none of ours."""
    return next((choice for choice, theme in CHOICES.items() if theme == name), "dark")


def theme_after(name: str) -> str:
    """The theme that the key goes to from another."""
    names = list(CHOICES.values())
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]
