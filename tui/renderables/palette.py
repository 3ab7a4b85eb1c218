"""Colours for numbers: a value becomes a level, a level becomes a background and a foreground.

Three palettes. *Diverging* shows a sign: blue below zero, orange above, the calm surface of the
theme at zero. *Sequential* shows an amount from nothing to all, as a probability is. *Plain*
colours nothing: the id of a token says nothing by its size. Blue and orange, unlike green and
red, stay apart in every common kind of colour blindness. Along each ramp the luminance only rises
(dark themes) or only falls (light themes), so that the picture survives a terminal without
colour, where everything becomes grey.

A few levels rather than a continuum: 256 colours cannot hold more, and equal neighbours merge
into one run of text, which keeps a frame small over a slow line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from textual.color import Color, Lab, lab_to_rgb, rgb_to_lab

Kind = Literal["diverging", "sequential", "plain"]
Levels = NDArray[np.int8]

STEPS: Final[dict[Kind, int]] = {"diverging": 6, "sequential": 10, "plain": 0}
"""Levels beside zero: 13 in all for diverging (6 on each side), 11 for sequential."""

NAN: Final = 100
"""The level of a value that is not a number."""
MASKED: Final = 101
"""The level of minus infinity: a score that the softmax will not see."""

SHOWN_AS_ZERO: Final = 0.005
"""Share of the scale below which a value has the colour of zero."""

TEXT_CONTRAST: Final = 4.5
"""Least contrast of text, as WCAG 2 asks for."""
SIGN_CONTRAST: Final = 3.0
"""Least contrast of a sign that is no text, as WCAG 2 asks for graphics."""
HIGH_CONTRAST: Final = 7.0
"""Least contrast of text and of signs where a theme sets its own text off as far as `HIGH_FROM`."""
HIGH_FROM: Final = 17.0

_BLACK, _WHITE = Color(0, 0, 0), Color(255, 255, 255)
# The far ends of the ramps, on dark and on light surfaces: (below zero, above zero).
_ENDS: Final[dict[tuple[Kind, bool], tuple[Color, Color]]] = {
    ("diverging", True): (Color.parse("#6CB8FF"), Color.parse("#F7A84F")),
    ("diverging", False): (Color.parse("#17579E"), Color.parse("#994500")),
    ("sequential", True): (Color.parse("#5FD4B4"), Color.parse("#5FD4B4")),
    ("sequential", False): (Color.parse("#006B5C"), Color.parse("#006B5C")),
}


def scale_of(values: NDArray[Any]) -> float:
    """The largest finite |value| of an array of any shape, or 1 where there is none."""
    magnitudes = np.abs(np.asarray(values, dtype=np.float64))
    largest = np.max(magnitudes, initial=0.0, where=np.isfinite(magnitudes))
    return float(largest) or 1.0


def quantise(values: NDArray[Any], kind: Kind, scale: float) -> Levels:
    """The level of every value: an array of the same shape.

    Diverging levels run from -6 to 6, sequential ones from 0 to 10; a value at `scale` or beyond
    has the outermost. Below zero a sequential level is 0; every plain level is. Minus infinity is
    `MASKED`, NaN is `NAN`. Raises ValueError where `scale` is not a positive number.
    """
    if not (scale > 0 and np.isfinite(scale)):
        raise ValueError(f"the scale must be a positive number, not {scale}")
    numbers = np.asarray(values, dtype=np.float64)
    with np.errstate(over="ignore", under="ignore"):
        shares = np.nan_to_num(numbers / scale, nan=0.0).clip(-1.0, 1.0)
    if kind == "sequential":
        shares = shares.clip(0.0, 1.0)
    sizes = np.abs(shares)
    steps = np.rint(sizes * STEPS[kind])
    # A value that is there, however small, never looks like nothing.
    steps = np.where(sizes < SHOWN_AS_ZERO, 0, np.maximum(steps, min(1, STEPS[kind])))
    levels: Levels = (np.sign(shares) * steps).astype(np.int8)
    levels[np.isnan(numbers)] = NAN
    levels[np.isneginf(numbers)] = MASKED
    return levels


def luminance(colour: Color) -> float:
    """Relative luminance after WCAG 2: 0 for black, 1 for white."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    """Contrast ratio after WCAG 2: from 1 (the same) to 21 (black on white)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def blend(start: Color, end: Color, share: float) -> Color:
    """The colour a `share` of the way from `start` to `end`, in steps that look even (CIE Lab)."""
    if share <= 0:
        return start
    if share >= 1:
        return end
    a, b = rgb_to_lab(start), rgb_to_lab(end)
    mixed = Lab(
        *(x + (y - x) * share for x, y in zip((a.L, a.a, a.b), (b.L, b.a, b.b), strict=True))
    )
    return lab_to_rgb(mixed).clamped


def readable(background: Color, wanted: Color, least: float = TEXT_CONTRAST) -> Color:
    """`wanted` where it can be read on `background`, otherwise moved towards black or white.

    Black or white itself where `wanted` lies on the wrong side of the background.
    """
    if contrast(background, wanted) >= least:
        return wanted
    best = max(_BLACK, _WHITE, key=lambda colour: contrast(background, colour))
    if (luminance(wanted) > luminance(background)) != (best is _WHITE):
        return best
    mixes = (blend(wanted, best, share / 10) for share in range(1, 10))
    return next((mixed for mixed in mixes if contrast(background, mixed) >= least), best)


def dimmed(background: Color, foreground: Color, least: float = TEXT_CONTRAST) -> Color:
    """The quietest mix of `foreground` into `background` whose contrast is still `least`."""
    strong = readable(background, foreground, least)
    for share in np.linspace(0.3, 0.95, 14):
        mixed = blend(background, strong, float(share))
        if contrast(background, mixed) >= least:
            return mixed
    return strong


@dataclass(frozen=True)
class LevelStyle:
    """What one level looks like: the field, the text on it, and a quieter colour for mere signs."""

    background: Color
    foreground: Color
    sign: Color


@dataclass(frozen=True)
class Palette:
    """The colours of one kind of palette over one surface; made by `palette_of`.

    `surface` and `foreground` are those of the theme, `quiet` is dimmed text, `strong` lies beyond
    every level (white over a dark surface), `levels` maps every level that `quantise` can give.
    """

    kind: Kind
    surface: Color
    foreground: Color
    quiet: Color
    strong: Color
    levels: dict[int, LevelStyle]

    def style(self, level: int) -> LevelStyle:
        """The look of a level. Raises KeyError for a level that `quantise` never gives."""
        return self.levels[level]


def _level_style(background: Color, wanted: Color, high: bool) -> LevelStyle:
    text, sign = (HIGH_CONTRAST, HIGH_CONTRAST) if high else (TEXT_CONTRAST, SIGN_CONTRAST)
    foreground = readable(background, wanted, text)
    return LevelStyle(background, foreground, dimmed(background, foreground, sign))


def _steps(ground: Color, end: Color, count: int, high: bool) -> list[Color]:
    """The backgrounds of the levels 1 to `count`: from near `ground` to `end`."""
    # Small values stay near the calm surface, yet the first step must be seen as a step.
    shares = [0.05 + 0.95 * (step / count) ** 1.25 for step in range(1, count + 1)]
    if not high:
        return [blend(ground, end, share) for share in shares]
    # On a middling grey neither black nor white has a contrast of 7: the ramp leaps over it.
    fine = [blend(ground, end, n / 200) for n in range(201)]
    fit = [x for x in fine if max(contrast(x, _BLACK), contrast(x, _WHITE)) >= HIGH_CONTRAST]
    return [fit[round(share * (len(fit) - 1))] for share in shares]


@lru_cache(maxsize=32)
def palette_of(kind: Kind, surface: Color, foreground: Color, dark: bool = True) -> Palette:
    """The palette of `kind` that starts from `surface` at zero.

    `dark` counts only where the terminal itself chooses the surface (an ANSI theme) and its real
    colour is unknown; otherwise the surface's own luminance decides which way the ramps go.
    """
    if surface.ansi is not None:
        ground = Color.parse("#101010" if dark else "#F4F4F4")
        text = Color.parse("#E0E0E0" if dark else "#202020")
    else:
        ground, text = surface, readable(surface, foreground)
    is_dark, high = luminance(ground) < 0.18, contrast(ground, text) >= HIGH_FROM
    count = STEPS[kind]
    levels = {}
    below, above = _ENDS.get((kind, is_dark), (text, text))
    for step, background in enumerate(_steps(ground, above, count, high), 1):
        levels[step] = _level_style(background, text, high)
    if kind == "diverging":
        for step, background in enumerate(_steps(ground, below, count, high), 1):
            levels[-step] = _level_style(background, text, high)
    quiet = dimmed(ground, text, HIGH_CONTRAST if high else TEXT_CONTRAST)
    calm = text if kind == "plain" else quiet
    sign = dimmed(ground, text, HIGH_CONTRAST if high else SIGN_CONTRAST)
    levels[0] = LevelStyle(surface, calm, sign)
    levels[MASKED] = LevelStyle(surface, quiet, levels[0].sign)
    levels[NAN] = LevelStyle(surface, text, text)
    strong = _WHITE if is_dark else _BLACK
    return Palette(kind, surface, text, quiet, strong, levels)
