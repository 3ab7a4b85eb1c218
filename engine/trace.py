"""One recorded run, and its four readings.

A `Tape` records a run as it happens: every array under its name, with the operation and the
inputs it came from. A `Trace` is the finished record, immutable. It answers four questions
about any number in it:

    what is it?                    trace[name].value
    which arithmetic made it?      trace.explain(ref)
    how much hangs on it?          trace.backward(target)
    what if it were different?     trace.force({ref: value}), a new Trace

The record is data: names, arrays, operations. There are no closures and no hooks, so it can
be shown, replayed and saved.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from engine.errors import EngineError
from engine.expr import Expr, Ref, leaf
from engine.ops import Array, Op, Operand
from engine.parts import Part


class Leaf(NamedTuple):
    """Where a step comes from that no operation made.

    kind: "weight" (training chose it), "input" (the sentence) or "constant" (a setting).
    below: for ids, the number that they stay under.
    """

    kind: str
    below: int | None = None


class Step(NamedTuple):
    """One named array of a run.

    axes names each dimension of `value`, as in ("head", "query", "key"). `forced` marks the
    cells that were overwritten by hand, None where there are none.
    """

    name: str
    op: Op | Leaf
    inputs: tuple[str, ...]
    value: Array
    axes: tuple[str, ...]
    forced: Array | None = None

    @property
    def kind(self) -> str:
        """The operation's name, or for a leaf "weight", "input" or "constant"."""
        return self.op.kind if isinstance(self.op, Leaf) else type(self.op).__name__


class Tape:
    """Records steps while a model runs. `record` returns the step's name, to be used as input.

    leaves: steps of a finished record to begin with, such as weights that many runs share.
    """

    def __init__(self, leaves: Mapping[str, Step] = MappingProxyType({})) -> None:
        self.steps: dict[str, Step] = dict(leaves)
        self._finished = leaves

    def leaf(
        self, name: str, value: Array, axes: tuple[str, ...], kind: str, below: int | None = None
    ) -> str:
        """Adds an array that no operation made."""
        return self._add(Step(name, Leaf(kind, below), (), value, axes))

    def record(self, name: str, op: Op, *inputs: str, axes: tuple[str, ...]) -> str:
        """Computes one operation from earlier steps and keeps the result under `name`."""
        values = [self.steps[x].value for x in inputs]
        return self._add(Step(name, op, inputs, np.asarray(op.forward(*values)), axes))

    def _add(self, step: Step) -> str:
        if step.name in self.steps:
            raise ValueError(f"recorded twice: {step.name}")
        self.steps[step.name] = step
        return step.name

    def trace(self) -> Trace:
        """The finished record."""
        finished = self._finished
        return Trace(
            {name: s if name in finished else _frozen(s) for name, s in self.steps.items()}
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """A finished run: its steps by name, in the order in which they were computed."""

    steps: Mapping[str, Step]

    def __getitem__(self, name: str) -> Step:
        try:
            return self.steps[name]
        except KeyError:
            raise EngineError("unknown_step", name=name) from None

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps.values())

    def value(self, ref: Ref) -> float:
        """The number at `ref`. Raises EngineError where there is none."""
        self._check(ref)
        return float(self[ref.name].value[ref.index])

    def explain(self, ref: Ref) -> Expr:
        """The arithmetic of the number at `ref`, from the numbers one step before it.

        A weight, an input, a constant or a forced number has none: it is a leaf.
        Raises EngineError where there is no such number.
        """
        self._check(ref)
        step = self[ref.name]
        if isinstance(step.op, Leaf) or (step.forced is not None and step.forced[ref.index]):
            return leaf(ref, step.value[ref.index])
        return step.op.explain(
            ref.index, *(Operand(name, self[name].value) for name in step.inputs)
        )

    def backward(self, target: Ref | Mapping[str, Array]) -> dict[str, Array]:
        """d target / d every number of the run, by step name, in the shape of each step.

        target: one number, or weights for whole steps whose weighted sum is the target.
        Steps of ids have no gradient and are left out. Raises EngineError for a bad `Ref`, an
        unknown step, or weights that do not have its shape.
        """
        if isinstance(target, Ref):
            self._check(target)
            seed = np.zeros_like(self[target.name].value)
            seed[target.index] = 1.0
            target = {target.name: seed}
        for name, weights in target.items():
            shape = self[name].value.shape
            if weights.shape != shape:
                raise EngineError("shape_differs", name=name, shape=shape, given=weights.shape)
        reached = backward(self.steps, target)
        return {
            step.name: reached.get(step.name, np.zeros_like(step.value))
            for step in self
            if step.value.dtype.kind == "f"
        }

    def force(self, values: Mapping[Ref | Part | str, float | Array]) -> Trace:
        """The same run with some numbers overwritten, and everything downstream anew.

        values: a number for one cell (`Ref`), or for a `Part` or a whole step (its name) a number
        or an array that fits its shape. Numbers forced before stay forced.
        Raises EngineError for an unknown step, an index outside, a value that is not finite,
        or a token id that is not in the vocabulary.
        """
        overwritten: dict[str, Step] = {}
        for target, value in values.items():
            part = Part.of(target)
            step = overwritten.get(part.name, self[part.name])
            if isinstance(target, Ref):
                self._check(target)
            part.check(step.value.shape)
            overwritten[part.name] = _overwrite(step, part, value)
        return Trace(_replay(self.steps, overwritten))

    def _check(self, ref: Ref) -> None:
        shape = self[ref.name].value.shape
        inside = len(ref.index) == len(shape) and all(
            0 <= i < n for i, n in zip(ref.index, shape, strict=True)
        )
        if not inside:
            raise EngineError("index_outside", ref=str(ref), shape=shape)


def backward(
    steps: Mapping[str, Step], seeds: Mapping[str, Array], keep: str | None = None
) -> dict[str, Array]:
    """Reverse-mode differentiation over recorded steps (Rumelhart, Hinton, Williams 1986).

    seeds: gradient of the target with respect to some steps. Returns the gradient for every
    step it reaches; with `keep`, only for leaves of that kind (less memory in training).
    """
    grads: dict[str, Array] = dict(seeds)
    for step in reversed(list(steps.values())):
        grad = grads.get(step.name)
        if grad is None or isinstance(step.op, Leaf):
            continue
        inputs = [steps[name].value for name in step.inputs]
        output = step.value
        if step.forced is not None:
            # A forced number depends on nothing before it. Its neighbours still do, in the way
            # in which they were computed: with the output as it was before the forcing.
            grad = np.where(step.forced, 0.0, grad)
            output = np.asarray(step.op.forward(*inputs))
        for name, part in zip(step.inputs, step.op.backward(grad, output, *inputs), strict=True):
            if part is not None:
                # A value used in several places collects what flows back from each of them.
                grads[name] = grads[name] + part if name in grads else part
        if keep is not None:
            del grads[step.name]
    if keep is not None:
        return {name: grad for name, grad in grads.items() if steps[name].kind == keep}
    return grads


def _frozen(step: Step) -> Step:
    # A read-only view leaves its base writable, so a view is copied first. So is a leaf that can
    # be written to: it belongs to the caller, who may want to go on doing so.
    theirs = isinstance(step.op, Leaf) and step.value.flags.writeable
    if theirs or step.value.base is not None:
        step = step._replace(value=step.value.copy())
    step.value.setflags(write=False)
    return step


def _overwrite(step: Step, part: Part, value: float | Array) -> Step:
    """`step` with the cells of `part` set to `value` and marked."""
    numbers = np.asarray(value)
    if numbers.dtype.kind not in "fiu" or not is_allowed(value, step).all():
        raise EngineError("value_not_finite", ref=str(part), value=value)
    if step.value.dtype.kind == "i":
        below = step.op.below if isinstance(step.op, Leaf) else None
        whole = (numbers == np.floor(numbers)).all() and (numbers >= 0).all()
        if not whole or (below is not None and (numbers >= below).any()):
            raise EngineError("id_outside", ref=str(part), value=value, below=below)
    new = np.array(step.value)
    marks = np.zeros(new.shape, bool) if step.forced is None else np.array(step.forced)
    try:
        new[part.where] = numbers
    except ValueError:
        raise EngineError(
            "shape_differs", name=step.name, shape=new.shape, given=numbers.shape
        ) from None
    marks[part.where] = True
    marks.setflags(write=False)
    return _frozen(step._replace(value=new, forced=marks))


def is_allowed(value: float | Array, step: Step) -> Array:
    """Which numbers of `value` a step can be forced to: finite ones, and where a mask is at work
    also the -inf of an array. A single -inf is what somebody typed by mistake.
    """
    finite: Array = np.isfinite(value)
    if isinstance(value, np.ndarray) and np.isneginf(step.value).any():
        finite |= np.isneginf(value)
    return finite


def _replay(steps: Mapping[str, Step], overwritten: Mapping[str, Step]) -> dict[str, Step]:
    """All steps again, computing only what lies downstream of the overwritten ones."""
    result: dict[str, Step] = {}
    changed: set[str] = set()
    with np.errstate(all="ignore"):  # a forced giant may overflow: the screen shows what comes
        for name, step in steps.items():
            new = overwritten.get(name, step)
            stale = not changed.isdisjoint(step.inputs)
            if stale and isinstance(step.op, Op):
                value = np.asarray(step.op.forward(*[result[x].value for x in step.inputs]))
                if new.forced is not None:
                    value = np.where(new.forced, new.value, value)
                new = _frozen(new._replace(value=value))
            result[name] = new
            if new is not step:
                changed.add(name)
    return result


def is_close(a: float, b: float, tolerance: float) -> bool:
    """Whether two numbers agree to `tolerance`, equal infinities included."""
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
