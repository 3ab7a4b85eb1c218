"""A card with its exhibit: one below the other, or side by side where there is room.

80x24    words, the line to answer in, exhibit, a line that says what is under the cursor
110x30   words at the left, the exhibit at their right
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.geometry import Region, Size
from textual.widget import Widget

from tui.renderables.card_text import Block
from tui.renderables.figure_block import MARGIN
from tui.widgets.card import CardView
from tui.widgets.exhibit import ExhibitPane
from tui.widgets.figure import FigureView
from tui.widgets.line_input import LineInput
from tui.widgets.placing import Places, Placing
from tui.widgets.readout import Readout

WIDE, HUGE, TALL = 110, 170, 30
"""Columns from which on the exhibit stands at the right, or has much room; lines for air."""
WORDS, MANY_WORDS, ALONE = 48, 62, 78
"""Columns of the words at the left, the same where there is much room, and without an exhibit;
two of them are free.
"""
EXHIBIT, LEAST_EXHIBIT = 12, 7
"""Lines that an exhibit below the words gets if it needs them, and those that it gets anyhow."""
BOX = 50


class LessonBody(Placing):
    """Places the parts of a card. What they show is said by `show` and by whoever fills them."""

    DEFAULT_CSS = """
    LessonBody { height: 1fr; }
    LessonBody > * { background: $background; }
    LessonBody > CardView { color: $foreground; }
    LessonBody > #answer {
        border: none; height: 1; padding: 0 1; background: $panel; color: $foreground;
    }
    LessonBody > #answer:focus { border: none; background: $panel; background-tint: transparent; }
    LessonBody > #answer > .input--placeholder { color: $quiet; }
    LessonBody #matrix { scrollbar-size: 0 0; }
    LessonBody > Readout { color: $quiet; }
    LessonBody > Readout.-said { color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.card = CardView(id="card")
        self.answer = LineInput(id="answer", compact=True, select_on_focus=False)
        self.answer.cursor_blink = False
        self.figure = FigureView(id="figure")
        self.pane = ExhibitPane(id="exhibit")
        self.readout = Readout(id="readout")
        self._exhibit: Widget | None = None
        self._words_first, self._wanted = False, False
        self._has_room, self._asks = False, False
        self._fits, self._whole = True, True
        self._cut = False

    def compose(self) -> ComposeResult:
        yield self.card
        yield self.answer
        yield self.figure
        yield self.pane
        yield self.readout

    def show(
        self,
        blocks: Sequence[Block],
        lit: str,
        exhibit: Widget | None,
        keeps_room: bool,
        asks: bool,
        words_first: bool = False,
    ) -> None:
        """Show a card.

        exhibit: `figure` or `pane`, or None. keeps_room: there will be one, once a question is
        answered. asks: whether the line to answer in is shown. words_first: where there is not
        room for both, the exhibit is shown only when it is wanted.
        """
        self._exhibit, self._has_room, self._asks = exhibit, keeps_room, asks
        self._words_first = words_first
        self.card.show(blocks, lit)
        self.place()

    @property
    def exhibit(self) -> Widget | None:
        """`figure` or `pane`, whichever is shown."""
        return self._exhibit

    @property
    def fits(self) -> bool:
        """Whether the words stand whole."""
        return self._fits

    @property
    def is_cut(self) -> bool:
        """Whether the figure is longer than its room."""
        return self._cut

    @property
    def at_end(self) -> bool:
        """Whether the last line of a figure that is longer than its room has been scrolled to."""
        figure = self.figure
        return 0 < figure.max_scroll_y <= figure.scroll_target_y

    def want(self, exhibit: bool) -> None:
        """Whether the exhibit is wanted: it has the focus, or shall have it."""
        if exhibit != self._wanted:
            self._wanted = exhibit
            self.place()

    @property
    def is_exhibited(self) -> bool:
        """Whether the exhibit has room now."""
        return any(part is self._exhibit for part, _ in self.places(self.size))

    @property
    def asks(self) -> bool:
        """Whether the line to answer in is shown."""
        return self._asks

    def places(self, size: Size) -> Places:
        """The parts that are shown."""
        self._cut = False
        width, height = size
        margin = 1 if width < WIDE else 3 if width < HUGE else 6
        top = 1 if height >= TALL - 3 else 0
        said = 1 if height < TALL - 3 else 2
        inner = Region(margin, top, width - 2 * margin, height - top - said)
        places: Places = [(self.readout, Region(margin, inner.bottom, inner.width, said))]
        wide = width >= WIDE and (self._exhibit is not None or self._has_room)
        if wide:
            return places + self._beside(inner, MANY_WORDS if width >= HUGE else WORDS)
        return places + self._below(inner)

    def _beside(self, room: Region, words: int) -> Places:
        """The exhibit at the right of the words."""
        gap = 2 if words == WORDS else 6
        places = self._words(Region(room.x, room.y, words, room.height - 1), airy=True)
        if self._exhibit is not None:
            x = words + gap
            region = Region(room.x + x, room.y, room.width - x, room.height - 1)
            places.append((self._exhibit, self._aligned(region)))
        return places

    def _below(self, room: Region) -> Places:
        """The exhibit below the words; it gives way to them, but not wholly."""
        airy = room.height >= TALL or (self._exhibit is None and not self._has_room)
        if self._exhibit is None:
            wide = min(room.width, ALONE)
            return self._words(Region(room.x, room.y, wide, room.height), airy)
        if self._words_first and not self._wanted:
            places = self._words(room, airy)
            rest = room.bottom - places[-1][1].bottom - 1
            if rest < LEAST_EXHIBIT:
                return places
        all_of_it = self._height_of_exhibit(room.width + 2 * MARGIN)
        heights = (min(all_of_it, max(EXHIBIT, room.height // 2)), LEAST_EXHIBIT)
        # The exhibit gives way first, and only then what is spare among the words.
        for least, whole in ((x, whole) for whole in (True, False) for x in heights):
            words = Region(room.x, room.y, room.width, max(room.height - least - 1, 3))
            places = self._words(words, airy)
            if self._fits and (self._whole or not whole):
                break
        y = places[-1][1].bottom + 1
        region = Region(room.x, y, room.width, max(room.bottom - y, 1))
        return [*places, (self._exhibit, self._aligned(region))]

    def _aligned(self, region: Region) -> Region:
        """A figure keeps a column free at either side: its text begins where other text does."""
        if self._exhibit is not self.figure:
            return region
        grown = region.grow((0, MARGIN, 0, MARGIN))
        self._cut = self.figure.height_in(grown.width) > grown.height
        return grown

    def _words(self, room: Region, airy: bool) -> Places:
        """The words, and right below them the line to answer in."""
        asks = 2 if self._asks else 0
        lines = max(room.height - asks, 1)
        self.card.airy = airy
        page = self.card.page_in(room.width, lines)
        wanted = len(page.lines)
        self._fits, self._whole = wanted <= lines, page.whole
        height = min(wanted, lines)
        places: Places = [(self.card, Region(room.x, room.y, room.width, height))]
        if self._asks:
            y = room.y + height + 1
            places.append((self.answer, Region(room.x, y, min(room.width, BOX), 1)))
        return places

    def _height_of_exhibit(self, width: int) -> int:
        """Lines that the exhibit would fill; a station of the walk fills all that there are."""
        return self.figure.height_in(width) if self._exhibit is self.figure else EXHIBIT
