"""`desdecero train`: a shipped model again from nothing, with a bar that shows how far it is."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from tui.commands.base import Command, natural, positive, say
from tui.messages import Words

if TYPE_CHECKING:
    from engine.school import Examination, Plan


def _add_arguments(parser: ArgumentParser, words: Words) -> None:
    options = (
        ("--preset", str, None, "NAME"),
        ("--seed", natural, 0, "S"),
        ("--out", Path, None, "DIR"),
        ("--steps", positive, None, "N"),
    )
    for name, kind, default, metavar in options:
        parser.add_argument(
            name,
            type=kind,
            default=default,
            required=name in ("--preset", "--out"),
            metavar=metavar,
            help=words(f"train.{name[2:]}"),
        )


def _run(args: Namespace, words: Words) -> None:
    from engine.school import claim, prepare

    plan = prepare(args.preset, args.seed, args.steps)
    claim(args.out)
    result = _train_with_a_bar(plan, args.out, words)
    loss, floor = result.held_out_loss, result.entropy_floor
    if floor is None:
        print(words("train.done_blanks", path=args.out, loss=loss))
    else:
        over = f"{loss / floor - 1:+.1%}"
        print(words("train.done", path=args.out, loss=loss, floor=floor, over=over))


def _train_with_a_bar(plan: Plan, folder: Path, words: Words) -> Examination:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    from engine.school import Training

    training = Training(plan)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(plan.preset, total=plan.recipe.steps, loss="")
        for step in training.run(folder):
            bar.update(task, completed=step, loss=words("train.loss", loss=training.recent_loss))
    say(words("train.examining"))
    return training.finish(folder)


COMMAND = Command("train", _add_arguments, _run)
