"""The themes, measured in what is drawn: the contrast of every text; eyes that lack a cone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from rich.cells import cell_len
from textual.color import Color, rgb_to_lab
from textual.theme import Theme

from tests.tui.lesson_helper import TEXTS, mini
from tests.tui.tour import tour
from tests.tui.walk_helper import until, walk_of
from tui.app import DesdeCero
from tui.commands.parser import parse
from tui.messages import words
from tui.renderables.fewer import contrast_16, contrast_256, sent
from tui.renderables.palette import STEPS, contrast, palette_of
from tui.renderables.themes import CHOICES, CONTRAST, THEMES, choice_of, theme_after, theme_of
from tui.resume import THEMES as KEPT

# Dichromats as the mean of many eyes, severity 1.0: Machado, Oliveira and Fernandes (2009),
# "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG 15(6),
# table 1. The matrices apply to linear RGB.
EYES = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
SEEN = 2.3
"""Distance in CIE Lab at which two colours can just be told apart (Mahy et al. 1994)."""


def as_seen(colour: Color, eye: str) -> Color:
    share = np.array(colour.normalized)
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    left = (np.array(EYES[eye]) @ linear).clip(0, 1)
    sent_ = np.where(left <= 0.0031308, 12.92 * left, 1.055 * left ** (1 / 2.4) - 0.055)
    return Color(*(round(255 * x) for x in sent_))


def apart(one: Color, other: Color, eye: str) -> float:
    a, b = (rgb_to_lab(as_seen(x, eye)) for x in (one, other))
    return float(np.hypot(np.hypot(a.L - b.L, a.a - b.a), a.b - b.b))


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
def test_ramps_can_be_told_apart_by_every_eye(theme: Theme, eye: str) -> None:
    text = Color.parse(str(theme.foreground))
    for surface in (theme.background, theme.surface, theme.panel):
        signs, shares = (
            palette_of(kind, Color.parse(str(surface)), text, theme.dark)
            for kind in ("diverging", "sequential")
        )
        for shown in (signs, shares):
            for sign in (1, -1)[: 1 + (shown is signs)]:
                steps = range(STEPS[shown.kind] + 1)
                fields = [shown.style(sign * n).background for n in steps]
                assert all(apart(a, b, eye) >= 1.4 * SEEN for a, b in pairwise(fields))
        for n in range(1, STEPS["diverging"] + 1):
            both = signs.style(n).background, signs.style(-n).background
            assert apart(*both, eye) >= (60 if n == STEPS["diverging"] else 3 * SEEN * n**0.5)
        ends = signs.style(-6).background, signs.style(6).background, shares.style(10).background
        assert all(apart(ends[2], x, eye) >= 4 * SEEN for x in ends[:2])  # the series of a curve


def test_the_key_goes_through_all_themes_and_names_are_kept() -> None:
    assert set(CHOICES.values()) == {theme.name for theme in THEMES}
    assert tuple(CHOICES) == KEPT
    name = theme_of("dark")
    seen = []
    for _ in CHOICES:
        seen.append(choice_of(name))
        name = theme_after(name)
    assert seen == list(CHOICES)
    assert name == theme_of(None)
    assert theme_after("textual-dark") == theme_of("dark")
    assert parse(["--theme", "contrast"], words("cli", "en")).theme == "contrast"


def drawn(app: DesdeCero) -> set[tuple[Color, Color, str]]:
    """Colour, ground and an example of every text on the screen; none of what a box lies over."""
    screen = app.screen
    boxes = [child.region for child in screen.children if child.display and child.region]
    found = {}
    for y, strip in enumerate(screen._compositor.render_strips()):
        x = 0
        for text, style, _ in strip:
            told = style is not None and any(c.isalnum() for c in text)
            if screen.is_modal and not any(box.contains(x, y) for box in boxes):
                told = False
            x += cell_len(text)
            if told and style.color and style.bgcolor:
                pair = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
                if style.reverse:
                    pair = pair[::-1]
                found.setdefault(pair, text.strip())
    return {(*pair, text) for pair, text in found.items()}


@pytest.mark.parametrize("theme", THEMES, ids=lambda t: t.name)
async def test_every_text_on_every_screen_can_be_read(theme: Theme) -> None:
    least = 7.0 if theme.name == CONTRAST else 4.5
    app = DesdeCero(mini("en"), TEXTS["en"], "en", theme.name)
    bad: dict[str, list[tuple[str, str, str, float]]] = {}
    pairs: dict[tuple[Color, Color], str] = {}
    async with app.run_test(size=(80, 24)) as pilot:
        await walk_of(pilot)
        async for name in tour(pilot, ("pick", "match", "point", "open")):
            await pilot.pause()
            for ink, field, text in drawn(app):
                pairs[ink, field] = f"{name}: {text}"
                ratio = contrast(ink, field)
                if ratio < least:
                    bad.setdefault(name, []).append((text, ink.hex, field.hex, round(ratio, 2)))
    assert not bad
    assert len(pairs) > 30
    ground = Color.parse(str(theme.background))
    for (ink, field), where in pairs.items():
        for colours, ratio_of in (
            ("256", contrast_256), ("grey", contrast_256), ("16", contrast_16)
        ):  # fmt: skip
            numbers = sent(ink, field, colours, ground)
            assert ratio_of(*numbers) >= 4.5, (where, colours, numbers)


@pytest.mark.parametrize("over", [("m",), ("t", "f1"), ("e",), ("ctrl+p",)], ids="+".join)
async def test_what_was_hidden_when_the_theme_changed_has_it_when_it_is_seen_again(
    over: tuple[str, ...],
) -> None:
    app = DesdeCero(mini("en"), TEXTS["en"], "en", "dark")
    async with app.run_test(size=(80, 24)) as pilot:
        ground = await walk_of(pilot)
        ground.go_to("blocks.1.pattern")
        await pilot.press("tab")
        app.action_next_theme()
        await pilot.pause()
        light = drawn(app)
        for _ in THEMES[1:]:
            app.action_next_theme()
            await pilot.pause()
        assert app.theme == theme_of("dark")
        assert drawn(app) != light
        await pilot.press(*over)
        await until(pilot, lambda: app.screen is not ground)
        app.action_next_theme()
        await pilot.pause()
        while app.screen is not ground:
            app.pop_screen()
        await pilot.pause()
        app.clear_notifications()
        await pilot.pause()
        assert drawn(app) == light
