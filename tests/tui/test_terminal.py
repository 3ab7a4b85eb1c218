"""What terminals get: how many colours, and that every one of them can be read."""

from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.theme import Theme

from tests.tui.lesson_helper import TEXTS, mini
from tests.tui.walk_helper import walk_of
from tui.app import DesdeCero
from tui.commands.parser import parse
from tui.messages import words
from tui.renderables.fewer import (
    LADDERS,
    OUTSTANDING,
    VGA,
    XTERM,
    XTERM_16,
    FewerColours,
    contrast_16,
    contrast_256,
    field_16,
    sent,
    sent_256,
    sent_grey,
)
from tui.renderables.palette import STEPS, Kind, Palette, contrast, luminance, palette_of
from tui.renderables.themes import THEMES
from tui.resume import resume
from tui.terminal import Colours, colours, speaks_utf_8

GROUNDS = ("background", "surface", "panel")
ENOUGH: dict[Colours, int] = {"256": 5, "16": 3, "grey": 7}
"""Least number of different steps of seven that a sign has."""

colour = st.builds(Color, *[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("environ", "wish", "expected"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "auto", "full"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit"}, "auto", "full"),
        ({"TERM": "xterm-kitty"}, "auto", "full"),
        ({"TERM": "xterm-direct"}, "auto", "full"),
        ({"TERM": "xterm-256color"}, "auto", "256"),
        ({"TERM": "screen-256color"}, "auto", "256"),
        ({"TERM": "screen"}, "auto", "16"),
        ({"TERM": "linux"}, "auto", "16"),
        ({}, "auto", "16"),
        ({"TERM": "vt220"}, "auto", "none"),
        ({"TERM": "xterm-mono"}, "auto", "none"),
        ({"TERM": "linux", "TEXTUAL_COLOR_SYSTEM": "truecolor"}, "auto", "full"),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "auto", "grey"),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, "auto", "grey"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "auto", "256"),
        ({"TERM": "linux", "NO_COLOR": "1"}, "auto", "none"),
        ({"TERM": "linux", "NO_COLOR": "1"}, "16", "16"),
        ({"TERM": "xterm-256color"}, "none", "grey"),
        ({"TERM": "linux"}, "full", "full"),
    ],
)
def test_what_the_environment_says(environ: dict[str, str], wish: str, expected: str) -> None:
    assert colours(environ, wish) == expected


def test_encodings() -> None:
    assert all(map(speaks_utf_8, ("utf-8", "UTF-8", "UTF8", "utf_8", None)))
    assert not any(map(speaks_utf_8, ("ISO-8859-1", "ascii", "ANSI_X3.4-1968", "cp1252", "")))


def palette(theme: Theme, kind: Kind, ground: str) -> Palette:
    surface, text = Color.parse(str(getattr(theme, ground))), Color.parse(str(theme.foreground))
    return palette_of(kind, surface, text, theme.dark)


def ramp(shown: Palette, theme: Theme, colours: Colours, sign: int) -> list[int]:
    ground = Color.parse(str(theme.background))
    fields = [shown.style(sign * n).background for n in range(STEPS[shown.kind] + 1)]
    numbers = {"256": sent_256, "grey": sent_grey, "16": lambda x: field_16(x, ground)}
    return [numbers[colours](x) for x in fields]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("colours", ENOUGH)
@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_ramps_go_one_way_in_what_is_sent(theme: Theme, colours: Colours, ground: str) -> None:
    for kind in ("diverging", "sequential"):
        shown = palette(theme, kind, ground)
        for sign in (1, -1) if kind == "diverging" else (1,):
            numbers = ramp(shown, theme, colours, sign)
            lights = [luminance((VGA if colours == "16" else XTERM)[n]) for n in numbers]
            ordered = lights if theme.dark else lights[::-1]
            assert all(a <= b for a, b in pairwise(ordered)), (kind, sign, numbers)
            assert len(set(numbers)) >= min(ENOUGH[colours], 7), (kind, sign, numbers)
            assert len(set(numbers)) >= 7 or colours != "256" or kind == "diverging"
        if kind == "diverging" and colours in ("256", "16"):
            far = [ramp(shown, theme, colours, sign)[-1] for sign in (1, -1)]
            assert far[0] != far[1]


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_every_number_can_be_read_in_what_is_sent(theme: Theme, ground: str) -> None:
    surface = Color.parse(str(theme.background))
    for kind in get_args(Kind):
        for look in palette(theme, kind, ground).levels.values():
            for shown in ENOUGH:
                text, field = sent(look.foreground, look.background, shown, surface)
                ratio = contrast_16 if shown == "16" else contrast_256
                assert ratio(text, field) >= 4.5, (kind, shown, look)


@given(ink=colour, field=colour, theme=st.sampled_from(THEMES))
def test_what_can_be_read_still_can(ink: Color, field: Color, theme: Theme) -> None:
    meant, ground = contrast(ink, field), Color.parse(str(theme.background))
    for shown in ENOUGH:
        ratio = contrast_16 if shown == "16" else contrast_256
        text, under = sent(ink, field, shown, ground)
        if meant >= 4.5:
            assert ratio(text, under) >= 4.5
        if meant >= 3:
            assert ratio(text, under) >= 3


def test_black_or_white_can_be_read_on_every_rung() -> None:
    for ladder in LADDERS.values():
        for n in ladder:
            assert max(contrast_16(n, 0), contrast_16(n, 15)) >= 4.5
        for table in (VGA, XTERM_16):
            lights = [luminance(table[n]) for n in ladder]
            assert lights == sorted(lights)


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_what_is_chosen_stands_out_without_colours_and_a_box_does_not(theme: Theme) -> None:
    ground, panel = Color.parse(str(theme.background)), Color.parse(str(theme.panel))
    for name in ("tint", "block-cursor-background"):
        assert contrast(Color.parse(theme.variables[name]), ground) >= OUTSTANDING
    focused = panel.blend(Color.parse(str(theme.foreground)), 0.05)
    assert contrast(focused, ground) < OUTSTANDING


def one(colours: Colours, text: str, style: Style) -> Segment:
    theme = THEMES[0]
    ground = Color.parse(str(theme.background))
    (segment,) = FewerColours(colours, ground).apply([Segment(text, style)], ground)
    return segment


def test_rich_sends_what_was_chosen() -> None:
    style = Style.parse("#BBA6FF on #15171C")
    kinds: dict[Colours, ColorType] = {"256": ColorType.EIGHT_BIT, "16": ColorType.STANDARD}
    for shown, kind in kinds.items():
        look = one(shown, "text", style).style
        assert look is not None
        for part in (look.color, look.bgcolor):
            assert part is not None
            assert part.type == kind
            assert part.downgrade(ColorSystem.TRUECOLOR) == part
    default = Style.parse("default on default")
    assert one("256", "text", default).style == default


def test_without_colours_there_is_reverse_and_bold() -> None:
    accent, band = Style.parse("#17131F on #BBA6FF"), Style.parse("#E4E7EC on #1D2028")
    chosen, calm = one("none", "x", accent).style, one("none", "x", band).style
    assert chosen is not None
    assert chosen.reverse
    assert calm is not None
    assert not calm.reverse
    key = one("none", "x", Style.parse("#BBA6FF on #1D2028")).style
    assert key is not None
    assert key.bold
    for look in (chosen, calm, key):
        assert look.color is not None
        assert look.color.is_default
        assert look.bgcolor is not None
        assert look.bgcolor.is_default


def test_pictures_of_half_blocks_keep_their_halves_without_colours() -> None:
    bright, dark = "#6CB8FF", "#15171C"
    signs = {(bright, bright): "█", (bright, dark): "▀", (dark, bright): "▄", (dark, dark): " "}
    for (upper, lower), sign in signs.items():
        assert one("none", "▀▀", Style.parse(f"{upper} on {lower}")).text == 2 * sign
    # Their colours are fields both: neither gives way to the other.
    look = one("256", "▀", Style.parse("#6CB8FF on #6AB6FD")).style
    assert look is not None
    assert look.color == look.bgcolor


async def test_whether_things_move_is_kept() -> None:
    app = DesdeCero(mini("en"), TEXTS["en"], "en")
    assert app.animation_level == "full"
    app.move(False)
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        assert app.animation_level == "none"
        app.note_place()
        assert app.learner.progress.settings["animation"] is False
        kept = resume(app.learner.progress.settings)
    again = DesdeCero(mini("en"), TEXTS["en"], "en", left=kept)
    again.move(None)
    assert again.animation_level == "none"
    again = DesdeCero(mini("en"), TEXTS["en"], "en", left=kept)
    again.move(True)
    assert again.animation_level == "full"
    assert resume({"animation": "nonsense"}).animation
    assert parse(["--no-animation"], words("cli", "en")).animation is False
    assert parse([], words("cli", "en")).animation is None
