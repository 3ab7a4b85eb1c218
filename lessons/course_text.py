"""The prose of a lesson in one language, from its Markdown file.

    # Title of the lesson
    What the learner can do afterwards.

    ## card-id | Title of the card
    Prose.

    ? A question, asked before the answer is shown
    - choice-id | What it says
    - choice-id | What it says
    ! What is said when the answer is shown.

    # doubts
    ## doubt-id | The question
    The answer.

    # terms
    ## term-id | name, another name; other form, other form
    One sentence that says what it is.
    > An example.

    # next | Title of the last card
    What comes next.

Large numbers are written with a space, as in "50 257", where the language does so: it never parts
them.

An open question has no choices but points, each line beginning with "*".

A term's forms are the ways in which its use is told: by its names, and after the semicolon by what
else there is, such as verbs, or the few words with which a name that is also an everyday word means
the term. Such a name has a star: of "mean*, arithmetic mean; the mean, mean of" the first is the
name, and no sign that the term is used. Plurals need no mention.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lessons.content_error import ContentError
from lessons.markup import one_line


@dataclass(frozen=True, slots=True)
class GuessText:
    """A question, its choices (id and text) or points, and what is said afterwards."""

    question: str
    choices: tuple[tuple[str, str], ...]
    points: tuple[str, ...]
    reveal: str


@dataclass(frozen=True, slots=True)
class CardText:
    """A card's title, its prose, and its question if it has one."""

    title: str
    prose: str
    guess: GuessText | None


@dataclass(frozen=True, slots=True)
class TermText:
    """What is said of a term. names: the first is its name; everyday: those that have a star.

    forms: the other ways in which its use is told.
    """

    names: tuple[str, ...]
    forms: tuple[str, ...]
    everyday: tuple[str, ...]
    definition: str
    example: str


@dataclass
class LessonText:
    """What one language says in a lesson, each under its id, in the order of the file.

    doubts: question and answer.
    """

    title: str = ""
    goal: str = ""
    cards: dict[str, CardText] = field(default_factory=dict)
    doubts: dict[str, tuple[str, str]] = field(default_factory=dict)
    terms: dict[str, TermText] = field(default_factory=dict)
    next_title: str = ""
    next: str = ""


_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def read_text(source: str) -> LessonText:
    """Reads a lesson's file. Raises ContentError where it is not in order."""
    text = LessonText()
    for part in re.split(r"^# ", _THOUSANDS.sub("\u00a0", source), flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        head = head.strip()
        name, _, title = (piece.strip() for piece in head.partition("|"))
        if not text.title:
            text.title = head
            text.goal, sections = _sections(body)
            for id, (card_title, lines) in sections.items():
                text.cards[id] = _card(id, card_title, lines)
        elif name == "doubts":
            text.doubts = _sections(body)[1]
        elif name == "terms":
            for id, (forms, lines) in _sections(body)[1].items():
                text.terms[id] = _term(id, forms, lines)
        elif name == "next":
            text.next_title, text.next = title, body.strip()
        else:
            raise ContentError(f"no such part of a lesson: {head}")
    if not (text.title and text.goal and text.next_title and text.next):
        raise ContentError(f"{text.title}: title, goal or what comes next is missing")
    return text


def _sections(body: str) -> tuple[str, dict[str, tuple[str, str]]]:
    """What stands before the first "## ", and for each section its title and its text."""
    before, *parts = re.split(r"^## ", body, flags=re.MULTILINE)
    found: dict[str, tuple[str, str]] = {}
    for part in parts:
        head, _, text = part.partition("\n")
        id, bar, title = (piece.strip() for piece in head.partition("|"))
        if id in found or not (re.fullmatch(r"[\w-]+", id) and bar and title and text.strip()):
            raise ContentError(f"section {id!r}: twice, without a title, or empty")
        found[id] = (title, text.strip())
    return before.strip(), found


def _term(id: str, forms: str, lines: str) -> TermText:
    definition, _, example = (x.strip() for x in lines.partition("\n>"))
    names, others = (
        [form.strip() for form in part.split(",") if form.strip()]
        for part in (forms + ";").split(";")[:2]
    )
    if not (names and definition and example):
        raise ContentError(f"term {id}: names, definition or example is missing")
    everyday = tuple(name[:-1] for name in names if name.endswith("*"))
    known = tuple(name.removesuffix("*") for name in names)
    return TermText(known, tuple(others), everyday, definition, example)


_MARKS = re.compile(r"^([?!*-]) ", re.MULTILINE)


def _card(id: str, title: str, body: str) -> CardText:
    """The prose up to the question, and the question with all that belongs to it."""
    prose, *rest = _MARKS.split(body)
    if not rest:
        return CardText(title, prose.strip(), None)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    marked = [(mark, one_line(text)) for mark, text in pairs]
    questions, reveals = ([text for mark, text in marked if mark == sign] for sign in "?!")
    if len(questions) != 1 or len(reveals) != 1:
        raise ContentError(f"card {id}: a question needs one '?' and one '!'")
    choices = []
    for choice in (text for mark, text in marked if mark == "-"):
        name, bar, said = (piece.strip() for piece in choice.partition("|"))
        if not (bar and said):
            raise ContentError(f"card {id}: a choice without an id or a text: {choice}")
        choices.append((name, said))
    points = tuple(text for mark, text in marked if mark == "*")
    return CardText(
        title, prose.strip(), GuessText(questions[0], tuple(choices), points, reveals[0])
    )
