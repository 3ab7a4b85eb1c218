"""The matrix widget in a running app: keys, mouse, sizes, themes, odd values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.events import MouseScrollUp
from textual.message import Message
from textual.pilot import Pilot
from textual.selection import SELECT_ALL
from textual.widgets import Input

from tui.renderables.cells import Mode
from tui.widgets.matrix import MatrixView

SENTENCE = "<s> el gato se subió al árbol porque tenía miedo del perro"
WORDS = SENTENCE.split()


class MatrixApp(App[None]):
    """One matrix under an input, and all its messages in a list."""

    CSS = "MatrixView { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[str, int, int]] = []

    def compose(self) -> ComposeResult:
        yield Input()
        yield MatrixView()

    def on_matrix_view_cursor_moved(self, message: MatrixView.CursorMoved) -> None:
        assert message.control is message.matrix
        self.heard.append(("moved", message.row, message.col))

    def on_matrix_view_opened(self, message: MatrixView.Opened) -> None:
        self.heard.append(("opened", message.row, message.col))

    @property
    def matrix(self) -> MatrixView:
        return self.query_one(MatrixView)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Let the app work until a condition holds; fail after many turns."""
    for _ in range(100):
        if condition():
            return
        await pilot.pause()
    pytest.fail("the condition never held")


async def fill(pilot: Pilot[None], rows: int = 12, cols: int = 12, **more: object) -> MatrixView:
    """Show random numbers, give the matrix the focus and wait for its first frame."""
    assert isinstance(pilot.app, MatrixApp)
    matrix = pilot.app.matrix
    values = np.random.default_rng(0).normal(size=(rows, cols))
    row_labels = [WORDS[i % 12] for i in range(rows)]
    matrix.show(values, row_labels, [str(i) for i in range(cols)], **more)  # type: ignore[arg-type]
    matrix.focus()
    await until(pilot, lambda: bool(matrix.size) and matrix.has_focus)
    await pilot.pause()
    return matrix


def screen(matrix: MatrixView) -> list[str]:
    """The lines that the matrix draws now."""
    return [strip.text for strip in matrix.render_lines(matrix.size.region)]


def backgrounds(matrix: MatrixView) -> set[str]:
    strips = matrix.render_lines(matrix.size.region)
    return {
        segment.style.bgcolor.name
        for strip in strips
        for segment in strip
        if segment.style is not None and segment.style.bgcolor is not None
    }


async def test_arrows_move_the_cursor_and_stop_at_the_edges() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot, 3, 4)
        await pilot.press("right", "down", "down", "down", "left", "left", "end", "right", "home")
        await until(pilot, lambda: matrix.cursor == (2, 0))
        assert app.heard == [
            ("moved", 0, 1), ("moved", 1, 1), ("moved", 2, 1), ("moved", 2, 0), ("moved", 2, 3),
            ("moved", 2, 0),
        ]  # fmt: skip
        assert matrix.has_focus
        await pilot.press("ctrl+end", "enter", "ctrl+home")
        await until(pilot, lambda: app.heard[-1] == ("moved", 0, 0))
        assert ("opened", 2, 3) in app.heard


@pytest.mark.parametrize("mode", ["number", "compact", "swatch", "half"])
async def test_the_cursor_stays_in_view_of_a_huge_matrix(mode: Mode) -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot, 300, 2600, mode=mode)
        await pilot.press("ctrl+end")
        await until(pilot, lambda: matrix.cursor == (299, 2599))
        assert any("2599" in line for line in screen(matrix))
        await pilot.press("pageup", "left")
        await until(pilot, lambda: matrix.cursor[1] == 2598 and matrix.cursor[0] < 299)
        assert any("2598" in line for line in screen(matrix))
        await pilot.press("ctrl+home")
        await until(pilot, lambda: matrix.scroll_offset == (0, 0))
        assert all(cell_len(line) == matrix.size.width for line in screen(matrix))


@pytest.mark.parametrize("mode", ["number", "compact", "swatch", "half"])
async def test_a_move_repaints_only_what_it_touches_and_leaves_no_trace(mode: Mode) -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot, mode=mode)
        for row, col in ((5, 5), (5, 6), (4, 0), (11, 11), (0, 3)):
            matrix.move_cursor(row, col)
            await pilot.pause()
            partly = screen(matrix)
            matrix.refresh()
            await pilot.pause()
            assert screen(matrix) == partly


async def test_clicks_move_and_a_second_one_opens() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot)
        layout = matrix.layout_plan
        place = (layout.x_of(3, 0) + 2, layout.y_of(4, 0))
        await pilot.click(MatrixView, offset=place)
        await until(pilot, lambda: matrix.cursor == (4, 3))
        assert app.heard == [("moved", 4, 3)]
        await pilot.double_click(MatrixView, offset=(layout.x_of(5, 0) + 2, layout.y_of(1, 0)))
        await until(pilot, lambda: app.heard[-1] == ("opened", 1, 5))
        await pilot.click(MatrixView, offset=(1, layout.y_of(7, 0)))
        await until(pilot, lambda: matrix.cursor == (7, 5))
        await pilot.click(MatrixView, offset=(layout.x_of(0, 0), layout.header_height - 1))
        await until(pilot, lambda: matrix.cursor == (7, 0))


async def test_a_new_size_lays_out_anew() -> None:
    app = MatrixApp()
    async with app.run_test(size=(120, 40)) as pilot:
        matrix = await fill(pilot, 12, 16)
        assert matrix.layout_plan.mode == "number"
        matrix.move_cursor(11, 15)
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: matrix.layout_plan.mode == "compact")
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: matrix.layout_plan.width <= 40)
        await until(pilot, lambda: any("15" in line for line in screen(matrix)))
        await pilot.resize_terminal(200, 60)
        await until(pilot, lambda: matrix.layout_plan.mode == "number")
        assert matrix.scroll_offset == (0, 0)


@pytest.mark.parametrize("rows", [1, 3, 12])
async def test_automatic_height_is_that_of_the_matrix(rows: int) -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.matrix.styles.height = "auto"
        matrix = await fill(pilot, rows, 12, row_axis="consulta", col_axis="clave", note="suma 1")
        await until(pilot, lambda: matrix.size.height == rows + 2)
        assert "consulta↓ clave→" in screen(matrix)[0]


async def test_colours_follow_the_theme() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot)
        app.theme = "textual-dark"
        await until(pilot, lambda: "#1e1e1e" in backgrounds(matrix))
        app.theme = "textual-light"
        await until(pilot, lambda: "#d8d8d8" in backgrounds(matrix))
        assert "#1e1e1e" not in backgrounds(matrix)
        for theme in app.available_themes:
            app.theme = theme
            await pilot.pause()
            assert len(backgrounds(matrix)) > 6


async def test_the_cursor_is_brackets_and_reverse_with_focus_and_bold_without() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot)
        assert any("[" in line and "]" in line for line in screen(matrix))
        assert "#ffffff" in backgrounds(matrix)
        app.query_one(Input).focus()
        await until(pilot, lambda: not matrix.has_focus)
        await until(pilot, lambda: "#ffffff" not in backgrounds(matrix))
        assert any("[" in line and "]" in line for line in screen(matrix))


async def test_odd_values_and_shapes_are_shown() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot)
        odd = np.array([[np.nan, np.inf, -np.inf, 1e300, -1e-300, 0.0]])
        for mode in ("number", "compact", "swatch", "half"):
            matrix.show(odd, ["x"], list("abcdef"), mode=mode)
            await pilot.pause()
            assert all(cell_len(line) == 80 for line in screen(matrix))
        matrix.show(odd, ["x"], list("abcdef"), mode="number", cursor=(0, 0))
        await pilot.pause()
        assert {"∞", "−∞", "−0.00"} <= set(" ".join(screen(matrix)).split())
        for shape in ((0, 4), (3, 0), (0, 0)):
            matrix.show(np.zeros(shape), ["r"] * shape[0], ["c"] * shape[1])
            await pilot.pause()
            assert any("—" in line for line in screen(matrix))
            await pilot.press("down", "enter", "pagedown", "end")
        assert not app.heard
        assert matrix.cursor == (0, 0)


async def test_the_cursor_keeps_its_place_when_the_matrix_changes() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot)
        matrix.move_cursor(10, 9)
        await fill(pilot)
        assert matrix.cursor == (10, 9)
        await fill(pilot, 4, 20)
        assert matrix.cursor == (3, 9)
        await fill(pilot, 4, 20, cursor=(1, 1))
        assert matrix.cursor == (1, 1)
        await until(pilot, lambda: app.heard == [("moved", 10, 9)])


async def test_every_cell_mode_can_be_reached_in_turn() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot)
        seen = []
        for _ in range(4):
            seen.append(matrix.layout_plan.mode)
            matrix.action_cycle_mode()
            await pilot.pause()
        assert seen == ["number", "compact", "swatch", "half"]
        assert matrix.mode == "auto"


async def test_marks_and_the_present_row_are_written() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        mask = np.zeros((12, 12), dtype=bool)
        mask[3, 2] = True
        matrix = await fill(pilot, forced=mask, changed=np.roll(mask, 1), present=5, note="suma 1")
        lines = screen(matrix)
        top = matrix.layout_plan.header_height
        assert "*" in lines[top + 3]
        assert "′" in lines[top + 3]
        assert "•al" in lines[top + 5]
        assert "suma 1" in lines[0]


async def test_a_selection_takes_the_whole_matrix_as_text() -> None:
    app = MatrixApp()
    async with app.run_test(size=(80, 24)) as pilot:
        matrix = await fill(pilot, 2, 2)
        selected = matrix.get_selection(SELECT_ALL)
        assert selected is not None
        assert selected[0] == matrix.as_text()
        assert len(matrix.as_text(",").splitlines()[1].split(",")) == 3


def test_messages_name_their_handlers() -> None:
    for kind in (MatrixView.CursorMoved, MatrixView.Opened):
        assert issubclass(kind, Message)
        assert kind.handler_name.startswith("on_matrix_view_")


async def test_nothing_lies_under_a_bar_and_the_wheel_scrolls() -> None:
    async with MatrixApp().run_test(size=(60, 12)) as pilot:
        matrix = await fill(pilot, 40, 40, mode="number")
        assert not matrix.scrollbars_enabled[0]
        assert matrix.scrollable_content_region.size == matrix.size
        matrix.move_cursor(39, 39)
        await pilot.pause()
        lines = screen(matrix)
        assert len(lines) == matrix.size.height
        assert "]" in lines[-1], "the last row is in view, and its last column"
        before = matrix.scroll_offset.y
        await pilot._post_mouse_events([MouseScrollUp], matrix, offset=(10, 5), button=0)
        await until(pilot, lambda: matrix.scroll_offset.y < before)


async def test_a_smaller_matrix_is_not_left_scrolled() -> None:
    async with MatrixApp().run_test(size=(60, 12)) as pilot:
        matrix = await fill(pilot, 40, 40, mode="number")
        matrix.move_cursor(39, 39)
        await pilot.pause()
        matrix.show(np.zeros((3, 3)), WORDS[:3], WORDS[:3])
        assert matrix.scroll_offset == (0, 0)
        assert "+" not in screen(matrix)[0]
