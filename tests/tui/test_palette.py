"""The palettes: order of luminance, contrast of text, levels of every kind of value."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from tui.renderables.palette import (
    MASKED,
    NAN,
    SIGN_CONTRAST,
    STEPS,
    TEXT_CONTRAST,
    Kind,
    Palette,
    contrast,
    luminance,
    palette_of,
    quantise,
    scale_of,
)

KINDS: tuple[Kind, ...] = get_args(Kind)


def themed(kind: Kind, name: str, surface: str = "surface") -> Palette:
    theme = BUILTIN_THEMES[name]
    colours = theme.to_color_system().generate()
    return palette_of(
        kind, Color.parse(colours[surface]), Color.parse(colours["foreground"]), theme.dark
    )


THEMES = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]


@pytest.mark.parametrize("surface", ["surface", "background"])
@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("kind", ["diverging", "sequential"])
def test_luminance_moves_one_way_with_the_size_of_the_value(
    kind: Kind, name: str, surface: str
) -> None:
    palette = themed(kind, name, surface)
    for sign in (1, -1) if kind == "diverging" else (1,):
        ramp = [luminance(palette.style(sign * step).background) for step in range(STEPS[kind] + 1)]
        rising = ramp[-1] > ramp[0]
        assert all((b > a) == rising for a, b in pairwise(ramp)), (name, sign, ramp)


@pytest.mark.parametrize("surface", ["surface", "background"])
@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_text_can_be_read_on_every_level(kind: Kind, name: str, surface: str) -> None:
    palette = themed(kind, name, surface)
    for level, style in palette.levels.items():
        assert contrast(style.background, style.foreground) >= TEXT_CONTRAST, (name, level)
        assert contrast(style.background, style.sign) >= SIGN_CONTRAST, (name, level)
    assert contrast(palette.surface, palette.quiet) >= TEXT_CONTRAST


@pytest.mark.parametrize("name", THEMES)
def test_zero_and_masked_have_the_surface_of_the_theme(name: str) -> None:
    palette = themed("diverging", name)
    assert palette.style(0).background == palette.style(MASKED).background == palette.surface


def test_negative_and_positive_differ_in_hue_not_in_red_and_green() -> None:
    palette = themed("diverging", "textual-dark")
    below, above = palette.style(-6).background, palette.style(6).background
    assert below.b > below.r
    assert above.r > above.b


@pytest.mark.parametrize("name", [n for n, theme in BUILTIN_THEMES.items() if theme.ansi])
def test_a_surface_that_the_terminal_chooses_is_left_to_it(name: str) -> None:
    palette = themed("diverging", name, "background")
    assert palette.style(0).background.ansi is not None
    assert contrast(palette.style(6).background, palette.style(6).foreground) >= TEXT_CONTRAST


def test_levels_of_a_diverging_scale() -> None:
    values = np.array([[-9.0, -2.0, -0.02, -0.001, 0.0, 0.001, 0.02, 1.0, 2.0, 9.0]])
    assert quantise(values, "diverging", 2.0).tolist() == [[-6, -6, -1, 0, 0, 0, 1, 3, 6, 6]]


def test_levels_of_a_sequential_scale() -> None:
    values = np.array([-0.5, 0.0, 0.004, 0.01, 0.25, 0.5, 0.99, 1.0, 3.0])
    assert quantise(values, "sequential", 1.0).tolist() == [0, 0, 0, 1, 2, 5, 10, 10, 10]


def test_plain_colours_nothing() -> None:
    assert quantise(np.array([-7, 0, 2600]), "plain", 1.0).tolist() == [0, 0, 0]


def test_what_is_not_finite_has_levels_of_its_own() -> None:
    values = np.array([-np.inf, np.nan, np.inf])
    for kind in KINDS:
        assert quantise(values, kind, 1.0).tolist() == [MASKED, NAN, STEPS[kind]]


@pytest.mark.parametrize("scale", [0.0, -1.0, np.inf, np.nan])
def test_a_scale_is_a_positive_number(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        quantise(np.zeros((1, 1)), "diverging", scale)


def test_scale_leaves_out_what_is_not_finite() -> None:
    assert scale_of(np.array([1.0, -3.0, np.nan, -np.inf])) == 3.0
    assert scale_of(np.array([np.nan])) == 1.0
    assert scale_of(np.zeros((0, 4))) == 1.0
    assert quantise(np.array([1e-320, 1e308]), "diverging", 1e-310).tolist() == [0, 6]
