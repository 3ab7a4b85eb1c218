"""No line ends within a number or before its sign: on cards, in figures, readouts and doubts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from textual.content import Content

from lessons.figures.powers import texts
from lessons.findings.registry import filled_spans
from tests.tui.lesson_helper import all_cards, answered, view_at
from tui.messages import LANGUAGES
from tui.renderables.card_text import flow
from tui.renderables.figure_draw import draw_figure
from tui.renderables.figure_line import wrapped
from tui.renderables.prose_content import prose_content
from tui.renderables.running import lines_of, running
from tui.renderables.shorten import shortened
from tui.renderables.unbroken import NO_BREAK, unbroken, words_of
from tui.screens.lesson_card import blocks
from tui.screens.lesson_hint import hint
from tui.screens.lesson_view import LessonView
from tui.screens.walk_state import Place

WIDTHS = (24, 47)


def broken(lines: list[str]) -> list[str]:
    """Where a line ends and the next one should not begin."""
    bare = (line.strip(f" {NO_BREAK}") for line in lines)
    return [
        f"{one!r} / {two!r}"
        for one, two in pairwise(bare)
        if two.startswith("%") or (re.search(r"\d$", one) and re.match(r"\d{3}(?!\d)", two))
    ]


def plain(lines: list[Content]) -> list[str]:
    return [line.plain for line in lines]


@cache
def views(lang: str) -> list[LessonView]:
    """Every card, its question answered: all that was asked is in view then."""
    asked = [view_at(one.id, card.id, lang) for one, card in all_cards(lang)]
    return [replace(view, journey=answered(view.course).at(*view.key)) for view in asked]


def in_figure(view: LessonView) -> Iterator[str]:
    if view.live is not None:
        for part in view.live.show(view.turned):
            yield from texts(part)


def in_readout(view: LessonView) -> Iterator[str]:
    yield hint(view, False, False, None)
    if view.live is not None:
        spots = draw_figure(view.live.show(view.turned), 96).spots
        yield from {hint(view, True, False, spot) for spot in spots}
    elif view.walk is not None:
        for row in range(len(view.walk.exhibit.rows)):
            yield hint(replace(view, place=Place(word=row)), True, False, None)


def all_broken(said: set[str], wrap: Callable[[str, int], list[str]]) -> list[str]:
    """What is broken in some width."""
    return [one for text in sorted(said) for width in WIDTHS for one in broken(wrap(text, width))]


def textual(text: str, width: int) -> list[str]:
    """The lines that Textual would make."""
    return plain(Content(text).wrap(width))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_cards_break_no_number(lang: str) -> None:
    found, shares, long = [], 0, 0
    for view in views(lang):
        for block in blocks(view):
            said = unbroken("".join(bit.text for bit in block.bits))
            shares += bool(re.search(r"\d\s?%", said))
            long += bool(re.search(rf"\d[{NO_BREAK},]\d\d\d", said))
            for width in WIDTHS:
                lines = flow(block, width)
                found += broken(["".join(bit.text for bit in line) for line in lines])
    assert not found, "\n".join(found)
    assert shares > 20
    assert long > 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_and_readouts_break_no_number(lang: str) -> None:
    figures = {text for view in views(lang) for text in in_figure(view)}
    readouts = {text for view in views(lang) for text in in_readout(view)}
    prose = {
        prose_content(spans).plain
        for view in views(lang)
        for spans in (view.filled(doubt.answer) for doubt in view.card.doubts)
    } | {
        prose_content(filled_spans(text, views(lang)[0].scene)).plain
        for term in views(lang)[0].course.terms
        for text in (term.definition, term.example)
    }
    if lang == "es":  # in English nothing stands between a number and its sign
        assert all(all_broken(said, textual) for said in (figures, readouts, prose))
    found = all_broken(figures, wrapped)
    found += all_broken(readouts, lambda text, width: plain(lines_of(Content(text), width)))
    found += all_broken(prose, lambda text, width: plain(running(Content(text), width).wrap(width)))
    assert not found, "\n".join(found)


def test_what_stays_together() -> None:
    assert words_of("de 50 257 al 43 % · y 12 34") == [
        "de",
        "50 257",
        "al",
        "43 % ·",
        "y",
        "12",
        "34",
    ]
    assert unbroken("GPT-2, 768 y 12 288") == f"GPT-2, 768 y 12{NO_BREAK}288"


def test_running_text_keeps_its_marks_and_its_room() -> None:
    text = Content.assemble("uno dos tres ", ("50 257", "bold"), " y el 43 %")
    lines = running(text, 15).wrap(15)
    assert plain(lines) == ["uno dos tres", "50 257 y el", "43 %"]
    assert [span.style for line in lines for span in line.spans] == ["bold"]
    assert shortened(text, 15, 2).plain.splitlines()[-1].endswith("…")
    assert running(Content("nada que cuidar"), 8).plain == "nada que cuidar"
