"""How a token is written where people read it: one visible, printable word."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from engine.tokenizer import Tokenizer

_VISIBLE = {" ": "␠", "\n": "⏎", "\t": "⇥", "\x7f": "␡"}
_UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}


@dataclass(frozen=True, slots=True)
class Marks:
    """Words for the one token that is no text: read, a text begins; predicted, it ends."""

    start: str = "⟨start⟩"
    end: str = "⟨end⟩"


def visible(text: str) -> str:
    """The text with everything that one would not see written out.

    A space within is "␠", a line break "⏎", a control character its picture ("␛"), any other
    invisible character its number ("<U+200D>"). The one space that a word carries in front of
    it is left out, unless there is nothing else.
    """
    if text.strip(" "):
        text = text.removeprefix(" ")
    shown = "".join(map(_visible_character, text))
    # An accent without a letter would sit on whatever is drawn before it.
    return f"◌{shown}" if shown and unicodedata.category(shown[0]).startswith("M") else shown


def _visible_character(character: str) -> str:
    if character in _VISIBLE:
        return _VISIBLE[character]
    if character < " ":
        return chr(0x2400 + ord(character))
    if unicodedata.category(character) in _UNSEEN:
        return f"<U+{ord(character):04X}>"
    return character


def read_labels(tokenizer: Tokenizer, ids: list[int], marks: Marks) -> tuple[str, ...]:
    """The labels of tokens that the model reads."""
    return tuple(_label(tokenizer, i, marks.start) for i in ids)


def predicted_labels(tokenizer: Tokenizer, ids: list[int], marks: Marks) -> tuple[str, ...]:
    """The labels of tokens that the model predicts: the start token then means the end."""
    return tuple(_label(tokenizer, i, marks.end) for i in ids)


def _label(tokenizer: Tokenizer, id: int, mark: str) -> str:
    return mark if id == tokenizer.start_id else visible(tokenizer.piece(id))
