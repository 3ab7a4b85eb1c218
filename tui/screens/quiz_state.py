"""A sitting: some questions in a row, what is being answered, and what was answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

from lessons.quiz.question import Answer, Cell, Grade, Question, grade

NONE = -1


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that is being made.

    lit: the line that is chosen. places: what is ticked, the present order, or for each left line
    what it was given. cell: the cell that is pointed at.
    """

    lit: int = NONE
    places: tuple[int, ...] = ()
    cell: Cell = (0, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question.

    reply: what was said; None where it was skipped. ticked: the points that an open answer was
    found to hold. kept: whether it is on the disk; None while nobody knows yet.
    """

    reply: Answer | None
    grade: Grade
    hints: int
    ticked: frozenset[int] = frozenset()
    kept: bool | None = None

    @property
    def result(self) -> str:
        """ "right", "wrong" or "skipped"."""
        return "skipped" if self.reply is None else "right" if self.grade.right else "wrong"


@dataclass(frozen=True)
class Sitting:
    """Where one is in a row of questions.

    told: whether the last outcome is being told; else the next question is being asked.
    """

    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...] = ()
    draft: Draft = field(default_factory=Draft)
    hints: int = 0
    told: bool = False

    @property
    def index(self) -> int:
        """The place of the present question."""
        return len(self.outcomes) - self.told

    @property
    def over(self) -> bool:
        """Whether nothing is left to ask or to tell."""
        return self.index >= len(self.questions)

    @cached_property
    def question(self) -> Question:
        """The present question; there is none when it is over."""
        return self.questions[self.index]

    @property
    def outcome(self) -> Outcome | None:
        """What became of the present question."""
        return self.outcomes[-1] if self.told else None

    @property
    def checks(self) -> bool:
        """Whether the learner is to find out how good an open answer was."""
        outcome = self.outcome
        return outcome is not None and outcome.reply is not None and self.question.kind == "open"

    @property
    def n_lines(self) -> int:
        """How many lines can be chosen from now."""
        if self.over:
            return 0
        if self.told:
            return len(self.question.points) if self.checks else 0
        if self.question.kind == "truth":
            return 2
        return len(self.question.left) or len(self.question.choices)


def begun(questions: tuple[Question, ...]) -> Sitting:
    """At the first question."""
    return _fresh(Sitting(questions))


def _fresh(sitting: Sitting) -> Sitting:
    draft = Draft() if sitting.over else draft_for(sitting.question)
    return replace(sitting, draft=draft, hints=0, told=False)


def draft_for(question: Question) -> Draft:
    """Nothing said yet."""
    if question.kind == "order":
        return Draft(0, tuple(range(len(question.choices))))
    if question.kind == "match":
        return Draft(0, (NONE,) * len(question.left))
    return Draft()


def lit(sitting: Sitting, line: int) -> Sitting:
    """With a line chosen."""
    return replace(sitting, draft=replace(sitting.draft, lit=line))


def moved(sitting: Sitting, by: int) -> Sitting:
    """With the next line chosen, round the ends."""
    n, at = sitting.n_lines, sitting.draft.lit
    if not n:
        return sitting
    return lit(sitting, (at + by) % n if at != NONE else 0 if by > 0 else n - 1)


def ticked(sitting: Sitting, line: int) -> Sitting:
    """With a choice, or a point of an open answer, ticked or no longer ticked."""
    if sitting.checks:
        outcome = sitting.outcomes[-1]
        points = outcome.ticked ^ {line}
        right = len(points) == len(sitting.question.points)
        checked = replace(outcome, ticked=points, grade=Grade(right))
        sitting = replace(sitting, outcomes=(*sitting.outcomes[:-1], checked))
        return lit(sitting, line)
    places = tuple(sorted({line} ^ set(sitting.draft.places)))
    return replace(sitting, draft=replace(sitting.draft, lit=line, places=places))


def shifted(sitting: Sitting, by: int) -> Sitting:
    """With the chosen step of an order further up or down."""
    at, order = sitting.draft.lit, list(sitting.draft.places)
    to = at + by
    if not 0 <= to < len(order):
        return sitting
    order[at], order[to] = order[to], order[at]
    return replace(sitting, draft=replace(sitting.draft, lit=to, places=tuple(order)))


def put_at(sitting: Sitting, step: int) -> Sitting:
    """With the chosen step of an order at another place; the others close up."""
    order = list(sitting.draft.places)
    if not 0 <= step < len(order):
        return sitting
    order.insert(step, order.pop(sitting.draft.lit))
    return replace(sitting, draft=replace(sitting.draft, lit=step, places=tuple(order)))


def matched(sitting: Sitting, choice: int) -> Sitting:
    """With the chosen left line given a choice, and the next one that has none chosen."""
    draft = sitting.draft
    if not 0 <= choice < len(sitting.question.choices):
        return sitting
    places = list(draft.places)
    # What belongs to one line belongs to no other, where there are as many of both.
    if len(places) == len(sitting.question.choices) and choice in places:
        places[places.index(choice)] = NONE
    places[draft.lit] = choice
    n = len(places)
    after = [(draft.lit + i) % n for i in range(1, n) if places[(draft.lit + i) % n] == NONE]
    line = after[0] if after else draft.lit
    return replace(sitting, draft=replace(draft, lit=line, places=tuple(places)))


def reply_of(sitting: Sitting) -> Answer | None:
    """The answer that the draft holds; None where it is not whole, or is typed elsewhere."""
    draft, kind = sitting.draft, sitting.question.kind
    if kind == "pick":
        return None if draft.lit == NONE else draft.lit
    if kind == "truth":
        return None if draft.lit == NONE else draft.lit == 0
    if kind == "all":
        return draft.places or None
    if kind == "match":
        return None if NONE in draft.places else draft.places
    return draft.places if kind == "order" else draft.cell if kind == "point" else None


def answered(sitting: Sitting, reply: Answer | None) -> Sitting:
    """With an answer, or skipped for None; what is so is told next."""
    question = sitting.question
    judged = Grade(False)
    if reply is not None and question.kind != "open":
        judged = grade(question, reply)
    outcome = Outcome(reply, judged, sitting.hints)
    outcomes = (*sitting.outcomes, outcome)
    told = replace(sitting, outcomes=outcomes, told=True)
    return lit(told, 0) if told.checks else told


def kept(sitting: Sitting, index: int, is_kept: bool) -> Sitting:
    """With it known whether an outcome is on the disk."""
    outcomes = list(sitting.outcomes)
    outcomes[index] = replace(outcomes[index], kept=is_kept)
    return replace(sitting, outcomes=tuple(outcomes))


def gone_on(sitting: Sitting) -> Sitting:
    """At the next question, or at the end."""
    return _fresh(replace(sitting, told=False))


def translated(sitting: Sitting, questions: tuple[Question, ...]) -> Sitting:
    """The same with the same questions in another language.

    One that asks something else there would stay in the language that it was asked in.
    """
    if [q.id for q in questions] != [q.id for q in sitting.questions]:
        return sitting
    pairs = zip(sitting.questions, questions, strict=True)
    questions = tuple(other if _same(one, other) else one for one, other in pairs)
    outcomes = []
    for question, outcome in zip(questions, sitting.outcomes, strict=False):
        if outcome.reply is not None and question.kind != "open":
            outcome = replace(outcome, grade=grade(question, outcome.reply))
        outcomes.append(outcome)
    return replace(sitting, questions=questions, outcomes=tuple(outcomes))


def _same(one: Question, other: Question) -> bool:
    """Whether two questions ask the same of the same things."""
    return (one.kind, len(one.choices), dict(one.about)) == (
        other.kind,
        len(other.choices),
        dict(other.about),
    )
