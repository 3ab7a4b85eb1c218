"""What stands on a card, and what of it can be chosen, from top to bottom. Pure.

Targets: "term:ID" and "lesson:ID" for links, "choice:ID" and "token:POS" for what answers a
question, "point:N" for what an open answer should hold, "say" for giving the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from lessons.course import Guess
from lessons.markup import Span
from tui.renderables.card_text import Bit, Block
from tui.screens.lesson_guess import verdict
from tui.screens.lesson_state import Answer
from tui.screens.lesson_view import LessonView

RIGHT, OTHER = "✓ ", "· "
TICKED, UNTICKED = "[x] ", "[ ] "
MOST_TOKENS = 64

TOKEN = "token:"
"""How the targets begin that are words of the sentence."""


def blocks(view: LessonView) -> list[Block]:
    """The whole card."""
    made = [Block((Bit(view.card.title, "title"),), 0), Block(_bits(view.prose), 2)]
    guess = view.card.guess
    if guess is not None:
        made += _of_guess(view.finished, guess)
        if view.experiment.model.step is not None:
            made.append(Block((Bit(view.words("guess.finished"), "quiet"),)))
    return made


def _of_guess(view: LessonView, guess: Guess) -> list[Block]:
    """The question, and what was said to it: always of the finished model, whatever is shown."""
    return _asked(view, guess) if view.answer is None else _told(view, guess, view.answer)


def targets(view: LessonView) -> list[str]:
    """All that can be chosen on the card, in the order in which it stands there."""
    seen = dict.fromkeys(bit.target for block in blocks(view) for bit in block.bits if bit.target)
    return [target for target in seen if target != "say"]


def is_pointing(view: LessonView) -> bool:
    """Whether a word of the sentence is chosen, to be given as an answer."""
    return view.is_open and view.lit.startswith(TOKEN)


def first_guess(view: LessonView) -> str:
    """The first of what can be said to the open question by choosing; empty where it is typed."""
    found = (t for t in targets(view) if t.startswith(("choice:", TOKEN, "point:")))
    return next(found, "")


def links(view: LessonView) -> list[str]:
    """The terms and lessons that the card names."""
    return [target for target in targets(view) if target.startswith(("term:", "lesson:"))]


def _bits(prose: Sequence[Span]) -> tuple[Bit, ...]:
    return tuple(
        Bit(span.text, span.kind or "text", f"{span.kind}:{span.target}" if span.target else "")
        for span in prose
    )


def _asked(view: LessonView, guess: Guess) -> list[Block]:
    """The question, and what can be said."""
    made = [Block(_question(view, guess))]
    if guess.kind == "pick":
        for n, (id, text) in enumerate(guess.choices, 1):
            target = f"choice:{id}"
            sign = "›" if view.lit == target else " "
            lead = (Bit(f"{sign} ", "accent"), Bit(f"{n}  ", "accent"))
            made.append(Block(_item(view, text, target), int(n == 1), lead))
    elif guess.kind == "point":
        chips = tuple(
            Bit(f" {label} ", "chip", f"{TOKEN}{place}")
            for place, label in enumerate(view.scene.labels[:MOST_TOKENS])
        )
        made.append(Block(chips, chips=True))
    return made


def _told(view: LessonView, guess: Guess, answer: Answer) -> list[Block]:
    """The question and what was said to it, beside what is so; then the reveal."""
    made = [Block(_question(view, guess, "quiet"), spare=True)]
    reveal = _bits(view.filled(guess.reveal))
    if guess.kind == "open":
        said = Bit(view.words("guess.wrote"), "quiet"), Bit(f" {answer.shown}")
        made += [Block(said, 2), Block((Bit(view.words("guess.model") + " ", "strong"), *reveal))]
        made.append(Block((Bit(view.words("guess.points"), "quiet"),)))
        for n, point in enumerate(guess.points):
            box = TICKED if n in answer.ticked else UNTICKED
            lead = (Bit(box, "accent", f"point:{n}"),)
            made.append(Block(_item(view, point, f"point:{n}"), 0, lead))
        return made
    said_so = verdict(guess, answer, view.scene, view.words)
    sign = RIGHT if said_so.right else OTHER
    ink = "good" if said_so.right else "strong"
    lead = (Bit(sign, ink),)
    return [*made, Block((Bit(said_so.text, "strong"),), 2, lead), Block(reveal, 2)]


def _item(view: LessonView, text: str, target: str) -> tuple[Bit, ...]:
    """Something that is chosen as a whole."""
    return tuple(Bit(bit.text, bit.ink, target) for bit in _bits(view.filled(text)))


def _question(view: LessonView, guess: Guess, ink: str = "strong") -> tuple[Bit, ...]:
    return tuple(
        Bit(bit.text, ink if bit.ink == "text" else bit.ink, bit.target)
        for bit in _bits(view.filled(guess.question))
    )
