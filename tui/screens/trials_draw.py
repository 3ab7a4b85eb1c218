"""What the page of the experiments shows, as lines: their list, their curves, their findings. Pure.

The one that is asked about stands open in the list, so that the others stay at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from lessons.figures.parts import Cell, Curve, Figure, Plot, Say, Table, Tone
from lessons.trials.all import ALIKE, TRIALS
from lessons.trials.told import told
from lessons.trials.trial import Trial
from tui.live_trial import SeenTrial
from tui.messages import Words
from tui.renderables.figure_block import MARGIN, MOST_TEXT, Drawn, text_block
from tui.renderables.figure_line import Line, line_width, wrapped
from tui.screens.train_draw import BESIDE, CURSOR, MOST_POINTS, curve_title, whole

INDENT = 5
"""Columns before what stands under a title."""
MOST_WIDTH = 160
"""Columns of the list where a window has more."""
TONES: tuple[Tone, ...] = ("first", "second", "third")


@dataclass(frozen=True)
class Asked:
    """An experiment that is asked about. steps: of each of its models. bet: which of `bets`."""

    trial: Trial
    steps: int
    bet: int = 0

    @property
    def bets(self) -> tuple[str, ...]:
        """What one can bet on: an arm, by its id, or that they come out alike."""
        return (*(arm.id for arm in self.trial.arms), ALIKE)


def bet_name(trial: Trial, bet: str, words: Words) -> str:
    """A bet as people read it."""
    found = next((arm for arm in trial.arms if arm.id == bet), None)
    return words("trials.alike") if found is None else told(words.lang).arm(trial, found)


def listed(words: Words, asked: Asked | None, width: int, height: int) -> Drawn:
    """The experiments by their numbers, with their questions where there is room for these.

    asked: the one that is asked about, if one is. In a wide window the list stands in the middle
    of it, the questions beside their titles.
    """
    wide = width >= BESIDE
    room = min(width, MOST_WIDTH) if wide else width
    blocks: list[Sequence[Line]] = [text_block(words("trials.intro"), room, "quiet").lines]
    titles: list[list[Line]] = []
    questions: list[list[Line]] = []
    column = max(cell_len(told(words.lang).title(trial)) for trial in TRIALS) + INDENT + 4
    for n, trial in enumerate(TRIALS, 1):
        here = asked is not None and trial is asked.trial
        ink = "title" if here else "quiet" if asked else "text"
        line: Line = [(f" {n} ", "accent"), (f" {told(words.lang).title(trial)}", ink)]
        if asked is not None and here:
            lines = _asked(asked, words, room - column if wide else room)
        else:
            lines = []
        titles.append(_beside(line, lines, column) if wide else [line, *lines])
        question = told(words.lang).question(trial)
        if wide:
            said = lines or _indented(question, room - column, "quiet")
            questions.append(_beside(line, said, column))
        else:
            questions.append([line, *(lines or _indented(question, room, "quiet"))])
    ways = (
        [[*blocks, *titles]] if asked and not wide else [[*blocks, *questions], [*blocks, *titles]]
    )
    for way in ways:
        if _n_lines(way) + len(way) - 1 <= height:
            drawn = _apart(way)
            break
    else:
        dense = [*blocks, [[]], *titles]
        if asked is not None and _n_lines(dense) > height:  # the others stay a key away
            dense = [titles[TRIALS.index(asked.trial)]]
        drawn = Drawn([line for block in dense for line in block])
    return _in_the_middle(drawn, width, height, room) if wide else drawn


def _beside(head: Line, lines: Sequence[Line], column: int) -> list[Line]:
    """Lines to the right of a title, from a column on."""
    first = [*head, (" " * (column - line_width(head)), "text")]
    return [
        first + list(x) if i == 0 else [(" " * column, "text"), *x] for i, x in enumerate(lines)
    ] or [head]


def _in_the_middle(drawn: Drawn, width: int, height: int, room: int) -> Drawn:
    side, above = (width - room) // 2, max(height - len(drawn.lines), 0) // 3
    return Drawn([[]] * above + [[(" " * side, "text"), *line] for line in drawn.lines])


def _asked(asked: Asked, words: Words, width: int) -> list[Line]:
    """The question of an experiment, what runs in it, and what one may bet on before."""
    said, trial = told(words.lang), asked.trial
    arms = ", ".join(said.arm(trial, arm) for arm in trial.arms)
    runs = words("trials.arms", n=whole(asked.steps, words), arms=arms)
    parts = ((said.question(trial), "text"), (runs, "quiet"), (words("trials.guess"), "accent"))
    lines = [line for text, ink in parts for line in _indented(text, width, ink)]
    for i, bet in enumerate(asked.bets):
        here = i == asked.bet
        sign, ink = (CURSOR, "title") if here else (" ", "text")
        line: Line = [
            (" " * (INDENT - 1) + f"{sign} ", "accent"),
            (bet_name(trial, bet, words), ink),
        ]
        lines.append(line)
    return lines


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


def told_bet(asked: Asked, seen: SeenTrial, words: Words) -> str:
    """What came of the bet that was laid before the experiment ran; empty where nobody won."""
    if seen.lowest is None:
        return ""
    trial, bet = asked.trial, asked.bets[asked.bet]
    values = {"bet": bet_name(trial, bet, words), "best": bet_name(trial, seen.lowest, words)}
    if bet == seen.lowest:
        return words("trials.bet_won", **values)
    return words("trials.bet_alike" if seen.lowest == ALIKE else "trials.bet_lost", **values)


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
    """The losses of the arms over the same steps.

    Those of single batches jump up and down, so that each point is the mean of some of them.
    """
    longest = max(map(len, seen.losses), default=0)
    if longest < 2:
        return None
    n = min(longest, width, MOST_POINTS)
    bounds = np.linspace(0, longest, n + 1).astype(int)
    shown = []
    for name, losses, tone in zip(names, seen.losses, TONES, strict=False):
        padded = np.full(longest, np.nan)
        padded[: len(losses)] = losses
        ys = np.add.reduceat(padded, bounds[:-1]) / np.diff(bounds)
        shown.append(Curve(name, [float(y) for y in ys], tone))
    title = curve_title(longest / n, words)
    return Plot(shown, title, [float(x) for x in bounds[1:]], words("curve.x"))
