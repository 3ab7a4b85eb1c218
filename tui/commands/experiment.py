"""`desdecero experiment`: small models trained side by side, and what came of it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tui.commands.base import Command, UsageError, add_json, natural, positive
from tui.messages import Words

if TYPE_CHECKING:
    from lessons.trials.trial import Running, Trial


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    parser.add_argument("id", nargs="?", metavar="ID", help=words("experiment.id"))
    parser.add_argument(
        "--seed", type=natural, default=0, metavar="S", help=words("experiment.seed")
    )
    parser.add_argument("--steps", type=positive, metavar="N", help=words("experiment.steps"))
    add_json(parser, words)


def _run(args: Namespace, words: Words) -> None:
    from lessons.trials.all import TRIALS, find

    if args.id is None:
        _list(args, words)
        return
    trial = find(args.id)
    if trial is None:
        raise UsageError(
            "unknown_experiment", name=args.id, known=", ".join(trial.id for trial in TRIALS)
        )
    running = _train_all(trial, args, words)
    _tell(trial, running, args, words)


def _list(args: Namespace, words: Words) -> None:
    from lessons.trials.all import TRIALS
    from lessons.trials.told import told
    from tui.commands.output import print_json

    said = told(words.lang)
    if args.json:
        print_json([{"id": x.id, "title": said.title(x), "steps": x.steps} for x in TRIALS])
    else:
        for trial in TRIALS:
            print(f"{trial.id:<12}{said.title(trial)}")


def _train_all(trial: Trial, args: Namespace, words: Words) -> Running:
    from rich.console import Console
    from rich.progress import Progress

    from lessons.trials.told import told
    from lessons.trials.trial import Running

    said = told(words.lang)
    if not args.json:
        print(f"{said.title(trial)}\n\n{said.question(trial)}\n", flush=True)
    running = Running(trial, words.lang, args.seed, args.steps)
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(trial.id, total=args.steps or trial.steps)
        for _ in running.run():
            bar.advance(task)
    return running


def _tell(trial: Trial, running: Running, args: Namespace, words: Words) -> None:
    from lessons.trials.told import told
    from tui.commands.output import print_json

    said, results = told(words.lang), running.results()
    finding = trial.finding(results)
    if args.json:
        arms = [
            {
                "id": x.arm.id,
                "train_loss": x.train_loss,
                "held_out_loss": x.held_out_loss,
                "diverged_at": x.trouble.params["step"] if x.trouble else None,
                "measured": dict(x.measured),
                "history": x.training.history,
            }
            for x in results
        ]
        found = said.finding(trial, finding)
        print_json({"id": trial.id, "seed": args.seed, "arms": arms, "finding": found})
        return
    head, *rows = said.table(trial, results)
    for row in rows:
        print(row[0])
        for name, value in zip(head[1:], row[1:], strict=False):
            print("  " + (f"{name}: {value}" if len(row) == len(head) else value))
    print()
    for sentence in said.finding(trial, finding):
        print(sentence)


COMMAND = Command("experiment", _add_arguments, _run)
