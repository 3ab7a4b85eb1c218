"""`desdecero predict`: the likeliest next tokens."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tui.commands.base import Command, add_force, add_json, add_share, add_text, open_run, positive
from tui.messages import Words

if TYPE_CHECKING:
    from engine.experiment import Experiment


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    add_text(parser, words).required = False  # a shared line brings its own
    parser.add_argument("--top", type=positive, default=10, metavar="K", help=words("predict.top"))
    add_force(parser, words)
    add_share(parser, words)
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    experiment = open_run(args, words)
    predictions = likeliest(experiment, args.top)
    if args.json:
        from tui.commands.output import print_json

        print_json(
            {
                "model": experiment.model.name,
                "text": experiment.text,
                "cut_at": experiment.cut_at,
                "forced": [str(force) for force in experiment.forced],
                "predictions": predictions,
            }
        )
        return
    from lessons.labels import predicted_labels
    from lessons.prose import prose
    from tui.commands.plain import columns, number

    head = [words(f"predict.{name}") for name in ("token", "prob", "logit", "id")]
    ids = [int(p["id"]) for p in predictions]
    labels = predicted_labels(experiment.model.tokenizer, ids, prose(words.lang).words.marks)
    rows = [
        [label, f"{p['prob']:.4f}", number(float(p["logit"])), str(p["id"])]
        for label, p in zip(labels, predictions, strict=True)
    ]
    print("\n".join(columns([head, *rows])))


COMMAND = Command("predict", _add_arguments, _run)


def likeliest(experiment: Experiment, top: int) -> list[dict[str, str | int | float]]:
    """The `top` likeliest tokens after the sentence, or in its blank where the model fills it.

    Of equals the one with the lower id comes first.
    """
    from engine.sampling import likeliest

    trace, tokenizer = experiment.trace, experiment.model.tokenizer
    logits, probs = (trace[name].value[experiment.asked] for name in ("logits", "probs"))
    return [
        {
            "token": tokenizer.piece(i),
            "id": i,
            "logit": float(logits[i]),
            "prob": float(probs[i]),
        }
        for i in likeliest(probs, top).tolist()
    ]
