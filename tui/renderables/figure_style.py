"""The inks of a figure as terminal styles, on the ground and in the colours of a theme.

The three colours of series are those that numbers have elsewhere (blue, orange, teal): they stay
apart in every common kind of colour blindness. Right and wrong differ by weight and line as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rich.style import Style
from textual.color import Color

from tui.renderables.figure_line import Ink, Shade
from tui.renderables.palette import Kind, Palette, blend, palette_of, readable

NAMED: Final = ("quiet", "rule", "accent", "good", "bad", "knob")
"""The inks whose colours the widget's style sheet gives."""
_BAR_LEVEL: Final = 4
"""Of 6: long bars of the strongest colour would be all that one sees."""
_NONE: Final = Style()


@dataclass(frozen=True)
class Theme:
    """What the colours of a figure follow from: its ground, its text, and the named inks."""

    ground: Color
    text: Color
    dark: bool
    named: Mapping[str, Style]

    def palette(self, kind: Kind) -> Palette:
        """The palette of a kind over the ground."""
        return palette_of(kind, self.ground, self.text, self.dark)


class FigureStyles(dict[Ink, Style]):
    """The style of every ink in one theme, made when it is first asked for.

    One lasting object for each ink: the terminal codes of a style are cached inside it.
    """

    def __init__(self, base: Style, theme: Theme) -> None:
        super().__init__()
        self._base, self._theme = base, theme

    def __missing__(self, ink: Ink) -> Style:
        own = _shade(ink, self._theme) if isinstance(ink, Shade) else _named(ink, self._theme)
        style = self[ink] = self._base + own
        return style


def _shade(ink: Shade, theme: Theme) -> Style:
    level = theme.palette(ink.kind).style(ink.level)
    calm = ink.tone in ("", "sign", "quiet")
    return Style(
        color=(level.sign if ink.tone == "sign" else level.foreground).rich_color,
        bgcolor=level.background.rich_color,
        bold=None if calm else True,
        underline=True if ink.tone in ("marked", "bad") else None,
    )


def _named(ink: str, theme: Theme) -> Style:
    sizes, shares = theme.palette("diverging"), theme.palette("sequential")
    surface = sizes.levels[0].background
    series = {"first": sizes.style(-6), "second": sizes.style(6), "third": shares.style(10)}
    if ink in series:
        return Style(color=readable(surface, series[ink].background).rich_color)
    match ink:
        case "strong" | "title":
            return Style(bold=True)
        case "head":
            return Style(color=blend(sizes.quiet, sizes.foreground, 0.5).rich_color)
        case "above" | "below":
            level = sizes.style(_BAR_LEVEL if ink == "above" else -_BAR_LEVEL)
            return Style(color=level.background.rich_color)
        case "share":
            return Style(color=shares.style(8).background.rich_color)
        case "good":
            return theme.named.get(ink, _NONE) + Style(bold=True)
        case "bad":
            return theme.named.get(ink, _NONE) + Style(underline=True)
        case "knob-sign":
            return theme.named.get("accent", _NONE)
        case "cursor":
            strong = sizes.strong
            return Style(
                color=readable(strong, surface).rich_color, bgcolor=strong.rich_color, bold=True
            )
        case "cursor-away":
            return Style(bold=True, underline=True)
        case _:
            return theme.named.get(ink, _NONE)
