"""Reading what is longer than a screen: some of it, then more, or one row of it. Pure but for
how far one has read."""

from __future__ import annotations

from collections.abc import Iterable

from tui.messages import Words
from tui.plain.rows import Row, Spoken, numbered, row_text
from tui.plain.speech import Speaker
from tui.plain.trouble import PlainError

PAGE = 18
"""Lines that are read at once."""
LEAST = 6


class Reader:
    """Rows and sentences, and how far they were read."""

    def __init__(self, spoken: Iterable[Spoken] = ()) -> None:
        self._spoken = numbered(spoken)
        self._at = 0

    @property
    def rows(self) -> list[Row]:
        """The rows that have a number, in their order."""
        return [one for one in self._spoken if isinstance(one, Row) and one.n]

    @property
    def rest(self) -> int:
        """How much was not read yet."""
        return len(self._spoken) - self._at

    def read(self, words: Words, speaker: Speaker, lines: int = PAGE) -> list[str]:
        """What comes next, in about so many lines, and how to hear the rest."""
        said: list[str] = []
        room = max(lines, LEAST)
        while self.rest and room > 0:
            one = self._spoken[self._at]
            text = one if isinstance(one, str) else row_text(one, words)
            room -= len(speaker.lines(text))
            if said and room < 0:
                break
            said.append(text)
            self._at += 1
        if self.rest:
            key = "more.one" if self.rest == 1 else "more.some"
            said.append(words(key, n=self.rest))
        return said

    def row(self, n: int) -> Row:
        """The row of that number. Raises Trouble."""
        rows = self.rows
        if not rows:
            raise PlainError("trouble.no_rows")
        if not 1 <= n <= len(rows):
            raise PlainError("trouble.no_row", n=n, last=len(rows))
        return rows[n - 1]
