"""What stands on the card of a question that waits for its answer. Pure.

Targets: "line:N" for what can be chosen, "give:N" for what a left line can be given.
"""

from __future__ import annotations

from collections.abc import Iterator

from lessons.quiz.arranged import letter
from tui.renderables.card_text import Bit, Block
from tui.screens.quiz_state import NONE
from tui.screens.quiz_view import QuizView

RIGHT, OTHER, GAP = "✓", "·", " "
LIT = "›"
TICKED, UNTICKED = "[x] ", "[ ] "
ARROW = "→"


def asked(view: QuizView) -> Iterator[Block]:
    """The question, what can be chosen, and the hints that were asked for."""
    question, draft = view.question, view.sitting.draft
    yield from prompt(question.prompt, "strong", "text")
    if question.kind == "truth":
        for n, text in enumerate(truths(view)):
            key = view.words("quiz.false_key" if n else "quiz.true_key")
            yield line(view, n, text, f"{key}  ")
    elif question.kind == "match":
        yield from _to_match(view)
    elif question.kind == "order":
        for n, place in enumerate(draft.places):
            yield line(view, n, question.choices[place].text, f"{n + 1}  ")
    else:
        for n, option in enumerate(question.choices):
            box = (TICKED if n in draft.places else UNTICKED) if question.kind == "all" else ""
            yield line(view, n, option.text, f"{n + 1}  {box}")
    for n, text in enumerate(question.hints[: view.sitting.hints], 1):
        yield Block((Bit(text),), 1, (Bit(view.words("quiz.hint", n=n) + "  ", "accent"),))


def prompt(text: str, ink: str, table: str, spare: bool = False) -> Iterator[Block]:
    """A prompt. Its lines between the first and the last are those of a small table.

    ink, table: how the words are set, and that table. spare: as of `Block`.
    """
    lines = text.split("\n")
    for n, one in enumerate(lines):
        inside = 0 < n < len(lines) - 1
        apart = n in (1, len(lines) - 1)
        yield Block((Bit(one, table if inside else ink),), int(apart), spare=spare)


def truths(view: QuizView) -> tuple[str, str]:
    """What can be said of a statement."""
    return view.words("quiz.true"), view.words("quiz.false")


def line(view: QuizView, n: int, text: str, head: str, above: int | None = None) -> Block:
    """Something that can be chosen; the first of several stands apart, unless `above` says."""
    sign = LIT if view.sitting.draft.lit == n else GAP
    lead = (Bit(f"{sign} ", "accent"), Bit(head, "accent", f"line:{n}"))
    return Block((Bit(text, "text", f"line:{n}"),), int(n == 0) if above is None else above, lead)


def _to_match(view: QuizView) -> Iterator[Block]:
    question, draft = view.question, view.sitting.draft
    for n, text in enumerate(question.left):
        given = draft.places[n]
        block = line(view, n, text, f"{letter(n)}  ")
        shown = OTHER if given == NONE else str(given + 1)
        arrow = (Bit(f" {ARROW} ", "quiet"), Bit(f" {shown} ", "chip", f"line:{n}"))
        yield Block((*block.bits, *arrow), block.above, block.lead)
    for n, option in enumerate(question.choices):
        lead = (Bit("  "), Bit(f"{n + 1}  ", "accent", f"give:{n}"))
        taken = "quiet" if n in draft.places else "text"
        yield Block((Bit(option.text, taken, f"give:{n}"),), int(n == 0), lead)
