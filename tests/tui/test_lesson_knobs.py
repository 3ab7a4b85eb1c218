"""Knobs by typing: what stands on the screen, typed again, sets what is already there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.figures.knobs import Knob, Number, Place
from lessons.figures.registry import figures
from lessons.scene import Scene
from tests.tui.lesson_helper import all_cards, lesson_app, lesson_of, view_at
from tests.tui.walk_helper import until
from tui.screens.lesson_knobs import _cells, knob_lines, knob_of, typed
from tui.screens.lesson_view import LessonView

FIGURES = sorted(
    {card.figure: (one.id, card.id) for one, card in all_cards("es") if card.figure}.items()
)


def shown(view: LessonView) -> list[tuple[Knob, str]]:
    """The knobs of a figure that hold a number, each with the number that the screen shows."""
    figure = figures()[view.card.figure].show(Scene(view.experiment, view.lang, view.settings))
    texts = [(cell.knob, cell.text) for part in figure for cell in _cells(part)]
    texts += [(line.id, line.text) for line in knob_lines(view, figure)]
    found: list[tuple[Knob, str]] = []
    for id, text in texts:
        knob = knob_of(view, id) if id else None
        if isinstance(knob, Number) or (isinstance(knob, Place) and text.isdigit()):
            found.append((knob, text))
    return found


@pytest.mark.parametrize(("name", "place"), FIGURES)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_number_typed_as_it_is_shown_changes_nothing(
    name: str, place: tuple[str, str], lang: str
) -> None:
    view = view_at(*place, lang)
    assert view.card.figure == name
    for id in [knob.id for knob in view.knobs]:
        for _ in range(3):
            knob = knob_of(view, id)
            assert knob is not None
            before = view.settings[id]
            for other, text in shown(view):
                value = typed(view, other, text)
                now = view.settings[other.id]
                if isinstance(other, Place):
                    assert isinstance(value, int)
                    n = other.count(view.experiment)
                    assert value % n == int(now) % n, (other.id, text)
                else:
                    assert value == pytest.approx(now, abs=0.0051), (other.id, text)
            value = knob.turned(before, 1, view.experiment)
            view = replace(view, journey=view.journey.turned(view.key, id, value))


@pytest.mark.parametrize(
    ("text", "value"), [("30,000", 30_000), ("30000", 30_000), ("4,5", 5), ("x", None)]
)
def test_thousands_may_have_their_comma(text: str, value: int | None) -> None:
    place = dict(FIGURES)["table-size"]
    view = view_at(*place)
    knob = knob_of(view, "rows")
    assert knob is not None
    assert typed(view, knob, text) == value


def test_a_token_is_named_by_its_position_and_a_head_by_its_number() -> None:
    for name, place in FIGURES:
        view = view_at(*place)
        for knob in figures()[name].knobs:
            if isinstance(knob, Place):
                first = 0 if knob.what == "token" else 1
                for n in range(min(knob.count(view.experiment), 4)):
                    assert typed(view, knob, str(n + first)) == n, (name, knob.id)


async def test_a_number_with_its_comma_typed_on_the_screen() -> None:
    place = dict(FIGURES)["table-size"]
    async with lesson_app().run_test(size=(120, 40)) as pilot:
        lesson = await lesson_of(pilot)
        lesson.enter(*place)
        figure = lesson.body.figure
        await until(pilot, lambda: any(spot.knob == "rows" for spot in figure.spots))
        figure.focus()
        figure.move_cursor(next(i for i, s in enumerate(figure.spots) if s.knob == "rows"))
        await pilot.press("3", "0", "comma", "0", "0", "0", "enter")
        await until(pilot, lambda: lesson.view.settings["rows"] == 30_000)
