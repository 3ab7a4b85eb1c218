"""The figure widget in a running app: keys, mouse, knobs, typing, sizes, themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.selection import SELECT_ALL
from textual.widgets import Input

from engine.expr import Ref
from lessons.exhibits import Exhibit
from lessons.figures.parts import Cell, Curve, Figure, Heat, Plot, Say, Table
from tui.renderables.figure_knobs import KnobLine
from tui.renderables.themes import DARK, LIGHT, THEMES
from tui.widgets.figure import FigureView

KNOBS = (KnobLine("t", "temperatura", "0.50"), KnobLine("w", "palabra", "gato"))


def ref(i: int) -> Ref:
    return Ref("logits", (0, i))


def table(n: int = 3) -> Table:
    rows = [
        [Cell(f"fila {i}"), Cell("5.00", knob=f"k{i}"), Cell("0.25", ref=ref(i), run=1)]
        for i in range(n)
    ]
    return Table(rows, ["", "puntuación", "peso"])


def heat(n: int = 6) -> Heat:
    values = np.random.default_rng(0).normal(size=(n, n))
    names = tuple(f"p{i}" for i in range(n))
    places = np.arange(n * n).reshape(n, n)
    return Heat(
        Exhibit(values, names, names, "query", "key", "diverging", 2.0, "x", places, (n, n))
    )


class FigureApp(App[None]):
    """One figure under an input, and all its messages in a list."""

    CSS = "FigureView { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("minus", "heard('minus')", ""),
        ("enter", "heard('enter')", ""),
    ]

    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK
        self.heard: list[tuple[object, ...]] = []

    def compose(self) -> ComposeResult:
        yield Input()
        yield FigureView()

    @property
    def figure(self) -> FigureView:
        return self.query_one(FigureView)

    def action_heard(self, key: str) -> None:
        self.heard.append(("app", key))

    def on_figure_view_moved(self, message: FigureView.Moved) -> None:
        assert message.control is self.figure
        self.heard.append(("moved", message.spot.text))

    def on_figure_view_opened(self, message: FigureView.Opened) -> None:
        self.heard.append(("opened", message.ref, message.run))

    def on_figure_view_turned(self, message: FigureView.Turned) -> None:
        self.heard.append(("turned", message.knob, message.by))

    def on_figure_view_typed(self, message: FigureView.Typed) -> None:
        self.heard.append(("typed", message.knob, message.text))


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app work until a condition holds; fail after many turns."""
    for _ in range(100):
        if condition():
            return
        await pilot.pause()
    pytest.fail("the condition never held")


async def fill(pilot: Pilot[None], *figure: object, knobs: tuple[KnobLine, ...] = ()) -> FigureView:
    """Show a figure, give it the focus and wait for its first frame."""
    assert isinstance(pilot.app, FigureApp)
    view = pilot.app.figure
    view.show(figure, 0, knobs=knobs)  # type: ignore[arg-type]
    view.focus()
    await until(pilot, lambda: bool(view.size) and view.has_focus)
    await pilot.pause()
    return view


def screen(view: FigureView) -> list[str]:
    """The lines that the figure draws now."""
    return [strip.text for strip in view.render_lines(view.size.region)]


async def press(pilot: Pilot[None], app: FigureApp, *keys: str) -> list[tuple[object, ...]]:
    """What is heard after some keys."""
    app.heard.clear()
    await pilot.press(*keys)
    await pilot.pause()
    return app.heard


async def test_arrows_move_among_the_spots_by_where_they_stand() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table())
        assert view.spot is not None
        assert view.spot.knob == "k0"
        await pilot.press("right")
        assert view.spot.ref == ref(0)
        await pilot.press("down", "down", "down")
        assert view.spot.ref == ref(2)
        await pilot.press("left", "left")
        assert view.spot.knob == "k2"
        await pilot.press("up")
        assert view.spot.knob == "k1"
        await pilot.press("end")
        assert view.spot.ref == ref(2)
        assert await press(pilot, app, "home") == [("moved", "5.00")]
        assert view.spot.knob == "k0"


async def test_the_way_down_and_up_again_ends_where_it_began() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, heat(), table(1), heat())
        await pilot.press("end")
        end = view.cursor
        await pilot.press(*["up"] * 8, *["down"] * 8)
        assert view.cursor == end


async def test_the_cursor_is_seen_without_colour() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table())
        assert "‹5.00›" in screen(view)[1]
        await pilot.press("right")
        assert "[0.25]" in screen(view)[1]
        await fill(pilot, heat(30))
        assert any("[]" in line for line in screen(view))


async def test_enter_and_double_click_open_a_number() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table())
        assert await press(pilot, app, "right", "enter") == [
            ("moved", "0.25"),
            ("opened", ref(0), 1),
        ]
        spot = view.spots[-1]
        app.heard.clear()
        await pilot.click(view, offset=(spot.column, spot.line), times=2)
        await pilot.pause()
        assert app.heard == [("moved", "0.25"), ("opened", ref(2), 1)]


async def test_plus_and_minus_turn_and_elsewhere_are_left_to_the_screen() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        await fill(pilot, table())
        assert await press(pilot, app, "plus", "minus", "equals_sign") == [
            ("turned", "k0", 1),
            ("turned", "k0", -1),
            ("turned", "k0", 1),
        ]
        assert await press(pilot, app, "right", "minus") == [("moved", "0.25"), ("app", "minus")]


async def test_a_typed_number_is_seen_and_confirmed_or_taken_back() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table())
        assert await press(pilot, app, "1", "2", "comma", "5", "minus") == []
        assert "−12,5▏" in screen(view)[1]
        assert await press(pilot, app, "enter") == [("typed", "k0", "-12,5")]
        assert "‹5.00›" in screen(view)[1]
        assert await press(pilot, app, "7", "escape") == []
        assert view.typed is None
        assert await press(pilot, app, "7", "backspace", "backspace") == []
        assert view.typed is None
        assert await press(pilot, app, "7", "down") == [("typed", "k0", "7"), ("moved", "5.00")]
        assert await press(pilot, app, "8", "tab") == [("typed", "k1", "8")]


async def test_enter_on_a_knob_begins_a_number_or_takes_the_next_choice() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, Say("texto"), knobs=KNOBS)
        await pilot.press("enter")
        assert view.typed == ""
        assert await press(pilot, app, "2", "enter") == [("typed", "t", "2")]
        assert await press(pilot, app, "right", "enter") == [
            ("moved", "gato"),
            ("turned", "w", 1),
        ]


async def test_the_signs_beside_a_knob_turn_it_at_a_click() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table(), knobs=KNOBS)
        for knob, back, on in (("w", -2, 5), ("k1", -1, 4)):
            spot = next(spot for spot in view.spots if spot.knob == knob)
            app.heard.clear()
            await pilot.click(view, offset=(spot.column + back, spot.line))
            await pilot.click(view, offset=(spot.column + on, spot.line))
            await pilot.pause()
            assert app.heard[1:] == [("turned", knob, -1), ("turned", knob, 1)]


async def test_another_figure_keeps_the_cursor_on_its_knob_or_its_place() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table())
        await pilot.press("down", "down")
        view.show((heat(), table()))
        assert view.spot is not None
        assert view.spot.knob == "k2"
        view.show((heat(),))
        index = view.cursor
        view.show((heat(),))
        assert view.cursor == index
        view.show((table(1),))
        assert view.cursor == 1
        view.show((table(),), "k1")
        assert view.spot.knob == "k1"
        view.show((table(),), ref(2))
        assert view.spot.ref == ref(2)
        view.show((Say("nada"),))
        assert view.spot is None


async def test_a_hint_given_before_the_first_layout_is_kept() -> None:
    class Early(FigureApp):
        def on_mount(self) -> None:
            self.figure.show((table(),), "k2")
            self.figure.focus()

    app = Early()
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.figure.spot is not None and app.figure.has_focus)
        assert app.figure.spot is not None
        assert app.figure.spot.knob == "k2"


async def test_a_tall_figure_scrolls_with_the_cursor_and_without_spots() -> None:
    app = FigureApp()
    async with app.run_test(size=(60, 12)) as pilot:
        view = await fill(pilot, table(30))
        assert view.max_scroll_y > 0
        await pilot.press(*["down"] * 12)
        await until(pilot, lambda: view.scroll_offset.y > 0)
        assert view.spot is not None
        assert any("‹5.00›" in line and "fila 12" in line for line in screen(view))
        await pilot.press("home")
        await until(pilot, lambda: view.scroll_offset.y == 0)
        await pilot.press("pagedown")
        await until(pilot, lambda: view.scroll_offset.y > 3)
        assert view.scroll_offset.y <= view.spot.line < view.scroll_offset.y + view.size.height
        await fill(pilot, *[Say("palabra " * 40, "quiet")] * 3)
        assert view.spot is None
        await pilot.press("down")
        await until(pilot, lambda: view.scroll_offset.y == 1)


async def test_a_figure_that_fits_does_not_scroll_and_one_without_spots_takes_no_focus() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table())
        assert view.max_scroll_y == 0
        app.query_one(Input).focus()
        view.show((Say("texto"),))
        assert not view.focusable


async def test_maps_and_curves_give_way_where_there_are_few_lines() -> None:
    app = FigureApp()
    plot = Plot([Curve("a", [1.0, 2.0])])
    async with app.run_test(size=(60, 12)) as pilot:
        view = app.figure
        view.show((plot,))
        await until(pilot, lambda: bool(view.size))
        assert len(view.drawn.lines) <= view.size.height
        assert view.height_in(60) > view.size.height


@pytest.mark.parametrize("width", [40, 80, 200])
async def test_every_line_fills_the_window_in_both_themes(width: int) -> None:
    app = FigureApp()
    async with app.run_test(size=(width, 30)) as pilot:
        view = await fill(pilot, table(40), heat(12), knobs=KNOBS)
        for theme in (DARK, LIGHT):
            app.theme = theme
            await pilot.pause()
            assert all(cell_len(line) == view.size.width for line in screen(view))


async def test_the_theme_changes_the_colours_at_once() -> None:
    def grounds(view: FigureView) -> set[str]:
        strips = view.render_lines(view.size.region)
        return {
            segment.style.bgcolor.name
            for strip in strips
            for segment in strip
            if segment.style is not None and segment.style.bgcolor is not None
        }

    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, heat())
        dark = grounds(view)
        app.theme = LIGHT
        await pilot.pause()
        assert len(dark) > 3
        assert not dark & grounds(view) - {"#ffffff"}


async def test_a_resize_draws_anew_and_keeps_the_cursor_inside() -> None:
    app = FigureApp()
    async with app.run_test(size=(120, 30)) as pilot:
        rows = [[Cell("a"), *[Cell("123456.00", ref=ref(i)) for i in range(9)]]]
        view = await fill(pilot, Table(rows))
        await pilot.press("end")
        assert view.cursor == 8
        await pilot.resize_terminal(50, 30)
        await until(pilot, lambda: view.size.width == 50)
        assert view.spot is not None
        assert view.spot == view.spots[-1]
        await pilot.press("left")
        assert view.cursor == len(view.spots) - 2


async def test_the_figure_is_copied_as_plain_text() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        view = await fill(pilot, table(1))
        selected = view.get_selection(SELECT_ALL)
        assert selected is not None
        assert "fila 0       [5.00] 0.25" in selected[0]


async def test_what_is_shown_again_is_not_drawn_again() -> None:
    app = FigureApp()
    async with app.run_test() as pilot:
        figure: Figure = (table(),)
        view = await fill(pilot, heat())
        view.show(figure, knobs=KNOBS)
        await pilot.pause()
        drawn = view.drawn
        view.show(figure, "k1", knobs=KNOBS)
        assert view.drawn is drawn
        assert view.spot is not None
        assert view.spot.knob == "k1"
