"""A list to look something up in: typing filters it, and beside it stands what is said of one.

The table of contents and the glossary are such lists.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.messages import Words
from tui.screens.fitted import fit
from tui.screens.leaving import LeavingModal
from tui.widgets.line_input import LineInput
from tui.widgets.running import RunningText


@lru_cache(maxsize=8192)
def plainly(text: str) -> str:
    """A text without case and accents, as it is searched."""
    parts = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))


def says(wanted: str, *texts: str) -> bool:
    """Whether every word that is wanted stands in the texts, as a word or a part of one."""
    said = plainly("\n".join(texts))
    return all(word in said for word in plainly(wanted).split())


@dataclass(frozen=True)
class Entry:
    """Something that can be looked up: its id, all that it is found by, and what it is called.

    What is called what one looks for comes first.
    """

    id: str
    found_by: str
    name: str = ""

    def rank(self, wanted: str) -> int:
        """0 for what begins as wanted, 1 for what has it in its name, 2 for any other."""
        name, wanted = plainly(self.name), plainly(wanted.strip())
        return 0 if name.startswith(wanted) else 1 if wanted in name else 2


class LookupScreen(LeavingModal[str | None]):
    """Answers with the id of what was chosen, or with None.

    Letters go into the filter.
    """

    CSS_PATH = "lookup.tcss"
    AUTO_FOCUS = "#lookup-list"
    BINDINGS: ClassVar = [Binding("escape", "leave", show=False, id="lookup.close")]
    TABLE = ""
    """The section of the words that names the title, the filter and the way out."""

    def __init__(self, words: Words, here: str) -> None:
        super().__init__()
        self.words = words
        self._here = here
        self._shown: list[Entry] = []
        self.list = OptionList(id="lookup-list", compact=True, markup=False)
        self._detail = RunningText(id="lookup-detail")
        self._filter = LineInput(
            placeholder=words(f"{self.TABLE}.filter"),
            id="lookup-filter",
            compact=True,
            select_on_focus=False,
        )

    def entries(self) -> Sequence[Entry]:
        """All that can be looked up, in order."""
        raise NotImplementedError

    def line(self, entry: Entry, filtered: bool) -> Content:
        """An entry in the list."""
        raise NotImplementedError

    def detail(self, entry: Entry) -> Content:
        """What is said of an entry."""
        raise NotImplementedError

    def aside(self) -> str:
        """What stands beside the title."""
        raise NotImplementedError

    def answer(self, entry: str) -> str:
        """What the screen answers when an entry is chosen: as a rule its id."""
        return entry

    def compose(self) -> ComposeResult:
        fit(self)
        words = self.words
        with Vertical(id="lookup"):
            title = Content.assemble((words(f"{self.TABLE}.title"), "bold"), "  ")
            yield Static(title + Content.styled(self.aside(), "$quiet"), id="lookup-title")
            yield self._filter
            with Container(id="lookup-columns"):
                yield self.list
                yield self._detail
            yield Static(words(f"{self.TABLE}.close"), id="lookup-close", markup=False)

    def on_mount(self) -> None:
        self._fill("")

    def on_resize(self) -> None:
        self._fill(self._filter.value)

    @property
    def shown(self) -> Sequence[Entry]:
        """The entries that the filter lets through."""
        return self._shown

    def _fill(self, wanted: str) -> None:
        """Show what is found, with the cursor where it was, or on the first."""
        present = self._present
        here = self._here if present is None else present.id
        found = (entry for entry in self.entries() if says(wanted, entry.name, entry.found_by))
        self._shown = sorted(found, key=lambda entry: entry.rank(wanted) if wanted.strip() else 0)
        self.list.clear_options()
        filtered = bool(wanted.strip())
        self.list.add_options(Option(self.line(entry, filtered), entry.id) for entry in self._shown)
        ids = [entry.id for entry in self._shown]
        if ids:
            # What is looked for is what stands first; without a wish, one stays where one was.
            self.list.highlighted = ids.index(here) if here in ids and not filtered else 0
            self.call_after_refresh(self.list.scroll_to_highlight)  # which needs its size
        else:
            self._detail.update(self.words(f"{self.TABLE}.none"))

    @property
    def _present(self) -> Entry | None:
        at = self.list.highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    @on(OptionList.OptionHighlighted)
    def _tell(self) -> None:
        if self._present is not None:
            self._detail.update(self.detail(self._present))

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.answer(str(event.option.id)))

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        self._fill(event.value)

    @on(Input.Submitted)
    def _choose_first(self) -> None:
        if self._present is not None:
            self.dismiss(self.answer(self._present.id))

    def on_key(self, event: events.Key) -> None:
        """Letters are looked up; the cursor can be moved while one types."""
        typing = self._filter.has_focus
        character = event.character or ""
        if typing and event.key == "up":
            self.list.action_cursor_up()
        elif typing and event.key == "down":
            self.list.action_cursor_down()
        elif typing and event.key == "pageup":
            self.list.action_page_up()  # type: ignore[no-untyped-call]
        elif typing and event.key == "pagedown":
            self.list.action_page_down()  # type: ignore[no-untyped-call]
        elif not typing and (character == "/" or event.key == "backspace"):
            self._filter.focus()
        elif character.isprintable() and (character.strip() or (character and self._filter.value)):
            # Typed before the box had the focus: a fast hand is ahead of it by a key or more.
            self._filter.focus()
            self._filter.insert_text_at_cursor(character)
        else:
            return
        event.stop()
        event.prevent_default()

    def action_leave(self) -> None:
        """Forget what was typed; with nothing typed, go without an answer."""
        if self._filter.value:
            self._filter.value = ""
            self.list.focus()
        else:
            self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        if event.widget is self or (event.widget is not None and event.widget.id == "lookup-close"):
            self.dismiss(None)
