"""Styles for terminals with fewer colours than the themes have: which are sent instead. Pure.

Rich would send the nearest colour, each by itself: text can vanish in its ground, and the steps
of a ramp change places. Here a field gets the nearest colour by CIE Lab, and the text on it the
nearest of those that can be read there as well as the theme meant it (7, 4.5 or 3, after WCAG 2).

- 256: the cube and the greys of xterm. The first 16 are never sent: a person may have changed them.
- 16: the terminal's own. Neutral, warm, green, blue and violet each have a ladder from black to
  white, and a colour goes to the rung of its lightness, so that a ramp can only rise.
  Contrasts are the worse of two common sets, that of VGA and that of xterm.
- grey: the greys of the 256 with the same luminance, and so with the same contrasts.
- none: fields that stand out from the ground are reversed; bold and underline stay.

In the last two, text that is coloured in the theme is bold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import atan2, degrees, hypot
from typing import Final

from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color, Lab, rgb_to_lab
from textual.filter import LineFilter

from tui.renderables.palette import TEXT_CONTRAST, contrast, luminance
from tui.terminal import Colours

FLOORS: Final = (7.0, 4.5, 3.0, 1.6)
"""A contrast of the theme that reaches one of these still reaches it in what is sent."""
OUTSTANDING: Final = 1.47
"""Contrast to the ground from which on a field is reversed where there are no colours: what is
chosen has it in every theme, a box to type in has not, or one would not see the cursor in it."""
COLOURED: Final = 25.0
"""Chroma from which on a text is bold where there are no colours: keys, for instance."""
STRETCH: Final = 4.0
"""How much more a step in lightness counts than one in hue: text and ramps live on lightness."""

_SIDES: Final = (0, 95, 135, 175, 215, 255)
_CUBE: Final = tuple((r, g, b) for r in _SIDES for g in _SIDES for b in _SIDES)
_GREYS: Final = tuple((8 + 10 * n,) * 3 for n in range(24))
XTERM: Final[dict[int, Color]] = {
    n: Color(*rgb) for n, rgb in enumerate((*_CUBE, *_GREYS), start=16)
}
"""The colours 16 to 255 of xterm, which terminals agree on."""
_GREY: Final[tuple[int, ...]] = (16, *range(232, 256), 231)

VGA: Final = tuple(
    Color.parse(x)
    for x in (
        "#000000", "#AA0000", "#00AA00", "#AA5500", "#0000AA", "#AA00AA", "#00AAAA", "#AAAAAA",
        "#555555", "#FF5555", "#55FF55", "#FFFF55", "#5555FF", "#FF55FF", "#55FFFF", "#FFFFFF",
    )
)  # fmt: skip
XTERM_16: Final = tuple(
    Color.parse(x)
    for x in (
        "#000000", "#CD0000", "#00CD00", "#CDCD00", "#0000EE", "#CD00CD", "#00CDCD", "#E5E5E5",
        "#7F7F7F", "#FF0000", "#00FF00", "#FFFF00", "#5C5CFF", "#FF00FF", "#00FFFF", "#FFFFFF",
    )
)  # fmt: skip
LADDERS: Final[dict[str, dict[int, float]]] = {
    "neutral": {0: 0, 7: 35, 15: 77.1},
    "warm": {0: 0, 1: 18, 11: 66, 15: 98.5},
    "green": {0: 0, 2: 30, 10: 77.1, 15: 95},
    "blue": {0: 0, 4: 12, 6: 42, 14: 78, 15: 96.5},
    "violet": {0: 0, 5: 20, 13: 52, 15: 85},
}
"""Of the 16 those on which black or white can be read in either set, from dark to light, and the
lightness (CIE Lab) from which on a colour goes to each."""
_COLOURLESS: Final = {"warm": 6.5, "green": 6.5, "blue": 10.5, "violet": 10.5}
"""Chroma (CIE Lab) up to which a colour counts as a grey: the themes have a blue tinge."""

HALF: Final = "▀"
_HALVES: Final = {
    (False, False): " ",
    (True, False): "▀",
    (False, True): "▄",
    (True, True): "█",
}
"""What a half-block with these halves filled looks like where there are no colours."""
_NO_COLOUR: Final = Style(color=RichColor.default(), bgcolor=RichColor.default(), dim=False)
_BOLD: Final = Style(bold=True)


@lru_cache(maxsize=2048)
def sent_256(colour: Color) -> int:
    """The number of the nearest of xterm's colours."""
    lab = rgb_to_lab(colour)
    return min(XTERM, key=lambda n: _apart(lab, _lab(n)))


@lru_cache(maxsize=2048)
def sent_16(colour: Color) -> int:
    """The number of the rung of its lightness on the ladder of its hue."""
    lightness, number = rgb_to_lab(colour).L, 0
    for rung, start in _ladder(colour).items():
        number = rung if start <= lightness else number
    return number


@lru_cache(maxsize=2048)
def sent_grey(colour: Color) -> int:
    """The number of the grey that is nearest in luminance."""
    lightness = _lightness_of(luminance(colour))
    return min(_GREY, key=lambda n: abs(_lightness_of(luminance(XTERM[n])) - lightness))


@lru_cache(maxsize=2048)
def field_16(field: Color, ground: Color) -> int:
    """The number of a field over the theme's ground: another one, if it stands out from that."""
    number, ladder = sent_16(field), list(_ladder(field))
    if number != sent_16(ground) or contrast(field, ground) < OUTSTANDING:
        return number
    if ladder == list(LADDERS["neutral"]):  # its next rung is too far for the small steps of a ramp
        return number
    step = 1 if luminance(field) > luminance(ground) else -1
    return ladder[max(0, min(ladder.index(number) + step, len(ladder) - 1))]


def sent(ink: Color, field_: Color, colours: Colours, ground: Color) -> tuple[int, int]:
    """The numbers of text and field for a text in `ink`; for "256", "16" or "grey".

    ground: that of the theme.
    """
    floor = next((least for least in FLOORS if contrast(ink, field_) >= least), 0.0)
    if colours == "16":
        field, wish = field_16(field_, ground), sent_16(ink)
        lightness = rgb_to_lab(ink).L
        near = sorted(
            {*_ladder(ink), *LADDERS["neutral"]},
            key=lambda n: (n != wish, abs(_lightness(n) - lightness)),
        )
        # None of the 16 but the neutral ones has more in either set.
        return _legible(near, field, min(floor, TEXT_CONTRAST), contrast_16), field
    if colours == "grey":
        field, wish = sent_grey(field_), sent_grey(ink)
        near = sorted(_GREY, key=lambda n: abs(XTERM[n].r - XTERM[wish].r))
        return _legible(near, field, floor, contrast_256), field
    field, wish = sent_256(field_), sent_256(ink)
    if contrast_256(wish, field) >= floor:
        return wish, field
    lab = rgb_to_lab(ink)
    near = sorted(XTERM, key=lambda n: _apart(lab, _lab(n)))
    return _legible(near, field, floor, contrast_256), field


_SENT: Final[Mapping[Colours, Callable[[Color], int]]] = {
    "256": sent_256,
    "16": sent_16,
    "grey": sent_grey,
}


def contrast_256(one: int, other: int) -> float:
    """The contrast of two of xterm's colours."""
    return contrast(XTERM[one], XTERM[other])


def contrast_16(one: int, other: int) -> float:
    """The contrast of two of the 16 in the set where it is less."""
    return min(contrast(table[one], table[other]) for table in (VGA, XTERM_16))


def _legible(
    near: Sequence[int], field: int, floor: float, ratio: Callable[[int, int], float]
) -> int:
    fitting = next((n for n in near if ratio(n, field) >= floor), None)
    return max(near, key=lambda n: ratio(n, field)) if fitting is None else fitting


def _apart(one: Lab, other: Lab) -> float:
    return (
        STRETCH * (one.L - other.L) ** 2 + (one.a - other.a) ** 2 + (one.b - other.b) ** 2
    )  # squared: only the order counts


@lru_cache(maxsize=256)
def _lab(number: int) -> Lab:
    return rgb_to_lab(XTERM[number])


@lru_cache(maxsize=16)
def _lightness(number: int) -> float:
    return rgb_to_lab(VGA[number]).L


def _lightness_of(light: float) -> float:
    """CIE lightness of a relative luminance."""
    return float(116 * light ** (1 / 3) - 16 if light > 0.008856 else 903.3 * light)


def chroma(colour: Color) -> float:
    """How far a colour is from grey in CIE Lab."""
    lab = rgb_to_lab(colour)
    return hypot(lab.a, lab.b)


def _ladder(colour: Color) -> dict[int, float]:
    lab = rgb_to_lab(colour)
    hue = degrees(atan2(lab.b, lab.a)) % 360
    ends = ((110, "warm"), (205, "green"), (285, "blue"), (345, "violet"), (360, "warm"))
    name = next(name for end, name in ends if hue < end)
    return LADDERS["neutral" if chroma(colour) <= _COLOURLESS[name] else name]


class FewerColours(LineFilter):
    """Replaces the colours of each line on its way to the terminal.

    colours: what the terminal shows, other than "full". ground: that of the theme.
    A colour that is left to the terminal stays with it.
    """

    def __init__(self, colours: Colours, ground: Color) -> None:
        super().__init__()
        self._colours, self._ground = colours, ground
        self._known: dict[tuple[Style, bool, Color], tuple[Style, str]] = {}

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments in colours that the terminal has."""
        known = self._known
        line = []
        for text, style, control in segments:
            if style is None:
                line.append(Segment(text, style, control))
                continue
            pictured = not text.strip(HALF)
            key = style, pictured, background
            if key not in known:
                known[key] = self._look(style, pictured, background)
            look, sign = known[key]
            line.append(Segment(text.replace(HALF, sign) if sign else text, look, control))
        return line

    def _look(self, style: Style, pictured: bool, background: Color) -> tuple[Style, str]:
        """The style to send for one of the theme's, and what stands for a half-block, if anything.

        pictured: the text is half-blocks, so that its colour is a field as well.
        """
        ink, field = _plain(style.color), _plain(style.bgcolor)
        if self._colours in ("grey", "none") and ink is not None and chroma(ink) >= COLOURED:
            style = style + _BOLD
        if self._colours == "none":
            upper, lower = self._stands_out(ink), self._stands_out(field)
            if pictured and ink is not None:
                return style + _NO_COLOUR, _HALVES[upper, lower]
            reverse = bool(style.reverse) != lower
            return style + _NO_COLOUR + Style(reverse=reverse), ""
        if ink is None and field is None:
            return style, ""
        under = field or background
        if pictured and ink is not None:
            number, ground = _SENT[self._colours](ink), _SENT[self._colours](under)
        else:
            number, ground = sent(ink or self._ground, under, self._colours, self._ground)
        return style + Style(
            color=None if ink is None else self._rich(number),
            bgcolor=None if field is None else self._rich(ground),
        ), ""

    def _rich(self, number: int) -> RichColor:
        kind = ColorType.STANDARD if self._colours == "16" else ColorType.EIGHT_BIT
        return RichColor(str(number), kind, number)

    def _stands_out(self, field: Color | None) -> bool:
        return field is not None and contrast(field, self._ground) >= OUTSTANDING


def _plain(colour: RichColor | None) -> Color | None:
    """The colour, None for one that is left to the terminal."""
    if colour is None or colour.triplet is None:
        return None
    return Color(*colour.triplet)
