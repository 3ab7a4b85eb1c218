"""The sentence at the top: where it is typed, what would follow it, and where it was cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from tui.renderables.chips import Chip, Look
from tui.widgets.chips import Chips
from tui.widgets.line_input import LineInput

PROMPT = "›"


def one_line(text: str) -> str:
    """The text on one line: breaks and tabs become spaces, other control characters go.

    A terminal would obey them rather than show them.
    """
    spaced = "".join(" " if c in "\n\r\t\v\f\x85\u2028\u2029" else c for c in text)
    return "".join(c for c in spaced if c >= " " and not "\x7f" <= c <= "\x9f")


class SentenceBox(LineInput):
    """A line to type without a frame. All keys that write are its own while it is focused."""

    DEFAULT_CSS = """
    SentenceBox {
        border: none; width: 1fr; height: 1; padding: 0; background: $surface; color: $foreground;
    }
    SentenceBox:focus { border: none; background: $surface; background-tint: transparent; }
    SentenceBox > .input--placeholder { color: $quiet; }
    """

    def __init__(self, value: str, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(one_line(value), placeholder, id=id, compact=True, select_on_focus=False)
        self.cursor_blink = False  # a blink is a frame sent over the line twice a second

    def _on_paste(self, event: events.Paste) -> None:
        # Textual takes the first line only; a pasted text is a sentence all the same.
        event.stop()
        event.prevent_default()
        self.replace(one_line(event.text), *self.selection)


class SentenceBand(Vertical):
    """The band at the top. It owns no state: what it shows is given, what is typed is told."""

    DEFAULT_CSS = """
    SentenceBand { height: auto; background: $surface; padding: 0 1; }
    SentenceBand > Horizontal { height: 1; }
    SentenceBand .band--prompt { width: 2; color: $quiet; }
    SentenceBand:focus-within .band--prompt { color: $accent; text-style: bold; }
    SentenceBand #model { width: auto; max-width: 24; padding: 0 0 0 2; }
    SentenceBand #guess { padding: 0 0 0 2; }
    SentenceBand #cut {
        display: none; height: 1; padding: 0 0 0 2; color: $warning;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """
    BINDINGS: ClassVar = []

    def __init__(self, text: str, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.box = SentenceBox(text, placeholder, id="sentence")
        self.guess = Chips("drop", id="guess")
        self.model = Chips("right", id="model")

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static(PROMPT, classes="band--prompt", markup=False)
            yield self.box
            yield self.model
        yield self.guess
        yield Static(id="cut", markup=False)

    def show_guess(
        self, heading: str, candidates: Sequence[tuple[str, str]], fallen: str = ""
    ) -> None:
        """Show the words that would follow, each with its share, the likeliest first.

        fallen: what is said of the word that was likeliest before something was changed.
        """
        chips = [Chip("", heading, look="quiet")]
        for rank, (word, share) in enumerate(candidates):
            look: Look = "plain" if rank else "strong"
            chips.append(Chip(f"next.{rank}", word, tail=share, look=look, rank=rank, gap=3))
            if rank == 0 and fallen:
                chips.append(Chip("", fallen, look="quiet", gap=2))
        self.guess.show(chips)

    def show_model(self, name: str) -> None:
        """Show the name of the model at the right."""
        self.model.styles.width = min(len(name), 22) + 2
        self.model.show([Chip("model", name, look="quiet")])

    def show_cut(self, notice: str) -> None:
        """Say that the sentence was cut; nothing where the notice is empty."""
        line = self.query_one("#cut", Static)
        line.display = bool(notice)
        if notice:
            line.update(notice, layout=False)
