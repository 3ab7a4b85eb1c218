"""`desdecero moments`: a model at the kept moments of its training, a line for each."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from tui.commands.base import Command, add_json, open_model, read_text
from tui.messages import Words

if TYPE_CHECKING:
    from lessons.emergence import Emerged
    from lessons.held_out import HeldOut
    from lessons.over_time import OverTime

MARK = "◆"


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    # Without a default of its own: it may stand before the command as well.
    parser.add_argument(
        "--text", default=SUPPRESS, metavar=words("metavar.text"), help=words("moments.text")
    )
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    import numpy as np

    from engine.errors import EngineError
    from engine.experiment import Experiment
    from lessons.emergence import emergence
    from lessons.held_out import measured
    from lessons.over_time import over_time
    from tui.examples import example

    model = open_model(args, words)
    text = example(model.name, words.lang) if args.text is None else read_text(args.text)
    with np.errstate(all="ignore"):
        over = over_time(Experiment(model, text))
        if not over.moments.kept:
            raise EngineError("no_moments", name=model.name)
        *_, held_out = (None, *measured(model))
        found = emergence(model)
    if args.json:
        from tui.commands.output import print_json

        print_json(described(over, held_out, found))
    else:
        print("\n".join(_lines(over, held_out, found, words)))


COMMAND = Command("moments", _add_arguments, _run)


def described(
    over: OverTime, held_out: HeldOut | None, found: tuple[Emerged, ...]
) -> dict[str, Any]:
    """Everything that the command tells, by name."""
    tokenizer = over.run.model.tokenizer
    moments = []
    for place, (step, then) in enumerate(zip(over.moments.steps, over.then, strict=True)):
        predicted = [
            {"token": tokenizer.piece(i), "id": i, "prob": prob} for i, prob in then.predicted
        ]
        moments.append(
            {
                "step": step,
                "held_out_loss": None if held_out is None else held_out.losses[place],
                "loss": then.loss,
                "predictions": predicted,
                "emerged": [one.id for one in found if one.place == place],
            }
        )
    return {
        "model": over.run.model.name,
        "text": over.run.text,
        "cut_at": over.run.cut_at,
        "n_texts": None if held_out is None else held_out.n_texts,
        "entropy_floor": None if held_out is None else held_out.floor,
        "moments": moments,
        "probes": [
            {
                "id": one.id,
                "threshold": one.probe.threshold,
                "values": one.values,
                "step": None if one.place is None else over.moments.steps[one.place],
            }
            for one in found
        ],
    }


def _lines(
    over: OverTime, held_out: HeldOut | None, found: tuple[Emerged, ...], words: Words
) -> list[str]:
    from lessons.emergence import marks
    from lessons.labels import predicted_labels
    from lessons.prose import prose
    from tui.commands.plain import columns, escape

    tokenizer, read = over.run.model.tokenizer, prose(words.lang).words
    rows = [[words(f"moments.{name}") for name in ("step", "held_out", "loss", "word", "prob")]]
    for place, (step, then) in enumerate(zip(over.moments.steps, over.then, strict=True)):
        id, prob = then.predicted[0]
        (label,) = predicted_labels(tokenizer, [id], read.marks)
        loss = "-" if held_out is None else _loss(held_out.losses[place])
        rows.append([str(step), loss, _loss(then.loss), label, f"{prob:.4f}"])
    head, *lines = columns(rows)
    for place, line in enumerate(lines):
        names = [one.probe.name[words.lang] for one in found if one.place == place]
        lines[place] = line + "".join(f"  {MARK} {name}" for name in names)
    lines = [words("moments.of", text=escape(over.run.text)), "", head, *lines, ""]
    if held_out is not None:
        key = "told" if held_out.n_texts is None else "texts"
        lines.append(words(f"moments.{key}", n=held_out.n_texts or 0))
        if held_out.floor is not None:
            lines.append(words("moments.floor", floor=_loss(held_out.floor)))
    for one in marks(found):
        told, share = one.probe.told[words.lang], read.share(one.values[-1])
        lines.append(f"{MARK} {words('moments.since', told=told, share=share)}")
    return lines


def _loss(x: float) -> str:
    return f"{x:.4f}" if x == x else "-"
