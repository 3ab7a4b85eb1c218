"""What stands on the card of a question that was answered or skipped: what is so, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lessons.quiz.arranged import letter
from lessons.quiz.build import plain
from lessons.quiz.question import Cell
from tui.renderables.card_text import Bit, Block
from tui.screens.quiz_card import (
    ARROW,
    GAP,
    LIT,
    OTHER,
    RIGHT,
    TICKED,
    UNTICKED,
    line,
    prompt,
    truths,
)
from tui.screens.quiz_state import Outcome
from tui.screens.quiz_view import QuizView, mistake_name

SHORT = 24
"""Letters of a text that is repeated beside another one."""


def told(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """The question again, the verdict, the mistake by its name, what is right, and the reason."""
    question = view.question
    yield from prompt(question.prompt, "quiet", "quiet", spare=True)
    if question.kind == "open":
        yield from _model_answer(view, outcome)
        return
    yield _verdict(view, outcome)
    if outcome.grade.feedback or outcome.grade.mistake:
        yield Block(_mistake(view, outcome))
    yield from _truth(view, outcome)
    if question.worked:
        yield Block((Bit(question.worked),), 1)


def _verdict(view: QuizView, outcome: Outcome) -> Block:
    """One line: right, not right, or skipped; a number beside the truth."""
    words, question = view.words, view.question
    sign, ink = (RIGHT, "good") if outcome.grade.right else (OTHER, "strong")
    key = "skipped" if outcome.reply is None else "right" if outcome.grade.right else "wrong"
    said = words(f"verdict.{key}")
    if question.kind == "number":
        numbers = view.scene.words
        mine = "" if outcome.reply is None else plain(float(outcome.reply), numbers)  # type: ignore[arg-type]
        said = words(f"verdict.{key}_number", said=mine, truth=plain(question.value, numbers))
    elif question.kind == "point" and outcome.result == "wrong":
        said = words.sentences["verdict.wrong_point"].format(said=view.reading(_cell(outcome)))
    elif question.kind == "truth" and not outcome.grade.right:
        truth = truths(view)[0 if question.answer else 1]
        said = f"{said} {words('verdict.truth', truth=truth.lower())}"
    return Block((Bit(said, "strong"),), 1, (Bit(f"{sign} ", ink),))


def _cell(outcome: Outcome) -> Cell:
    assert isinstance(outcome.reply, tuple)
    return outcome.reply[0], outcome.reply[1]


def _mistake(view: QuizView, outcome: Outcome) -> tuple[Bit, ...]:
    """The name of the mistake, and what is said of it, unless the reason says just that."""
    bits = []
    if outcome.grade.mistake:
        name = mistake_name(outcome.grade.mistake, view.lang)
        bits.append(Bit(f"{name[:1].upper()}{name[1:]}. ", "strong"))
    if outcome.grade.feedback not in view.question.worked:
        bits.append(Bit(outcome.grade.feedback))
    return tuple(bits)


def _truth(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """What is right, with a sign where the learner said the same."""
    kind = view.question.kind
    if kind in ("pick", "all"):
        yield from _choices(view, outcome)
    elif kind == "order":
        yield from _steps(view, outcome)
    elif kind == "match":
        yield from _pairs(view, outcome)
    elif kind == "point" and not outcome.grade.right:
        truth = view.words.sentences["verdict.truth_point"].format(truth=view.reading(view.cell))
        yield Block((Bit(truth),), 0)


def _choices(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """The choices again: which are right, which were taken, and where the two are not the same."""
    question, reply = view.question, outcome.reply
    right = (question.place,) if question.kind == "pick" else question.places
    said = reply if isinstance(reply, tuple) else () if reply is None else (reply,)
    for n, option in enumerate(question.choices):
        good, mine = n in right, n in said
        lead = (
            Bit(f"{LIT if mine else GAP}{RIGHT if good else GAP} ", "good" if good else "accent"),
            Bit(f"{n + 1}  ", "quiet"),
        )
        tail = ""
        if mine and not good:
            tail = view.words("verdict.taken")
        elif good and not mine and question.kind == "all" and said:
            tail = view.words("verdict.missed")
        bits = (Bit(option.text, "text" if good or mine else "quiet"), Bit(f" {tail}", "quiet"))
        yield Block(bits if tail else bits[:1], int(n == 0), lead)


def _steps(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """The steps in the right order, each with the place that it was given."""
    question = view.question
    said = outcome.reply if isinstance(outcome.reply, tuple) else ()
    for n, place in enumerate(question.places):
        same = n < len(said) and said[n] == place
        at = str(said.index(place) + 1) if said and not same else ""
        yours = view.words("verdict.yours", said=at) if at else ""
        yield _so(n, f"{n + 1}  ", question.choices[place].text, same, yours)


def _pairs(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """The pairs, each with the partner that was given instead."""
    question = view.question
    said = outcome.reply if isinstance(outcome.reply, tuple) else ()
    for n, place in enumerate(question.places):
        same = n < len(said) and said[n] == place
        yours = _partner(view, said[n]) if said and not same else ""
        pair = f"{question.left[n]} {ARROW} {question.choices[place].text}"
        yield _so(n, f"{letter(n)}  ", pair, same, yours)


def _partner(view: QuizView, choice: int) -> str:
    """What was given as a partner; a long text by the letter to which it belongs."""
    question = view.question
    text = question.choices[choice].text
    if len(text) <= SHORT or choice not in question.places:
        return view.words("verdict.yours", said=text)
    return view.words("verdict.yours_of", letter=letter(question.places.index(choice)))


def _so(n: int, head: str, text: str, same: bool, yours: str) -> Block:
    sign, ink = (RIGHT, "good") if same else (OTHER, "accent")
    lead = (Bit(f"{sign} ", ink), Bit(head, "quiet"))
    tail = (Bit(f" {yours}", "quiet"),) if yours else ()
    return Block((Bit(text), *tail), int(n == 0), lead)


def _model_answer(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """What was written beside a model answer, and the points to check oneself against."""
    question, words = view.question, view.words
    if outcome.reply is None:
        yield Block((Bit(words("verdict.skipped"), "strong"),), 1, (Bit(f"{OTHER} ", "strong"),))
    else:
        yield Block((Bit(words("verdict.wrote") + " ", "quiet"), Bit(str(outcome.reply))))
    yield Block((Bit(words("verdict.model") + " ", "strong"), Bit(str(question.answer))))
    if outcome.reply is not None:
        yield Block((Bit(words("verdict.points"), "strong"),))
    for n, point in enumerate(question.points):
        if outcome.reply is None:
            yield Block((Bit(point),), int(n == 0), (Bit(f"{OTHER} ", "accent"),))
        else:
            yield line(view, n, point, TICKED if n in outcome.ticked else UNTICKED, 0)
