"""A guess and its truth: what is so for the learner's sentence, and how the two are told. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from lessons.course import Guess
from lessons.findings.registry import Found, filled_plain, found
from lessons.scene import Scene
from lessons.words import number, within_quotes
from tui.messages import Words
from tui.screens.lesson_state import Answer

_QUOTES = "«»“”\"'‘’.,;:¿?() "
_THOUSANDS: Final = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?%?")
_ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was said beside what is so. right: whether they agree; None where that is not asked."""

    text: str
    right: bool | None


def truth(guess: Guess, scene: Scene) -> Found:
    """The answer for this sentence; empty for an open question."""
    if guess.kind == "open":
        return ""
    if guess.kind == "pick" and not guess.computed:
        return guess.answer
    return found(guess.answer, scene)


def answer_of(guess: Guess, scene: Scene, said: str) -> Answer | None:
    """What was chosen or typed as an answer; None for what is none.

    said: the id of a choice, a position as digits, or what was typed.
    """
    text = " ".join(said.split())
    if not text:
        return None
    if guess.kind == "point":
        return Answer(int(text), scene.labels[int(text)])
    if guess.kind == "number":
        value = read_number(text)
        return None if value is None else Answer(value, _number(value, scene))
    return Answer(text, text)


def begins(guess: Guess, character: str) -> bool:
    """Whether an answer of this kind begins with a character, rather than with Enter."""
    if guess.kind == "number":
        return character != "" and character in "0123456789.,-−"
    return guess.kind == "word" and len(character) == 1 and character.isalpha()


def read_number(text: str) -> float | None:
    """A number as people write it: with a comma, a real minus sign, as a percentage.

    Commas that set thousands apart, as the course writes them ("50,257"), are passed over; any
    other comma is a decimal one ("0,125").
    """
    plain = "".join(text.replace("−", "-").split())
    plain = plain.replace(",", "" if _THOUSANDS.fullmatch(plain) else ".")
    share = plain.endswith("%")
    try:
        value = float(plain.removesuffix("%"))
    except ValueError:
        return None
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return value / 100 if share else value


def verdict(guess: Guess, answer: Answer, scene: Scene, words: Words) -> Verdict:
    """The answer beside the truth of the present sentence."""
    if guess.kind == "open":
        return Verdict(words("guess.wrote", said=""), None)
    so = truth(guess, scene)
    said, is_so = _told(guess, answer, so, scene)
    right = _agree(guess, answer, so, scene)
    gap = abs(float(answer.said) - float(so)) if guess.kind == "number" else 0.0
    if gap > _ROUNDING and not (right and said == is_so):
        key = "guess.number_right" if right else "guess.number"
        return Verdict(words(key, said=said, truth=is_so, gap=_number(gap, scene)), right)
    return Verdict(words("guess.right" if right else "guess.wrong", said=said, truth=is_so), right)


def _told(guess: Guess, answer: Answer, so: Found, scene: Scene) -> tuple[str, str]:
    quote = scene.words.token
    if guess.kind == "pick":
        said, is_so = (choice_text(guess, str(id), scene).rstrip(".") for id in (answer.said, so))
        return _quoted(said, scene), _quoted(is_so, scene)
    if guess.kind == "point":
        label = scene.labels[0] if answer.said == 0 else answer.shown
        return _pointed(int(answer.said), label, scene), scene.quoted[_place(so, scene)]
    if guess.kind == "number":
        return _number(float(answer.said), scene), _number(float(so), scene)
    return quote(answer.shown), quote(str(so).strip(_QUOTES))


def _number(value: float, scene: Scene) -> str:
    """A number beside the truth; a whole one without decimals."""
    whole = float(value).is_integer()
    return scene.words.whole(value) if whole else number(value)


def _quoted(choice: str, scene: Scene) -> str:
    """A choice in quotation marks; one that is a quoted word and no more has its own."""
    opening, closing = scene.words.quoted.split("{label}")
    if choice.startswith(opening) and choice.endswith(closing) and choice.count(opening) == 1:
        return choice
    return scene.words.quoted.format(label=within_quotes(choice))


def _pointed(place: int, label: str, scene: Scene) -> str:
    """A word that was pointed at, with its position where the sentence has it more than once."""
    if place < scene.n and scene.labels[place] == label:
        return scene.quoted[place]
    return scene.words.token(label)


def choice_text(guess: Guess, id: str, scene: Scene) -> str:
    """What a choice says; its id where there is no such choice any more."""
    return filled_plain(dict(guess.choices).get(id, id), scene)


def _agree(guess: Guess, answer: Answer, so: Found, scene: Scene) -> bool:
    if guess.kind == "pick":
        return answer.said == so
    if guess.kind == "point":
        place = _place(so, scene)
        if answer.said == 0 or place == 0:
            return answer.said == place
        label = scene.labels[place]
        return label == answer.shown and (answer.said == place or scene.labels.count(label) == 1)
    if guess.kind == "number":
        gap = abs(float(answer.said) - float(so))
        return gap <= guess.tolerance + _ROUNDING
    return _bare(str(answer.said)) == _bare(str(so))


def _place(so: Found, scene: Scene) -> int:
    return max(0, min(int(so), scene.n - 1))


def _bare(word: str) -> str:
    """A word without case, quotation marks and accents, which not every keyboard has at hand."""
    parts = unicodedata.normalize("NFD", word.strip(_QUOTES).casefold())
    return "".join(c for c in parts if not unicodedata.combining(c))
