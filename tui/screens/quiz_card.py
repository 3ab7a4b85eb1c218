"""What stands on the card of a question: what is asked, then what is so. Pure.

Targets: "line:N" for what can be chosen, "give:N" for what a left line can be given.
"""

from __future__ import annotations

from collections.abc import Iterator

from lessons.quiz.question import Cell, Question
from lessons.words import number
from tui.renderables.card_text import Bit, Block
from tui.screens.quiz_state import NONE, Outcome
from tui.screens.quiz_view import QuizView, mistake_name

RIGHT, OTHER, GAP = "✓", "·", " "
LIT = "›"
TICKED, UNTICKED = "[x] ", "[ ] "


def blocks(view: QuizView) -> list[Block]:
    """The whole card of the present question."""
    outcome = view.sitting.outcome
    return list(_asked(view) if outcome is None else _told(view, outcome))


def _asked(view: QuizView) -> Iterator[Block]:
    question, draft = view.question, view.sitting.draft
    yield Block((Bit(question.prompt, "strong"),))
    if question.kind == "truth":
        for n, text in enumerate(_truths(view)):
            key = view.words("quiz.false_key" if n else "quiz.true_key")
            yield _line(view, n, text, f"{key}  ")
    elif question.kind == "match":
        yield from _to_match(view)
    elif question.kind == "order":
        for n, place in enumerate(draft.places):
            yield _line(view, n, question.choices[place].text, f"{n + 1}  ")
    else:
        for n, option in enumerate(question.choices):
            box = (TICKED if n in draft.places else UNTICKED) if question.kind == "all" else ""
            yield _line(view, n, option.text, f"{n + 1}  {box}")
    for n, text in enumerate(question.hints[: view.sitting.hints], 1):
        yield Block((Bit(text),), 1, (Bit(view.words("quiz.hint", n=n) + "  ", "accent"),))


def _truths(view: QuizView) -> tuple[str, str]:
    return view.words("quiz.true"), view.words("quiz.false")


def _line(view: QuizView, n: int, text: str, head: str, above: int | None = None) -> Block:
    """Something that can be chosen."""
    sign = LIT if view.sitting.draft.lit == n else GAP
    lead = (Bit(f"{sign} ", "accent"), Bit(head, "accent", f"line:{n}"))
    return Block((Bit(text, "text", f"line:{n}"),), int(n == 0) if above is None else above, lead)


def _to_match(view: QuizView) -> Iterator[Block]:
    question, draft = view.question, view.sitting.draft
    for n, text in enumerate(question.left):
        given = draft.places[n]
        block = _line(view, n, text, f"{_letter(n)}  ")
        shown = OTHER if given == NONE else str(given + 1)
        arrow = (Bit(" → ", "quiet"), Bit(f" {shown} ", "chip", f"line:{n}"))
        yield Block((*block.bits, *arrow), block.above, block.lead)
    for n, option in enumerate(question.choices):
        lead = (Bit("  "), Bit(f"{n + 1}  ", "accent", f"give:{n}"))
        taken = "quiet" if n in draft.places else "text"
        yield Block((Bit(option.text, taken, f"give:{n}"),), int(n == 0), lead)


def _letter(n: int) -> str:
    return chr(ord("a") + n)


# What is so


def _told(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    question = view.question
    yield Block((Bit(question.prompt, "quiet"),), spare=True)
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
    said = ""
    if question.kind == "number":
        key += "_number"
        said = "" if outcome.reply is None else _written(float(outcome.reply))  # type: ignore[arg-type]
        told = words(f"verdict.{key}", said=said, truth=_written(question.value))
    elif question.kind == "point" and outcome.result == "wrong":
        told = view.words.sentences["verdict.wrong_point"].format(said=view.reading(_cell(outcome)))
    elif question.kind == "truth" and not outcome.grade.right:
        truth = _truths(view)[0 if question.answer else 1]
        told = f"{words(f'verdict.{key}')} {words('verdict.truth', truth=truth.lower())}"
    else:
        told = words(f"verdict.{key}")
    return Block((Bit(told, "strong"),), 1, (Bit(f"{sign} ", ink),))


def _cell(outcome: Outcome) -> Cell:
    assert isinstance(outcome.reply, tuple)
    return outcome.reply[0], outcome.reply[1]


def _written(value: float) -> str:
    """A number as it is asked for."""
    return str(int(value)).replace("-", "−") if float(value).is_integer() else number(value)


def _mistake(view: QuizView, outcome: Outcome) -> tuple[Bit, ...]:
    """The name of the mistake, and what is said of it."""
    bits = []
    if outcome.grade.mistake:
        name = mistake_name(outcome.grade.mistake, view.lang)
        bits.append(Bit(f"{name[:1].upper()}{name[1:]}. ", "strong"))
    return (*bits, Bit(outcome.grade.feedback))


def _truth(view: QuizView, outcome: Outcome) -> Iterator[Block]:
    """The choices again, each with a sign where it is right, and where it was taken."""
    question = view.question
    if question.kind == "pick":
        yield from _marked(question, (question.place,), (outcome.reply,))
    elif question.kind == "all":
        said = outcome.reply if isinstance(outcome.reply, tuple) else ()
        yield from _marked(question, question.places, said)
    elif question.kind == "order" and not outcome.grade.right:
        said = outcome.reply if isinstance(outcome.reply, tuple) else ()
        for n, place in enumerate(question.places):
            same = n < len(said) and said[n] == place
            tail = f" {view.words('verdict.yours', said=said.index(place) + 1)}" if said else ""
            yield _so(n, f"{n + 1}  ", question.choices[place].text, same, "" if same else tail)
    elif question.kind == "match":
        said = outcome.reply if isinstance(outcome.reply, tuple) else ()
        for n, place in enumerate(question.places):
            same = n < len(said) and said[n] == place
            yours = f" {view.words('verdict.yours', said=said[n] + 1)}" if said else ""
            text = f"{question.left[n]} → {place + 1} {question.choices[place].text}"
            yield _so(n, "", text, same, "" if same else yours)
    elif question.kind == "point" and not outcome.grade.right:
        truth = view.words.sentences["verdict.truth_point"].format(truth=view.reading(view.cell))
        yield Block((Bit(truth),), 0)


def _so(n: int, head: str, text: str, same: bool, tail: str) -> Block:
    sign, ink = (RIGHT, "good") if same else (OTHER, "accent")
    return Block((Bit(text), Bit(tail, "quiet")), int(n == 0), (Bit(f"{sign} {head}", ink),))


def _marked(
    question: Question, right: tuple[int, ...], said: tuple[object, ...]
) -> Iterator[Block]:
    for n, option in enumerate(question.choices):
        sign = RIGHT if n in right else GAP
        mine = LIT if n in said else GAP
        lead = (
            Bit(f"{mine}{sign} ", "good" if n in right else "accent"),
            Bit(f"{n + 1}  ", "quiet"),
        )
        yield Block((Bit(option.text, "text" if n in right else "quiet"),), int(n == 0), lead)


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
            yield _line(view, n, point, TICKED if n in outcome.ticked else UNTICKED, 0)
