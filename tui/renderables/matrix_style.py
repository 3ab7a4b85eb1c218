"""The inks of a drawn matrix as terminal styles."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style
from textual.color import Color

from tui.renderables.cells import CHANGED, FORCED, FORCED_DOT, Ink, Mode, level_of, marks_of
from tui.renderables.matrix_draw import AXIS, BLANK, CURSOR, CURSOR_HEAD, HEAD, PRESENT
from tui.renderables.palette import Kind, Palette, blend, palette_of, readable


class InkStyles(dict[Ink, Style]):
    """The style of every ink in one look of the matrix, made when it is first asked for.

    One lasting object for each ink: the terminal codes of a style are cached inside it.
    """

    def __init__(self, palette: Palette, mode: Mode, focused: bool) -> None:
        super().__init__()
        self._look = palette, mode, focused

    def __missing__(self, ink: Ink) -> Style:
        style = self[ink] = style_of(ink, *self._look)
        return style


@lru_cache(maxsize=32)
def ink_styles(
    kind: Kind, surface: Color, foreground: Color, dark: bool, mode: Mode, focused: bool
) -> InkStyles:
    """The styles of a look; the palette is that of `palette_of`."""
    return InkStyles(palette_of(kind, surface, foreground, dark), mode, focused)


def style_of(ink: Ink, palette: Palette, mode: Mode, focused: bool) -> Style:
    """The terminal style of an ink.

    The cursor is the reverse of the surface while the matrix has the focus, and bold on the
    surface while it has not: no hue, so that it never looks like a value.
    """
    if isinstance(ink, str):
        return _named(ink, palette, focused)
    if isinstance(ink, tuple):
        upper, lower = (_half(level, palette) for level in ink)
        return Style(color=upper.rich_color, bgcolor=lower.rich_color)
    level, marks = palette.style(level_of(ink)), marks_of(ink)
    # Digits and marks must be read; a mere sign on a coloured field may be quieter.
    quiet = mode == "swatch" and palette.kind == "diverging" and not marks & FORCED
    return Style(
        color=(level.sign if quiet else level.foreground).rich_color,
        bgcolor=level.background.rich_color,
        bold=bool(marks & FORCED) or None,
        underline=bool(marks & FORCED or (marks & CHANGED and mode == "compact")) or None,
    )


def _half(level: int, palette: Palette) -> Color:
    return palette.foreground if level == FORCED_DOT else palette.style(level).background


def _named(ink: str, palette: Palette, focused: bool) -> Style:
    surface, text = palette.surface, palette.foreground
    if ink in (CURSOR, CURSOR_HEAD) and focused:
        strong = palette.strong
        return Style(
            color=readable(strong, surface).rich_color, bgcolor=strong.rich_color, bold=True
        )
    colours = {BLANK: palette.quiet, AXIS: palette.quiet, HEAD: blend(palette.quiet, text, 0.5)}
    return Style(
        color=colours.get(ink, text).rich_color,
        bgcolor=surface.rich_color,
        bold=ink in (PRESENT, CURSOR, CURSOR_HEAD) or None,
        underline=ink in (CURSOR, CURSOR_HEAD) or None,
    )
