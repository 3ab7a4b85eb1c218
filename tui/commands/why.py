"""`desdecero why`: the arithmetic behind one number of a run."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from engine.errors import EngineError
from tui.commands.base import Command, add_force, add_json, add_text, open_run
from tui.messages import Words

if TYPE_CHECKING:
    from engine.expr import Ref
    from engine.trace import Trace


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    add_text(parser, words)
    parser.add_argument("ref", metavar="REF", help=words("why.ref"))
    add_force(parser, words)
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    from engine.expr import Ref

    try:
        ref = Ref.parse(args.ref)
    except ValueError as error:
        raise EngineError("bad_ref", text=args.ref) from error
    trace = open_run(args, words).trace
    if args.json:
        from tui.commands.output import print_json

        print_json(reason(trace, ref))
    else:
        print("\n".join(_in_words(trace, ref, words)))


COMMAND = Command("why", _add_arguments, _run)


def reason(trace: Trace, ref: Ref) -> dict[str, object]:
    """Why the number at `ref` is what it is: its formula, recomputed, and what it is made of.

    A weight, an input or a constant is made of nothing: its formula is its own address.
    Raises EngineError if there is no such number.
    """
    from lessons.why import formula

    value, expr = trace.value(ref), trace.explain(ref)
    is_leaf = expr.ref == ref
    return {
        "ref": str(ref),
        "value": value,
        "formula": str(ref) if is_leaf else formula(trace[ref.name]),
        "recomputed": expr.value,
        "terms": []
        if is_leaf
        else [{"ref": str(leaf.ref), "value": leaf.value} for leaf in expr.leaves()],
    }


def _in_words(trace: Trace, ref: Ref, words: Words) -> list[str]:
    """The formula, the same with names, with numbers, and the result; a line or two each."""
    from lessons.why import formula
    from tui.commands.arithmetic import Writer
    from tui.commands.plain import number

    step, value, expr = trace[ref.name], trace.value(ref), trace.explain(ref)
    head = [f"{ref} = {number(value, 6)}"]
    if expr.ref == ref:
        by_hand = step.forced is not None and bool(step.forced[ref.index])
        return [*head, words("why.forced" if by_hand else f"why.{step.kind}")]
    symbols = "xyzuvw"
    where = ", ".join(f"{s} = {name}" for s, name in zip(symbols, step.inputs, strict=False))
    parts = [
        ("why.formula", f"{formula(step, symbols[: len(step.inputs)])}   ({where})"),
        ("why.names", Writer(words, with_names=True)(expr)),
        ("why.numbers", Writer(words, with_names=False)(expr)),
        ("why.result", number(expr.value, 6)),
    ]
    margin = max(len(words(key)) for key, _ in parts)
    return [f"{step.kind}: {head[0]}", *(f"  {words(k):<{margin}}  {text}" for k, text in parts)]
