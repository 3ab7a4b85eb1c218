"""What the page of the experiments shows, as lines: their list, their curves, their findings. Pure.

The one that is asked about stands open in the list, so that the others stay at hand.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lessons.figures.parts import Cell, Curve, Figure, Plot, Say, Table, Tone
from lessons.trials.all import TRIALS
from lessons.trials.told import told
from lessons.trials.trial import Trial
from tui.live_trial import SeenTrial
from tui.messages import Words
from tui.renderables.figure_block import MARGIN, MOST_TEXT, Drawn, text_block
from tui.renderables.figure_line import Line, wrapped
from tui.screens.train_draw import whole

INDENT = 5
"""Columns before what stands under a title."""
TONES: tuple[Tone, ...] = ("first", "second", "third")


def listed(words: Words, chosen: Trial | None, steps: int, width: int, height: int) -> Drawn:
    """The experiments by their numbers, with their questions where there is room for these.

    chosen: the one that is asked about, if one is. steps: of each of its models.
    """
    blocks: list[Sequence[Line]] = [text_block(words("trials.intro"), width, "quiet").lines]
    titles: list[list[Line]] = []
    questions: list[list[Line]] = []
    for n, trial in enumerate(TRIALS, 1):
        ink = "title" if trial is chosen else "quiet" if chosen else "text"
        line: Line = [(f" {n} ", "accent"), (f" {told(words.lang).title(trial)}", ink)]
        titles.append([line, *(_asked(trial, steps, words, width) if trial is chosen else [])])
        question = told(words.lang).question(trial)
        questions.append([line, *_indented(question, width, "quiet")])
    if chosen is None and _n_lines([*blocks, *questions]) + len(TRIALS) <= height:
        return _apart([*blocks, *questions])
    if _n_lines([*blocks, *titles]) + len(TRIALS) <= height:
        return _apart([*blocks, *titles])
    return Drawn([line for block in [*blocks, [[]], *titles] for line in block])


def _asked(trial: Trial, steps: int, words: Words, width: int) -> list[Line]:
    """The question of an experiment, what runs in it, and what to do."""
    said = told(words.lang)
    arms = ", ".join(said.arm(trial, arm) for arm in trial.arms)
    runs = words("trials.arms", n=whole(steps, words), arms=arms)
    parts = ((said.question(trial), "text"), (runs, "quiet"), (words("trials.guess"), "accent"))
    return [line for text, ink in parts for line in _indented(text, width, ink)]


def _indented(text: str, width: int, ink: str) -> list[Line]:
    room = max(min(width, MOST_TEXT) - INDENT - MARGIN, 1)
    return [[(" " * (INDENT - 1) + line, ink)] for line in wrapped(text, room)]


def _n_lines(blocks: Sequence[Sequence[Line]]) -> int:
    return sum(map(len, blocks))


def _apart(blocks: Sequence[Sequence[Line]]) -> Drawn:
    """Blocks with a blank line between each two."""
    lines: list[Line] = []
    for block in blocks:
        lines += [[], *block] if lines else block
    return Drawn(lines)


def result(seen: SeenTrial) -> Figure:
    """What came of an experiment: what was measured in each model, and what is said of it.

    One line for everything measured, for their names are long and the models few; a model that
    went wrong has nothing measured, and its sentence stands below.
    """
    head, *rows = seen.table
    whole_ones = [row for row in rows if len(row) == len(head)]
    measured = [
        [Cell(name), *(Cell(row[i]) for row in whole_ones)]
        for i, name in enumerate(head)
        if i and whole_ones
    ]
    table = [Table(measured, ["", *(row[0] for row in whole_ones)])] if measured else []
    wrong = [Say(": ".join(row)) for row in rows if len(row) != len(head)]
    return (*table, *wrong, *(Say(sentence) for sentence in seen.finding))


def curves(seen: SeenTrial, names: Sequence[str], words: Words, width: int) -> Plot | None:
    """The losses of the arms over the same steps, averaged where they stand too close."""
    longest = max(map(len, seen.losses), default=0)
    if longest < 2:
        return None
    n = min(longest, max(width, 20))
    bounds = np.linspace(0, longest, n + 1).astype(int)
    shown = []
    for name, losses, tone in zip(names, seen.losses, TONES, strict=False):
        padded = np.full(longest, np.nan)
        padded[: len(losses)] = losses
        ys = np.add.reduceat(padded, bounds[:-1]) / np.diff(bounds)
        shown.append(Curve(name, [float(y) for y in ys], tone))
    return Plot(shown, words("curve.title"), [float(x) for x in bounds[1:]], words("curve.x"))
