"""What was typed as an answer to a question of a quiz, by its kind. Pure."""

from __future__ import annotations

import re

from lessons.quiz.arranged import letter
from lessons.quiz.question import Answer, Question
from tui.messages import LANGUAGES, words
from tui.plain.trouble import PlainError
from tui.plain.verbs import folded, integers
from tui.screens.lesson_guess import read_number

Shape = tuple[int, int]


def reply_of(question: Question, text: str, shape: Shape = (0, 0)) -> Answer:
    """The answer that a line is. Raises PlainError, which says how one answers.

    shape: rows and columns of the exhibit, where one points into it.
    """
    found = _reply(question, text.strip(), shape)
    if found is None:
        last, (rows, columns) = len(question.choices), shape
        key = f"trouble.quiz_{question.kind}"
        raise PlainError(key, last=last, rows=rows, columns=columns)
    return found


def _reply(question: Question, text: str, shape: Shape) -> Answer | None:
    kind, n = question.kind, integers(text)
    last = len(question.choices)
    inside = bool(n) and all(1 <= x <= last for x in n)
    places = tuple(x - 1 for x in n)
    if kind == "pick":
        return places[0] if inside and len(n) == 1 else None
    if kind == "all":
        return tuple(sorted(set(places))) if inside else None
    if kind == "order":
        return places if sorted(places) == list(range(last)) else None
    if kind == "number":
        return read_number(text)
    if kind == "truth":
        return _truth(text)
    if kind == "match":
        return _pairs(question, text)
    if kind == "point":
        cell = (places[0], places[1] if len(n) > 1 else 0) if 0 < len(n) < 3 else (-1, -1)
        whole = len(n) == 2 or shape[1] == 1
        return cell if whole and 0 <= cell[0] < shape[0] and 0 <= cell[1] < shape[1] else None
    return text or None


def _truth(text: str) -> bool | None:
    """True or false, in any language, by the number or by the letter of it."""
    said = folded(text)
    for value, key, n in ((True, "answer.true", "1"), (False, "answer.false", "2")):
        known = (words("plain", lang)(key) for lang in LANGUAGES)
        if said == n or any(said == folded(one) for x in known for one in x.split(",")):
            return value
    return None


def _pairs(question: Question, text: str) -> tuple[int, ...] | None:
    """Partners as "a2 b1 c3", or as "2 1 3" in the order of the lines."""
    size, last = len(question.left), len(question.choices)
    letters = [letter(i).casefold() for i in range(size)]
    typed = re.findall(r"([^\W\d_])\s*[-=:→)]?\s*(\d+)", folded(text))
    if typed and sorted(x for x, _ in typed) == letters:
        found = dict(typed)
        n = [int(found[x]) for x in letters]
    else:
        n = integers(text)
    fits = len(n) == size and all(1 <= x <= last for x in n)
    return tuple(x - 1 for x in n) if fits else None
