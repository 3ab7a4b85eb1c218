"""How far a training on the command line is, as a bar, and whether someone wants it to end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import isfinite
from typing import TYPE_CHECKING

from tui.messages import Words

if TYPE_CHECKING:
    from engine.training import Training


@contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl+C, or a request to end, came: a step that has begun is made whole first."""
    came: list[int] = []
    old = {
        number: signal.signal(number, lambda number, frame: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield lambda: bool(came)
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)


@contextmanager
def progress_bar(training: Training, words: Words) -> Iterator[Callable[[int], None]]:
    """A bar on the error output, and what moves it on to a step."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[loss]}"),
        TimeRemainingColumn(),
    )
    plan = training.plan
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(plan.name, total=plan.recipe.steps, completed=training.step, loss="")

        def show(step: int) -> None:
            recent = training.recent_loss  # before the first step there is none
            loss = words("train.loss", loss=recent) if isfinite(recent) else ""
            bar.update(task, completed=step, loss=loss)

        yield show
