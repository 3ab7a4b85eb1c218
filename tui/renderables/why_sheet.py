"""Everything the why panel says about one number, in one language, before any size is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.errors import EngineError
from engine.experiment import Experiment
from engine.expr import Ref
from engine.store import Model
from lessons.arithmetic import Sums
from lessons.prose import prose
from lessons.why import Why, history, why
from lessons.why_names import Names
from lessons.why_printed import digits
from lessons.words import number, weight
from tui.messages import Words, error_sentence, words
from tui.renderables.why_formula import MOST_TERMS, Formula
from tui.renderables.why_operands import Operands
from tui.renderables.why_place import place, what
from tui.renderables.why_table import EMPTY, Heads, Row, Table


@dataclass(frozen=True, eq=False)
class Sheet:
    """What is said about a number.

    title, result: its short name and its value. what, where: what it is, and where it stands.
    told: why it has no arithmetic, where it has none. formula: its arithmetic, where it has one.
    exact: whether what is written comes out. checkpoints: a weight through the training.
    """

    why: Why
    texts: Words
    title: str
    result: str
    what: str
    where: str
    told: str = ""
    formula: Formula | None = None
    exact: bool = True
    table: Table = EMPTY
    checkpoints: tuple[float, ...] = ()

    def operand(self, row: int, side: int) -> Ref | None:
        """The number at a place of the table; None where nothing can be opened."""
        if not self.table.can_open or not 0 <= row < len(self.why.terms):
            return None
        line = self.why.terms[row]
        return line.operands[side if line.is_product else 0].ref


def sheet(
    experiment: Experiment, ref: Ref, lang: str, untold: frozenset[str] = frozenset()
) -> Sheet:
    """What is said about the number at `ref`. Raises EngineError where there is none.

    untold: the axes of which nothing is said.
    """
    found, spoken, texts = why(experiment, ref), prose(lang), words("why", lang)
    names, sums = Names(experiment, spoken.words), Sums(MOST_TERMS)
    plain = Sheet(
        found,
        texts,
        names.name(ref),
        names.value(ref, found.value),
        what(ref, texts),
        place(ref, names, texts, untold),
    )
    if found.kind != "computed":
        return _with_origin(plain, names)
    written = digits(found.expr, found.terms, names, sums)
    if found.terms.asked:  # as exactly as its percentage in the table
        result = weight(found.value)
    else:
        result = names.value(ref, found.value, written.result)
    return replace(
        plain,
        result=result,
        formula=Formula(found.expr, ref.name, names, texts, sums, written.operands),
        exact=written.exact,
        table=Operands(found, names, spoken, texts, written).table(),
    )


def _with_origin(plain: Sheet, names: Names) -> Sheet:
    """The sheet of a number that no arithmetic made: where it comes from instead."""
    found, texts = plain.why, plain.texts
    ref, model = found.ref, names.experiment.model
    if found.kind == "forced":
        before = names.value(ref, found.before or 0.0)
        return replace(plain, told=texts("leaf.forced", before=before))
    if ref.name == "tokens":
        return replace(plain, told=texts("leaf.token", token=names.token(int(found.value))))
    key = ref.name if f"leaf.{ref.name}" in texts.sentences else found.kind
    if f"leaf.{key}" not in texts.sentences:
        return plain
    if found.kind == "weight" and _is_random(model):
        key = "random"
    plain = replace(plain, told=texts(f"leaf.{key}"))
    if found.kind != "weight":
        return plain
    try:
        moments = history(model, ref)
    except EngineError as error:
        return replace(plain, told=f"{plain.told} {error_sentence(error, texts.lang)}")
    if not moments:
        return replace(plain, told=f"{plain.told} {texts('history.none')}")
    return replace(
        plain,
        told=f"{plain.told} {texts('history.told', n=len(moments))}",
        table=_moments(moments, texts),
        checkpoints=tuple(value for _, value in moments),
    )


def _is_random(model: Model) -> bool:
    """Whether a model has learned nothing yet; one that went on from another began with that."""
    steps = model.training.get("steps") if model.step is None else model.step
    return steps == 0 and "from" not in model.training


def _moments(moments: Sequence[tuple[int, float]], texts: Words) -> Table:
    """A weight at every checkpoint, one row each; nothing in it can be opened."""

    def row(index: int) -> Row:
        step, value = moments[index]
        return Row(((texts("history.step", n=step), number(value)),))

    def rest(first: int) -> str:
        one = "_one" if len(moments) - first == 1 else ""
        return texts(f"fold.none{one}", n=len(moments) - first)

    return Table(
        len(moments),
        row,
        Heads(texts("head.step"), texts("head.value")),
        rest,
        lambda count: texts("fold.above", n=count),
        can_open=False,
    )
