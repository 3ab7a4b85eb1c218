"""Why a number of a run is what it is: the arithmetic that made it, ready to be told.

Everything here is read off the `Expr` that the operation's own definition gives, so a new
operation opens without a line of code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.experiment import Experiment
from engine.expr import Expr, Ref
from engine.ops import Einsum
from engine.store import Model, weight_history
from engine.trace import Leaf, Step
from lessons.why_names import short_name
from lessons.why_terms import Terms, terms_of
from lessons.words import number


@dataclass(frozen=True, slots=True, eq=False)
class Why:
    """One number, explained.

    kind: "computed", or of what was not: "weight", "input", "constant", "forced".
    value: the number in the run. expr: its arithmetic; of what was not computed, only itself.
    before: what a forced number would be if nothing had been forced.
    symbols: the formula in symbols; empty for what was not computed.
    terms: what it is made of, line by line.
    """

    ref: Ref
    kind: str
    value: float
    expr: Expr
    before: float | None = None
    symbols: str = ""
    terms: Terms = Terms()  # noqa: RUF009 (frozen)


def why(experiment: Experiment, ref: Ref) -> Why:
    """Explains the number at `ref`. Raises EngineError where there is none."""
    trace = experiment.trace
    value, expr, step = trace.value(ref), trace.explain(ref), trace[ref.name]
    if step.forced is not None and step.forced[ref.index]:
        return Why(ref, "forced", value, expr, before=experiment.baseline.value(ref))
    if isinstance(step.op, Leaf):
        return Why(ref, step.kind, value, expr)
    return Why(ref, "computed", value, expr, symbols=symbols(step), terms=terms_of(expr))


def formula(step: Step, names: Sequence[str] = ()) -> str:
    """The definition of one number of `step`, with the names of its inputs filled in.

    names: other names for the inputs.
    """
    names = names or step.inputs
    text: str = getattr(step.op, "formula", "")
    # A sum of products is written with its bias, which not every one has.
    text = re.sub(r" \+ \{(\d)\}", lambda m: m[0] if int(m[1]) < len(names) else "", text)
    return re.sub(r"\{(\d)\}", lambda m: names[int(m[1])], text)


def symbols(step: Step) -> str:
    """The same as an equation, with the short names of the steps: "mlp.post = max(0, mlp.pre)".

    An input that stands in it more than once is called x, and said at the end.
    """
    text: str = getattr(step.op, "formula", "")
    names = [short_name(name) for name in step.inputs]
    aside = ""
    if text.count("{0}") > 1:
        names[0], aside = "x", f"   (x = {names[0]})"
    if isinstance(step.op, Einsum):
        place = f"[{','.join(step.op.spec.partition('->')[2].strip('.'))}]"
    else:
        place = "[i]" if "[i]" in text else ""
    right = re.sub(r"\d+e-\d+", lambda m: number(float(m[0])), formula(step, names))
    return f"{short_name(step.name)}{place} = {right}{aside}".replace(" - ", " − ")


def history(model: Model, ref: Ref) -> list[tuple[int, float]]:
    """A weight at every checkpoint of its model: (step, value). Empty where there are none.

    The finished model's last checkpoint is the model itself, kept with fewer digits: there the
    weight is given with all of them. Raises EngineError for a checkpoint that cannot be read.
    """
    found = weight_history(model, ref.name, ref.index)
    if found and model.step is None and found[-1][0] == model.training.get("steps"):
        found[-1] = (found[-1][0], float(model.parameters[ref.name][ref.index]))
    return found
